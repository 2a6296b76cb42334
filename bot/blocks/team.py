"""The answer to /team: a team at a glance, and the buttons that lead on."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.blocks import risks
from bot.blocks.actions import (
    OPEN_CARD,
    TEAM_CHARTS,
    TEAM_EARLIER,
    TEAM_LATER,
    TEAM_PEOPLE,
    TEAM_RISKS,
    TEAM_UNIT,
    CardRef,
    TeamRef,
)
from bot.blocks.disputes import queue_line
from bot.blocks.primitives import (
    OPTION_TEXT,
    OPTIONS,
    Block,
    Message,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    divider,
    join,
    message,
    mrkdwn,
    section,
    sections,
    select,
)
from bot.blocks.wording import listed_names
from domain.errors import N_
from domain.periods import Period
from domain.scoring.led_teams import Team
from domain.scoring.rules_risks import AtRisk
from domain.scoring.rules_teams import Attainment, Base, Member, MovedBy, Mover, Movers, TierSpread
from domain.scoring.teams import Subteam, TeamPeriod, TeamView

RISKS_AT_A_GLANCE = 5
SUBTEAMS_AT_A_GLANCE = 12


def team(writer: Writer, view: TeamView, others: Sequence[Team] = (), disputes: int = 0) -> Message:
    """`others`: the teams that the viewer may turn to. `disputes`: how many wait for the viewer's answer."""
    blocks = [*at_a_glance(writer, view), *queue_line(writer, disputes)]
    blocks += [actions(*_buttons(writer, view)), *_choice(writer, view.shown.period, view.team, others)]
    blocks.append(context(_small_print(writer, view, others)))
    return message(writer, _in_short(writer, view), blocks)


def at_a_glance(writer: Writer, view: TeamView) -> list[Block]:
    blocks = [section(bold(title(writer, view.team, view.shown.period)), *_certainty(writer, view.shown))]
    blocks += [section(*(attainment(writer, one, view.shown.running) for one in view.shown.attainments))]
    blocks += [context(_headcount(writer, view.shown), *_missing(writer, view.shown))]
    blocks += _tiers(writer, view)
    blocks += [divider(), *_at_risk(writer, view)]
    if view.movers is not None and (view.movers.up or view.movers.down):
        blocks += [divider(), *_movers(writer, view.movers)]
    if view.subteams:
        blocks += [divider(), *_subteams(writer, view)]
    return blocks


def choose_team(writer: Writer, teams: Sequence[Team], period: Period | None, sentence: Mrkdwn) -> Message:
    """For those who lead several units, or typed a name that several units have; `period` as it was typed."""
    blocks = [section(sentence), *_choice(writer, period, None, teams)]
    if len(teams) > OPTIONS:
        blocks.append(context(_list_is_cut(writer)))
    return message(writer, sentence, blocks)


def title(writer: Writer, of: Team, period: Period) -> Mrkdwn:
    return writer.text("{unit}, {period}", unit=team_name(writer, of), period=period)


def team_name(writer: Writer, of: Team) -> Mrkdwn:
    return mrkdwn(of.name) if of.path else writer.text("Your reports")


def attainment(writer: Writer, one: Attainment, running: bool) -> Mrkdwn:
    """A team's result in one indicator, and what it is held against."""
    return join([bold(writer.label(one.indicator)), _result(writer, one, running)], " ")


def _result(writer: Writer, one: Attainment, running: bool) -> Mrkdwn:
    if one.reading is None:
        return _no_result(writer, one)
    shown = {"reading": _reading(writer, one, one.reading), "actual": one.actual, "base": one.base}
    match one.base_is:
        case Base.DENOMINATOR:
            return writer.text("{reading} ({actual} ÷ {base})", **shown)
        case Base.UNIT_TARGET if running:
            return writer.text("{reading} of the unit's pace ({actual} of {base} due by now)", **shown)
        case Base.UNIT_TARGET:
            return writer.text("{reading} of the unit's target ({actual} of {base})", **shown)
        case Base.PEOPLE_TARGETS if running:
            return writer.text("{reading} of the pace ({actual} of {base} due by now)", **shown)
        case Base.PEOPLE_TARGETS:
            return writer.text("{reading} of the people's targets ({actual} of {base})", **shown)


def _reading(writer: Writer, one: Attainment, reading: Decimal) -> str:
    return writer.language.percent(reading) if one.reads_as_share else writer.language.number(reading)


