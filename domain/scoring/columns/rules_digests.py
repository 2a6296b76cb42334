"""The digests of very many people's inputs: of the same bytes as `rules_digest.digest` puts together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from domain.scoring.columns.rules_cards import People, Setting
from domain.scoring.columns.rules_days import FOREVER
from domain.scoring.columns.rules_integers import Integers
from domain.scoring.rules_digest import COLUMNS, Kind, beginning, digest_of_bytes

_BYTES = COLUMNS * 8


def digests(setting: Setting, plan_digest: str, people: People) -> list[str]:
    """One for each person, in hexadecimal."""
    rows, facts = _facts(setting, people)
    order = np.lexsort((facts[:, 2], facts[:, 1], facts[:, 0], rows))
    rows, facts = rows[order], facts[order]
    begun = beginning(setting.plan.plan, plan_digest, setting.window)
    packed = facts.astype("<i8", copy=False).data.cast("B")
    ends = (np.searchsorted(rows, np.arange(len(people) + 1)) * _BYTES).tolist()
    return [digest_of_bytes(begun, packed[start:end]) for start, end in pairwise(ends)]


def _facts(setting: Setting, people: People) -> tuple[Integers, Integers]:
    """Whose each fact is, and the facts; a person's are told apart and ordered by three columns."""
    leaves, targets = people.leaves, people.targets
    last_day = setting.window.last.toordinal() if setting.window.last else 0
    records = people.records.only(people.records.day <= last_day)
    left = np.where(people.left == FOREVER, 0, people.left)
    of_kinds: list[tuple[Kind, tuple[Integers, ...]]] = [
        (Kind.PERSON, (np.arange(len(people)), people.person, people.unit, people.hired, left)),
        (Kind.LEAVE, (leaves.row, leaves.first, leaves.last)),
        (
            Kind.TARGET,
            (targets.row, targets.id, targets.indicator, targets.of, targets.from_day, targets.amount),
        ),
        (Kind.RECORD, (records.row, records.id, records.measure, records.day, records.value)),
        *_past_facts(setting, people),
        (Kind.STARTING_TIER, (people.starts.row, people.starts.id, people.starts.level)),
    ]
    whose = np.concatenate([rows for _, (rows, *_) in of_kinds])
    facts = np.zeros((len(whose), COLUMNS), dtype=np.int64)
    start = 0
    for kind, (rows, *columns) in of_kinds:
        end = start + len(rows)
        facts[start:end, 0] = kind
        for place, column in enumerate(columns, start=1):
            facts[start:end, place] = column
        start = end
    return whose, facts


def _past_facts(setting: Setting, people: People) -> Iterator[tuple[Kind, tuple[Integers, ...]]]:
    """As `past.Past.of` has them."""
    plan, window = setting.plan.plan, setting.window
    if not plan.looks_back or window.last is None:
        return
    measures, period = plan.measures_needed, window.period
    since = np.array([plan.known_from(measure, period).toordinal() for measure in measures])
    known = people.past.only(people.past.day >= since[people.past.measure])
    before = known.only(known.day < period.start.toordinal())
    yield Kind.RECORD, (before.row, before.id, before.measure, before.day, before.value)
    counted = {one.repurchase.measure for one in plan.indicators if one.repurchase}
    bought = np.array([measure in counted for measure in measures])
    named = known.only(bought[known.measure] & (known.day <= window.last.toordinal()))
    yield Kind.CUSTOMER, (named.row, named.id, named.number)
