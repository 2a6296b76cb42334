"""A card, and *Why?*: what is said about every kind of card and line."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.escaping import mrkdwn
from bot.blocks.score import score, score_blocks
from bot.blocks.why import why
from domain.periods import Period
from domain.scoring.rules_cards import CardStatus, LineReason, Reason
from domain.scoring.rules_streaks import Streak
from domain.scoring.views import CardView, PersonView, RankView, ScoreView
from tests.bot.builders import (
    CHINESE,
    ENGLISH,
    JUNE,
    a_card,
    a_gate,
    a_running_card,
    deduction_line,
    ratio_line,
    sales_line,
)
from tests.bot.calling import texts
from tests.bot.contracts import OutgoingContracts

WRITERS = pytest.mark.parametrize("writer", [ENGLISH, CHINESE], ids=["en", "zh"])


def drawn(card: CardView, last_closed: CardView | None = None, streak: Streak | None = None) -> str:
    return "\n".join(texts(score(ENGLISH, ScoreView(card, last_closed), streak).blocks))


def explained(card: CardView) -> str:
    return "\n".join(texts(why(ENGLISH, card)["blocks"]))


def test_a_closed_card_says_score_tier_places_and_every_line():
    shown = drawn(a_card())
    assert "*June 2026*" in shown
    assert "*Score 72.44, tier B*" in shown
    assert "Next tier: A from 95, 22.56 points away." in shown
    assert shown.index("Place 3 of 8 in East") < shown.index("Place 9 of 20 in Acme")
    assert "*sales* 90% of target (900 of 1,000) · 80 points · adds 48 to the score" in shown
    assert "*win rate* 66.7% · 111.11 points · adds 44.44 to the score" in shown
    assert "*violations* 5 recorded: -20" in shown
    assert "This period counts as missed." in shown
    assert "Locked: this card does not change any more." in shown


def test_the_text_for_notifications_says_the_same_in_short():
    assert score(ENGLISH, ScoreView(a_card(), None), None).text == "June 2026: score 72.44, tier B"
    assert score(CHINESE, ScoreView(a_card(), None), None).text == "2026年6月：得分 72.44，等级 B"


def test_a_running_card_leads_with_pace_and_the_last_closed_card():
    shown = drawn(a_running_card(), last_closed=a_card())
    pace = shown.index("*sales* 90% of the pace (900 of 1,000 due by now)")
    assert shown.index("data up to Jul 6, 2026") < pace
    assert pace < shown.index("*Score 72.44, tier B*") < shown.index("*July 2026, score so far: 72.44*")
    assert "While July 2026 runs there is no tier and no miss." in shown
    assert shown.count("missed") == 0


def a_card_of_a_month_without_data():
    return a_running_card(
        score=None,
        as_of_day=None,
        lines=(sales_line(status="unknown", reason=LineReason.NOT_COVERED, missing=["won_amount"]),),
        unscored_because=Reason.NOT_COVERED,
        missing=["won_amount"],
    )


def test_a_running_card_without_data_says_so_in_one_sentence_below_the_last_closed_card():
    view = ScoreView(a_card_of_a_month_without_data(), a_card())
    message = score(ENGLISH, view, None)
    shown = texts(message.blocks)
    assert message.text == "June 2026: score 72.44, tier B"
    assert shown[0] == "*June 2026*"
    assert shown[-1] == "July 2026 has nothing to show yet: won amount not reported for its first day."
    assert "July 2026" not in "".join(shown[:-1])


def test_a_first_card_without_data_is_that_sentence_alone():
    assert texts(score_blocks(ENGLISH, ScoreView(a_card_of_a_month_without_data(), None), None)) == [
        "July 2026 has nothing to show yet: won amount not reported for its first day."
    ]


def test_a_card_without_a_score_has_nothing_to_take_points_off():
    line = deduction_line(actual=Decimal(2), contribution=None)
    shown = drawn(a_card(status=CardStatus.NOT_ASSESSED, score=None, tier=None, ranks=(), lines=(line,)))
    assert "2 recorded, takes nothing off" in shown


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason.NO_ELIGIBLE_DAY, "No day of the period counts: not employed, or on leave."),
        (Reason.TOO_LITTLE_ASSESSED, "Too little could be assessed: lines of weight 40 out of 100."),
    ],
)
def test_a_card_without_a_score_says_why(reason, said):
    card = a_card(
        status=CardStatus.NOT_ASSESSED,
        score=None,
        tier=None,
        miss="exempt",
        ranks=(),
        unscored_because=reason,
        exempt_because=reason,
        assessed_weight="40",
    )
    assert f"*No score*\n{said}" in drawn(card)
    assert "This period counts neither as missed nor as met." in drawn(card)
    assert f"*No score.* {said}" in explained(card)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason.IN_RAMP, "The ramp after hiring is not over yet."),
        (Reason.UNDER_HALF_ELIGIBLE, "Fewer than half of the days count: 10 of 30."),
        (Reason.TOO_EARLY, "Places are shown from the fifth working day of the period on."),
    ],
)
def test_who_has_no_place_sees_why(reason, said):
    card = a_card(ranks=(), unranked_because=reason, eligible_days=10)
    assert f"No place in the ranking. {said}" in drawn(card)
    assert f"*No place.* {said}" in explained(card)


def test_a_small_unit_shows_no_place_and_says_so():
    card = a_card(ranks=(RankView("Acme", "Acme", 2, 20), RankView("Acme/West", "West", None, 4)))
    assert "Place 2 of 20 in Acme" in drawn(card)
    assert "West" not in drawn(card).replace("Units", "")
    assert "Units with fewer than 5 ranked people show no places." in drawn(card)
    assert "West: not shown, fewer than 5 people are ranked." in explained(card)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (LineReason.NO_TARGET, "not assessed, there is no target"),
        (LineReason.ZERO_TARGET, "not assessed, the target is 0"),
        (LineReason.ZERO_DENOMINATOR, "not assessed, closed deals is 0"),
    ],
)
def test_a_line_that_is_not_assessed_says_why(reason, said):
    line = ratio_line(status="not_assessed", reason=reason, reading=None, points=None, contribution=None)
    assert f"*win rate* {said}" in drawn(a_card(lines=(sales_line(), line)))
    assert f"Counts for nothing: {said}. Its weight of 40 drops out." in explained(a_card(lines=(line,)))


def test_missed_months_in_a_row_are_named():
    streak = Streak((Period.month(2026, 5), JUNE))
    assert "Missed and locked: 2 months in a row, May 2026 and June 2026." in drawn(a_card(), streak=streak)


def test_why_explains_every_number():
    shown = explained(a_card())
    assert "Ada Okafor (E7), June 2026, plan sales-plan" in shown
    assert "Target, June 2026: 1,000 × 30 of 30 days that count = 1,000" in shown
    assert "Reading: 900 achieved ÷ 1,000 target = 90%" in shown
    assert "Points: on the straight line from 80% (60 points) to 100% (100 points): 80" in shown
    assert "Contribution: weight 60 × 80 points ÷ 100 (all weights that count) = 48" in shown
    assert "Reading: 2 (wins) ÷ 3 (closed deals) = 66.6667%" in shown
    assert "5 recorded × 5 points = 25, at most 20; takes off 20" in shown
    assert "*Score:* 48 + 44.44 − 20 = 72.44" in shown
    assert "*Tier:* 72.44 reaches B, which starts at 70." in shown


def test_why_shows_the_ramp_the_days_and_a_target_of_several_months():
    parts = [
        {"period": "2026-04", "amounts": [["1000", 15]], "ramp": "0.5", "days": 30},
        {"period": "2026-05", "amounts": [["1000", 10], ["1240", 20]], "ramp": "1", "days": 31},
    ]
    shown = explained(a_card(lines=(sales_line(target_parts=parts, target=Decimal("1372.58")),)))
    assert "Target, April 2026: 1,000 × 50% (ramp after hiring) × 15 of 30 days that count = 250" in shown
    assert "Target, May 2026: 1,000 × 10 of 31 days that count = 322.58" in shown
    assert "Target, May 2026: 1,240 × 20 of 31 days that count = 800" in shown
    assert "Target: together 1,372.58" in shown


def test_why_says_where_the_curve_is_flat():
    above = sales_line(segment=[["1.2", "120"], ["1.2", "120"]], reading=Decimal("1.3"), points=Decimal(120))
    below = sales_line(segment=[["0.5", "0"], ["0.5", "0"]], reading=Decimal("0.3"), points=Decimal(0))
    assert "Points: from 120% on the curve is flat: 120" in explained(a_card(lines=(above,)))
    assert "Points: below 50% the curve is flat: 0" in explained(a_card(lines=(below,)))


def test_a_scale_of_days_is_not_read_as_percent():
    line = ratio_line(name="days_to_close", reading=Decimal("47.25"), segment=[["30", "110"], ["60", "100"]])
    assert "*days to close* 47.25 ·" in drawn(a_card(lines=(line,)))
    assert "from 30 (110 points) to 60 (100 points)" in explained(a_card(lines=(line,)))


def test_why_shows_the_floor():
    floor = sales_line(kind="floor", name="floor", contribution=Decimal("12.00"), weight=None, target=None)
    shown = explained(a_card(lines=(deduction_line(), floor), score=Decimal(0)))
    assert "A score is never below 0, so this adds 12." in shown
    assert "*Score:* −20 + 12 = 0" in shown


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        (a_gate(), "Gate: violations is 5, 1 or more, so at most tier A."),
        (
            a_gate(
                measure=None, ratio=["overdue", "balance"], comparison="above", bound="0.05", value="1/16"
            ),
            "Gate: overdue ÷ balance is 6.25%, above 5%, so at most tier A.",
        ),
        (
            a_gate(measure=None, indicator="sales", comparison="below", bound="0.95", value="9/10"),
            "Gate: sales is 90%, below 95%, so at most tier A.",
        ),
    ],
)
def test_a_gate_that_lowered_the_tier_is_on_the_card_and_in_why(gate, said):
    card = a_card(score=Decimal(112), tier="A", gates=[gate], tier_before_gates="S")
    assert said in drawn(card)
    assert said in explained(card)


def test_a_gate_that_changed_nothing_is_not_mentioned():
    assert "Gate" not in drawn(a_card(gates=[a_gate(lowered=False)]))


written = st.text(max_size=80) | st.sampled_from(
    ["<!channel>", "*", "_x_", ":smile:", "https://evil.example"]
)


@WRITERS
@settings(deadline=None)
@given(name=written, measure=written.filter(mrkdwn), unit=written, plan=written)
def test_no_name_breaks_out_of_a_card(contracts: OutgoingContracts | None, writer, name, measure, unit, plan):
    """The marks and tokens of a message are those it has with harmless names."""

    def all_texts(person: str, indicator: str, place: str, plan_name: str) -> list[str]:
        card = a_card(
            person=PersonView(7, person, person),
            lines=(replace(sales_line(), name=indicator), deduction_line(name=indicator)),
            ranks=(RankView(place, place, 3, 8),),
            plan_name=plan_name,
        )
        message, modal = score(writer, ScoreView(card, card), None), why(writer, card)
        if contracts:
            contracts.check_message(message.text, message.blocks)
            contracts.check_view(modal)
        return [message.text, *texts(message.blocks), *texts(modal)]

    shown = all_texts(name, measure, unit, plan)
    harmless = all_texts("a", "a", "a", "a")
    assert [text.count("*") for text in shown] == [text.count("*") for text in harmless]
    assert not any(mark in text for text in shown for mark in ("<", ">", "`", "~", "://"))