def _no_result(writer: Writer, one: Attainment) -> Mrkdwn:
    if not one.people:
        return writer.text("nobody has a target")
    if one.actual is None:
        return writer.text("unknown, not reported for every day")
    if one.base_is is Base.DENOMINATOR:
        return writer.text("not assessed")
    return writer.text("not assessed, the target is 0")


def _certainty(writer: Writer, shown: TeamPeriod) -> Iterator[Mrkdwn]:
    if shown.running and shown.as_of_day is None:
        yield writer.text("Nothing is known of this period yet.")
    elif shown.running:
        yield writer.text("So far, from data up to {day}.", day=shown.as_of_day)
    elif shown.locked:
        yield writer.text("Locked.")
    else:
        yield writer.text("Provisional until HR locks the period.")


def _headcount(writer: Writer, shown: TeamPeriod) -> Mrkdwn:
    count = shown.headcount
    parts = [writer.plural("{n} person", "{n} people", count.people)]
    for people, sentence in (
        (count.ranked, N_("{count} ranked")),
        (count.on_leave, N_("{count} on leave")),
        (count.in_ramp, N_("{count} in the ramp after hiring")),
        (count.not_assessed, N_("{count} not assessed")),
        (count.incomplete, N_("{count} with incomplete data")),
    ):
        if people:
            parts.append(writer.text(sentence, count=writer.language.number(people)))
    return join(parts, " · ")


def _missing(writer: Writer, shown: TeamPeriod) -> Iterator[Mrkdwn]:
    if shown.missing:
        yield writer.text(
            "Not reported for every day: {measures}. Unknown is not zero: who needs it has no score.",
            measures=listed_names(writer, shown.missing),
        )


def _tiers(writer: Writer, view: TeamView) -> list[Block]:
    """Of the period shown; while that runs, of the last closed one, in short."""
    closed = view.beside or view.shown
    lines = [_spread(writer, spread, len(closed.tiers) > 1) for spread in closed.tiers]
    if not lines:
        return []
    if view.beside is not None:
        leading = [attainment(writer, one, running=False) for one in closed.attainments if one.decides_misses]
        lines = [bold(writer.language.period(closed.period)), *leading, *lines]
    if any(tier.change for spread in closed.tiers for tier in spread.tiers):
        since = writer.text("In brackets: the change since {period}.", period=closed.period.previous())
        return [section(*lines), context(since)]
    return [section(*lines)]


def _spread(writer: Writer, spread: TierSpread, name_plan: bool) -> Mrkdwn:
    """Tiers S 0, A 2 (+1), B 3 (-1)"""
    number = writer.language.number
    counts = []
    for tier in spread.tiers:
        change = f" ({writer.language.change(tier.change)})" if tier.change else ""
        counts.append(f"{tier.tier} {number(tier.people)}{change}")
    listed = join(counts, " · ")
    if name_plan:
        return writer.text("*Tiers, {plan}:* {counts}", plan=spread.plan_name, counts=listed)
    return writer.text("*Tiers:* {counts}", counts=listed)


def _at_risk(writer: Writer, view: TeamView) -> list[Block]:
    if not view.at_risk:
        return [section(writer.text("*At risk:* nobody."))]
    heading = writer.text(
        "*At risk: {count} of {people}*", count=len(view.at_risk), people=view.shown.headcount.people
    )
    rows = [risk_row(writer, one, view) for one in view.at_risk[:RISKS_AT_A_GLANCE]]
    left = len(view.at_risk) - len(rows)
    more = [context(writer.plural("{n} more in the list.", "{n} more in the list.", left))] if left else []
    return [section(heading), *rows, *more]


def risk_row(writer: Writer, risk: AtRisk, view: TeamView) -> Block:
    period, member = view.shown.period, risk.member
    lines = [join(["•", line], " ") for line in risks.reasons(writer, risk, period)]
    card = card_button(writer, member.person_id, period)
    return section(member_name(writer, member, view.team), *lines, button=card)


def member_name(writer: Writer, member: Member, of: Team) -> Mrkdwn:
    """With the employee id, which tells namesakes apart, and the unit where it is another than the team's."""
    name = bold(writer.text("{person} ({employee_id})", person=member.name, employee_id=member.employee_id))
    return name if member.unit_id == of.unit_id else join([name, member.unit_name], " ")


def card_button(writer: Writer, person_id: int, period: Period) -> Block:
    return button(writer.language.text("Card"), OPEN_CARD, str(CardRef(person_id, period)))


