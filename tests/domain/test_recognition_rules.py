"""Who was best, who climbed most: ties share, small fields have no best, nobody stands out among equals."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.recognition.rules import SMALLEST_UNIT, Climb, Group, Result, best, climbers, distinct


def result(person_id: int, points: str, reading: str = "1") -> Result:
    return Result(person_id, Decimal(points), Decimal(reading))


def climb(person_id: int, places: int, points: str = "1") -> Climb:
    return Climb(person_id, places, Decimal(points))


class TestBest:
    def test_most_points_win(self) -> None:
        assert best([result(1, "80"), result(2, "120"), result(3, "90")], 5, more_is_better=True) == {2}

    def test_behind_the_cap_of_points_the_reading_decides(self) -> None:
        capped = [result(1, "120", "1.25"), result(2, "120", "2.40"), result(3, "120", "1.90")]
        assert best(capped, 5, more_is_better=True) == {2}

    def test_where_less_is_better_the_smallest_reading_wins(self) -> None:
        overdue = [result(1, "120", "0.004"), result(2, "120", "0.001")]
        assert best(overdue, 5, more_is_better=False) == {2}

    def test_those_who_tie_share(self) -> None:
        tied = [result(1, "120", "1.3"), result(2, "120", "1.3"), result(3, "120", "1.2")]
        assert best(tied, 5, more_is_better=True) == {1, 2}

    def test_nobody_is_best_with_no_points(self) -> None:
        assert best([result(1, "0", "0.4"), result(2, "0", "0.3")], 5, more_is_better=True) == set()

    def test_nobody_is_best_where_all_tie(self) -> None:
        assert best([result(n, "100") for n in range(5)], 5, more_is_better=True) == set()

    def test_nobody_is_best_of_four(self) -> None:
        assert best([result(1, "120")], SMALLEST_UNIT - 1, more_is_better=True) == set()

    def test_without_results_nobody_is(self) -> None:
        assert best([], 5, more_is_better=True) == set()


class TestClimbers:
    def test_most_places_win_and_points_break_a_tie(self) -> None:
        assert climbers([climb(1, 3), climb(2, 5), climb(3, 4)], 6) == {2}
        assert climbers([climb(1, 5, "7.25"), climb(2, 5, "9.5")], 6) == {2}
        assert climbers([climb(1, 5, "9.5"), climb(2, 5, "9.5")], 6) == {1, 2}

    def test_who_keeps_or_loses_the_place_is_no_climber(self) -> None:
        assert climbers([climb(1, 0, "30"), climb(2, -2)], 6) == set()


class TestGroups:
    def test_a_unit_whose_people_are_all_in_one_below_leaves_the_word_to_it(self) -> None:
        # given: 1 holds 2, 2 holds 3 and 4; all of 2 are in 3
        sizes = {Group(1, "a"): 9, Group(2, "a"): 6, Group(3, "a"): 6, Group(4, "b"): 7, Group(2, "b"): 9}
        # then
        found = distinct(sizes, {1: None, 2: 1, 3: 2, 4: 2})
        assert found == {Group(1, "a"), Group(3, "a"), Group(4, "b"), Group(2, "b")}

    def test_a_small_one_is_no_field(self) -> None:
        assert distinct({Group(1, "a"): SMALLEST_UNIT - 1}, {1: None}) == set()


AMOUNTS = st.integers(0, 4).map(Decimal)


@given(results=st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=5, max_size=9), more_is_better=st.booleans())
def test_nobody_beats_the_best_and_only_equals_share(
    results: list[tuple[Decimal, Decimal]], more_is_better: bool
) -> None:
    # given
    field = {n: Result(n, points, reading) for n, (points, reading) in enumerate(results)}
    # when
    won = best(field.values(), len(field), more_is_better=more_is_better)
    # then
    for person_id in won:
        one = field[person_id]
        for other in field.values():
            further = other.reading > one.reading if more_is_better else other.reading < one.reading
            assert other.points <= one.points
            assert other.points < one.points or not further
            same = (other.points, other.reading) == (one.points, one.reading)
            assert same == (other.person_id in won)
