"""Everything that draws for Slack, by name, each with something to draw."""

import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

import bot.blocks
from bot.blocks import (
    actions,
    alerts,
    answers,
    card_notes,
    closing,
    digest,
    dispute_forms,
    disputes,
    former_cards,
    help,  # noqa: A004 - the module is called so
    history,
    home,
    hr,
    hr_pay,
    hr_plan,
    notices,
    own_numbers,
    paging,
    pay,
    person_file,
    pickers,
    preferences,
    projection,
    ranking,
    recognition,
    score,
    share,
    sources,
    target_proposals,
    target_rounds,
    targets,
    targets_in_force,
    team,
    team_lists,
    weekly,
    what_if,
    why,
)
from bot.blocks.actions import CardRef, SubjectRef
from bot.blocks.inputs import choice, labelled, short_key
from bot.blocks.paging import page_of
from bot.blocks.primitives import Block, Message, Writer, bold, section
from bot.blocks.share import ShareRef
from domain.access import RankingRight
from domain.closing.checklist import Item, ItemKind
from domain.closing.former import FormerCardView
from domain.closing.locking import LockProgress
from domain.closing.model import AdjustmentReason
from domain.closing.rules import CloseCalendar, PeriodState
from domain.closing.rules_notes import Adjusted, Adjustments, CardNotes, Version
from domain.closing.service import CloseView, Exceptions
from domain.disputes.model import SubjectKind
from domain.disputes.posts import News as DisputeNews
from domain.errors import BadInput, NotFound
from domain.finding import Found
from domain.incentives.rules_terms import TermKind
from domain.people.preferences import Preferences
from domain.periods import Period
from domain.recognition.file import FileNews
from domain.scoring import rules_teams as rules
from domain.scoring.histories import HistoryPoint, HistoryView
from domain.scoring.led_teams import Team
from domain.scoring.rankings import RankingRow
from domain.scoring.rules_cards import CardStatus
from domain.scoring.rules_moves import Beside
from domain.scoring.rules_projection import ProjectedLine, Projection
from domain.scoring.rules_risks import at_risk
from domain.scoring.rules_streaks import Streak
from domain.scoring.rules_what_if import Case, whole
from domain.scoring.sharing import Part, SharedCard, to_show
from domain.scoring.teams import Subteam, TeamView
from domain.scoring.views import PersonView, RankView, ScoreView
from domain.scoring.what_if import BeforeAndAfter, Ending, PlaceChange, Question, Trial, answer
from domain.settings import CommandNames
from domain.sources.configured import SourceEntry
from domain.sources.health import RunView, SourceHealth, Sources, Verdict
from domain.sources.model import RunState
from domain.targets.posts import News
from domain.targets.round_views import Settable
from domain.watch.facts import AlertFacts, HrAlertFacts, UnitAlertFacts
from domain.watch.open_alerts import OpenAlert
from domain.weekly.digests import Digest
from domain.weekly.views import WeeklyCard
from tests.bot.builders import (
    JULY,
    JUNE,
    TIERS,
    a_card,
    a_gate,
    a_running_card,
    alert_facts,
    deduction_line,
    hr_alert_facts,
    ratio_line,
    sales_line,
    unit_alert_facts,
)
from tests.bot.dispute_builders import (
    a_dispute,
    a_lost_line,
    a_pay_line,
    a_record,
    an_answer,
    an_awarded_one,
    an_entry,
    an_open_one,
    for_hr,
)
from tests.bot.file_builders import BEST, CLIMBER, a_file, a_reward, a_sanction, a_win
from tests.bot.live_text import Drawn
from tests.bot.pay_builders import a_month_of_pay, a_statement, a_withheld_one
from tests.bot.plan_builders import NOW, PLAN, TIER_STARTS, an_outcome
from tests.bot.target_builders import (
    a_proposal,
    a_round,
    a_target,
    an_appeal,
    own_targets,
    targets_of_a_unit,
)
from tests.bot.team_builders import MAY, WEST, a_period, a_team
from tests.bot.test_lists_blocks import a_ranking
from tests.domain.scoring_builders import ended, person, plan, target
from tests.domain.team_members import a_member, incomplete, lines, running

TOOLS = {"primitives", "inputs", "escaping"}
"""Modules of which the renderers are made."""
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Renderer:
    sample: Any
    """What is drawn, with every text in it that somebody may write."""
    draw: Callable[[Writer, Any], Drawn]


