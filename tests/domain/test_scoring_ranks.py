"""Competition ranks within the units of each person's path."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.rules_ranks import NO_UNIT, rank

ACME, WEST, EAST, ONE, TWO, ELSEWHERE = range(1, 7)
PARENTS = {ACME: None, WEST: ACME, EAST: ACME, ONE: WEST, TWO: WEST, ELSEWHERE: None}
P, Q = 1, 2

Card = tuple[int, int, int]
"""Plan, unit, cents."""
Place = tuple[int, int, int]
"""Unit, rank, out of."""


def places(*cards: Card) -> list[list[Place]]:
    """Of each card, from the root to the leaf."""
    plans, units, cents = (np.array(column, dtype=np.int64) for column in zip(*cards, strict=True))
    found = rank(plans, units, cents, PARENTS)
    of_cards = zip(found.unit.tolist(), found.rank.tolist(), found.out_of.tolist(), strict=True)
    return [[place for place in zip(*columns, strict=True) if place[0] != NO_UNIT] for columns in of_cards]


def test_ties_share_a_rank_and_the_next_ones_are_skipped() -> None:
    found = places((P, ACME, 9000), (P, ACME, 8050), (P, ACME, 8050), (P, ACME, 8049))

    assert found == [[(ACME, 1, 4)], [(ACME, 2, 4)], [(ACME, 2, 4)], [(ACME, 4, 4)]]


def test_each_unit_of_the_path_ranks_its_own_people_from_the_root_down() -> None:
    found = places((P, ONE, 70), (P, TWO, 80), (P, EAST, 90), (P, WEST, 75))

    assert found[0] == [(ACME, 4, 4), (WEST, 3, 3), (ONE, 1, 1)]
    assert found[2] == [(ACME, 1, 4), (EAST, 1, 1)]


def test_people_of_different_plans_do_not_compete() -> None:
    assert places((P, ACME, 100), (Q, ACME, 200)) == [[(ACME, 1, 1)], [(ACME, 1, 1)]]


def test_nobody_to_rank_is_no_rank() -> None:
    nobody = np.array([], dtype=np.int64)

    found = rank(nobody, nobody, nobody, PARENTS)

    assert len(found.unit) == len(found.rank) == 0


@given(
    st.lists(
        st.tuples(st.sampled_from([P, Q]), st.sampled_from(list(PARENTS)), st.integers(0, 6)),
        min_size=1,
        max_size=40,
    )
)
def test_ranks_agree_with_counting_who_is_ahead(cards: list[Card]) -> None:
    found = places(*cards)

    for (plan, unit, cents), of_card in zip(cards, found, strict=True):
        expected = []
        for above in path_to(unit):
            scores = [other[2] for other in cards if other[0] == plan and above in path_to(other[1])]
            expected.append((above, 1 + sum(score > cents for score in scores), len(scores)))
        assert of_card == expected


def test_scores_a_cent_apart_are_told_apart_beyond_the_reach_of_floats() -> None:
    huge = 2**60

    found = places((P, ACME, huge), (P, ACME, huge + 1), (P, ACME, huge + 1), (P, ACME, huge - 1))

    assert [of_card[0][1] for of_card in found] == [3, 1, 1, 4]


def path_to(unit: int) -> list[int]:
    above = PARENTS[unit]
    return [unit] if above is None else [*path_to(above), unit]
