"""Long lists, a page at a time."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import actions, paging
from bot.blocks.actions import AlertsRef, UnitRef
from bot.blocks.alerts import alert_held, alert_shadow
from bot.blocks.home import home_with_ranking
from bot.blocks.paging import PageRef, page_buttons, page_of
from bot.blocks.primitives import context
from bot.blocks.ranking import ranking
from domain.access import RankingRight
from domain.errors import BadInput
from domain.people import service as people
from domain.scoring.rankings import RankingRow
from domain.scoring.views import PersonView
from domain.services import Services
from domain.settings import CommandNames
from domain.watch.facts import AlertFacts, HrAlertFacts
from domain.watch.model import Alert, AlertState
from domain.watch.rules import HoldReason
from tests.bot.builders import CHINESE, ENGLISH, JUNE, alert_facts
from tests.bot.calling import Caller, button, buttons, texts
from tests.bot.contracts import OutgoingContracts
from tests.bot.test_lists_blocks import a_ranking

THOUSAND = tuple(
    RankingRow(place, PersonView(place, f"E{place}", f"Person {place}"), Decimal(1000 - place), "A")
    for place in range(1, 1001)
)
NEXT, PREVIOUS = f"{actions.RANKING_PAGE}.next", f"{actions.RANKING_PAGE}.previous"


@given(st.lists(st.integers(), max_size=300), st.integers(1, 40))
def test_the_pages_together_are_the_list(items: list[int], size: int):
    pages = [page_of(items, number, size) for number in range(1, page_of(items, 1, size).of + 1)]

    assert [item for page in pages for item in page.items] == items
    assert all(len(page.items) <= size for page in pages)
    assert [page.first for page in pages] == [1 + size * index for index in range(len(pages))]


@given(st.lists(st.integers(), min_size=1, max_size=50), st.integers(-5, 50))
def test_a_page_that_is_not_there_any_more_is_the_nearest_one(items: list[int], number: int):
    page = page_of(items, number, 7)
    assert page.items
    assert page.number == min(max(number, 1), page.of)


def test_a_list_of_one_page_has_no_buttons():
    assert page_buttons(ENGLISH, page_of(range(25), 1, 25), "list", "x") == []


def test_the_first_and_the_last_page_turn_one_way_only():
    def offered(number: int) -> list[tuple[str, str]]:
        blocks = page_buttons(ENGLISH, page_of(range(30), number, 10), "list", "x|y")
        return [(one["action_id"], one["value"]) for one in blocks[-1]["elements"]]

    assert offered(1) == [("list.next", "2|x|y")]
    assert offered(2) == [("list.previous", "1|x|y"), ("list.next", "3|x|y")]
    assert offered(3) == [("list.previous", "2|x|y")]


def test_a_page_says_where_in_the_list_it_is():
    page = page_of(range(1234), 2, 25)
    assert texts(page_buttons(ENGLISH, page, "list", "x"))[0] == "26 to 50 of 1,234"


def test_what_a_button_carries_comes_back():
    ref = PageRef(12, str(UnitRef("Acme/a|b", JUNE)))
    assert PageRef.parse(str(ref)) == ref


@pytest.mark.parametrize("value", ["", "x", "|a", "-1|a", "1.5|a", "²|a", "9999999|a", "9" * 1900])
def test_a_page_that_nobody_offered_is_refused(value: str):
    with pytest.raises(BadInput, match="out of date"):
        PageRef.parse(value)


@pytest.mark.parametrize("writer", [ENGLISH, CHINESE])
def test_a_ranking_of_a_thousand_is_read_to_its_end(writer, contracts: OutgoingContracts | None):
    view = a_ranking(rows=THOUSAND, right=RankingRight.ALL, out_of=1000, own=None)
    seen = []
    for number in range(1, 1000 // paging.ROWS_OF_TEXT + 1):
        page = ranking(writer, view, number)
        seen += re.findall(r"\bE(\d+)\b", "\n".join(texts(page.blocks)))
        if contracts:
            contracts.check_message(page.text, page.blocks)
            contracts.check_view(home_with_ranking(writer, CommandNames(), "Ada", view, number))
    assert seen == [str(place) for place in range(1, 1001)]


def held_alerts(count: int) -> HrAlertFacts:
    alerts = [AlertFacts.from_json(alert_facts(employee_id=f"E{number}")) for number in range(1, count + 1)]
    return HrAlertFacts("Acme/East", "2026-06", "share_of_unit", tuple(alerts))


@pytest.mark.parametrize("draw", [alert_held, alert_shadow])
@pytest.mark.parametrize("writer", [ENGLISH, CHINESE])
def test_a_thousand_alerts_are_read_to_their_end(draw, writer, contracts: OutgoingContracts | None):
    facts = held_alerts(1000)
    seen = []
    for number in range(1, 1000 // paging.ROWS_OF_TEXT + 1):
        page = draw(writer, facts, number)
        seen += re.findall(r"\bE(\d+)\b", "\n".join(texts(page.blocks)))
        if contracts:
            contracts.check_message(page.text, page.blocks)
    assert seen == [str(place) for place in range(1, 1001)]


def hold_alerts(services: Services, *employee_ids: str) -> None:
    """As the circuit breaker would, for June in East."""
    with services.database.writing() as session:
        unit = people.unit_tree(session).by_path["Acme/East"]
        for one in employee_ids:
            person = people.person_by_employee_id(session, one)
            facts = alert_facts(person_id=person.id, employee_id=one)
            alert = Alert(
                person_id=person.id,
                unit_id=unit.id,
                streak_start="2026-04",
                length=3,
                month="2026-06",
                state=AlertState.HELD,
                reason=HoldReason.SHARE_OF_UNIT,
                facts=facts,
                created_at=services.clock.now(),
            )
            session.add(alert)


def next_of_alerts(page: int = 2) -> dict[str, str]:
    which = AlertsRef("Acme/East", JUNE, AlertState.HELD)
    return {"action_id": f"{actions.ALERTS_PAGE}.next", "value": str(PageRef(page, str(which)))}


def test_hr_reads_on_in_the_message_with_the_alerts(
    caller: Caller, services: Services, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.blocks.alerts.ROWS_OF_TEXT", 2)
    hold_alerts(services, "E3", "E4", "E5", "E6")

    second = caller.press_to_replace("H1", next_of_alerts())

    assert "Held for you: 4 alerts for Acme/East" in second.shown
    assert "(E5): 3 missed months in a row\n" in second.shown
    assert "(E3)" not in second.shown
    assert button(second, f"{actions.ALERTS_PAGE}.previous")["value"] == "1|2026-06|held|Acme/East"


def test_what_was_said_of_a_messages_delivery_stays_when_its_page_is_turned(
    caller: Caller, services: Services, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.blocks.alerts.ROWS_OF_TEXT", 2)
    hold_alerts(services, "E3", "E4", "E5", "E6")
    note = context("This was meant for the channel #leads.") | {"block_id": actions.DELIVERY_NOTE}
    stands = {"ts": "1.0", "blocks": [note, context("the first page")]}

    second = caller.press_to_replace("H1", next_of_alerts(), message=stands)

    assert second.blocks[0] == note
    assert "the first page" not in second.shown


@pytest.mark.parametrize("who", ["M1", "M2", "E3", "A1"])
def test_held_alerts_are_for_hr_alone(caller: Caller, services: Services, who: str):
    hold_alerts(services, "E3", "E4")
    window = caller.press(who, next_of_alerts())
    assert window is not None
    assert "You may not see these alerts" in "\n".join(texts(window["blocks"]))


def test_alerts_that_were_released_since_are_not_there_any_more(caller: Caller):
    window = caller.press("H1", next_of_alerts())
    assert window is not None
    assert "There are no such alerts for June 2026 any more." in "\n".join(texts(window["blocks"]))


@pytest.mark.parametrize("value", ["", "2026-06", "2026-06|gone|Acme", "x|held|Acme"])
def test_alerts_that_nobody_offered_are_refused(value: str):
    with pytest.raises(BadInput, match="out of date"):
        AlertsRef.parse(value)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a page, so that the small company's lists have several."""
    monkeypatch.setattr("bot.blocks.ranking.ROWS_OF_TEXT", 2)