def renderers_in_the_code() -> set[str]:
    """`module.function` of all that is public and makes blocks."""
    found = set()
    for module in {info.name for info in pkgutil.iter_modules(bot.blocks.__path__)} - TOOLS:
        code = import_module(f"bot.blocks.{module}")
        for name, function in inspect.getmembers(code, inspect.isfunction):
            is_own = function.__module__ == code.__name__ and not name.startswith("_")
            if is_own and get_type_hints(function).get("return") in (Message, Block, list[Block]):
                found.add(f"{module}.{name}")
    return found


def _person(number: int) -> PersonView:
    return PersonView(number, f"Id {number}", f"Person {number}")


def _adjusted(number: int) -> Adjusted:
    reason = list(AdjustmentReason)[number % len(AdjustmentReason)]
    day = date(2026, 6, 5)
    record = f"source record {number}"
    return Adjusted(reason, f"measure {number}", record, day, Decimal(1), Decimal(2), JUNE, JULY)


LINES = (
    sales_line(),
    ratio_line(),
    deduction_line(),
    *(sales_line(name=f"indicator_{n}", measures=[f"measure_{n}"]) for n in range(3)),
    sales_line(name="idle", status="not_assessed", reason="no_target"),
    sales_line(name="unheard", status="unknown", reason="not_covered", missing=["hushed"]),
)
CARD = a_card(
    lines=LINES,
    gates=[a_gate(), a_gate(measure=None, ratio=["owed", "lent"], bound="0.05", value="0.06")],
    ranks=(RankView("Acme", "The company", 9, 20), RankView("Acme/East", "East", None, 4)),
    person=_person(7),
)
NOTED = a_card(
    notes=CardNotes(
        plan_version=1,
        locked_on=date(2026, 7, 9),
        locked_by="Somebody",
        versions=(
            Version(1, Decimal(70), "Tier one", date(2026, 7, 9), "Somebody", None),
            Version(2, Decimal(80), "Tier two", date(2026, 7, 20), "Another", "A reason"),
        ),
        late=Adjustments(tuple(_adjusted(n) for n in range(5)), 9),
        booked=Adjustments(tuple(_adjusted(n) for n in range(5)), 5),
    )
)
FORMER = FormerCardView(_person(7), MAY, Decimal("97.25"), "Gold", 3, 20, "Old plan", "A note")
ITEMS = tuple(
    Item(kind, 60, tuple(f"{kind} {n}" for n in range(3))) for kind in ItemKind if kind != "not_scored"
)
CLOSE_DAYS = CloseCalendar(date(2026, 7, 3), date(2026, 7, 8), date(2026, 7, 10))
CLOSE = CloseView(JUNE, PeriodState.IN_REVIEW, CLOSE_DAYS, ITEMS, None, None, None)
CLOSED = replace(
    CLOSE,
    state=PeriodState.LOCKED,
    items=(),
    locked_at=datetime(2026, 7, 9, tzinfo=UTC),
    locked_by="H 42",
    exceptions=Exceptions("All the same", ITEMS),
)
CLOSE_DUE = {
    "period": "2026-06",
    "stage": "lock_due",
    "data_due": "2026-07-03",
    "review": "2026-07-08",
    "lock": "2026-07-10",
    "items": [item.to_json() for item in ITEMS],
}
PERIOD_LOCKED = {"period": "2026-06", "because": "All the same", "items": CLOSE_DUE["items"]}
NOT_LOCKED = {
    "period": "2026-06",
    "said": {"sentence": "There is no unit called {unit}.", "values": {"unit": "typed"}},
}
RESTATED = {
    "period": "2026-06",
    "version": 2,
    "by": "Somebody",
    "because": "A late invoice",
    "before": {"score": "72.44", "tier": "Tier one"},
    "after": {"score": "80", "tier": "Tier two"},
}
RUNNING = a_running_card(lines=LINES, person=_person(7))
BLANK = a_running_card(as_of_day=None, score=None, missing=["won_amount", "lent"])
SCORE = ScoreView(RUNNING, CARD)
STREAK = Streak((MAY, JUNE))
PROJECTION = Projection(
    (
        ProjectedLine("sales", Decimal(1), Decimal(9), Decimal(10), Decimal("0.9"), carried=False),
        ProjectedLine("win_rate", Decimal(2), Decimal(2), None, Decimal("0.6"), carried=True),
    ),
    Decimal(90),
    "A",
)
ROWS = tuple(
    RankingRow(place, _person(place), Decimal(100 - place), f"Tier {place}") for place in range(1, 31)
)
RANKING = a_ranking(rows=ROWS, right=RankingRight.ALL, other_plans=("inside", "web"))
HISTORY = HistoryView(
    _person(7),
    tuple(
        HistoryPoint(Period.month(2026, n), CardStatus.COMPLETE, True, Decimal(n), f"Tier {n}", "miss")
        for n in range(1, 13)
    ),
    TIERS,
)


