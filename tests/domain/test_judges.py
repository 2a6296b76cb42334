"""Who is asked, and in which order, when somebody appeals: by rules alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.judges.rules import judges, next_judge

ASKING, MANAGER, LEAD, HEAD, BOSS = 1, 2, 3, 4, 5

somebody = st.one_of(st.none(), st.integers(1, 6))


@pytest.mark.parametrize(
    ("manager", "leaders", "below", "asked"),
    [
        (MANAGER, [LEAD, HEAD, BOSS], set(), (MANAGER, LEAD, HEAD, BOSS)),
        (LEAD, [LEAD, HEAD, BOSS], set(), (LEAD, HEAD, BOSS)),
        (None, [None, HEAD, BOSS], set(), (HEAD, BOSS)),
        (BOSS, [LEAD, HEAD, BOSS], set(), (BOSS,)),
        (None, [LEAD, ASKING, BOSS], set(), (BOSS,)),
        (BOSS, [LEAD, ASKING, BOSS], set(), (BOSS,)),
        (MANAGER, [LEAD, HEAD], {LEAD}, (MANAGER, HEAD)),
        (None, [ASKING, HEAD, ASKING], set(), ()),
        (ASKING, [ASKING], set(), ()),
    ],
)
def test_the_manager_then_the_leaders_from_there_up(
    manager: int | None, leaders: list[int | None], below: set[int], asked: tuple[int, ...]
) -> None:
    assert judges(ASKING, manager, leaders, below) == asked


@given(somebody, st.lists(somebody, max_size=6), st.sets(st.integers(1, 6)))
def test_nobody_judges_their_own_or_from_below_and_each_is_asked_once(
    manager: int | None, leaders: list[int | None], below: set[int]
) -> None:
    ladder = judges(ASKING, manager, leaders, below)

    assert ASKING not in ladder
    assert below.isdisjoint(ladder)
    assert len(set(ladder)) == len(ladder)
    if ASKING in leaders:
        highest = max(place for place, one in enumerate(leaders) if one == ASKING)
        assert set(ladder) - {manager} <= set(leaders[highest + 1 :])
    asked = []
    judge = ladder[0] if ladder else None
    while judge is not None:
        asked.append(judge)
        judge = next_judge(ladder, judge)
    assert tuple(asked) == ladder
