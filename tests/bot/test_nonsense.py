"""Nonsense in every command and field, and buttons that nobody offered: a sentence, and nothing done."""

import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.blocks import (
    actions,
    closing,
    dispute_forms,
    disputes,
    hr_pay,
    hr_plan,
    person_file,
    preferences,
    share,
    target_proposals,
    target_rounds,
    targets,
)
from bot.blocks.actions import CardRef
from bot.blocks.inputs import short_key
from bot.blocks.own_numbers import TRY_OWN_FORM
from bot.blocks.primitives import Message
from domain.database import Base, Database
from domain.disputes.correcting import Change, Fix
from domain.disputes.model import Dispute
from domain.disputes.service import correct, open_dispute
from domain.disputes.subjects import Subject, card_line, records_behind
from domain.people.service import person_by_employee_id
from domain.plans.rules_edit import tiers_in_text
from domain.plans.rules_file import parse_plan
from domain.previews.drafts import ask_for_preview, plans_now
from domain.scoring.model import ScoredPeriod
from domain.services import Services
from domain.targets.round_views import Settable
from domain.viewers import viewer_of
from tests.bot.builders import ENGLISH, JUNE
from tests.bot.calling import Caller, texts
from tests.bot.fake_slack import FakeSlack
from tests.bot.file_builders import a_sanction
from tests.bot.hostile import hostile_strings
from tests.bot.live_text import objects, what_is_live
from tests.bot.renderers import RENDERERS
from tests.bot.target_builders import a_round, a_target, agreement_of, ask_for_august, begun
from tests.builders import SALES_PLAN

MANIFEST = json.loads(Path("bot/manifest.json").read_text(encoding="utf-8"))
COMMANDS = [one["command"] for one in MANIFEST["features"]["slash_commands"]]
TYPED = (
    "x" * 10_000,
    "王" * 10_000,
    "😀" * 3,
    "'; DROP TABLE people; --",
    "<script>alert(1)</script>",
    "<b>June</b>",
    "1e999",
    "-0",
    "NaN",
    "Infinity",
    "二〇二六",
    "٢٠٢٦",
    "²",
    "0000-00",
    "2026-13",
    "2026-W54",
    "2026-Q5",
    "9999-99",
    "99999999999999999999-01",
    "what if",
    "what if sales +1e999",
    "if sales +999999999999999999999",
    "if if if",
    "if E2 +1",
    "E2",
    "U0E2",
    "<@U0E2>",
    "../../etc/passwd",
    "%s%n{0}{name}",
    "null",
    "\x00",
    "a\x00b",
    *islice(hostile_strings(), 300 if os.environ.get("PACESETTER_LONG") else 25),
)
EMPTY_OR_TO_COME = (
    "",
    " ",
    "\u200b",
    "\t\n",
    "2027-01",
    "2099-12",
    "9998-12",
    "1900-01",
    "next month",
    "help",
)
FAULT = "Something went wrong on our side"
SESSION = {"id": "V1", "hash": "1.a", "type": "modal"}


@pytest.fixture(autouse=True)
def channels(slack: FakeSlack) -> None:
    slack.channels["C1"] = {"name": "general", "is_private": False, "is_member": True}


@pytest.fixture(autouse=True)
def nothing_of_ours_breaks() -> Iterator[None]:
    """A fault of ours is logged wherever it was met, whatever the answer says."""
    with capture_logs() as logs:
        yield
    assert [entry for entry in logs if entry["event"] == "request failed"] == []


def everything(database: Database) -> dict[str, int]:
    """Rows by table, but for the keys of the requests that came."""
    with database.reading() as session:
        return {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name != "inbound_keys"
        }


def is_helpful(answer: Message) -> bool:
    shown = "\n".join([answer.text, *texts(answer.blocks)])
    return bool(answer.text.strip()) and FAULT not in shown and not what_is_live(answer)