@pytest.mark.usefixtures("short_pages")
def test_the_next_page_comes_in_the_place_of_the_message(caller: Caller):
    first = caller.command("M1", "/ranking", "East june")
    second = caller.press_to_replace("M1", button(first, NEXT))
    third = caller.press_to_replace("M1", button(second, NEXT))

    assert ["(E1)" in first.shown, "(E3)" in second.shown, "(E5)" in third.shown] == [True] * 3
    assert "(E1)" not in second.shown
    assert buttons(third, NEXT) == []
    assert caller.press_to_replace("M1", button(third, PREVIOUS)) == second


@pytest.mark.usefixtures("short_pages")
def test_a_page_is_not_turned_for_somebody_who_may_not_see_the_list(caller: Caller):
    first = caller.command("M1", "/ranking", "East june")

    window = caller.press("M2", button(first, NEXT))

    assert window is not None
    assert "You may not see the ranking" in str(window)
    assert "(E3)" not in str(window)
    assert caller.response_urls.received == []


@pytest.mark.usefixtures("short_pages")
def test_on_the_home_tab_the_page_is_turned_there(caller: Caller):
    home = caller.opens_home("M1")
    assert home is not None

    method, turned = caller.press_in_view("M1", home, button(home, NEXT))

    assert method == "views.publish"
    assert "3 to 4 of 6" in texts(turned["blocks"])
    assert texts(home["blocks"])[0] == texts(turned["blocks"])[0] == "*Hello Maria*"


@pytest.mark.usefixtures("short_pages")
def test_a_page_that_comes_too_late_for_its_message_is_no_error(caller: Caller):
    first = caller.command("M1", "/ranking", "East june")
    caller.response_urls.refusal = 404, "expired_url"

    caller.press_to_replace("M1", button(first, NEXT))

    assert caller.slack.calls == []


@pytest.mark.usefixtures("short_pages")
@pytest.mark.parametrize("refusal", [(429, "rate_limited"), (500, "internal_error")])
def test_a_page_that_slack_does_not_take_now_leaves_the_button_marked(
    caller: Caller, refusal: tuple[int, str]
):
    first = caller.command("M1", "/ranking", "East june")
    caller.response_urls.refusal = refusal
    url = f"{caller.response_urls.address}/actions/1"

    click = caller.press_body("M1", button(first, NEXT), response_url=url)

    assert caller.send(click).status == 503
