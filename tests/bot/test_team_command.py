"""/team and all that it leads to, through signed requests."""

import pytest
import sqlalchemy as sa

from bot.blocks import actions
from domain.outbox import Post
from domain.people.model import Person, Role
from domain.services import Services
from tests.bot.calling import Answer, Caller, button, buttons, texts
from tests.bot.fake_slack import FakeSlack


def shown(view: dict) -> str:
    return "\n".join(texts(view["blocks"]))


def demote(services: Services, employee_id: str) -> None:
    with services.database.writing() as session:
        session.execute(sa.update(Person).where(Person.employee_id == employee_id).values(role=Role.REP))


def unit_choice(answer: Answer) -> dict[str, str]:
    """The units one may choose from, with what each option carries."""
    elements = [one for block in answer.blocks for one in block.get("elements", ())]
    (choice,) = [one for one in elements if one.get("action_id") == actions.TEAM_UNIT]
    return {one["text"]["text"]: one["value"] for one in choice["options"]}


def chosen(value: str) -> dict:
    option = {"text": {"type": "plain_text", "text": "x"}, "value": value}
    return {"type": "static_select", "action_id": actions.TEAM_UNIT, "selected_option": option}


def test_a_manager_sees_the_own_unit_this_month_with_the_last_one_beside_it(caller: Caller):
    answer = caller.command("M1", "/team")
    assert answer.text.startswith("East, July 2026 · *sales* 36.9% of the pace")
    assert "*June 2026*\n*sales* 83.3% of the people's targets (5,000 of 6,000)" in answer.shown
    assert "*At risk: 6 of 6*\n*Name of E6 (E6)*\n• 3 missed months in a row" in answer.shown
    assert "W1" not in answer.shown


@pytest.mark.parametrize("typed", ["june", "East june", "2026-06 east", "上个月 Acme/East"])
def test_unit_and_period_are_read_as_in_ranking(caller: Caller, typed: str):
    assert caller.command("M1", "/team", typed).text.startswith("East, June 2026")


def test_a_chinese_manager_reads_chinese(caller: Caller, slack: FakeSlack):
    slack.add_user("U0M2", "m2@example.com", "zh-CN")
    answer = caller.command("M2", "/team", "上个月")
    assert answer.text.startswith("West 2026年6月")
    assert "*需关注：2 人中的 1 人*" in answer.shown


def test_hr_sees_the_company_and_may_turn_to_any_unit_of_it(caller: Caller):
    whole = caller.command("H1", "/team", "june")
    assert whole.text.startswith("Acme, June 2026")
    assert "*Units*\n*East* 83.3% · 6 people · 4 at risk\n*West* 75% · 2 people · 1 at risk" in whole.shown

    west = caller.press_to_replace("H1", chosen(unit_choice(whole)["Acme/West"]))

    assert west.text.startswith("West, June 2026")


