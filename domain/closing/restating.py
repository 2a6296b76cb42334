"""Restating: one locked card is scored once more, on newer inputs, as a further version beside the first.

Both are kept, with who, when and why. Places stay those of the lock. Who had no card then gets a first one.
"""

from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access, audit
from domain.access import Actor, Viewer, name_of
from domain.clock import Clock, today
from domain.closing.model import Restatement
from domain.closing.posts import tell_restated
from domain.database import Database, one_at_a_time
from domain.disputes.restating import settle_restated
from domain.errors import N_, BadField, BadInput, NotAllowed, NotFound
from domain.loads import latest_load_id
from domain.people import service as people
from domain.people.model import Person
from domain.periods import Period, PeriodKind
from domain.scoring.computing import StoredCard, cards_by_the_rules, write_cards
from domain.scoring.model import Card, CardLine, RunState, ScoredPeriod, ScoreRun
from domain.scoring.published import current_card
from domain.scoring.rules_digest import NEWEST_VERSION
from domain.scoring.starting_tiers import keep_starting_tiers
from domain.watch.service import reconsider

FIRST_VERSION = 1
LONGEST_REASON = 1000
OF_THE_RUN = {"id", "run_id", "card_id", "inputs_digest"}
"""Columns that differ although the card says the same."""


def restate(
    database: Database, clock: Clock, actor: Actor, person_id: int, period: Period, because: str
) -> Restatement:
    """As `restate_card`, in a transaction of its own."""
    with database.writing() as session:
        return restate_card(session, clock, actor, person_id, period, because)


def restate_card(
    session: Session, clock: Clock, actor: Actor, person_id: int, period: Period, because: str
) -> Restatement:
    """Score a locked card on the newest inputs; its owner is told, and alerts follow.

    Raises NotAllowed (for others than HR, and of one's own card), NotFound where there neither is nor comes a
    card, or BadInput where the period is not locked, the reason is missing, or the card would come out the
    same.
    """
    _require_right(session, actor, person_id, period)
    reason = _reason(because)
    one_at_a_time(session, f"period:{period.key}")
    one_at_a_time(session, "loads")
    one_at_a_time(session, "watch")  # before the audit chain: the watch takes both in this order
    _require_locked(session, period)
    before = current_card(session, person_id, period)
    run = _new_run(session, clock, period)
    computed = cards_by_the_rules(session, run, [person_id])
    if not computed:
        _refuse_none(before, period)
    if before is not None and _says(computed[0]) == _says(_stored(session, before)):
        raise BadInput(
            "The card for {period} comes out the same by the newest data: there is nothing to restate.",
            period=period.key,
        )
    write_cards(session, computed)
    restatement = Restatement(
        period=period.key,
        person_id=person_id,
        run_id=run.id,
        version=FIRST_VERSION if before is None else last_version(session, person_id, period) + 1,
        by=name_of(actor),
        at=clock.now(),
        because=reason,
        load_id=run.load_id,
    )
    session.add(restatement)
    session.flush()
    by_id = actor.person_id if isinstance(actor, Viewer) else None
    settle_restated(session, clock, by_id, person_id, period)
    after = computed[0][0]
    _record(session, clock, restatement, before, after)
    tell_restated(session, clock, restatement, before, after)
    if period.kind is PeriodKind.MONTH:
        reconsider(session, clock, person_id)
        keep_starting_tiers(session, clock, name_of(actor))
    return restatement


def _refuse_none(before: Card | None, period: Period) -> NoReturn:
    if before is None:
        raise NotFound(
            "There is no card of this person for {period}, and by the newest data none comes: no plan scores "
            "this person then.",
            period=period.key,
        )
    raise BadInput("By the newest data this person has no card for {period}.", period=period.key)


def _require_right(session: Session, actor: Actor, person_id: int, period: Period) -> None:
    access.require_hr(actor)
    if not isinstance(actor, Viewer):
        return
    if actor.person_id == person_id:
        raise NotAllowed("Nobody restates a card of their own: ask another one of HR.")
    access.require_card(session, actor, person_id, period)


def _reason(because: str) -> str:
    reason = because.strip()
    if not reason:
        raise BadField("because", N_("Write down why the card is restated: its owner reads it."))
    if len(reason) > LONGEST_REASON:
        raise BadField(
            "because", N_("The reason is too long: {most} characters at most."), most=LONGEST_REASON
        )
    return reason


def _require_locked(session: Session, period: Period) -> None:
    scored = session.get(ScoredPeriod, period.key, populate_existing=True)
    if scored is None or scored.locked_at is None:
        raise BadInput(
            "{period} is not locked: its cards still follow the data, and none is restated.",
            period=period.key,
        )


def _new_run(session: Session, clock: Clock, period: Period) -> ScoreRun:
    """Of a lock's kind: the period is over, and all that is known by now counts."""
    run = ScoreRun(
        period=period.key,
        state=RunState.RESTATED,
        load_id=latest_load_id(session),
        digest_version=NEWEST_VERSION,
        today=today(clock, people.company(session).time_zone),
        created_at=clock.now(),
        published_at=clock.now(),
    )
    session.add(run)
    session.flush()
    return run


def last_version(session: Session, person_id: int, period: Period) -> int:
    last = sa.select(sa.func.max(Restatement.version)).where(
        Restatement.person_id == person_id, Restatement.period == period.key
    )
    return session.scalar(last) or FIRST_VERSION


def _stored(session: Session, card: Card) -> StoredCard:
    lines = session.scalars(
        sa.select(CardLine).where(CardLine.card_id == card.id).order_by(CardLine.position)
    )
    return _columns(card), [_columns(line) for line in lines]


def _columns(row: Card | CardLine) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _says(stored: StoredCard) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    card, lines = stored

    def without(columns: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in columns.items() if name not in OF_THE_RUN}

    return without(card), [without(line) for line in lines]


def _record(
    session: Session, clock: Clock, made: Restatement, before: Card | None, after: dict[str, Any]
) -> None:
    detail = {
        "period": made.period,
        "version": made.version,
        "because": made.because,
        "run": made.run_id,
        "load": made.load_id,
        "before": None if before is None or before.score is None else str(before.score),
        "after": None if after["score"] is None else str(after["score"]),
    }
    employee_id = session.get_one(Person, made.person_id).employee_id
    audit.record(session, clock, made.by, "card.restate", employee_id, detail)
