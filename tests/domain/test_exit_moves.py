"""An exit moves step by step, past no rule that blocks, and by four eyes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.exits.cn import rules
from domain.exits.rules_findings import Act, Answer, Finding
from domain.exits.rules_moves import (
    FINAL,
    Approval,
    NotAMove,
    State,
    act_before,
    digest_of,
    move,
    next_state,
    unapproved,
)
from tests.domain.exit_facts import DAYS, case

OPENER, APPROVER = "H1", "H2"
WHOLE = Approval("", "", APPROVER)
WELL = [Finding("R1", Answer.ALLOW, "Well.", {})]


def escalating(why: str = "Many at once.") -> Finding:
    return Finding("R11", Answer.ESCALATE, why, {})


def approval(finding: Finding, by: str = APPROVER) -> Approval:
    return Approval(finding.rule, digest_of(finding), by)


def test_the_whole_way() -> None:
    # given
    state, way = State.DRAFT, [State.DRAFT]
    # when
    while (to := next_state(state)) is not None:
        state = move(state, to, WELL, [WHOLE], OPENER)
        way.append(state)
    # then
    assert " ".join(way) == "draft checks union conversation notice handover closed"


@pytest.mark.parametrize("state", [state for state in State if state not in FINAL])
def test_a_case_may_be_withdrawn_at_any_time(state: State) -> None:
    assert move(state, State.WITHDRAWN, [], [], OPENER) is State.WITHDRAWN


@pytest.mark.parametrize("state", sorted(FINAL))
@pytest.mark.parametrize("to", State)
def test_what_is_over_does_not_move(state: State, to: State) -> None:
    with pytest.raises(NotAMove, match="does not move any more"):
        move(state, to, WELL, [WHOLE], OPENER)


def test_an_opener_is_no_approver() -> None:
    with pytest.raises(NotAMove, match="did not open it"):
        move(State.CHECKS, State.UNION, WELL, [replace(WHOLE, by=OPENER)], OPENER)
    many = escalating()
    with pytest.raises(NotAMove, match="escalated: R11"):
        move(State.CHECKS, State.UNION, [many], [WHOLE, approval(many, by=OPENER)], OPENER)


def test_what_was_approved_is_what_the_rule_said_then() -> None:
    # given: five of fifty were approved, and a sixth came
    five, six = escalating("5 of 50"), escalating("6 of 50")
    # then
    assert unapproved([five], [approval(five)], OPENER) == []
    with pytest.raises(NotAMove, match="escalated: R11"):
        move(State.CONVERSATION, State.NOTICE, [six], [WHOLE, approval(five)], OPENER)


def test_no_finding_is_no_leave() -> None:
    with pytest.raises(NotAMove, match="No rule of law"):
        move(State.CHECKS, State.UNION, [], [WHOLE], OPENER)


FINDINGS = st.lists(
    st.builds(
        Finding,
        rule=st.sampled_from(["R1", "R6", "R11"]),
        answer=st.sampled_from(Answer),
        why=st.just(""),
        values=st.just({}),
    ),
    max_size=4,
)


@given(steps=st.lists(st.tuples(st.sampled_from(State), FINDINGS, st.booleans(), st.booleans()), max_size=40))
def test_no_sequence_skips_a_state_or_passes_a_block(
    steps: list[tuple[State, list[Finding], bool, bool]],
) -> None:
    state = State.DRAFT
    for to, findings, approved, by_opener in steps:
        by = OPENER if by_opener else APPROVER
        approvals = [Approval("", "", by), *(approval(one, by) for one in findings)] if approved else []
        before = state
        try:
            state = move(state, to, findings, approvals, OPENER)
        except NotAMove:
            continue
        if state is State.WITHDRAWN:
            assert before not in FINAL
            continue
        assert state is next_state(before)
        if act_before(state) is not None:
            assert findings
            assert Answer.BLOCK not in {one.answer for one in findings}
            assert approved
            assert not by_opener


def test_five_of_fifty_need_an_approver_and_no_more() -> None:
    # given
    five = case(other_exits=(case().effective_on,) * 4, headcount=50)
    findings = rules.check(five, Act.DECISION, DAYS[Act.DECISION])
    # when
    [many] = unapproved(findings, [WHOLE], OPENER)
    # then
    assert many.rule == "R11"
    approvals = [WHOLE, approval(many)]
    assert move(State.CHECKS, State.UNION, findings, approvals, OPENER) is State.UNION