@pytest.mark.parametrize("who", ["E1", "M1", "H1"])
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_typed_gets_a_sentence(
    caller: Caller, company_database: Database, command: str, who: str
) -> None:
    caller.command(who, command)
    before = everything(company_database)

    for text in (*TYPED, *EMPTY_OR_TO_COME):
        answer = caller.command(who, command, text.encode("utf-8", "replace").decode())
        assert is_helpful(Message(answer.text, answer.blocks)), text

    assert everything(company_database) == before


@pytest.mark.parametrize(("who", "command"), [("E1", "/myscore"), ("E1", "/ranking"), ("M1", "/team")])
def test_what_is_not_understood_is_answered_with_examples(caller: Caller, who: str, command: str) -> None:
    for text in ("x" * 10_000, "😀", "'; DROP TABLE people; --", "1e999", "2026-13", "<@U0E2>", "<!channel>"):
        assert f"`{command}" in caller.command(who, command, text).shown, text


def a_form(caller: Caller, services: Services, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The window that opens for E1, and what somebody sensible fills in."""
    card = str(card_of(services, "E1"))
    if name == preferences.FORM:
        return opened(caller, preferences.OPEN, "home"), {}
    if name == share.SHARE_FORM:
        return opened(caller, actions.SHARE, card), {"channel": "C1"}
    if name == TRY_OWN_FORM:
        form = opened(caller, actions.TRY_OWN, card)
        (first,) = [block["element"] for block in form["blocks"] if block.get("block_id") == "measure.0"]
        return form, {"measure_0": first["options"][0]["value"], "amount_0": "20"}
    if name in ROUND_FORMS:
        terms = {"growth": "5", "months": "6"} if name == target_proposals.PROPOSE_FORM else {}
        return ROUND_FORMS[name](ENGLISH, a_round(round_id=begun(services))), terms
    if name == target_rounds.NEW_FORM:
        sensible = {"indicator": short_key("sales"), "for_unit": "1", "span": "2026-09", "amount": "100"}
        return target_rounds.new_form(ENGLISH, Settable(("sales",), ((1, "Acme"),))), sensible
    if name in TARGET_FORMS:
        ask_for_august(services)
        form = TARGET_FORMS[name](ENGLISH, a_target(id=agreement_of(services, "E1")))
        amount = {} if name == targets.UPHOLD_FORM else {"amount": "900"}
        return form, {**amount, "note": "because"}
    if name in DISPUTE_FORMS:
        return a_dispute_form(caller, services, name)
    if name in WHO:
        return a_form_of_hr(services, name)
    if name in FILE_FORMS:
        return a_file_form(services, name)
    told = caller.submit("E1", opened(caller, actions.SHARE, card), channel="C1")
    return dict(told["view"]), {}


def a_dispute_form(caller: Caller, services: Services, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """E1's own, or of a dispute of E2 that M1 is to answer, or that H1 has answered of a locked card."""
    line = f"card_line|{JUNE.key}|{short_key('sales')}"
    if name == dispute_forms.DISPUTE_FORM:
        form = opened(caller, disputes.OPEN, line)
        return form, {"note": "because"}
    with services.database.writing() as session:
        owner = person_by_employee_id(session, "E2")
        viewer = viewer_of(session, services.clock, owner)
        subject = card_line(owner.id, JUNE, "sales")
        number = open_dispute(session, services.clock, viewer, subject, [], "because").id
        if name == dispute_forms.KEEP_FORM:
            corrected_after_the_lock(session, services, number)
    form = opened(caller, OPENS[name], str(number), WHO[name])
    if name != dispute_forms.CORRECT_FORM:
        return form, {"note": "because"}
    record = caller.search("M1", form, dispute_forms.RECORD)[0]["value"]
    return form, {"record": record, "fix": "value", "value": "950", "note": "because"}


def corrected_after_the_lock(session: Session, services: Services, number: int) -> None:
    session.get_one(ScoredPeriod, JUNE.key).locked_at = services.clock.now()
    maria = viewer_of(session, services.clock, person_by_employee_id(session, "M1"))
    record = records_behind(session, services.clock, Subject.of(session.get_one(Dispute, number)))[0].id
    correct(session, services.clock, maria, number, record, Change(Fix.WITHDRAWN), "because")


def a_form_of_hr(services: Services, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of a plan: the numbers in force, a text, or a draft of H1's own."""
    if name in PAY_FORMS:
        drawn = RENDERERS[PAY_FORMS[name]]
        return drawn.draw(ENGLISH, drawn.sample), PAY_FIELDS[name]
    if name == closing.LOCK_FORM:
        return closing.lock_form(ENGLISH, RENDERERS["closing.lock_form"].sample), {"because": "because"}
    if name == closing.RESTATE_FORM:
        sensible = {"employee": "E2", "period": "2026-06", "because": "because"}
        return closing.restate_form(ENGLISH), sensible
    if name == hr_plan.PASTE_FORM:
        return hr_plan.paste_form(ENGLISH), {"text": SALES_PLAN}
    with services.database.writing() as session:
        helen = viewer_of(session, services.clock, person_by_employee_id(session, "H1"))
        (now,) = plans_now(session, services.clock, helen)
        draft = ask_for_preview(session, services.clock, helen, SALES_PLAN, [JUNE])
        if name == hr_plan.APPLY_FORM:
            return hr_plan.apply_form(ENGLISH, draft.id, parse_plan(now.text)), {}
    tiers = tiers_in_text(now.text)
    form = hr_plan.edit_form(ENGLISH, now, parse_plan(now.text), tiers)
    given = {"from": now.next_from, "weight_0": "60", "weight_1": "40"}
    return form, given | {f"tier_{place}": str(start) for place, (_, start) in enumerate(tiers)}


def a_file_form(services: Services, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """HR's, in the hands of E1."""
    own = str(card_of(services, "E1").person_id)
    if name == person_file.CHOOSE_FORM:
        return person_file.choose_form(ENGLISH), {"person": own}
    if name == person_file.WITHDRAW_FORM:
        return person_file.withdraw_form(ENGLISH, a_sanction()), {"reason": "because"}
    sensible = {
        "person": own,
        "kind": "reward",
        "title": "Thanks",
        "on_day": "2026-07-01",
        "reason": "because",
    }
    return person_file.add_form(ENGLISH), sensible


def card_of(services: Services, employee_id: str) -> CardRef:
    with services.database.reading() as session:
        return CardRef(person_by_employee_id(session, employee_id).id, JUNE)


def opened(caller: Caller, action: str, value: str, who: str = "E1") -> dict[str, Any]:
    window = caller.press(who, {"action_id": action, "value": value})
    assert window is not None
    return window


TARGET_FORMS = {
    targets.APPEAL_FORM: targets.appeal_form,
    targets.REVISE_FORM: targets.revise_form,
    targets.UPHOLD_FORM: targets.uphold_form,
}
ROUND_FORMS = {
    target_rounds.SPLIT_FORM: target_rounds.split_form,
    target_rounds.SHARE_FORM: target_rounds.share_form,
    target_rounds.PUBLISH_FORM: target_rounds.publish_form,
    target_proposals.PROPOSE_FORM: target_proposals.propose_form,
}
DISPUTE_FORMS = {
    dispute_forms.DISPUTE_FORM,
    dispute_forms.EXPLAIN_FORM,
    dispute_forms.CORRECT_FORM,
    dispute_forms.KEEP_FORM,
}
OPENS = {
    dispute_forms.EXPLAIN_FORM: disputes.EXPLAIN,
    dispute_forms.CORRECT_FORM: disputes.CORRECT,
    dispute_forms.KEEP_FORM: disputes.KEEP,
}
CLOSING_FORMS = (closing.LOCK_FORM, closing.RESTATE_FORM)
PLAN_FORMS = (hr_plan.EDIT_FORM, hr_plan.PASTE_FORM, hr_plan.APPLY_FORM)
PAY_FORMS = {
    hr_pay.HAND_OVER_FORM: "hr_pay.hand_over_form",
    hr_pay.STATEMENT_FORM: "hr_pay.statement_form",
    hr_pay.TERM_FORM: "hr_pay.term_form",
}
PAY_FIELDS: dict[str, dict[str, Any]] = {
    hr_pay.HAND_OVER_FORM: {},
    hr_pay.STATEMENT_FORM: {"employee": "E2", "period": "2026-06"},
    hr_pay.TERM_FORM: {
        "employee": "E2",
        "kind": "rate",
        "value": "0.05",
        "since": "2026-08",
        "because": "because",
    },
}
WHO = dict.fromkeys((*CLOSING_FORMS, *PLAN_FORMS, *PAY_FORMS), "H1") | {
    dispute_forms.EXPLAIN_FORM: "M1",
    dispute_forms.CORRECT_FORM: "M1",
    dispute_forms.KEEP_FORM: "H1",
}
"""Who fills a form in, where it is not E1."""
FILE_FORMS = {person_file.ADD_FORM, person_file.CHOOSE_FORM, person_file.WITHDRAW_FORM}
FORMS = (
    *(preferences.FORM, share.SHARE_FORM, share.SHARE_PREVIEW, TRY_OWN_FORM),
    *(
        *TARGET_FORMS,
        *ROUND_FORMS,
        target_rounds.NEW_FORM,
        *sorted(DISPUTE_FORMS | FILE_FORMS),
        *CLOSING_FORMS,
    ),
    *PLAN_FORMS,
    *PAY_FORMS,
)
WRITTEN = {
    *("preferences", "audit_chain", "outbox", "loads", "plan_drafts", "plan_versions", "personal_terms"),
    *(
        "disputes",
        "dispute_moves",
        "disputed_records",
        "record_corrections",
        "measure_records",
        "adjustments",
        "jobs",
    ),
    *("targets", "target_rounds", "target_round_amounts", "target_agreements", "target_moves"),
}
"""What a form that was filled in well adds rows to."""
OF_THE_WHOLE = {closing.RESTATE_FORM: closing.PERIOD}
"""Where a form says what is wrong with all of it: a card that comes out the same, whatever the reason."""
FIELD_TEXTS = (None, "", *TYPED)


def views_drawn() -> list[dict[str, Any]]:
    drawn = [renderer.draw(ENGLISH, renderer.sample) for renderer in RENDERERS.values()]
    return [view for view in drawn if isinstance(view, dict)]


def test_no_form_is_forgotten() -> None:
    forms = {view["callback_id"] for view in views_drawn() if "callback_id" in view}
    assert forms == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_what_is_filled_in_gets_a_sentence_at_its_field(
    caller: Caller, services: Services, company_database: Database, name: str
) -> None:
    form, sensible = a_form(caller, services, name)
    before = everything(company_database)

    for field, text in ((field, text) for field in objects(form, "input") for text in FIELD_TEXTS):
        told = caller.submit(WHO.get(name, "E1"), form, **filled_in(field, text, sensible))
        if told.get("response_action") == "errors":
            (at,) = told["errors"]
            assert at in (expected_at(field["block_id"], text), OF_THE_WHOLE.get(name)), text
            assert all(sentence.strip() for sentence in told["errors"].values())
        elif told:
            assert is_helpful(Message("shown", told["view"]["blocks"])), text
        else:
            assert not text or field["element"]["type"] == "checkboxes", (field["block_id"], text)

    assert changed(before, company_database) <= WRITTEN


def filled_in(field: dict[str, Any], text: str | None, sensible: dict[str, Any]) -> dict[str, Any]:
    """Nonsense in this one field; of two places to share in only one is given."""
    values = {name: value for name, value in sensible.items() if field["block_id"] != share.COLLEAGUE}
    is_list = field["element"]["type"] in ("checkboxes", "multi_external_select")
    return {**values, field["block_id"].replace(".", "_"): [text] if is_list and text else text}


def expected_at(field: str, text: str | None) -> str:
    """The field itself, unless it is another one that is missing."""
    name, _, row = field.partition(".")
    if name == "amount" and row not in ("", "0"):
        return f"measure.{row}"
    return share.CHANNEL if field == share.COLLEAGUE and not text else field


def changed(before: dict[str, int], database: Database) -> set[str]:
    return {table for table, rows in everything(database).items() if rows != before[table]}


CARRIED = (
    "",
    "|",
    "x|2026-06",
    "²|2026-06",
    "-1|2026-06",
    f"{'9' * 30}|2026-06",
    f"{'9' * 5_000}|2026-06",
    "7|2026-13",
    "7|9999-12",
    "0|2026-06",
    "999999|2026-06",
    "7|2026-06|more",
    "1|over|7|2026-06",
    "99|over|999|2026-06",
    "1|1|2026-06|Acme/East",
    "999999|2026-06|Acme/East",
    "2026-06|No/Such",
    "1|2026-06|shadow|Acme/East",
    "1|2026-06|nonsense|Acme/East",
    "2|no such source",
    "null",
    "[]",
    "{}",
    "[1, 2, 3, 4, 5]",
    '["7|2026-06", ["score"], "digest", "C1", null]',
    '["7|2026-06", 7, "digest", "C1", null]',
    '["7|2026-06", [["score"]], "digest", {"a": 1}, ["C1"]]',
    '[["7|2026-06"], ["score"], 1, 2, 3]',
    *("[" * 2_000, "x" * 3_000, "\ud800", "<!channel>", "🏆"),
)


@pytest.mark.parametrize("name", FORMS)
def test_what_a_window_brings_back_is_not_believed(
    caller: Caller, services: Services, company_database: Database, name: str
) -> None:
    form, sensible = a_form(caller, services, name)
    others = str(card_of(services, "E2"))
    before = everything(company_database)

    own = str(card_of(services, "E1"))
    odd = (
        [others, ["score"], "digest", "C1", None],
        [own, [["score"]], "x", "C1", None],
        [own, {}, "x", {}, 1],
    )

    for carried in (*CARRIED, others, *map(json.dumps, odd)):
        told = caller.submit("E1", {**form, "private_metadata": carried}, **sensible)
        if name != preferences.FORM:  # which carries nothing, and is about whoever sends it off
            assert told["response_action"] == "update", carried
            assert is_helpful(Message("shown", told["view"]["blocks"])), carried

    assert changed(before, company_database) <= {"preferences"}


def actions_drawn() -> list[str]:
    drawn = [renderer.draw(ENGLISH, renderer.sample) for renderer in RENDERERS.values()]
    parts = [part for one in drawn for kind in PRESSED for part in objects(one, kind)]
    found = {part["action_id"] for part in parts if "url" not in part}  # Slack opens an address by itself
    return sorted(found)


PRESSED = ("button", "static_select")


@pytest.mark.parametrize("action", [one for one in actions_drawn() if "." in one])
@pytest.mark.parametrize("who", ["E1", "A1"])
def test_buttons_that_nobody_offered_do_nothing_but_explain(
    caller: Caller, services: Services, company_database: Database, slack: FakeSlack, action: str, who: str
) -> None:
    others = str(card_of(services, "E2"))
    before = everything(company_database)

    known = (others, f"1|over|{others}", "2026-06|Acme/West", "1|2026-06|Acme/West")

    for number, value in enumerate((*known, *known[::-1], *CARRIED)):
        window = {"view": SESSION} if number % 2 else {}
        more = {**window, "response_url": f"{caller.response_urls.address}/actions/1"}
        caller.press_again(caller.press_body(who, {"action_id": action, "value": value}, **more))
        views = [given["view"] for method, given in slack.calls if method.startswith("views.")]
        assert views or caller.response_urls.received, value
        assert all(is_helpful(Message("shown", view["blocks"])) for view in views), value
        caller.response_urls.received.clear()

    assert changed(before, company_database) == set()
