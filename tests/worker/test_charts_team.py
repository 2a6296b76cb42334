"""A team's attainment by person, its tiers, and its attainment month by month."""

from dataclasses import replace
from decimal import Decimal

from tests.worker.chart_samples import a_team, a_trend, draw, team_tiers, texts_on
from worker.charts.team_people import MOST_ROWS


def test_everybody_of_a_small_team_has_a_row_with_a_number() -> None:
    team = a_team(["1.2", "1", "0.405", None])
    texts = texts_on(team)

    assert [text for text in texts if text.startswith("Rep")] == ["Rep 1", "Rep 2", "Rep 3", "Rep 4"]
    assert [text for text in texts if text.endswith("%")] == ["goal 100%", "120%", "100%", "40.5%"]
    assert draw(team).alt_text == (
        "Attainment by person in West: March 2026, Sales. 2 of 4 met the goal of 100%. "
        "Rep 1: 120%. Rep 2: 100%. Rep 3: 40.5%. Rep 4: not assessed."
    )


def test_of_a_large_team_the_best_and_the_last_are_drawn() -> None:
    team = a_team([str(Decimal(1000 - number) / 500) for number in range(1000)])
    texts = texts_on(team)

    assert len([text for text in texts if text.startswith("Rep")]) == MOST_ROWS - 1
    assert "981 more between them: 2%–198%" in texts
    assert {"Rep 1", "Rep 1000"} <= set(texts)
    assert "501 of 1,000 met the goal" in draw(team).alt_text


def test_a_result_far_beyond_the_goal_keeps_its_number() -> None:
    assert "5,000%" in texts_on(a_team(["50", "0.5"]))


def test_a_ratio_of_other_things_is_no_percentage() -> None:
    days = a_team(["12.5"], as_percent=False, goal=Decimal(14))
    assert {"goal 14", "12.5"} <= set(texts_on(days))


def test_a_running_period_is_called_so_far() -> None:
    assert "so far" in draw(a_team(["0.5"], running=True)).alt_text
    assert "so far" not in draw(a_team(["0.5"])).alt_text


def test_tiers_stand_beside_those_of_the_period_before() -> None:
    tiers = team_tiers(("S", 0, 1), ("A", 3, 2))

    assert texts_on(tiers)[2:] == ["S", "0", "1", "A", "3", "2", "March 2026", "February 2026"]
    assert draw(tiers).alt_text == ("Tiers in West, March 2026. People: S 0, A 3. February 2026: S 1, A 2.")


def test_without_a_period_before_there_is_no_second_bar() -> None:
    tiers = team_tiers(("S", 1, None), ("A", 3, None))

    assert texts_on(tiers)[2:] == ["S", "1", "A", "3", "March 2026"]
    assert "February" not in draw(tiers).alt_text


def test_tiers_of_two_plans_name_the_plan() -> None:
    tiers = team_tiers(("S", 1, None))
    two = replace(tiers, tiers=(replace(tiers.tiers[0], plan="web"), *tiers.tiers))

    assert {"S", "S (web)"} <= set(texts_on(two))


def test_a_trend_names_every_month_the_latest_first() -> None:
    assert draw(a_trend(["1.05", "0.9", None])).alt_text == (
        "Attainment of West in Sales, month by month. The goal is 100%. March 2026: not known. "
        "February 2026: 90%. January 2026: 105%."
    )


def test_a_month_without_cards_is_a_gap() -> None:
    trend = a_trend(["1", "1", "1"])
    with_hole = replace(trend, points=(trend.points[0], trend.points[2]))

    assert [text for text in texts_on(with_hole) if text in ("Jan", "Feb", "Mar", "–")] == [
        "–",
        "Jan",
        "Feb",
        "Mar",
    ]


def test_many_columns_are_written_without_decimals_and_never_rounded_onto_100() -> None:
    assert "99.6%" in texts_on(a_trend(["0.996"] * 8))
    assert "99%" in texts_on(a_trend(["0.996"] * 9))


def test_only_the_last_twelve_months_are_drawn() -> None:
    months = texts_on(a_trend(["1"] * 14))
    assert months.count("Jan") == 1
    assert months.count("2026") == 1