def test_of_too_many_people_a_unit_below_is_chosen(caller: Caller, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.listeners.team.MOST_PEOPLE", 7)
    whole = caller.command("H1", "/team", "june")
    assert "These are 8 people, too many to show at once: choose a unit below." in whole.shown

    east = caller.press_to_replace("H1", chosen(unit_choice(whole)["Acme/East"]))

    assert east.text.startswith("East, June 2026")


def test_who_leads_nobody_hears_what_the_command_is_for(caller: Caller):
    for who in ("E1", "A1"):
        answer = caller.command(who, "/team", "East june")
        assert "`/team` shows those who lead a unit how their people stand." in answer.shown
        assert "Your own numbers: `/myscore`; your place: `/ranking`." in answer.shown
        assert "Name of" not in answer.shown


def test_another_managers_unit_is_refused(caller: Caller):
    for typed in ("East", "Acme"):
        answer = caller.command("M2", "/team", typed)
        assert "You may not see the team of Acme" in answer.shown
        assert "Name of" not in answer.shown


def test_help_and_misspellings_are_answered_with_examples(caller: Caller):
    assert "`/team East q3` both" in caller.command("M1", "/team", "help").shown
    misspelt = caller.command("M1", "/team", "Esat june").shown
    assert "These come close: West and East." in misspelt
    assert "`/team last month`" in misspelt
    assert "I know neither a unit nor a period" in caller.command("M1", "/team", "xyzzy").shown


def test_a_month_to_come_and_one_that_was_not_scored_are_said(caller: Caller):
    assert "August 2026 has not begun yet" in caller.command("M1", "/team", "2026-08").shown
    assert (
        "Nobody in Acme/East has a card for January 2026." in caller.command("M1", "/team", "2026-01").shown
    )


def test_an_earlier_and_a_later_month_come_in_the_place_of_the_answer(caller: Caller):
    july = caller.command("M1", "/team")

    june = caller.press_to_replace("M1", button(july, actions.TEAM_EARLIER))
    again = caller.press_to_replace("M1", button(june, actions.TEAM_LATER))

    assert june.text.startswith("East, June 2026")
    assert again == july
    assert buttons(july, actions.TEAM_LATER) == []


def test_people_open_in_a_window_and_each_row_leads_to_the_card(caller: Caller):
    window = caller.press("M1", button(caller.command("M1", "/team", "june"), actions.TEAM_PEOPLE))
    assert window is not None
    assert "1. *Name of E1 (E1)*\nscore 98, tier A · sales 110%" in shown(window)

    method, card = caller.press_in_view("M1", window, buttons(window, actions.OPEN_CARD)[1])

    assert method == "views.push"
    assert "*Name of E2 (E2)*\n*June 2026*" in shown(card)
    assert "Gate: violations is 1, 1 or more, so at most tier A." not in shown(card)
    assert button(card, actions.WHY)["value"] == buttons(window, actions.OPEN_CARD)[1]["value"]


def test_a_row_of_the_answer_opens_the_card_above_it(caller: Caller):
    answer = caller.command("M1", "/team", "june")
    card = caller.press("M1", button(answer, actions.OPEN_CARD))
    assert card is not None
    assert "*Name of E6 (E6)*" in shown(card)


def test_those_at_risk_open_in_a_window(caller: Caller):
    window = caller.press("M1", button(caller.command("M1", "/team", "june"), actions.TEAM_RISKS))
    assert window is not None
    assert "*Name of E6 (E6)*\n• 3 missed months in a row" in shown(window)
    assert "E1" not in shown(window)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a page, so that the small company's lists have several."""
    monkeypatch.setattr("bot.blocks.team_lists.ROWS_WITH_BUTTONS", 2)


@pytest.mark.usefixtures("short_pages")
@pytest.mark.parametrize(
    ("opens", "pages"),
    [
        (actions.TEAM_PEOPLE, actions.TEAM_PEOPLE_PAGE),
        (actions.TEAM_RISKS, actions.TEAM_RISKS_PAGE),
    ],
)
def test_the_pages_of_a_window_are_turned_in_it(caller: Caller, opens: str, pages: str):
    first = caller.press("M1", button(caller.command("M1", "/team", "june"), opens))
    assert first is not None

    method, second = caller.press_in_view("M1", first, button(first, f"{pages}.next"))
    _, back = caller.press_in_view("M1", second, button(second, f"{pages}.previous"))

    assert method == "views.update"
    assert "3 to 4 of" in shown(second)
    assert set(texts(first["blocks"])) & set(texts(second["blocks"])) >= {"*East, June 2026*", "Card"}
    assert back == first


def test_a_window_that_a_faster_click_has_changed_is_no_error(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.blocks.team_lists.ROWS_WITH_BUTTONS", 2)
    window = caller.press("M1", button(caller.command("M1", "/team", "june"), actions.TEAM_PEOPLE))
    assert window is not None
    caller.slack.errors["views.update"] = "hash_conflict"

    method, _ = caller.press_in_view("M1", window, button(window, f"{actions.TEAM_PEOPLE_PAGE}.next"))

    assert method == "views.update"


def charts(services: Services) -> list[tuple[str, str | None, int | None]]:
    with services.database.reading() as session:
        posts = session.scalars(sa.select(Post).where(Post.kind == "chart").order_by(Post.id)).all()
    return [(one.facts["chart"], one.facts["period"], one.facts["unit_id"]) for one in posts]


def test_charts_are_ordered_once_each_and_come_as_messages(caller: Caller, services: Services):
    charts_button = button(caller.command("M1", "/team", "june"), actions.TEAM_CHARTS)
    body = caller.press_body("M1", charts_button)

    window = caller.press_again(body)
    caller.press_again(body)

    assert window is not None
    assert "The charts are being drawn." in shown(window)
    unit_id = int(charts_button["value"].partition("|")[0])
    assert charts(services) == [
        (kind, "2026-06", unit_id) for kind in ("team_people", "team_tiers", "team_trend")
    ]


def all_buttons(caller: Caller) -> list[dict]:
    """Every button of the answer and of its windows, as a manager was given them."""
    answer = caller.command("M1", "/team", "june")
    found = [
        button(answer, action)
        for action in (
            actions.TEAM_PEOPLE,
            actions.TEAM_RISKS,
            actions.TEAM_CHARTS,
            actions.TEAM_EARLIER,
            actions.TEAM_LATER,
            actions.OPEN_CARD,
        )
    ]
    here = found[0]["value"]
    turns = [f"{actions.TEAM_PEOPLE_PAGE}.next", f"{actions.TEAM_RISKS_PAGE}.previous"]
    return [*found, chosen(here), *({"action_id": turn, "value": f"2|{here}"} for turn in turns)]


def test_old_buttons_in_other_hands_do_nothing_but_explain(caller: Caller, services: Services):
    offered = all_buttons(caller)
    demote(services, "M1")

    for who in ("M1", "M2", "E1", "A1"):
        for one in offered:
            window = caller.press(who, one)
            assert window is not None
            assert "You may not see" in shown(window)
            assert "Name of" not in shown(window)
    assert caller.response_urls.received == []
    assert charts(services) == []


@pytest.mark.parametrize("value", ["", "nonsense", "999|2026-06", "2|2026-99", "0|2026-06", "2|2099-01"])
def test_values_that_nobody_offered_are_refused_in_words(caller: Caller, value: str):
    for action in (actions.TEAM_PEOPLE, actions.TEAM_CHARTS, actions.TEAM_EARLIER):
        window = caller.press("M1", {"action_id": action, "value": value})
        assert window is not None
        assert "Something went wrong" not in shown(window)


def test_a_refusal_in_a_window_opens_on_top_of_it(caller: Caller):
    window = caller.press("M1", button(caller.command("M1", "/team", "june"), actions.TEAM_PEOPLE))
    assert window is not None
    method, refusal = caller.press_in_view("M2", window, buttons(window, actions.OPEN_CARD)[0])
    assert method == "views.push"
    assert "You may not see this person's card" in shown(refusal)


def test_the_answer_is_one_round_trip(caller: Caller, slack: FakeSlack):
    caller.command("M1", "/team")
    slack.forget_calls()
    caller.command("M1", "/team", "last month")
    assert slack.calls == []
