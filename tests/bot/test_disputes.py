"""Disputing a line from the card, and answering it: by buttons, forms and lists."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import dispute_forms as forms
from bot.blocks import disputes as blocks
from bot.blocks.disputes import dispute_message, given_message, queue_window, records_window
from bot.blocks.inputs import short_key
from domain.disputes.correcting import Fix
from domain.disputes.model import Dispute
from domain.disputes.posts import News
from domain.metrics.model import MeasureRecord
from domain.people.model import Role
from domain.people.service import person_by_employee_id
from domain.scoring.model import ScoredPeriod
from domain.services import Services
from tests.bot.builders import CHINESE, ENGLISH
from tests.bot.calling import Caller, button, buttons, texts
from tests.bot.dispute_builders import a_dispute, a_pay_line, a_record, an_answer, an_awarded_one, an_open_one

REASON = "One deal of June 2 is missing."


def shown(window: dict[str, Any] | None) -> str:
    return "\n".join(texts(window))


def pressed_in(caller: Caller, who: str, window: dict[str, Any], pressed: dict[str, Any]) -> dict[str, Any]:
    """What comes on top of the window, or in its place."""
    _, view = caller.press_in_view(who, window, pressed)
    assert view is not None
    return view


def lines_of(caller: Caller, who: str) -> dict[str, Any]:
    window = caller.press(who, button(caller.command(who, "/myscore", "2026-06"), blocks.LINES))
    assert window is not None
    return window


def a_form(caller: Caller, who: str) -> dict[str, Any]:
    """To dispute the sales of June."""
    window = lines_of(caller, who)
    return pressed_in(caller, who, window, button(window, blocks.OPEN))


def disputed(caller: Caller, who: str = "E3", **filled_in: Any) -> dict[str, Any]:
    form = a_form(caller, who)
    return caller.submit(who, form, **{forms.NOTE: REASON, **filled_in})


def waiting_for(caller: Caller, who: str) -> dict[str, Any]:
    """The window of the first dispute on the Home tab."""
    home = caller.opens_home(who)
    assert home is not None
    window = caller.press(who, button(home, blocks.LOOK))
    assert window is not None
    return window


def value_of(services: Services, record_id: str) -> tuple[str, Decimal] | None:
    """Whose the record is now, and its value."""
    with services.database.reading() as session:
        row = session.scalar(
            sa.select(MeasureRecord).where(
                MeasureRecord.record_id == record_id, MeasureRecord.ended_in.is_(None)
            )
        )
        people = {person_by_employee_id(session, one).id: one for one in ("E3", "E4")}
        return None if row is None else (people[row.person_id], row.value)


def test_the_own_card_offers_its_lines(caller: Caller) -> None:
    window = lines_of(caller, "E3")
    assert "Which line do you find wrong?" in shown(window)
    assert [one["value"] for one in buttons(window, blocks.OPEN)] == [
        f"card_line|2026-06|{short_key(line)}" for line in ("sales", "win_rate", "violations")
    ]


def test_nobody_is_offered_the_lines_of_another(caller: Caller) -> None:
    theirs = button(caller.command("E3", "/myscore", "2026-06"), blocks.LINES)
    for who in ("E4", "M1", "H1"):
        assert "Only the person whose card it is" in shown(caller.press(who, theirs))


def test_the_form_shows_what_counts_and_finds_the_records(caller: Caller) -> None:
    # given
    form = a_form(caller, "E3")
    assert "Counted now: *900*." in shown(form)
    # then: by value, by day, by id; nothing for nonsense
    (found,) = caller.search("E3", form, forms.RECORDS)
    assert found["text"]["text"] == "Jun 2, 2026: 900 won amount"
    for typed in ("900", "2026-06-02", found["description"]["text"]):
        assert caller.search("E3", form, forms.RECORDS, typed) == [found]
    assert caller.search("E3", form, forms.RECORDS, "nonsense") == []
    # and others find their own alone
    (theirs,) = caller.search("E4", form, forms.RECORDS)
    assert theirs["value"] != found["value"]


def test_a_dispute_is_marked_on_the_card_in_why_and_on_home(caller: Caller) -> None:
    # when
    form = a_form(caller, "E3")
    record = caller.search("E3", form, forms.RECORDS)[0]["value"]
    evidence = "https://crm.example.com/deals/7?a=1&b=2\nSee *there* <!channel>"
    told = disputed(caller, records=[record], evidence=evidence)
    # then
    assert told["response_action"] == "update"
    assert "Name of E3 disputed it. “One deal of June 2 is missing.”" in shown(told["view"])
    links = [
        one["url"] for block in told["view"]["blocks"] for one in block.get("elements", []) if "url" in one
    ]
    assert links == ["https://crm.example.com/deals/7?a=1&b=2"]
    assert "<!channel>" not in shown(told["view"])
    assert "Maria answers by Jul 14, 2026; else it is passed up." in shown(told["view"])
    card = caller.command("E3", "/myscore", "2026-06")
    assert "disputed, answer due Jul 14, 2026" in card.shown
    why = caller.press("E3", button(card, "card.why"))
    assert "disputed, answer due Jul 14, 2026" in shown(why)
    assert "What you dispute" in shown(caller.opens_home("E3"))
    # and the line leads to it instead of to a second one
    window = lines_of(caller, "E3")
    assert len(buttons(window, blocks.OPEN)) == 2
    assert "The dispute is open." in shown(pressed_in(caller, "E3", window, button(window, blocks.LOOK)))
    # and others see no mark
    assert "disputed" not in caller.command("E4", "/myscore", "2026-06").shown


def test_the_manager_explains_it_with_the_records_in_view(caller: Caller) -> None:
    # given
    disputed(caller)
    assert "Disputes that wait for your answer" in shown(caller.opens_home("M1"))
    window = waiting_for(caller, "M1")
    assert "No record was named." in shown(window)
    records = pressed_in(caller, "M1", window, button(window, blocks.RECORDS))
    assert "Jun 2, 2026: won amount *900* (record" in shown(records)
    # when
    form = pressed_in(caller, "M1", window, button(window, blocks.EXPLAIN))
    told = caller.submit("M1", form, **{forms.NOTE: "It was cancelled on June 30."})
    # then
    assert "Maria explained it. “It was cancelled on June 30.”" in shown(told["view"])
    assert "The dispute is answered." in shown(told["view"])
    assert "wait for your answer" not in shown(caller.opens_home("M1"))
    assert "disputed" not in caller.command("E3", "/myscore", "2026-06").shown


def corrected(caller: Caller, who: str, **filled_in: Any) -> dict[str, Any]:
    window = waiting_for(caller, who)
    form = pressed_in(caller, who, window, button(window, blocks.CORRECT))
    record = caller.search(who, form, forms.RECORD)[0]["value"]
    return caller.submit(who, form, **{forms.RECORD: record, forms.NOTE: "Checked.", **filled_in})


def test_the_manager_corrects_the_value(caller: Caller, services: Services) -> None:
    # given
    form = a_form(caller, "E3")
    found = caller.search("E3", form, forms.RECORDS)[0]
    disputed(caller, records=[found["value"]])
    # when
    told = corrected(caller, "M1", fix=Fix.VALUE, value="950.5")
    # then
    assert "Maria corrected a record. “Checked.”" in shown(told["view"])
    assert "now *950.5*." in shown(told["view"])
    assert "The dispute is answered." in shown(told["view"])
    assert value_of(services, found["description"]["text"]) == ("E3", Decimal("950.5"))


def test_the_manager_gives_the_record_to_whom_it_belongs(caller: Caller, services: Services) -> None:
    # given
    form = a_form(caller, "E3")
    found = caller.search("E3", form, forms.RECORDS)[0]
    disputed(caller, records=[found["value"]])
    window = waiting_for(caller, "M1")
    form = pressed_in(caller, "M1", window, button(window, blocks.CORRECT))
    offered = caller.search("M1", form, "person", "e4")
    assert [one["text"]["text"] for one in offered] == ["Name of E4 (E4)"]
    assert offered[0]["description"]["text"] == "Acme/East"
    assert caller.search("M1", form, "person", "W1") == []
    # when: more is to follow
    told = corrected(caller, "M1", fix=Fix.PERSON, person=offered[0]["value"], done=[])
    # then
    assert "belongs to Name of E4." in shown(told["view"])
    assert "The dispute is open." in shown(told["view"])
    assert value_of(services, found["description"]["text"]) == ("E4", Decimal(900))


@pytest.mark.parametrize(
    ("filled_in", "field", "sentence"),
    [
        ({"fix": None}, "fix", "Choose what is right."),
        ({"fix": Fix.VALUE, "value": "much"}, "value", "as a number"),
        ({"fix": Fix.VALUE, "value": "900"}, "value", "stands already"),
        ({"fix": Fix.PERSON}, "person", "Choose one of the list."),
        ({"fix": Fix.PERSON, "person": "999"}, "person", "do not look after"),
        ({"fix": Fix.WITHDRAWN, "record": "999"}, "record", "changed meanwhile"),
        ({"fix": Fix.WITHDRAWN, "record": None}, "record", "Choose one of the list."),
        ({"fix": Fix.WITHDRAWN, "note": " "}, "note", "Give a reason"),
    ],
)
def test_nonsense_in_a_correction_gets_its_sentence_at_the_field(
    caller: Caller, filled_in: dict[str, Any], field: str, sentence: str
) -> None:
    disputed(caller)
    told = corrected(caller, "M1", **filled_in)
    assert list(told["errors"]) == [field]
    assert sentence in told["errors"][field]


def test_a_form_that_is_sent_twice_disputes_once(caller: Caller, services: Services) -> None:
    body = caller.submit_body("E3", a_form(caller, "E3"), **{forms.NOTE: REASON})
    first, second = caller.submit_again(body), caller.submit_again(body)
    assert shown(first["view"]) == shown(second["view"])
    with services.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Dispute)) == 1


def test_passed_up_it_waits_for_hr_and_the_owner_may_withdraw(caller: Caller) -> None:
    # given
    disputed(caller)
    window = waiting_for(caller, "M1")
    # when
    after = pressed_in(caller, "M1", window, button(window, blocks.ESCALATE))
    # then
    assert "Maria passed it up." in shown(after)
    theirs = waiting_for(caller, "H1")
    assert "HR answers by" in shown(theirs)
    assert buttons(theirs, blocks.ESCALATE) == []
    own = waiting_for(caller, "E3")
    assert "The dispute is withdrawn." in shown(pressed_in(caller, "E3", own, button(own, blocks.WITHDRAW)))


def test_hr_restates_the_locked_card_by_a_form_that_is_filled_in_or_leaves_it(
    caller: Caller, services: Services
) -> None:
    # given: June is locked, and then a record is corrected
    form = a_form(caller, "E3")
    record = caller.search("E3", form, forms.RECORDS)[0]["value"]
    disputed(caller, records=[record])
    with services.database.writing() as session:
        session.get_one(ScoredPeriod, "2026-06").locked_at = services.clock.now()
    corrected(caller, "M1", fix=Fix.VALUE, value="950")
    # then
    window = waiting_for(caller, "H1")
    assert "restate the card, or leave it" in shown(caller.opens_home("H1"))
    filled = pressed_in(caller, "H1", window, button(window, blocks.RESTATE))
    values = [block["element"].get("initial_value") for block in filled["blocks"] if "element" in block]
    assert values == ["E3", "2026-06", "A record was corrected after a dispute: Checked."]
    # when
    form = pressed_in(caller, "H1", window, button(window, blocks.KEEP))
    told = caller.submit("H1", form, **{forms.NOTE: "Too small to matter."})
    # then
    assert "left the locked card as it is. “Too small to matter.”" in shown(told["view"])
    assert buttons(told["view"], blocks.RESTATE) == []
    # and what was drawn before leads to how it stands
    assert "left the locked card" in shown(pressed_in(caller, "H1", window, button(window, blocks.RESTATE)))


def test_a_button_in_other_hands_does_nothing_but_explain(caller: Caller) -> None:
    disputed(caller)
    window = waiting_for(caller, "M1")
    for who in ("E4", "A1", "M2"):
        for action in (blocks.ESCALATE, blocks.EXPLAIN, blocks.CORRECT, blocks.RECORDS):
            refused = shown(caller.press(who, button(window, action)))
            assert "somebody else to answer" in refused or "may not see this dispute" in refused
    assert "The dispute is open." in shown(waiting_for(caller, "M1"))


@pytest.mark.parametrize(
    "value", ["", "x", "-1", "9" * 30, "12345", "card_line|2026-06|", "card_line||sales"]
)
@pytest.mark.parametrize("action", [blocks.LOOK, blocks.OPEN, blocks.LINES, blocks.WITHDRAW])
def test_a_button_that_names_nothing_is_explained(caller: Caller, action: str, value: str) -> None:
    said = shown(caller.press("E3", {"action_id": action, "type": "button", "value": value}))
    assert "out of date" in said or "is not known" in said or "not there" in said


def test_who_passes_up_what_is_not_theirs_to_see_hears_that_it_is_done(
    caller: Caller, services: Services
) -> None:
    # given: Maria is the manager on E3's assignment, and looks after nobody
    disputed(caller)
    window = waiting_for(caller, "M1")
    with services.database.writing() as session:
        person_by_employee_id(session, "M1").role = Role.REP
    # when
    after = pressed_in(caller, "M1", window, button(window, blocks.ESCALATE))
    # then
    assert "It is somebody else's to answer now" in shown(after)
    assert "HR answers by" in shown(waiting_for(caller, "H1"))


@pytest.mark.parametrize(
    ("action", "filled_in"),
    [(blocks.EXPLAIN, {}), (blocks.CORRECT, {forms.FIX: Fix.VALUE, forms.VALUE: "950"})],
)
def test_what_was_written_in_vain_is_there_to_be_copied(
    caller: Caller, action: str, filled_in: dict[str, Any]
) -> None:
    # given: Maria writes while the dispute is taken back
    disputed(caller)
    window = waiting_for(caller, "M1")
    form = pressed_in(caller, "M1", window, button(window, action))
    if action == blocks.CORRECT:
        filled_in = {**filled_in, forms.RECORD: caller.search("M1", form, forms.RECORD)[0]["value"]}
    own = waiting_for(caller, "E3")
    pressed_in(caller, "E3", own, button(own, blocks.WITHDRAW))
    # when
    told = caller.submit("M1", form, **{forms.NOTE: "It was cancelled <!here>.", **filled_in})
    # then
    assert told["response_action"] == "update"
    assert "This dispute is closed already." in shown(told["view"])
    assert "“It was cancelled &lt;!here&gt;.”" in shown(told["view"])


def test_a_line_of_pay_and_an_award_are_named_as_their_owner_knows_them() -> None:
    pay = shown({"blocks": dispute_message(ENGLISH, a_pay_line(), News.OPENED).blocks})
    assert "*Deduction violations* -CN¥300.50" in pay
    assert "deduction" not in pay
    assert "扣减 违规" in shown({"blocks": dispute_message(CHINESE, a_pay_line(), News.OPENED).blocks})
    won = shown({"blocks": dispute_message(ENGLISH, an_awarded_one(), News.OPENED).blocks})
    assert "Reward, June 2026: best of East at sales" in won


def test_a_long_list_is_read_page_by_page() -> None:
    records = [a_record(number) for number in range(60)]
    page = records_window(ENGLISH, a_dispute(), records, 3)
    assert "51 to 60 of 60" in shown(page)
    assert "(record r50 of crm" in shown(page)


def test_the_queue_is_read_page_by_page() -> None:
    page = queue_window(ENGLISH, [an_open_one(number) for number in range(30)], 2)
    assert "26 to 30 of 30" in shown(page)


def test_more_of_the_own_than_home_has_room_for_are_a_press_away(caller: Caller, services: Services) -> None:
    # given: four of E3
    disputed(caller)
    with services.database.writing() as session:
        first = session.scalars(sa.select(Dispute)).one()
        for name in ("win_rate", "violations", "another"):
            kept = {"owner_id": first.owner_id, "subject": first.subject, "period": first.period}
            more = {"state": first.state, "due_on": first.due_on, "opened_at": first.opened_at}
            session.add(Dispute(**kept, **more, judge_id=first.judge_id, name=name))
    # when
    home = caller.opens_home("E3")
    assert home is not None
    assert len(buttons(home, blocks.LOOK)) == 3
    assert "and 1 more" in shown(home)
    window = caller.press("E3", button(home, blocks.OWN))
    # then
    assert window is not None
    assert len(buttons(window, blocks.LOOK)) == 4
    assert "You dispute nothing." in shown(caller.press("E4", button(home, blocks.OWN)))


def test_the_managers_team_says_what_waits_for_an_answer(caller: Caller) -> None:
    assert "waits for your answer" not in caller.command("M1", "/team").shown
    disputed(caller)
    answer = caller.command("M1", "/team")
    assert "1 dispute waits for your answer." in answer.shown
    window = caller.press("M1", button(answer, blocks.QUEUE))
    assert window is not None
    assert len(buttons(window, blocks.LOOK)) == 1


def test_the_messages_in_both_languages() -> None:
    english = dispute_message(ENGLISH, a_dispute(), News.OPENED)
    assert english.text == "A dispute to answer. Ada Okafor: sales, June 2026"
    chinese = dispute_message(CHINESE, an_answer(), News.ANSWERED)
    assert "争议" in chinese.text
    given = given_message(
        ENGLISH,
        {"measure": "won_amount", "period": "2026-06", "occurred_on": "2026-06-02", "value": "900"},
    )
    assert "won amount 900 of Jun 2, 2026" in shown({"blocks": given.blocks})
