"""Messages from the outbox: alerts with tact and numbers, and what the administrators hear."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks import actions
from bot.blocks.notices import draw
from bot.blocks.primitives import Message
from bot.locale import for_locale
from tests.bot.builders import alert_facts, hr_alert_facts, unit_alert_facts
from tests.bot.calling import texts
from tests.bot.contracts import OutgoingContracts, check_what_schemas_miss

ADMIN_FACTS = {
    "source_failed": {"source": "crm", "problem": "no such file: deals.csv"},
    "job_quarantined": {
        "job_id": 12,
        "kind": "score_chunk",
        "key": "run:1:0",
        "attempts": 3,
        "problem": "its worker died three times",
    },
    "post_failed": {
        "post_id": 9,
        "kind": "alert_unit",
        "channel": "managers",
        "person_id": None,
        "problem": "is_archived",
    },
}
EVERY_KIND = {
    "alert_person": alert_facts(),
    "alert_thread": alert_facts(),
    "alert_unit": unit_alert_facts(),
    "alert_shadow": hr_alert_facts(),
    "alert_held": hr_alert_facts(reason="share_of_unit"),
    "alert_unreached": hr_alert_facts(),
    "alert_withdrawn": alert_facts(withdrawn=True, undone=["2026-06"]),
    **ADMIN_FACTS,
}


def english(kind, facts) -> str:
    return shown(draw(kind, facts, for_locale("en-US")))


def shown(message: Message) -> str:
    return "\n".join(texts(message.blocks))


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_kind_is_drawn_in_both_languages(contracts: OutgoingContracts | None, kind, locale):
    message = draw(kind, EVERY_KIND[kind], for_locale(locale))
    assert message.text
    check_what_schemas_miss(message.blocks)
    if contracts:
        contracts.check_message(message.text, message.blocks)
    if locale == "zh-CN":
        assert any("\u4e00" <= char <= "\u9fff" for char in shown(message))


def test_the_person_hears_it_first_and_gently():
    said = english("alert_person", alert_facts())
    assert "3 months in a row count as missed: sales was short of what the plan asks." in said
    assert "You hear it first; your manager is told after you." in said
    assert "Nothing is decided by this message." in said


def test_the_persons_notification_names_no_number():
    text = draw("alert_person", alert_facts(), for_locale("en-US")).text
    assert text == "A report about your last months, for you alone"


@pytest.mark.parametrize("kind", ["alert_person", "alert_thread"])
def test_a_report_holds_months_attainment_gaps_peers_and_the_weakest_indicator(kind):
    said = english(kind, alert_facts())
    assert "• April 2026: 50% of target (500 of 1,000)" in said
    assert "• June 2026: 60% of target (600 of 1,000)" in said
    assert "sales: 55% on average over these months." in said
    assert "The 7 others in East stood at 94% on average in the last month." in said
    assert "Score 41.2: 47.5 points below their mean of 88.7." in said
    assert "12 of 19 peers in the same job met their targets in the last month." in said
    assert "What cost most in the last month: new customers at 25%, 15 points of the score." in said


def test_a_report_of_somebody_without_a_team_says_nothing_of_one():
    said = english(
        "alert_thread",
        alert_facts(team_score=None, team_reading=None, team_size=0, peers=0, peers_met=0, weakest=None),
    )
    assert "others" not in said
    assert "peers" not in said
    assert "cost most" not in said


@pytest.mark.parametrize(
    ("kind", "tells"), [("alert_person", False), ("alert_unreached", False), ("alert_thread", True)]
)
def test_the_person_hears_nothing_of_others_who_are_too_few(kind, tells):
    alert = alert_facts(team_size=3, peers=3, peers_met=1)
    said = english(kind, hr_alert_facts(alerts=[alert]) if kind == "alert_unreached" else alert)
    assert ("The 3 others in East" in said) == tells
    assert ("below their mean" in said) == tells
    assert ("1 of 3 peers" in said) == tells


def test_a_withdrawn_alert_says_so_and_no_figures_any_more():
    alert = alert_facts(withdrawn=True, undone=["2026-05", "2026-06"])
    said = english("alert_thread", alert)
    assert "After a correction, May 2026, June 2026 do not count as missed any more." in said
    assert "%" not in said
    assert english("alert_person", alert) == english("alert_withdrawn", alert)
    assert "please give it" not in english("alert_unreached", hr_alert_facts(alerts=[alert]))
    listed = english("alert_shadow", hr_alert_facts(alerts=[alert, alert_facts()]))
    assert "1 alert for Acme/East was not sent" in listed
    assert "3 missed months in a row, withdrawn" in listed
    assert "the alerts of June 2026 are withdrawn" in english("alert_unit", unit_alert_facts(people=0))


def test_a_streak_broken_by_a_month_in_between_is_told_as_such():
    said = english("alert_thread", alert_facts(withdrawn=True, undone=[]))
    assert "no longer missed in a row" in said


def test_a_ratio_that_was_missed_is_not_called_a_target():
    months = [{"period": "2026-06", "actual": "2.0000", "target": None, "reading": "0.200000"}]
    assert "• June 2026: 20%" in english("alert_thread", alert_facts(months=months)).split("\n")


def test_names_stand_in_the_thread_and_not_in_the_managers_message():
    assert "Ada Okafor" not in english("alert_unit", unit_alert_facts())
    assert "East: 2 people have missed month after month" in english("alert_unit", unit_alert_facts())
    assert "*Ada Okafor (E7): 3 missed months in a row*" in english("alert_thread", alert_facts())


def test_an_alerts_buttons_lead_to_the_latest_missed_card():
    message = draw("alert_thread", alert_facts(), for_locale("en-US"))
    buttons = next(block for block in message.blocks if block["type"] == "actions")["elements"]
    assert [(one["action_id"], one["value"]) for one in buttons] == [
        (actions.WHY, "7|2026-06"),
        (actions.WHAT_IF, "7|2026-06"),
        (actions.HISTORY, "7|2026-06"),
        (actions.LINES_CHART, "7|2026-06"),
    ]


def test_hr_sees_what_shadow_mode_kept_back():
    said = english("alert_shadow", hr_alert_facts())
    assert "*Shadow mode: 1 alert for Acme/East was not sent*" in said
    assert "• Ada Okafor (E7): 3 missed months in a row" in said


@pytest.mark.parametrize(
    ("reason", "because"),
    [
        ("share_of_unit", "They concern more than a fifth of the unit."),
        ("multiple_of_mean", "This is more than three times the mean of the earlier months."),
    ],
)
def test_hr_sees_why_alerts_are_held(reason, because):
    said = english("alert_held", hr_alert_facts(reason=reason))
    assert f"*Held for you: 1 alert for Acme/East*\n{because}" in said
    assert "Nothing goes out before HR releases it." in said


def test_hundreds_of_held_alerts_still_fit_a_message(contracts: OutgoingContracts | None):
    message = draw("alert_held", hr_alert_facts(alerts=[alert_facts()] * 900), for_locale("en-US"))
    assert len(message.blocks) <= 50
    if contracts:
        contracts.check_message(message.text, message.blocks)


def test_administrators_hear_what_happened():
    assert "What happened: no such file: deals.csv" in english("source_failed", ADMIN_FACTS["source_failed"])
    assert "was tried 3 times, and is not tried again" in english(
        "job_quarantined", ADMIN_FACTS["job_quarantined"]
    )
    assert "It should go to the channel managers." in english("post_failed", ADMIN_FACTS["post_failed"])


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_name_breaks_out_of_an_alert(name, unit):
    facts = alert_facts(name=f"<!channel>{name}", employee_id=name, unit_name=unit, indicator=f"*{unit}*")
    for kind in ("alert_person", "alert_thread"):
        message = draw(kind, facts, for_locale("en-US"))
        assert not any(
            mark in text for text in [message.text, shown(message)] for mark in ("<", ">", "`", "~")
        )


def test_an_unknown_kind_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        draw("love_letter", {}, for_locale("en-US"))
