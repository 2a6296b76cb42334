"""The windows that /team opens: everybody, those at risk, and one person's card."""

from collections.abc import Iterator

from bot.blocks import wording
from bot.blocks.actions import TEAM_PEOPLE_PAGE, TEAM_RISKS_PAGE, TeamRef
from bot.blocks.paging import ROWS_WITH_BUTTONS, page_buttons, page_of
from bot.blocks.primitives import Block, Mrkdwn, Writer, bold, context, join, modal, section
from bot.blocks.score import score_blocks
from bot.blocks.team import card_button, member_name, risk_row, title
from domain.scoring.rules_cards import CardStatus, Miss
from domain.scoring.rules_teams import Member
from domain.scoring.teams import TeamView
from domain.scoring.views import ScoreView


def people_window(writer: Writer, view: TeamView, page_number: int = 1) -> Block:
    """A page of everybody with a card, by place; each row leads to the card."""
    shown = view.shown
    page = page_of(shown.members, page_number, ROWS_WITH_BUTTONS)
    rows = [
        section(
            *_member(writer, member, view),
            button=card_button(writer, member.person_id, shown.period),
        )
        for member in page.items
    ]
    here = str(TeamRef(view.team.unit_id, shown.period))
    heading = section(bold(title(writer, view.team, shown.period)))
    turns = page_buttons(writer, page, TEAM_PEOPLE_PAGE, here)
    return modal(writer, writer.language.text("People"), [heading, *rows, *turns])


def risks_window(writer: Writer, view: TeamView, page_number: int = 1) -> Block:
    """A page of those at risk, the most urgent first."""
    shown = view.shown
    page = page_of(view.at_risk, page_number, ROWS_WITH_BUTTONS)
    rows = [risk_row(writer, one, view) for one in page.items]
    here = str(TeamRef(view.team.unit_id, shown.period))
    heading = section(bold(title(writer, view.team, shown.period)))
    if not rows:
        rows = [section(writer.text("Nobody is at risk."))]
    note = context(
        writer.text(
            "Whose next miss brings an alert comes first. Nobody stands here for a leave, for the ramp after "
            "hiring, or for data that nobody reported."
        )
    )
    turns = page_buttons(writer, page, TEAM_RISKS_PAGE, here)
    return modal(writer, writer.language.text("At risk"), [heading, *rows, *turns, note])


def card_window(writer: Writer, view: ScoreView) -> Block:
    """Somebody else's card, as its owner sees it."""
    person = view.card.person
    name = bold(writer.text("{person} ({employee_id})", person=person.name, employee_id=person.employee_id))
    return modal(
        writer, writer.language.text("Card"), [section(name), *score_blocks(writer, view, streak=None)]
    )


def _member(writer: Writer, member: Member, view: TeamView) -> Iterator[Mrkdwn]:
    place = [] if member.rank is None else [f"{writer.language.number(member.rank)}."]
    yield join([*place, member_name(writer, member, view.team)], " ")
    yield join([*_results(writer, member, view.shown.running), *_circumstances(writer, member)], " · ")


def _results(writer: Writer, member: Member, running: bool) -> Iterator[Mrkdwn]:
    if member.score is None:
        yield writer.text("no score")
    elif running:
        yield writer.text("score so far {score}", score=member.score)
    else:
        yield writer.text("score {score}, tier {tier}", score=member.score, tier=member.tier or "–")
    indicator = member.plan.miss.indicator
    if member.attainment is not None:
        as_share = member.plan.indicator(indicator).reads_as_share
        write = writer.language.percent if as_share else writer.language.number
        yield writer.text(
            "{indicator} {reading}", indicator=writer.label(indicator), reading=write(member.attainment)
        )


def _circumstances(writer: Writer, member: Member) -> Iterator[Mrkdwn]:
    if member.miss is Miss.MISS:
        yield writer.text("missed")
    if member.missing:
        missing = wording.listed_names(writer, member.missing)
        yield writer.text("data incomplete: {measures}", measures=missing)
    elif member.status is CardStatus.NOT_ASSESSED:
        yield writer.text("not assessed")
    if member.in_ramp:
        yield writer.text("in the ramp after hiring")
    if member.on_leave:
        yield writer.text("on leave")
    if not member.employed:
        yield writer.text("has left")
