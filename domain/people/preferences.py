"""What people have chosen for themselves: quiet hours, which messages they want, and their language.

Alerts, notices and answers come whatever somebody has chosen; quiet hours only put them off.
"""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.clock import Clock
from domain.errors import N_, BadInput
from domain.people.model import PersonalPreferences
from domain.quiet_hours import USUAL, QuietHours

LANGUAGES = ("en", "zh-CN")
LEAST_OPEN_MINUTES = 60
"""What quiet hours must leave of a day."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """As they stand, or as they are where nothing was chosen."""

    quiet: QuietHours = USUAL
    weekly_card: bool = True
    weekly_chart: bool = False
    """With the weekly card: a button brings the chart at any time, so it is not sent unasked."""
    digest: bool = True
    recognition: bool = False
    """Whether to be named in a channel as best of a month: only who says so is."""
    language: str | None = None
    """One of LANGUAGES; None follows Slack."""

    def locale(self, elsewhere: str) -> str:
        """The locale to write in: `elsewhere` (what Slack says), unless another language was chosen."""
        if self.language is None or elsewhere.partition("-")[0] == self.language.partition("-")[0]:
            return elsewhere
        return self.language


NOTHING_CHOSEN = Preferences()


class NotAChoice(BadInput):
    """A preference that cannot be; `field` names it as in Preferences and QuietHours."""

    def __init__(self, field: str, sentence: str, **values: object) -> None:
        super().__init__(sentence, **values)
        self.field = field


def preferences_of(session: Session, person_id: int) -> Preferences:
    return as_chosen(session.get(PersonalPreferences, person_id))


def preferences_of_all(session: Session, person_ids: Collection[int]) -> dict[int, Preferences]:
    """By person id, for each of the people."""
    chosen = sa.select(PersonalPreferences).where(PersonalPreferences.person_id.in_(person_ids))
    found = {row.person_id: as_chosen(row) for row in session.scalars(chosen)}
    return {person_id: found.get(person_id, NOTHING_CHOSEN) for person_id in person_ids}


def choose(session: Session, clock: Clock, viewer: Viewer, wanted: Preferences) -> None:
    """Make these the viewer's preferences, at once. Raises NotAChoice."""
    _require_possible(wanted)
    row = session.get(PersonalPreferences, viewer.person_id)
    if row is None:
        row = PersonalPreferences(person_id=viewer.person_id)
        session.add(row)
    row.quiet_from, row.quiet_until = wanted.quiet.begin, wanted.quiet.end
    row.quiet_on_days_off = wanted.quiet.days_off
    row.weekly_card, row.weekly_chart = wanted.weekly_card, wanted.weekly_chart
    row.digest = wanted.digest
    row.recognition = wanted.recognition
    row.language = wanted.language
    row.chosen_at = clock.now()


def _require_possible(wanted: Preferences) -> None:
    quiet = wanted.quiet
    if (quiet.begin is None) != (quiet.end is None):
        field = "begin" if quiet.begin is None else "end"
        raise NotAChoice(field, N_("Quiet hours need a beginning and an end: choose this time too."))
    if quiet.begin is not None and quiet.begin == quiet.end:
        raise NotAChoice(
            "end", N_("Quiet hours cannot end when they begin: choose another time, or have no quiet hours.")
        )
    if sum(end - begin for begin, end in quiet.open_spans()) < LEAST_OPEN_MINUTES:
        raise NotAChoice(
            "end", N_("These quiet hours leave less than an hour of the day for messages: choose fewer.")
        )
    if wanted.language is not None and wanted.language not in LANGUAGES:
        raise NotAChoice(
            "language",
            N_("I do not speak {language}: choose a language of the list."),
            language=wanted.language,
        )


def as_chosen(row: PersonalPreferences | None) -> Preferences:
    """What a row says; without one, nothing was chosen."""
    if row is None:
        return NOTHING_CHOSEN
    return Preferences(
        quiet=QuietHours(row.quiet_from, row.quiet_until, row.quiet_on_days_off),
        weekly_card=row.weekly_card,
        weekly_chart=row.weekly_chart,
        digest=row.digest,
        recognition=row.recognition,
        language=row.language,
    )
