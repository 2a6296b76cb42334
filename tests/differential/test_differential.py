"""The engine against the naive reference: random companies, both databases, identical to the last digit."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from domain.clock import FixedClock
from domain.database import Database
from domain.imports.service import import_folder
from domain.periods import Period
from domain.scoring.printing import line_rows, score_rows
from domain.scoring.service import score_and_lock, score_now
from domain.scoring.verification import verify
from tests.differential.companies import Moment, Story, random_story
from tests.differential.reference import Reference

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
        self._reference = cache(Reference)

    def _story(self, seed: int) -> Story:
        return random_story(seed, self._root / f"seed-{seed}")

    def _expected(self, moment: Moment, period: str) -> tuple[Rows, Rows]:
        """The scores and the lines."""
        reference = self._reference(moment.folder, moment.imported_at, moment.scored_at)
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

    # when corrections arrive and the open periods are scored
    load(database, story.second)
    for period in story.later:
        score_now(database, FixedClock(story.second.scored_at), Period.parse(period))

    # then every period holds what the reference says of its moment, and what is locked stays and is proved
    differences = []
    for period, rows in before.items():
        differences += told(story.first, period, rows, companies.expected(story.first, period))
    for period in story.later:
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
