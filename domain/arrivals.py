"""A load that begins with the first change, so that data which changes nothing leaves no trace."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.database import one_at_a_time
from domain.loads import Versioned, begin_load

Key = TypeVar("Key")
Entity = TypeVar("Entity", bound=Versioned)


class Arrival:
    """Data on its way in. Loads wait for each other from here on, so what is compared stays as it is."""

    def __init__(self, session: Session, clock: Clock, origin: str, by: str) -> None:
        one_at_a_time(session, "loads")
        self.session = session
        self.origin = origin
        self._clock = clock
        self._by = by
        self.load_id: int | None = None
        """None as long as nothing has changed."""

    def begin(self) -> int:
        """The id of this arrival's load, which the first change begins."""
        if self.load_id is None:
            self.load_id = begin_load(self.session, self._clock, self.origin, self._by).id
        return self.load_id

    def bring_up_to_date(
        self,
        current: Mapping[Key, Entity],
        wanted: Mapping[Key, Entity],
        content: Sequence[str],
        *,
        ends_missing: bool = False,
    ) -> int:
        """End current rows whose content differs, add what is wanted in their place; how many keys changed.

        `content` names the attributes that make a row what it is. With `ends_missing` the wanted rows are
        the whole: current ones that are not among them end.
        """
        changed = {
            key: row
            for key, row in wanted.items()
            if key not in current or _values(current[key], content) != _values(row, content)
        }
        gone = [key for key in current if key not in wanted] if ends_missing else []
        for key in [*changed, *gone]:
            if key in current:
                current[key].ended_in = self.begin()
        self.session.flush()  # the old rows must have ended before the new ones take their place
        for row in changed.values():
            row.added_in = self.begin()
            self.session.add(row)
        self.session.flush()
        return len(changed) + len(gone)


def _values(row: Versioned, names: Sequence[str]) -> list[object]:
    return [getattr(row, name) for name in names]
