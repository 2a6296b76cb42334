"""Each rule R1 to R16 of the Labour Contract Law: what it allows, blocks, escalates, and lacks."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from domain.exits.cn import rules
from domain.exits.cn.rules_scale import most_within
from domain.exits.rules_facts import (
    CaseFacts,
    Deduction,
    Delivery,
    Exam,
    Ground,
    Notice,
    Opinion,
    Peers,
    Policy,
    Protected,
    Protection,
    RaisedTarget,
    Reason,
    Tasks,
    Transfer,
    Union,
    Wages,
)
from domain.exits.rules_findings import Act, Answer, Finding, blocking
from domain.exits.rules_jurisdictions import jurisdiction
from domain.plans.rules import Bound, Comparison
from tests.domain.exit_facts import (
    DAYS,
    FIRST,
    LAST_DAY,
    LAWFUL,
    NOTICE_ON,
    POLICY,
    SECOND,
    TRAINING,
    WAGES,
    by_rule,
    case,
)

ALLOW, BLOCK, ESCALATE = Answer.ALLOW, Answer.BLOCK, Answer.ESCALATE
OF_ALL_ACTS = {
    *("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8"),
    *("R9", "R10", "R11", "R12", "R13", "R14", "R15", "R16"),
}


def looked_at(facts: CaseFacts, rule: str, act: Act = Act.DECISION) -> Finding:
    return by_rule(rules.check(facts, act, DAYS[act]))[rule]


class TestTheLawfulCase:
    @pytest.mark.parametrize("act", Act)
    def test_nothing_blocks_it(self, act: Act) -> None:
        assert {finding.answer for finding in rules.check(LAWFUL, act, DAYS[act])} == {ALLOW}

    def test_every_rule_stands_before_some_act(self) -> None:
        asked = {finding.rule for act in Act for finding in rules.check(LAWFUL, act, DAYS[act])}
        assert asked == OF_ALL_ACTS

    def test_rules_come_in_the_order_of_their_numbers(self) -> None:
        numbers = [int(finding.rule[1:]) for finding in rules.check(LAWFUL, Act.EFFECTIVE, LAST_DAY)]
        assert numbers == sorted(numbers)

    def test_a_case_of_which_nothing_is_known_is_blocked_by_every_rule_that_needs_a_fact(self) -> None:
        # given
        unknown = CaseFacts(
            ground=None, reasons=None, reason_in_words=None, service_start=None, effective_on=None
        )
        # when
        found = by_rule(
            rules.check(unknown, Act.EFFECTIVE, LAST_DAY) + rules.check(unknown, Act.CLOSING, LAST_DAY)
        )
        # then: R10 says what is at risk, and needs no fact for that
        assert {rule for rule, one in found.items() if one.answer is not BLOCK} == {"R10"}
        assert all(one.missing for rule, one in found.items() if rule != "R10")


FACTS_THAT_MAY_BE_LEFT_OUT = {
    "hiring_standards",
    "explanation_asked_on",
    "explained_on",
}


@pytest.mark.parametrize(
    "name",
    [
        field.name
        for field in fields(CaseFacts)
        if getattr(LAWFUL, field.name) not in (None, (), {}) and field.name not in FACTS_THAT_MAY_BE_LEFT_OUT
    ]
    + ["raised", "deductions", "other_exits"],
)
def test_without_any_one_fact_the_case_is_blocked(name: str) -> None:
    # given
    empty: dict[str, Any] = {"checked_on": {}, "gap": frozenset(), "tasks": Tasks()}
    spoilt = case(**{name: empty.get(name)})
    # when
    found = [finding for act in Act for finding in rules.check(spoilt, act, DAYS[act])]
    # then
    assert blocking(found)


class TestR1Reason:
    @pytest.mark.parametrize("reason", [Reason.RANK, Reason.BOTTOM_SHARE, Reason.LOST_COMPETITION])
    def test_a_rank_is_no_reason_not_even_beside_another(self, reason: Reason) -> None:
        beside = frozenset({reason, Reason.STANDARD_NOT_MET})
        assert looked_at(case(reasons=frozenset({reason})), "R1").answer is BLOCK
        assert looked_at(case(reasons=beside), "R1").answer is BLOCK

    @pytest.mark.parametrize(
        "words",
        [
            "He ranked 48th of 50.",
            "The bottom 10 % have to leave.",
            "末位淘汰",
            "连续三个月排名靠后",
            "竞聘落选",
            *(
                "竞争上岗落选",
                "业绩垫底",
                "连续三个月最后一名",
                "末尾淘汰",
                "业绩后10%",
                "The lowest of all.",
            ),
        ],
    )
    def test_nor_is_one_in_the_written_words(self, words: str) -> None:
        found = looked_at(case(reason_in_words=words), "R1")
        assert found.answer is BLOCK
        assert str(found.values["words"]) in words

    @pytest.mark.parametrize(
        "words", ["Frank words on the standard.", "The bottom line of results.", "未达到约定的销售标准"]
    )
    def test_words_that_only_look_alike_are_allowed(self, words: str) -> None:
        assert looked_at(case(reason_in_words=words), "R1").answer is ALLOW


class TestR2ThreeDatedFacts:
    @pytest.mark.parametrize(
        "spoilt",
        [
            {"first": replace(FIRST, result=Fraction(7, 10))},
            {"second": replace(SECOND, result=Fraction(9, 10))},
            {"help": replace(TRAINING, start=FIRST.judged_on - timedelta(1))},
            {"help": replace(TRAINING, end=SECOND.end)},
            {"help": replace(TRAINING, end=date(2026, 8, 16))},
            {"second": replace(SECOND, start=FIRST.end)},
            {"second": replace(SECOND, judged_on=SECOND.end)},
            {"first": replace(FIRST, judged_on=FIRST.end)},
        ],
    )
    def test_out_of_order_or_not_incompetent_it_blocks(self, spoilt: dict[str, Any]) -> None:
        assert looked_at(case(**spoilt), "R2").answer is BLOCK

    def test_a_plan_of_90_percent_that_was_reached_is_no_failure_though_months_below_100_were_missed(
        self,
    ) -> None:
        # given: a month below 100 % is missed, the plan asks for 90 %, and 92 % were reached
        reached = replace(SECOND, result=Fraction(92, 100))
        assert looked_at(case(second=reached), "R2").answer is BLOCK

    def test_half_of_the_second_period_follows_the_help(self) -> None:
        assert looked_at(case(help=replace(TRAINING, end=date(2026, 8, 15))), "R2").answer is ALLOW

    def test_the_day_of_the_judgement_may_be_the_day_the_help_begins(self) -> None:
        assert looked_at(case(help=replace(TRAINING, start=FIRST.judged_on)), "R2").answer is ALLOW

    def test_a_transfer_serves_as_well(self) -> None:
        moved = Transfer(date(2026, 7, 1), "Service desk", date(2026, 6, 30), "asks for no new customers")
        assert (
            looked_at(
                case(help=moved, first=replace(FIRST, end=date(2026, 5, 31), judged_on=date(2026, 6, 5))),
                "R2",
            ).answer
            is ALLOW
        )

    def test_a_period_that_began_before_the_transfer_judges_the_old_post(self) -> None:
        moved = Transfer(date(2026, 7, 20), "Service desk", date(2026, 7, 10), "asks for no new customers")
        assert looked_at(case(help=moved), "R2").answer is BLOCK


class TestR3Standard:
    def test_a_target_raised_in_the_plan_blocks_and_says_which(self) -> None:
        raised = RaisedTarget("2026-08", Decimal(80000), Decimal(95000), date(2026, 7, 20))
        found = looked_at(case(raised=(raised,)), "R3")
        assert (found.answer, found.values["month"]) == (BLOCK, "2026-08")

    def test_without_peers_it_escalates(self) -> None:
        assert looked_at(case(peers=Peers(0, 0)), "R3").answer is ESCALATE

    def test_a_better_later_result_escalates(self) -> None:
        better = replace(SECOND, result=FIRST.result + Fraction(1, 1000))
        assert looked_at(case(second=better), "R3").answer is ESCALATE

    def test_less_is_better_where_less_is_asked_for(self) -> None:
        # given: overdue below 3 %, 5 % and then 4 %
        asked = Bound(Comparison.BELOW, Decimal("0.03"))
        first = replace(FIRST, result=Fraction(5, 100), required=asked)
        second = replace(SECOND, result=Fraction(4, 100), required=asked)
        assert looked_at(case(first=first, second=second), "R2").answer is ALLOW
        assert looked_at(case(first=first, second=second), "R3").answer is ESCALATE

    @pytest.mark.parametrize(("met", "answer"), [(21, ESCALATE), (22, ALLOW), (44, ALLOW)])
    def test_fewer_than_half_of_the_peers_escalates(self, met: int, answer: Answer) -> None:
        assert looked_at(case(peers=Peers(44, met)), "R3").answer is answer


class TestR4Policy:
    @pytest.mark.parametrize("step", ["discussed_on", "published_on", "acknowledged_on"])
    def test_a_step_on_the_first_day_of_the_period_or_never_blocks(self, step: str) -> None:
        for day in (FIRST.start, None):
            late = replace(POLICY, **{step: day})
            assert looked_at(case(policy=late), "R4").answer is BLOCK

    def test_the_day_before_is_in_time(self) -> None:
        in_time = replace(POLICY, acknowledged_on=FIRST.start - timedelta(1))
        assert looked_at(case(policy=in_time), "R4").answer is ALLOW


class TestR5Help:
    @pytest.mark.parametrize(
        "spoilt",
        [
            {"team_meeting": True},
            {"team_meeting": None},
            {"by_employer": False},
            {"aimed_at": frozenset({"compliance"})},
            {"aimed_at": frozenset()},
            {"attended": 0},
            {"attended": None},
            {"material": ""},
            {"exams": ()},
            {"name": ""},
        ],
    )
    def test_a_training_that_is_none_blocks(self, spoilt: dict[str, Any]) -> None:
        assert looked_at(case(help=replace(TRAINING, **spoilt)), "R5").answer is BLOCK

    def test_an_exam_taken_four_times_is_on_file_four_times(self) -> None:
        exams = tuple(
            Exam(date(2026, 8, day), Decimal(score), score >= 60)
            for day, score in ((3, 41), (10, 48), (17, 55), (19, 61))
        )
        found = looked_at(case(help=replace(TRAINING, exams=exams)), "R5")
        assert found.answer is ALLOW
        assert 4 in {fact.value for fact in found.facts}

    @pytest.mark.parametrize(
        ("written_on", "why", "answer"),
        [
            (date(2026, 7, 1), "asks for no new customers", ALLOW),
            (date(2026, 7, 2), "asks for no new customers", BLOCK),
            (None, "asks for no new customers", BLOCK),
            (date(2026, 7, 1), "", BLOCK),
        ],
    )
    def test_a_transfer_is_written_and_reasonable(
        self, written_on: date | None, why: str, answer: Answer
    ) -> None:
        moved = Transfer(date(2026, 7, 1), "Service desk", written_on, why)
        assert looked_at(case(help=moved), "R5").answer is answer


class TestR6Protection:
    @pytest.mark.parametrize("kind", Protection)
    @pytest.mark.parametrize("act", [Act.DECISION, Act.NOTICE, Act.EFFECTIVE])
    def test_every_kind_blocks_every_act(self, kind: Protection, act: Act) -> None:
        protected = (Protected(kind, date(2026, 9, 1), None),)
        found = looked_at(case(protections=protected), "R6", act)
        assert found.answer is BLOCK
        assert str(kind) not in found.why, "health is for the owner of the case alone"

    def test_pregnancy_told_on_day_25_of_the_notice_stops_it(self) -> None:
        # given
        told = NOTICE_ON + timedelta(25)
        facts = case(protections=(Protected(Protection.PREGNANCY, told, date(2028, 7, 1)),))
        # then: on the day before nobody knew, and the last day is past nothing
        assert looked_at(LAWFUL, "R6", Act.NOTICE).answer is ALLOW
        found = by_rule(rules.check(facts, Act.EFFECTIVE, LAST_DAY))["R6"]
        assert (found.answer, found.values["until"]) == (BLOCK, date(2028, 7, 1))

    def test_nobody_is_let_go_before_the_last_day(self) -> None:
        day_before = LAST_DAY - timedelta(1)
        facts = case(checked_on={Act.EFFECTIVE: day_before})
        assert by_rule(rules.check(facts, Act.EFFECTIVE, day_before))["R6"].answer is BLOCK

    @pytest.mark.parametrize("day", [NOTICE_ON, LAST_DAY])
    def test_one_that_held_on_the_day_of_the_notice_or_on_the_last_day_is_seen_later(self, day: date) -> None:
        later = LAST_DAY + timedelta(10)
        held = (Protected(Protection.MEDICAL_TREATMENT, day, day + timedelta(1)),)
        facts = case(protections=held, checked_on={Act.EFFECTIVE: later})
        assert by_rule(rules.check(facts, Act.EFFECTIVE, later))["R6"].answer is BLOCK

    def test_one_that_has_ended_blocks_no_more(self) -> None:
        over = (Protected(Protection.MEDICAL_TREATMENT, date(2026, 2, 1), date(2026, 3, 31)),)
        assert looked_at(case(protections=over), "R6").answer is ALLOW

    @pytest.mark.parametrize(
        ("began", "retires", "answer"),
        [
            (date(2011, 12, 3), date(2031, 12, 1), BLOCK),
            (date(2011, 12, 4), date(2031, 12, 1), ALLOW),
            (date(2011, 12, 3), date(2031, 12, 2), ALLOW),
        ],
    )
    def test_fifteen_years_reached_in_the_notice_are_seen_before_it(
        self, began: date, retires: date, answer: Answer
    ) -> None:
        facts = case(service_start=began, retirement_on=retires)
        assert looked_at(facts, "R6", Act.NOTICE).answer is answer

    @pytest.mark.parametrize(("days", "answer"), [(0, ALLOW), (7, ALLOW), (8, BLOCK), (-1, BLOCK)])
    def test_who_asked_long_ago_asks_again(self, days: int, answer: Answer) -> None:
        asked = {Act.NOTICE: NOTICE_ON - timedelta(days)}
        assert looked_at(case(checked_on=asked), "R6", Act.NOTICE).answer is answer

    def test_what_was_asked_before_the_decision_does_not_serve_the_notice(self) -> None:
        asked = {Act.DECISION: NOTICE_ON}
        assert looked_at(case(checked_on=asked), "R6", Act.NOTICE).answer is BLOCK


class TestR7Union:
    @pytest.mark.parametrize(
        ("union", "answer"),
        [
            (None, BLOCK),
            (Union(exists=False), ESCALATE),
            (Union(exists=True), BLOCK),
            (Union(True, date(2026, 10, 14)), BLOCK),
            (Union(True, date(2026, 10, 14), Opinion.NONE), ALLOW),
            (Union(True, date(2026, 10, 14), Opinion.AGREES), BLOCK),
            (Union(True, date(2026, 10, 14), Opinion.OBJECTS, date(2026, 10, 20)), ALLOW),
            (Union(True, NOTICE_ON, Opinion.NONE), BLOCK),
            (Union(True, NOTICE_ON + timedelta(1), Opinion.NONE), BLOCK),
            (Union(True, date(2026, 10, 14), Opinion.OBJECTS, NOTICE_ON), BLOCK),
        ],
    )
    def test_it_is_heard_before_the_notice(self, union: Union | None, answer: Answer) -> None:
        assert looked_at(case(union=union), "R7", Act.NOTICE).answer is answer


class TestR8Notice:
    @pytest.mark.parametrize(
        ("notice", "last_day", "answer"),
        [
            (Notice(NOTICE_ON, Delivery.SIGNED, "17"), NOTICE_ON + timedelta(30), ALLOW),
            (Notice(NOTICE_ON, Delivery.SIGNED, "17"), NOTICE_ON + timedelta(29), BLOCK),
            (Notice(NOTICE_ON, Delivery.REGISTERED_MAIL, "RR 1"), LAST_DAY, ALLOW),
            (Notice(NOTICE_ON, Delivery.E_SIGNATURE, "f0"), LAST_DAY, ALLOW),
            (Notice(NOTICE_ON, Delivery.CHAT, "a link"), LAST_DAY, BLOCK),
            (Notice(NOTICE_ON, Delivery.SIGNED, None), LAST_DAY, BLOCK),
            (Notice(NOTICE_ON, Delivery.SIGNED, ""), LAST_DAY, BLOCK),
            (Notice(NOTICE_ON, Delivery.SIGNED, "17", Decimal(8000)), NOTICE_ON, ALLOW),
            (Notice(NOTICE_ON, Delivery.SIGNED, "17", Decimal("7999.99")), NOTICE_ON, BLOCK),
            (Notice(NOTICE_ON, Delivery.SIGNED, "17", Decimal(8000)), NOTICE_ON - timedelta(1), BLOCK),
        ],
    )
    def test_in_writing_with_proof_thirty_days_ahead_or_paid(
        self, notice: Notice, last_day: date, answer: Answer
    ) -> None:
        assert looked_at(case(notice=notice, effective_on=last_day), "R8", Act.EFFECTIVE).answer is answer

    def test_pay_in_lieu_is_the_wage_of_the_month_before(self) -> None:
        raised = Wages({**WAGES.months, "2026-10": Decimal(9000)}, WAGES.minimum, WAGES.city_average)
        paid = Notice(NOTICE_ON, Delivery.SIGNED, "17", Decimal(8000))
        found = looked_at(case(notice=paid, wages=raised), "R8", Act.EFFECTIVE)
        assert (found.answer, found.values["owed"]) == (BLOCK, Decimal(9000))


class TestR11Scale:
    @pytest.mark.parametrize(
        ("others", "headcount", "answer"),
        [(3, 50, ALLOW), (4, 50, ESCALATE), (18, 1000, ALLOW), (19, 1000, ESCALATE), (0, 10, ESCALATE)],
    )
    def test_a_tenth_or_twenty_escalate(self, others: int, headcount: int, answer: Answer) -> None:
        facts = case(other_exits=(LAST_DAY,) * others, headcount=headcount)
        assert looked_at(facts, "R11").answer is answer

    @given(st.lists(st.integers(-60, 60), max_size=30))
    def test_the_fullest_thirty_days_that_hold_the_day_count(self, offsets: list[int]) -> None:
        # given
        others = [LAST_DAY + timedelta(offset) for offset in offsets]
        # when: every window of thirty days that holds the day is counted, one by one
        windows = [range(first, first + 30) for first in range(-29, 1)]
        expected = 1 + max(sum(offset in window for offset in offsets) for window in windows)
        # then
        assert most_within(LAST_DAY, others) == expected


class TestR12Ends:
    @pytest.mark.parametrize(
        ("changes", "answer"),
        [
            ({}, ALLOW),
            ({"files_and_insurance_on": LAST_DAY + timedelta(15)}, ALLOW),
            ({"files_and_insurance_on": LAST_DAY + timedelta(16)}, ESCALATE),
            ({"certificate_on": LAST_DAY + timedelta(1)}, ESCALATE),
            ({"severance_on": LAST_DAY + timedelta(1)}, ESCALATE),
            ({"certificate_on": None}, BLOCK),
            ({"severance_on": None}, BLOCK),
            ({"neutral_notice": False}, BLOCK),
        ],
    )
    def test_the_case_closes_with_its_tasks_done(self, changes: dict[str, Any], answer: Answer) -> None:
        tasks = replace(LAWFUL.tasks, **changes)
        assert looked_at(case(tasks=tasks), "R12", Act.CLOSING).answer is answer


class TestR13Deductions:
    @pytest.mark.parametrize(
        ("deduction", "answer"),
        [
            (Deduction(Decimal(500), False, True, date(2025, 1, 1)), ALLOW),
            (Deduction(Decimal(500), False, False, date(2025, 1, 1)), BLOCK),
            (Deduction(Decimal(500), False, True, None), BLOCK),
            (Deduction(Decimal(500), False, True, NOTICE_ON + timedelta(1)), BLOCK),
            (Deduction(Decimal(1600), True, None, None), ALLOW),
            (Deduction(Decimal("1600.01"), True, None, None), BLOCK),
        ],
    )
    def test_unearned_by_a_formula_or_a_fifth_for_a_loss(self, deduction: Deduction, answer: Answer) -> None:
        assert looked_at(case(deductions=(deduction,)), "R13", Act.CLOSING).answer is answer

    def test_the_minimum_wage_stays(self) -> None:
        poor = Wages({"2026-12": Decimal(2600)}, Decimal(2500), WAGES.city_average)
        taken = (Deduction(Decimal(101), True, None, None),)
        assert looked_at(case(deductions=taken, wages=poor), "R13", Act.CLOSING).answer is BLOCK


class TestR14Probation:
    STANDARDS = Policy("Hiring standards", "1", date(2026, 1, 5), date(2026, 1, 5), date(2026, 9, 1))

    def probation(self, **changes: Any) -> CaseFacts:
        given: dict[str, Any] = {
            "ground": Ground.PROBATION,
            "reasons": frozenset({Reason.HIRING_STANDARDS_NOT_MET}),
            "service_start": date(2026, 9, 1),
            "probation_until": date(2026, 12, 31),
            "hiring_standards": self.STANDARDS,
        }
        return case(**(given | changes))

    @pytest.mark.parametrize(
        ("changes", "answer"),
        [
            ({}, ESCALATE),
            ({"hiring_standards": None}, BLOCK),
            ({"hiring_standards": replace(STANDARDS, acknowledged_on=date(2026, 9, 2))}, BLOCK),
            ({"probation_until": LAST_DAY - timedelta(1)}, BLOCK),
            ({"probation_until": None}, BLOCK),
        ],
    )
    def test_standards_agreed_beforehand(self, changes: dict[str, Any], answer: Answer) -> None:
        assert looked_at(self.probation(**changes), "R14").answer is answer

    def test_incompetence_in_probation_escalates(self) -> None:
        assert looked_at(case(probation_until=LAST_DAY), "R14").answer is ESCALATE

    def test_it_asks_for_no_plan_no_thirty_days_and_owes_no_severance(self) -> None:
        facts = self.probation(
            first=None,
            help=None,
            second=None,
            policy=None,
            effective_on=NOTICE_ON,
            wages=None,
            checked_on={Act.EFFECTIVE: NOTICE_ON},
        )
        found = rules.check(facts, Act.EFFECTIVE, NOTICE_ON)
        assert blocking(found) == []


class TestR15AndR16:
    def test_who_asked_for_an_explanation_has_had_it(self) -> None:
        asked = case(explanation_asked_on=date(2026, 10, 1))
        assert looked_at(asked, "R15").answer is BLOCK
        explained = replace(asked, explained_on=date(2026, 10, 2))
        assert looked_at(explained, "R15").answer is ALLOW

    def test_evidence_is_kept_for_two_years(self) -> None:
        assert looked_at(LAWFUL, "R16").values["until"] == date(2028, 12, 2)


def test_where_no_rules_are_known_an_exit_is_refused() -> None:
    with pytest.raises(BadInput, match='no rules of law for "de"'):
        jurisdiction("de")
    check = jurisdiction("cn")
    assert check(LAWFUL, Act.DECISION, DAYS[Act.DECISION])