def _movers(writer: Writer, found: Movers) -> list[Block]:
    if found.by is MovedBy.PACE:
        heading = writer.text("*Movers:* the pace now beside the result of {period}", period=found.since)
    else:
        heading = writer.text("*Movers* since {period}", period=found.since)
    return sections([heading, *(_mover(writer, one, found.by) for one in (*found.up, *found.down))])


def _mover(writer: Writer, one: Mover, by: MovedBy) -> Mrkdwn:
    shown = {"person": one.member.name, "employee_id": one.member.employee_id}
    arrow = "▲" if one.change > 0 else "▼"
    if by is MovedBy.PACE:
        change = writer.text(
            "{person} ({employee_id}): {change} percentage points, to {now}",
            change=writer.language.change(one.change * 100, 1),
            now=writer.language.percent(one.now),
            **shown,
        )
    else:
        change = writer.text(
            "{person} ({employee_id}): {change} points, to {now}",
            change=writer.language.change(one.change),
            now=one.now,
            **shown,
        )
    if one.places_up:
        change = writer.text("{change}, {places}", change=change, places=_places(writer, one.places_up))
    return join([arrow, change], " ")


def _places(writer: Writer, up: int) -> Mrkdwn:
    if up > 0:
        return writer.plural("{n} place up", "{n} places up", up)
    return writer.plural("{n} place down", "{n} places down", -up)


def _subteams(writer: Writer, view: TeamView) -> list[Block]:
    shown = view.subteams[:SUBTEAMS_AT_A_GLANCE]
    lines = [_subteam(writer, one) for one in shown]
    if left := len(view.subteams) - len(shown):
        lines.append(writer.plural("{n} more unit", "{n} more units", left))
    return sections([bold(writer.text("Units")), *lines])


def _subteam(writer: Writer, one: Subteam) -> Mrkdwn:
    facts = [writer.plural("{n} person", "{n} people", one.people)]
    if one.attainment is not None and one.attainment.reading is not None:
        facts.insert(0, mrkdwn(_reading(writer, one.attainment, one.attainment.reading)))
    if one.at_risk:
        facts.append(writer.text("{count} at risk", count=writer.language.number(one.at_risk)))
    return join([bold(one.team.name), join(facts, " · ")], " ")


def _buttons(writer: Writer, view: TeamView) -> list[Block]:
    here = str(TeamRef(view.team.unit_id, view.shown.period))
    text = writer.language.text
    buttons = [button(text("People"), TEAM_PEOPLE, here)]
    if view.at_risk:
        count = writer.language.number(len(view.at_risk))
        buttons.append(button(text("At risk ({count})", count=count), TEAM_RISKS, here))
    buttons.append(button(text("Charts"), TEAM_CHARTS, here))
    if view.earlier is not None:
        there = str(TeamRef(view.team.unit_id, view.earlier))
        buttons.append(button(f"← {writer.language.period(view.earlier)}", TEAM_EARLIER, there))
    if view.later is not None:
        there = str(TeamRef(view.team.unit_id, view.later))
        buttons.append(button(f"{writer.language.period(view.later)} →", TEAM_LATER, there))
    return buttons


def _choice(writer: Writer, period: Period | None, shown: Team | None, teams: Sequence[Team]) -> list[Block]:
    options = [
        (_tail(one.path) or writer.language.text("Your reports"), str(TeamRef(one.unit_id, period)))
        for one in teams
        if one != shown
    ]
    if not options:
        return []
    return [actions(select(writer.language.text("Choose a unit"), TEAM_UNIT, options))]


def _tail(path: str) -> str:
    """As much of the end of a path as an option shows: there the names differ."""
    return path if len(path) <= OPTION_TEXT else f"…{path[1 - OPTION_TEXT :]}"


def _small_print(writer: Writer, view: TeamView, others: Sequence[Team]) -> Mrkdwn:
    note = writer.text("Only you see this. It shows the people whose cards you may see.")
    parts = [view.team.path, note] if view.team.path else [note]
    if len(others) > OPTIONS:
        parts.append(_list_is_cut(writer))
    return join(parts, " · ")


def _list_is_cut(writer: Writer) -> Mrkdwn:
    return writer.text("The list of units is cut: type the name of one behind the command.")


def _in_short(writer: Writer, view: TeamView) -> Mrkdwn:
    """For notifications and screen readers."""
    heading = title(writer, view.team, view.shown.period)
    leading = [attainment(writer, one, view.shown.running) for one in view.shown.attainments[:1]]
    at_risk = writer.text("at risk: {count}", count=len(view.at_risk))
    return join([heading, *leading, at_risk], " · ")
