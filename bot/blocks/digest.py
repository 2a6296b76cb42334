"""The managers' digest: one team at a glance, or several in short, and the alerts that are open."""

from collections.abc import Iterator
from decimal import Decimal

from bot.blocks.actions import TEAM_OPEN, TeamRef
from bot.blocks.primitives import (
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
    section,
    sections,
)
from bot.blocks.team import at_a_glance, attainment, team_name, title
from bot.blocks.weekly import switch_off
from domain.scoring.led_teams import Team
from domain.scoring.teams import TeamView
from domain.watch.open_alerts import OpenAlert
from domain.weekly.digests import Digest, LargeTeam

ALERTS_SHOWN = 10
TEAMS_SHOWN = 20


def digest(writer: Writer, view: Digest) -> Message:
    heading = writer.text("Your digest for {week}", week=view.week)
    blocks = [section(bold(heading)), divider()]
    if _is_of_one(view):
        blocks += at_a_glance(writer, view.teams[0])
    else:
        blocks += _in_short(writer, view)
    blocks += [divider(), *_alerts(writer, view)]
    if _is_of_one(view):
        blocks.append(actions(_open(writer, view.teams[0].team)))
    note = writer.text("It shows the people whose cards you may see.")
    blocks.append(context(join([note, switch_off(writer)], " ")))
    return message(writer, join([heading, *_leading(writer, view)], " · "), blocks)


def _is_of_one(view: Digest) -> bool:
    return len(view.teams) == 1 and not view.large_teams


def _in_short(writer: Writer, view: Digest) -> list[Block]:
    found = [_team(writer, one) for one in view.teams]
    for large in view.large_teams:
        found += _large_team(writer, large)
    rows = found[:TEAMS_SHOWN]
    if left := len(found) - len(rows):
        rows.append(context(writer.plural("{n} more unit", "{n} more units", left)))
    return rows


def _team(writer: Writer, view: TeamView) -> Block:
    return section(
        bold(title(writer, view.team, view.shown.period)),
        *_first_attainment(writer, view),
        _at_risk(writer, view),
        button=_open(writer, view.team),
    )


def _large_team(writer: Writer, large: LargeTeam) -> Iterator[Block]:
    too_many = writer.text(
        "These are {people} people, too many to show at once: choose a unit below.",
        people=Decimal(large.people),
    )
    yield section(bold(team_name(writer, large.team)), too_many)
    for team in large.below:
        yield section(bold(team_name(writer, team)), button=_open(writer, team))


def _leading(writer: Writer, view: Digest) -> Iterator[Mrkdwn]:
    """For notifications and screen readers."""
    if _is_of_one(view):
        yield from _first_attainment(writer, view.teams[0])
    if view.teams:
        yield writer.text("at risk: {count}", count=sum(len(one.at_risk) for one in view.teams))


def _first_attainment(writer: Writer, view: TeamView) -> Iterator[Mrkdwn]:
    """Of the indicator that decides about misses."""
    yield from (attainment(writer, one, view.shown.running) for one in view.shown.attainments[:1])


def _at_risk(writer: Writer, view: TeamView) -> Mrkdwn:
    if not view.at_risk:
        return writer.text("*At risk:* nobody.")
    return writer.text(
        "*At risk: {count} of {people}*", count=len(view.at_risk), people=view.shown.headcount.people
    )


def _alerts(writer: Writer, view: Digest) -> list[Block]:
    if not view.open_alerts:
        return [section(writer.text("*Open alerts:* none."))]
    shown = view.open_alerts[:ALERTS_SHOWN]
    lines = [writer.text("*Open alerts:* nobody has acted on these yet.")]
    lines += [_alert(writer, one) for one in shown]
    if left := len(view.open_alerts) - len(shown):
        lines.append(writer.plural("{n} more alert", "{n} more alerts", left))
    return sections(lines)


def _alert(writer: Writer, alert: OpenAlert) -> Mrkdwn:
    return writer.text(
        "• {person} ({employee_id}): {count} missed months in a row, the last one {month}",
        person=alert.name,
        employee_id=alert.employee_id,
        count=alert.length,
        month=alert.month,
    )


def _open(writer: Writer, team: Team) -> Block:
    return button(writer.language.text("Open the team"), TEAM_OPEN, str(TeamRef(team.unit_id, None)))
