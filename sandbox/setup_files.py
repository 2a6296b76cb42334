"""Reading the files that the sandbox is set up from; every refusal says what, where, and what to do."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from sandbox.errors import SetupError

Source = Path | str | Mapping[str, Any]


class Part:
    """An object within a file, which knows its place there."""

    def __init__(self, value: Any, where: str, pointer: str = "") -> None:
        """`where` names the file as a sentence begins with it, `pointer` the place, such as `users[2]`."""
        if not isinstance(value, Mapping):
            raise SetupError(
                f"{where}: {pointer or 'the whole'} must be an object ({{…}}), not {_short(value)}."
            )
        self._value = value
        self.where = where
        self._pointer = pointer

    def has(self, name: str) -> bool:
        return self._value.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        value = self._value.get(name)
        if value in (None, ""):
            if default is not None:
                return default
            raise SetupError(f"{self.where} has no {self._place(name)}: add it.")
        return str(self._checked(name, value, str, "a text"))

    def optional_text(self, name: str) -> str | None:
        return self.text(name) if self.has(name) else None

    def flag(self, name: str, default: bool = False) -> bool:
        return bool(self._checked(name, self._value.get(name, default), bool, "true or false"))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; none where it is left out."""
        listed = self._list(name)
        for number, value in enumerate(listed):
            self._checked(f"{name}[{number}]", value, str, "a text")
        return tuple(listed)

    def part(self, name: str) -> "Part":
        """An object; an empty one where it is left out."""
        return Part(self._value.get(name) or {}, self.where, self._place(name))

    def parts(self, name: str) -> Iterator["Part"]:
        """A list of objects; none where it is left out."""
        for number, value in enumerate(self._list(name)):
            yield Part(value, self.where, self._place(f"{name}[{number}]"))

    def only(self, known: Collection[str]) -> None:
        """Refuse fields that nobody reads: they are misspelt."""
        for name in self._value:
            if name not in known:
                place = self._pointer or "it"
                raise SetupError(
                    f"{self.where}: {place} has a field {name!r} that means nothing; "
                    f"it may have {', '.join(known)}."
                )

    def _place(self, name: str) -> str:
        return f"{self._pointer}.{name}" if self._pointer else name

    def _list(self, name: str) -> list[Any]:
        return list(self._checked(name, self._value.get(name) or [], list, "a list ([…])"))

    def _checked(self, name: str, value: Any, kind: type, expected: str) -> Any:
        if not isinstance(value, kind):
            raise SetupError(f"{self.where}: {self._place(name)} must be {expected}, not {_short(value)}.")
        return value


def load(source: Source, what: str) -> Part:
    """The content of a JSON file, or already parsed. `what` is the kind of file: `manifest`."""
    if isinstance(source, Mapping):
        return Part(source, f"The {what}")
    path = Path(source)
    where = f"The {what} {path}"
    try:
        return Part(json.loads(path.read_text(encoding="utf-8")), where)
    except OSError as error:
        raise SetupError(f"{where} cannot be read: {error.strerror}.") from error
    except json.JSONDecodeError as error:
        raise SetupError(f"{where} is not JSON: {error.msg} in line {error.lineno}.") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{where} is not JSON: it is not text in UTF-8.") from error


def _short(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=repr)
    return shown if len(shown) <= 40 else shown[:39] + "…"