def _team() -> TeamView:
    members = (
        *(running(f"E{n}", sales=n * 90, name=f"Name {n}", unit_name=f"Unit {n}") for n in range(1, 9)),
        running("E9", score=Decimal(100), lines=lines(1000, 1000, 6), tier="B"),
        incomplete("E10", missing=("won_amount", "lent")),
    )
    before = [a_member(f"E{n}", sales=n) for n in range(1, 10)]
    below = tuple(
        Subteam(Team(n, f"Acme/West/{n} below", f"{n} below"), 3, rules.attainments([a_member()])[0], 2)
        for n in range(3, 8)
    )
    now = a_period(
        *members, period=JULY, running=True, locked=False, missing=("won_amount", "hushed"), tiers=()
    )
    return a_team(
        shown=now,
        beside=a_period(*before),
        at_risk=at_risk(members, {member.person_id: (MAY, JUNE) for member in members}),
        subteams=below,
        movers=rules.movers(members, before, JUNE),
    )


TEAM = _team()
OTHERS = (WEST, *(Team(n, f"Acme/Other {n}", f"Other {n}") for n in range(20, 40)))
ALERTS = tuple(OpenAlert(n, f"Id {n}", f"Person {n}", 3, JUNE) for n in range(1, 10))


def _question(is_running: bool) -> Question:
    of = plan()
    values: dict[str, str | int] = {"won_amount": 600, "overdue_amount": 6, "loan_balance": 100}
    case = Case(of, ended(JUNE, of), person(values, [target(1000, JUNE)]))
    if not is_running:
        return Question(CARD, of, {Ending.OVER: case}, None)
    today = replace(case, window=whole(case.window))
    return Question(RUNNING, of, {Ending.PACE: today, Ending.TODAY: today}, case)


def _trial(question: Question) -> Trial:
    change = {"won_amount": Decimal(100), "violations": Decimal(1)}

    def changed(case: Case) -> BeforeAndAfter:
        after = {measure: case.value(measure) + more for measure, more in change.items()}
        return BeforeAndAfter(case.as_it_is, case.card(after))

    return Trial(
        change,
        None if question.so_far is None else changed(question.so_far),
        {ending: changed(case) for ending, case in question.endings.items()},
        tuple(PlaceChange("East", 8, 3, after) for after in (2, 3, *Beside)),
    )


