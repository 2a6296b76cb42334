"""The engine against the naive reference: random companies, both databases, identical to the last digit.

What is printed was computed in columns. Each period is computed by the rules as well, card by card, and must
come out the same in every column that is kept; so must the explanations worked out when a card is read.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.clock import FixedClock
from domain.database import Database
from domain.imports.service import import_folder
from domain.people.model import Role
from domain.periods import Period
from domain.scoring.chunks import People
from domain.scoring.computing import ids_of, ranks_so_far
from domain.scoring.details import card_detail, line_detail
from domain.scoring.inputs import Scorable, inputs_of
from domain.scoring.model import ScoredPeriod, ScoreRun
from domain.scoring.printing import line_rows, score_rows
from domain.scoring.rules import score_person
from domain.scoring.rules_cards import Card
from domain.scoring.rules_kept import Explanation
from domain.scoring.service import score_and_lock, score_now
from domain.scoring.verification import differences as differences_from_the_rules
from domain.scoring.verification import verify
from domain.scoring.views import why
from tests.differential.companies import Moment, Story, random_story
from tests.differential.reference import Reference

EXPLAINED = 3
"""People a period whose explanations are looked at."""
FAR_AHEAD = datetime(2030, 1, 1, tzinfo=UTC)
SEEDS = range(200 if os.environ.get("PACESETTER_LONG") == "1" else 30)
Row = dict[str, str]
Rows = list[Row]
Printer = Callable[[Session, Period], Iterator[Row]]


class Companies:
    """Random companies and what the reference prints of them, worked out once for both databases."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.story = cache(self._story)
        self.expected = cache(self._expected)
        self._reference = cache(self._make_reference)

    def _story(self, seed: int) -> Story:
        return random_story(seed, self._root / f"seed-{seed}")

    def _make_reference(self, moment: Moment) -> Reference:
        """What is locked is as it was at the first moment, when it was locked."""
        story = self.story(moment.seed)
        first = None if moment == story.first else self._reference(story.first)
        return Reference(moment.folder, moment.imported_at, moment.scored_at, tuple(story.locked), first)

    def _expected(self, moment: Moment, period: str) -> tuple[Rows, Rows]:
        """The scores and the lines."""
        reference = self._reference(moment)
        return reference.scores(period), reference.lines(period)


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Companies:
    return Companies(tmp_path_factory.mktemp("companies"))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_prints_what_the_reference_prints(
    database: Database, companies: Companies, seed: int
) -> None:
    # given a random company, two months of it locked, another and a running period scored
    story = companies.story(seed)
    load(database, story.first)
    at_first = FixedClock(story.first.scored_at)
    for month in story.locked:
        score_and_lock(database, at_first, Period.parse(month), "cli:test")
    score_now(database, at_first, Period.parse(story.running))
    before = {period: printed(database, period) for period in (*story.locked, story.running)}
    differences = [line for period in before for line in beside_the_rules(database, period)]

    # when corrections arrive and the open periods are scored
    load(database, story.second)
    for period in story.later:
        score_now(database, FixedClock(story.second.scored_at), Period.parse(period))

    # then every period holds what the reference says of its moment, and what is locked stays and is proved
    for period, rows in before.items():
        differences += told(story.first, period, rows, companies.expected(story.first, period))
    for period in story.later:
        differences += beside_the_rules(database, period)
        rows = printed(database, period)
        differences += told(story.second, period, rows, companies.expected(story.second, period))
    for month in story.locked:
        assert printed(database, month) == before[month]
        with database.reading() as session:
            differences += [f"{month}: {line}" for line in verify(session, Period.parse(month))]
    assert not differences, f"seed {seed}:\n" + "\n".join(differences)


def load(database: Database, moment: Moment) -> None:
    with database.writing() as session:
        import_folder(session, FixedClock(moment.imported_at), moment.folder, "cli:test")


def printed(database: Database, period: str) -> tuple[Rows, Rows]:
    with database.reading() as session:
        return list(score_rows(session, Period.parse(period))), list(line_rows(session, Period.parse(period)))


def beside_the_rules(database: Database, period: str) -> list[str]:
    """How the published cards and their explanations differ from those that the rules come to."""
    with database.reading() as session:
        scored = session.get_one(ScoredPeriod, period)
        run = session.get_one(ScoreRun, scored.published_run_id)
        found = [f"{period}: {line}" for line in differences_from_the_rules(session, run)]
        so_far = ranks_so_far(session, run)
        inputs = inputs_of(session, run).people(ids_of(session, People(1, 1_000)))
        for one in inputs[:EXPLAINED]:
            card = score_person(one.in_force.plan, one.in_force.window, one.person, so_far)
            shown = why(session, seen_by(one), FixedClock(FAR_AHEAD), Period.parse(period), one.person_id)
            if shown.detail != card_detail(explanation_of(card)):
                found.append(f"{period}: {one.person.employee_id}: {shown.detail} is not of {card}")
            for line, computed in zip(shown.lines, card.lines, strict=True):
                if line.detail != line_detail(computed):
                    found.append(f"{period}: {one.person.employee_id}: {line} is not {computed}")
    return found


def explanation_of(card: Card) -> Explanation:
    return Explanation(
        lines=card.lines,
        tier_before_gates=card.tier_before_gates,
        gates=card.gates,
        unscored_because=card.unscored_because,
        unranked_because=card.unranked_because,
        exempt_because=card.exempt_because,
        missing=card.missing,
        assessed_weight=card.assessed_weight,
        total_weight=card.total_weight,
    )


def seen_by(one: Scorable) -> Viewer:
    """The person, looking at the own card."""
    return Viewer(one.person_id, one.person.employee_id, "", Role.REP, True, "en-US", "UTC", "UTC")


def told(moment: Moment, period: str, found: tuple[Rows, Rows], expected: tuple[Rows, Rows]) -> list[str]:
    """Each difference with all that is needed to look at it: folder, moment, period, person, line, cells."""
    where = (
        f"{moment.folder} imported {moment.imported_at:%F %R}, scored {moment.scored_at:%F %R} UTC, {period}"
    )
    found_rows = [*found[0], *found[1]]
    expected_rows = [*expected[0], *expected[1]]
    if [subject(row) for row in found_rows] != [subject(row) for row in expected_rows]:
        only_found = [subject(row) for row in found_rows if subject(row) not in map(subject, expected_rows)]
        missing = [subject(row) for row in expected_rows if subject(row) not in map(subject, found_rows)]
        return [
            f"{where}: other rows: the engine adds {only_found} and lacks {missing}, or orders them otherwise"
        ]
    return [
        f"{where}, {subject(engine)}: {column} is {engine[column]!r}, the reference has {naive[column]!r}"
        for engine, naive in zip(found_rows, expected_rows, strict=True)
        for column in engine
        if engine[column] != naive[column]
    ]


def subject(row: Row) -> str:
    return " ".join(row[column] for column in ("employee_id", "kind", "name") if column in row)
