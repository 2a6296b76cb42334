"""Bringing a published period up to date by the few cards whose inputs have changed.

A record that comes late changes one card and some places; everybody's need not be computed again for it. What
results is what a whole run would come to, to the last digit, and readers see it at once or not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import insert_columns, is_one_of, read_integers
from domain.clock import Clock, today
from domain.database import Database, one_at_a_time
from domain.loads import latest_load_id
from domain.people import service as people
from domain.periods import Period
from domain.scoring.changed_people import changed_people
from domain.scoring.chunks import People, drop_cards
from domain.scoring.computing import StoredCard, cards_by_the_rules, write_cards
from domain.scoring.inputs import PeriodInputs, inputs_of
from domain.scoring.model import CardRank, ScoredPeriod, ScoreRun, card_id
from domain.scoring.places import ranks_with
from domain.scoring.published import published
from domain.scoring.rules_digest import NEWEST_VERSION
from domain.scoring.rules_ranks import Integers

MOST_PEOPLE = 500
"""Beyond, a whole run, which computes in columns, is as quick."""


@dataclass(frozen=True)
class Amendment:
    """What brings a run from one load to a later one. Ranks as columns: card, unit, rank, out of."""

    run_id: int
    from_load: int
    to_load: int
    person_ids: tuple[int, ...]
    """Whose cards change, come or go."""
    cards: list[StoredCard]
    ranks: Integers


def bring_up_to_date(database: Database, clock: Clock, period: Period) -> bool:
    """False where it takes a whole run: see `amendment_of`."""
    with database.reading() as session:
        amendment = amendment_of(session, clock, period)
    if amendment is None:
        return False
    with database.writing() as session:
        return amend(session, clock, amendment)


def amendment_of(session: Session, clock: Clock, period: Period) -> Amendment | None:
    """What has changed since the period was scored, as far as it concerns few people.

    None where everybody's cards may differ (another day while the period runs, other plans, other days
    covered), where the changed people are many, and where there is no open published run.
    """
    found = published(session, period)
    load_id = latest_load_id(session)
    if found is None or found[0].locked_at is not None or found[1].digest_version != NEWEST_VERSION:
        return None
    run = found[1]
    day = today(clock, people.company(session).time_zone)
    if run.today != day and (run.today < period.end or day < period.end):
        return None
    after = PeriodInputs(session, period, load_id, run.today)
    if after.plans != inputs_of(session, run).plans:
        return None
    plans = [one.plan for one in after.plans.values()]
    person_ids = changed_people(session, period, plans, run.load_id, MOST_PEOPLE)
    if person_ids is None or len(person_ids) > MOST_PEOPLE:
        return None
    cards = cards_by_the_rules(session, run, person_ids, after) if person_ids else []
    return Amendment(
        run_id=run.id,
        from_load=run.load_id,
        to_load=load_id,
        person_ids=tuple(sorted(person_ids)),
        cards=cards,
        ranks=_changed_ranks(session, run.id, _card_ids(run.id, person_ids), cards),
    )


def amend(session: Session, clock: Clock, amendment: Amendment) -> bool:
    """Let readers see the amended cards and places; false where the run is not as it was read."""
    run = session.get_one(ScoreRun, amendment.run_id)
    one_at_a_time(session, f"period:{run.period}")
    run = session.get_one(ScoreRun, amendment.run_id, populate_existing=True)
    scored = session.get_one(ScoredPeriod, run.period, populate_existing=True)
    is_as_read = scored.published_run_id == run.id and run.load_id == amendment.from_load
    if not is_as_read or scored.locked_at is not None:
        return False
    for person_id in amendment.person_ids:
        drop_cards(session, run.id, People(person_id, person_id))
    write_cards(session, amendment.cards)
    _replace_ranks(session, run.id, amendment.ranks)
    run.load_id = amendment.to_load
    run.published_at = clock.now()
    return True


def _card_ids(run_id: int, person_ids: Iterable[int]) -> Integers:
    return np.array([card_id(run_id, person_id) for person_id in person_ids], dtype=np.int64)


def _changed_ranks(session: Session, run_id: int, changed: Integers, cards: list[StoredCard]) -> Integers:
    """All places of the cards of which any differs from the one that is stored, once these cards stand."""
    if not changed.size:
        return np.empty((4, 0), dtype=np.int64)
    rows = sa.select(CardRank.card_id, CardRank.unit_id, CardRank.rank, CardRank.out_of)
    stored = _in_order(read_integers(session, rows.where(CardRank.run_id == run_id)))
    computed = _in_order(ranks_with(session, run_id, changed, [card for card, _ in cards]).rows())
    others = [~np.isin(ranks[0], changed) for ranks in (stored, computed)]
    before, after = stored[:, others[0]], computed[:, others[1]]
    moved = after[0][np.any(before != after, axis=0)]
    return computed[:, np.isin(computed[0], np.concatenate([moved, changed]))]


def _in_order(ranks: Integers) -> Integers:
    ordered: Integers = ranks[:, np.lexsort((ranks[1], ranks[0]))]
    return ordered


def _replace_ranks(session: Session, run_id: int, ranks: Integers) -> None:
    card, unit, rank, out_of = (column.tolist() for column in ranks)
    if not card:
        return
    session.execute(sa.delete(CardRank).where(is_one_of(session, CardRank.card_id, set(card))))
    rows = {"card_id": card, "unit_id": unit, "run_id": run_id, "rank": rank, "out_of": out_of}
    insert_columns(session.connection(), CardRank.__tablename__, [rows])
