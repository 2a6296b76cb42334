"""Competition ranks within the units of each person's path."""

from decimal import Decimal

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.rules_ranks import Contender, Place, rank, rank_frame


def test_ties_share_a_rank_and_the_next_ones_are_skipped() -> None:
    scores = {"a": "90.00", "b": "80.50", "c": "80.50", "d": "80.49"}

    places = rank(Contender(name, "p", "Acme", Decimal(score)) for name, score in scores.items())

    assert {name: place[0].rank for name, place in places.items()} == {"a": 1, "b": 2, "c": 2, "d": 4}


def test_each_unit_of_the_path_ranks_its_own_people_from_the_root_down() -> None:
    places = rank(
        [
            Contender("a", "p", "Acme/West/One", Decimal(70)),
            Contender("b", "p", "Acme/West/Two", Decimal(80)),
            Contender("c", "p", "Acme/East", Decimal(90)),
            Contender("d", "p", "Acme/West", Decimal(75)),
        ]
    )

    assert places["a"] == (Place("Acme", 4, 4), Place("Acme/West", 3, 3), Place("Acme/West/One", 1, 1))
    assert places["c"] == (Place("Acme", 1, 4), Place("Acme/East", 1, 1))


def test_people_of_different_plans_do_not_compete() -> None:
    places = rank([Contender("a", "p", "Acme", Decimal(1)), Contender("b", "q", "Acme", Decimal(2))])

    assert places == {"a": (Place("Acme", 1, 1),), "b": (Place("Acme", 1, 1),)}


def test_nobody_to_rank_is_no_rank() -> None:
    assert rank([]) == {}


contenders = st.lists(
    st.tuples(
        st.sampled_from("pq"),
        st.sampled_from(["A", "A/B", "A/B/C", "A/BB", "A/B/D", "Z/B"]),
        st.integers(0, 6).map(lambda cents: Decimal(cents).scaleb(-2)),
    ),
    max_size=40,
)


@given(contenders)
def test_ranks_agree_with_counting_who_is_ahead(people: list[tuple[str, str, Decimal]]) -> None:
    everyone = [Contender(str(number), *columns) for number, columns in enumerate(people)]

    places = rank(everyone)

    for one in everyone:
        names = one.unit_path.split("/")
        paths = ["/".join(names[:depth]) for depth in range(1, len(names) + 1)]
        expected = []
        for path in paths:
            others = [
                other.score
                for other in everyone
                if other.plan == one.plan
                and (other.unit_path == path or other.unit_path.startswith(path + "/"))
            ]
            expected.append(Place(path, 1 + sum(score > one.score for score in others), len(others)))
        assert list(places[one.card]) == expected


def test_scores_a_cent_apart_are_told_apart_beyond_the_reach_of_floats() -> None:
    huge = 2**60
    frame = pd.DataFrame(
        {
            "plan": "p",
            "unit_path": "A",
            "cents": np.array([huge, huge + 1, huge + 1, huge - 1], dtype=np.int64),
        }
    )

    assert rank_frame(frame)["rank"].tolist() == [3, 1, 1, 4]