OVER, STILL_ON = _question(False), _question(True)
TRIED = (STILL_ON, _trial(STILL_ON))
SHARED = to_show(CARD, set(Part), "U0E7")
SHARE_FACTS = {**SHARED.to_json(), "share_id": 3}
REFUSALS = tuple(
    {"row": n, "column": f"column {n}", "value": f"value {n}", "reason": f"reason {n}", "said": None}
    for n in range(1, 26)
)
SAID = {"sentence": "is longer than {longest} characters: shorten it.", "values": {"longest": "two hundred"}}
RUN = RunView(
    id=1,
    state=RunState.REFUSED,
    started_at=datetime(2026, 7, 7, 2, tzinfo=UTC),
    finished_at=datetime(2026, 7, 7, 2, 1, tzinfo=UTC),
    read=9,
    added=0,
    corrected=0,
    removed=0,
    unchanged=0,
    refused=40,
    refusals=({**REFUSALS[0], "said": SAID}, *REFUSALS[1:]),
    problem="no route to it",
    problem_said=None,
    cursor="page seven",
    load_id=None,
    correlation_id="thread",
)
FAILING = SourceHealth(
    SourceEntry("crm", "sql", 3600, ("won_amount", "lent")), Verdict.FAILING, 2, RUN, None, None
)
BROKEN = replace(
    FAILING, source=replace(FAILING.source, name="erp"), last=replace(RUN, refusals=(), refused=0)
)
SOURCES = Sources((FAILING, BROKEN), None)
FAILED_FACTS = {
    "source": "crm",
    "problem": "no such file",
    "said": None,
    "rows_read": 9,
    "rows_refused": 2,
    "first_refusal": REFUSALS[0],
}
JOB_FACTS = {"job_id": 12, "kind": "score_chunk", "attempts": 3, "problem": "it died"}
POST_FACTS = {"post_id": 9, "kind": "alert_unit", "channel": "managers", "problem": "is archived"}
HR_FACTS = hr_alert_facts(
    alerts=[alert_facts(name=f"Person {n}", employee_id=f"Id {n}") for n in range(1, 31)],
    reason="share_of_unit",
)
GIVEN_FACTS = {
    "measure": "won_amount",
    "period": "2026-06",
    "occurred_on": "2026-06-02",
    "value": "900",
}
WITHDRAWN = alert_facts(withdrawn=True, undone=["2026-05", "2026-06"])
NOTICES: dict[str, dict[str, Any]] = {
    "alert_person": alert_facts(),
    "alert_thread": alert_facts(),
    "alert_withdrawn": WITHDRAWN,
    "alert_unit": unit_alert_facts(),
    "alert_shadow": HR_FACTS,
    "alert_held": HR_FACTS,
    "alert_unreached": hr_alert_facts(),
    "record_given": GIVEN_FACTS,
    "source_failed": FAILED_FACTS,
    "source_recovered": {"source": "crm", "failures": 3},
    "card_share": SHARE_FACTS,
    "card_share_failed": {"period": "2026-06", "channel_name": "#general"},
    "close_due": CLOSE_DUE,
    "period_locked": PERIOD_LOCKED,
    "period_not_locked": NOT_LOCKED,
    "card_restated": RESTATED,
    "job_quarantined": JOB_FACTS,
    "post_failed": POST_FACTS,
}


def _refused(writer: Writer, values: dict[str, Any]) -> Message:
    """A refusal that quotes what was typed, and names of ours."""
    known = NotFound("There is no unit called {unit}. These come close: {suggestions}.", **values)
    return answers.refusal(writer, writer.refusal(known))


TYPED = {"unit": "typed", "suggestions": ["Acme/East", "Acme/West", "West"]}
NAMES = CommandNames()
REF = CardRef(7, JUNE)
LINE_REF = SubjectRef(SubjectKind.CARD_LINE, short_key("sales"), JUNE)
WHERE = {"where": "#general"}


def _preview(writer: Writer, sample: tuple[SharedCard, dict[str, str]]) -> Block:
    shown, where = sample
    ref = ShareRef(REF, tuple(Part), shown.digest, "C1")
    return share.share_preview(writer, ref, shown, where["where"], writer, changed=True)


RENDERERS: dict[str, Renderer] = {
    "actions.card_buttons": Renderer(REF, actions.card_buttons),
    "actions.share_button": Renderer(REF, actions.share_button),
    "alerts.alert_person": Renderer(AlertFacts.from_json(alert_facts()), alerts.alert_person),
    "alerts.alert_unit": Renderer(UnitAlertFacts.from_json(unit_alert_facts()), alerts.alert_unit),
    "alerts.alert_thread": Renderer(AlertFacts.from_json(alert_facts()), alerts.alert_thread),
    "alerts.alert_withdrawn": Renderer(AlertFacts.from_json(WITHDRAWN), alerts.alert_withdrawn),
    "alerts.alert_shadow": Renderer(HrAlertFacts.from_json(HR_FACTS), alerts.alert_shadow),
    "alerts.alert_held": Renderer(HrAlertFacts.from_json(HR_FACTS), alerts.alert_held),
    "alerts.alert_unreached": Renderer(HrAlertFacts.from_json(hr_alert_facts()), alerts.alert_unreached),
    "answers.refusal": Renderer(TYPED, _refused),
    "answers.own_fault": Renderer(["reference"], lambda w, of: answers.own_fault(w, *of)),
    "answers.slack_is_silent": Renderer(None, lambda w, of: answers.slack_is_silent(w)),
    "answers.handed_on": Renderer(None, lambda w, of: answers.handed_on(w)),
    "answers.as_modal": Renderer(TYPED, lambda w, of: answers.as_modal(w, _refused(w, of))),
    "digest.digest": Renderer(Digest(JUNE, (TEAM, replace(TEAM, team=OTHERS[1])), ALERTS), digest.digest),
    "dispute_forms.dispute_form": Renderer(
        a_dispute(),
        lambda w, of: dispute_forms.dispute_form(w, LINE_REF, of.subject, of.about, of.behind),
    ),
    "dispute_forms.explain_form": Renderer(a_dispute(), dispute_forms.explain_form),
    "dispute_forms.correct_form": Renderer(a_dispute(), dispute_forms.correct_form),
    "dispute_forms.keep_form": Renderer(for_hr(), dispute_forms.keep_form),
    "dispute_forms.restate_form": Renderer(for_hr(), dispute_forms.restate_form),
    "dispute_forms.record_options": Renderer(
        [a_record()],
        lambda w, of: [labelled("list", "One", choice(dispute_forms.record_options(w, of)))],
    ),
    "disputes.lines_button": Renderer(REF, disputes.lines_button),
    "disputes.dispute_button": Renderer(None, lambda w, of: disputes.dispute_button(w, LINE_REF)),
    "disputes.lines_window": Renderer(
        CARD, lambda w, of: disputes.lines_window(w, of, {"sales": an_open_one()})
    ),
    "disputes.dispute_message": Renderer(
        [a_dispute(), an_answer(), an_entry(), a_pay_line(), a_lost_line(), an_awarded_one(), for_hr()],
        lambda w, of: [
            block
            for view in of
            for news in DisputeNews
            for block in disputes.dispute_message(w, view, news).blocks
        ],
    ),
    "disputes.dispute_window": Renderer(an_answer(), disputes.dispute_window),
    "disputes.dispute_blocks": Renderer(an_entry(), disputes.dispute_blocks),
    "disputes.given_message": Renderer(GIVEN_FACTS, disputes.given_message),
    "disputes.refused_window": Renderer(
        TYPED, lambda w, of: disputes.refused_window(w, BadInput("This dispute is closed already."), [of, of])
    ),
    "disputes.records_window": Renderer(
        (a_dispute(), [a_record(number) for number in range(60)]),
        lambda w, of: disputes.records_window(w, of[0], of[1], 2),
    ),
    "disputes.queue_blocks": Renderer([an_open_one(n) for n in range(5)], disputes.queue_blocks),
    "disputes.queue_rows": Renderer(
        [an_open_one(n, is_answered=n % 2 == 0) for n in range(5)], disputes.queue_rows
    ),
    "disputes.queue_window": Renderer([an_open_one(n) for n in range(30)], disputes.queue_window),
    "disputes.queue_line": Renderer(1, disputes.queue_line),
    "disputes.own_window": Renderer([an_open_one(n) for n in range(30)], disputes.own_window),
    "disputes.own_blocks": Renderer([an_open_one(n) for n in range(5)], disputes.own_blocks),
    "help.not_scored": Renderer(NAMES, lambda w, of: help.not_scored(w, of, sees_rankings=True)),
    "help.no_team": Renderer(NAMES, help.no_team),
    "help.help_message": Renderer(NAMES, lambda w, of: help.help_message(w, of, of.ranking)),
    "history.history": Renderer((HISTORY, FORMER), lambda w, of: history.history(w, of[0], [of[1], of[1]])),
    "home.home_with_card": Renderer(
        ("Ada", SCORE, PROJECTION), lambda w, of: home.home_with_card(w, NAMES, of[0], of[1], STREAK, of[2])
    ),
    "home.home_with_ranking": Renderer(
        ("Ada", RANKING), lambda w, of: home.home_with_ranking(w, NAMES, of[0], of[1])
    ),
    "home.home_with_nothing": Renderer(
        ["Ada"], lambda w, of: home.home_with_nothing(w, NAMES, *of, is_operator=True)
    ),
    "home.home_for_unknown": Renderer(
        {"slack_id": "somebody"}, lambda w, of: home.home_for_unknown(w, w.text("You are {slack_id}.", **of))
    ),
    "card_notes.note_blocks": Renderer(NOTED, lambda w, of: card_notes.note_blocks(w, of, most=30)),
    "closing.close_part": Renderer([CLOSE, CLOSED], lambda w, of: closing.close_part(w, of, 30)),
    "closing.months_window": Renderer(
        [CLOSE] * 30, lambda w, of: closing.months_window(w, page_of(of, 2, 10))
    ),
    "closing.close_message": Renderer(CLOSE, lambda w, of: closing.close_message(w, of, LockProgress(3, 40))),
    "closing.close_window": Renderer(CLOSED, lambda w, of: closing.close_window(w, of, None)),
    "closing.close_blocks": Renderer(CLOSE, lambda w, of: closing.close_blocks(w, of, None)),
    "closing.lock_form": Renderer(CLOSE, closing.lock_form),
    "closing.restate_form": Renderer(None, lambda w, of: closing.restate_form(w)),
    "closing.restated": Renderer(["Ada"], lambda w, of: closing.restated(w, of[0], JUNE, 2)),
    "closing.close_due": Renderer(CLOSE_DUE, closing.close_due),
    "closing.period_locked": Renderer(PERIOD_LOCKED, closing.period_locked),
    "closing.period_not_locked": Renderer(NOT_LOCKED, closing.period_not_locked),
    "closing.card_restated": Renderer(RESTATED, closing.card_restated),
    "hr_pay.pay_part": Renderer(
        [a_month_of_pay(), a_month_of_pay(is_paid=True, is_whole=False)],
        lambda w, of: hr_pay.pay_part(w, [*of]),
    ),
    "hr_pay.hand_over_form": Renderer(a_month_of_pay(), hr_pay.hand_over_form),
    "hr_pay.handing_over": Renderer(None, lambda w, of: hr_pay.handing_over(w, JUNE)),
    "hr_pay.file_refused": Renderer(
        {"period": "2026-06", "said": {"sentence": "There is none of {who}.", "values": {"who": "Ada"}}},
        hr_pay.file_refused,
    ),
    "hr_pay.statement_form": Renderer(None, lambda w, of: hr_pay.statement_form(w)),
    "hr_pay.no_statement": Renderer(
        ["Ada"], lambda w, of: hr_pay.no_statement(w, of[0], NotFound("There is none of {who}.", who=of[0]))
    ),
    "hr_pay.term_form": Renderer(None, lambda w, of: hr_pay.term_form(w)),
    "hr_pay.term_recorded": Renderer(
        ["Ada"], lambda w, of: hr_pay.term_recorded(w, of[0], TermKind.RATE, Decimal("0.025"), JUNE)
    ),
    "hr_plan.plans_part": Renderer([NOW, NOW], hr_plan.plans_part),
    "hr_plan.edit_form": Renderer((NOW, PLAN, TIER_STARTS), lambda w, of: hr_plan.edit_form(w, *of)),
    "hr_plan.paste_form": Renderer(None, lambda w, _: hr_plan.paste_form(w)),
    "hr_plan.asked": Renderer(PLAN, lambda w, of: hr_plan.asked(w, of, ["2026-05", "2026-06"])),
    "hr_plan.preview_message": Renderer(
        (PLAN, an_outcome()),
        lambda w, of: hr_plan.preview_message(w, 3, of[0], ["2026-05", "2026-06"], of[1], None),
    ),
    "hr_plan.changes_window": Renderer(an_outcome(), lambda w, of: hr_plan.changes_window(w, 3, of, 2)),
    "hr_plan.apply_form": Renderer(PLAN, lambda w, of: hr_plan.apply_form(w, 3, of)),
    "hr_plan.applied": Renderer(PLAN, lambda w, of: hr_plan.applied(w, of, 2, ["2026-07"], True)),
    "former_cards.former_card": Renderer(FORMER, former_cards.former_card),
    "hr.overview": Renderer(
        [["One part"], ["Another one"]],
        lambda w, of: hr.overview(w, [[section(bold(line)) for line in part] for part in of]),
    ),
    "notices.draw": Renderer(
        list(NOTICES.values()),
        lambda w, of: [
            block
            for kind, facts in zip(NOTICES, of, strict=True)
            for block in notices.draw(kind, facts, w.language).blocks
        ],
    ),
    "notices.gone": Renderer((None,), lambda w, _: notices.gone(w)),
    "notices.job_quarantined": Renderer(JOB_FACTS, notices.job_quarantined),
    "notices.post_failed": Renderer(POST_FACTS, notices.post_failed),
    "own_numbers.own_numbers_form": Renderer(STILL_ON, own_numbers.own_numbers_form),
    "own_numbers.trial": Renderer(TRIED, lambda w, of: own_numbers.trial(w, *of)),
    "own_numbers.trial_message": Renderer(TRIED, lambda w, of: own_numbers.trial_message(w, *of)),
    "paging.page_buttons": Renderer(
        list(range(60)), lambda w, of: paging.page_buttons(w, paging.page_of(of, 2, 25), "list.page", "1")
    ),
    "pay.pay_button": Renderer(REF, pay.pay_button),
    "pay.statement_window": Renderer(
        (a_statement(), a_withheld_one()),
        lambda w, of: [block for shown in of for block in pay.statement_window(w, shown)["blocks"]],
    ),
    "pay.statement_blocks": Renderer(a_statement(is_own=False), pay.statement_blocks),
    "pay.on_its_way": Renderer(None, lambda w, of: pay.on_its_way(w, JUNE)),
    "person_file.file_button": Renderer(None, lambda w, of: person_file.file_button(w, 7, is_own=True)),
    "person_file.hr_part": Renderer(None, lambda w, of: person_file.hr_part(w)),
    "person_file.file_window": Renderer(
        [a_file(), a_file(entries=()), a_file(may_keep=False, is_own=True)],
        lambda w, of: [block for one in of for block in person_file.file_window(w, one)["blocks"]],
    ),
    "person_file.file_message": Renderer(
        [a_sanction(), a_reward(), a_win()],
        lambda w, of: [
            block
            for one in of
            for news in FileNews
            for block in person_file.file_message(w, one, news).blocks
        ],
    ),
    "person_file.add_form": Renderer(None, lambda w, of: person_file.add_form(w)),
    "person_file.choose_form": Renderer(None, lambda w, of: person_file.choose_form(w)),
    "person_file.withdraw_form": Renderer(a_sanction(), person_file.withdraw_form),
    "pickers.person_input": Renderer(["Whose it is"], lambda w, of: [pickers.person_input(w, *of)]),
    "pickers.person_options": Renderer(
        [Found(7, "E7", "Ada Okafor", "Acme/East")],
        lambda w, of: [labelled("list", "One", choice(pickers.person_options(of)))],
    ),
    "preferences.preferences_button": Renderer(None, lambda w, of: preferences.preferences_button(w)),
    "preferences.preferences_window": Renderer(
        ["Asia/Shanghai"], lambda w, of: preferences.preferences_window(w, Preferences(), *of, leads=True)
    ),
    "projection.projection_blocks": Renderer(
        (RUNNING, PROJECTION), lambda w, of: projection.projection_blocks(w, *of)
    ),
    "ranking.ranking": Renderer(RANKING, ranking.ranking),
    "recognition.named_message": Renderer(
        [BEST, CLIMBER],
        lambda w, of: [
            *recognition.named_message(w, JUNE, of).blocks,
            *recognition.named_message(w, JUNE, ()).blocks,
        ],
    ),
    "recognition.asked_message": Renderer(
        ([BEST, CLIMBER], "#wins"), lambda w, of: recognition.asked_message(w, 7, JUNE, *of)
    ),
    "recognition.chosen_window": Renderer(None, lambda w, of: recognition.chosen_window(w, wanted=True)),
    "score.score": Renderer((SCORE, PROJECTION), lambda w, of: score.score(w, of[0], STREAK, of[1])),
    "score.score_blocks": Renderer(ScoreView(BLANK, CARD), lambda w, of: score.score_blocks(w, of, STREAK)),
    "score.pace_so_far": Renderer(RUNNING, score.pace_so_far),
    "score.score_so_far": Renderer(RUNNING, score.score_so_far),
    "score.card_actions": Renderer(CARD, score.card_actions),
    "share.share_form": Renderer(CARD, share.share_form),
    "share.share_preview": Renderer((SHARED, WHERE), _preview),
    "share.shared": Renderer(WHERE, lambda w, of: share.shared(w, **of)),
    "share.withdrawn_window": Renderer(None, lambda w, of: share.withdrawn_window(w)),
    "share.shared_card": Renderer(SHARE_FACTS, share.shared_card),
    "share.share_failed": Renderer(NOTICES["card_share_failed"], share.share_failed),
    "sources.source_blocks": Renderer(SOURCES, lambda w, of: sources.source_blocks(w, SHANGHAI, of)),
    "sources.details": Renderer(FAILING, lambda w, of: sources.details(w, SHANGHAI, of, [of.last] * 3)),
    "sources.source_failed": Renderer(FAILED_FACTS, sources.source_failed),
    "sources.source_recovered": Renderer(NOTICES["source_recovered"], sources.source_recovered),
    "targets.target_message": Renderer(
        [an_appeal(), a_target()],
        lambda w, of: [
            block for view in of for news in News for block in targets.target_message(w, view, news).blocks
        ],
    ),
    "targets.target_window": Renderer(an_appeal(), targets.target_window),
    "targets.target_blocks": Renderer(an_appeal(), targets.target_blocks),
    "targets.targets_message": Renderer(
        ([a_target()], [an_appeal()], [a_round()]),
        lambda w, of: targets.targets_message(w, *of, sets_targets=True),
    ),
    "targets.appeal_form": Renderer(a_target(), targets.appeal_form),
    "targets.revise_form": Renderer(an_appeal(), targets.revise_form),
    "targets.uphold_form": Renderer(an_appeal(), targets.uphold_form),
    "targets.restating_message": Renderer(
        a_target(), lambda w, of: targets.restating_message(w, of, [month for month, _ in of.by_month])
    ),
    "target_rounds.round_row": Renderer(a_round(), lambda w, of: [target_rounds.round_row(w, of)]),
    "target_rounds.new_round_button": Renderer(None, lambda w, of: target_rounds.new_round_button(w)),
    "target_rounds.round_window": Renderer(a_round(), target_rounds.round_window),
    "target_rounds.split_form": Renderer(a_round(), target_rounds.split_form),
    "target_rounds.share_form": Renderer(a_round(), target_rounds.share_form),
    "targets_in_force.own_targets_message": Renderer(
        (own_targets(), [an_appeal()]), lambda w, of: targets_in_force.own_targets_message(w, *of)
    ),
    "targets_in_force.unit_targets_message": Renderer(
        targets_of_a_unit(),
        lambda w, of: targets_in_force.unit_targets_message(w, of[0].unit_name, of[0].span, of),
    ),
    "targets.agreement_row": Renderer(an_appeal(), lambda w, of: [targets.agreement_row(w, of)]),
    "target_proposals.propose_form": Renderer(a_round(), target_proposals.propose_form),
    "target_proposals.proposal_window": Renderer(a_proposal(), target_proposals.proposal_window),
    "target_rounds.publish_form": Renderer(a_round(), target_rounds.publish_form),
    "target_rounds.new_form": Renderer(
        Settable(("sales", "new_customers"), ((1, "Acme"), (2, "Acme/East"))), target_rounds.new_form
    ),
    "target_rounds.published": Renderer(None, lambda w, of: target_rounds.published(w, 3)),
    "target_rounds.dropped": Renderer(None, lambda w, of: target_rounds.dropped(w)),
    "team.team": Renderer((TEAM, OTHERS), lambda w, of: team.team(w, *of)),
    "team.at_a_glance": Renderer(TEAM, team.at_a_glance),
    "team.choose_team": Renderer(
        OTHERS, lambda w, of: team.choose_team(w, of, None, w.text("Choose a unit"))
    ),
    "team.risk_row": Renderer(TEAM, lambda w, of: [team.risk_row(w, risk, of) for risk in of.at_risk]),
    "team.card_button": Renderer(None, lambda w, of: team.card_button(w, 7, JUNE)),
    "team_lists.people_window": Renderer(TEAM, team_lists.people_window),
    "team_lists.risks_window": Renderer(TEAM, team_lists.risks_window),
    "team_lists.card_window": Renderer(ScoreView(CARD, None), team_lists.card_window),
    "weekly.weekly_card": Renderer(
        WeeklyCard(Period.parse("2026-W28"), CARD, SCORE, PROJECTION, STREAK), weekly.weekly_card
    ),
    "what_if.working": Renderer(None, lambda w, of: what_if.working(w, REF)),
    "what_if.what_if": Renderer(answer(OVER), what_if.what_if),
    "what_if.what_if_message": Renderer(answer(STILL_ON), what_if.what_if_message),
    "why.why": Renderer(CARD, why.why),
}
