"""/team, and what its buttons lead to: other units and periods, lists, cards, charts."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import actions
from bot.blocks.actions import CardRef, TeamRef
from bot.blocks.answers import as_modal, refusal
from bot.blocks.help import help_message, no_team
from bot.blocks.history import charts_are_coming
from bot.blocks.paging import PageRef, turning
from bot.blocks.primitives import Block, Message, Writer
from bot.blocks.team import choose_team, team
from bot.blocks.team_lists import card_window, people_window, risks_window
from bot.context import Asker
from bot.listeners.answering import (
    answer_below,
    answer_command,
    asks_for_help,
    open_window,
    pressed_value,
    replace_message,
    replace_window,
    typed,
)
from bot.listeners.arguments import SeveralUnits, parse_unit_and_period
from domain.closing.card_notes import noted
from domain.disputes.views import disputes_to_answer
from domain.people import service as people
from domain.periods import Period, PeriodKind
from domain.scoring import views
from domain.scoring.chart_requests import TEAM_CHARTS, ChartRequest, ask_for_chart
from domain.scoring.led_teams import teams_in_sight, teams_of
from domain.scoring.teams import ChooseTeam, TeamView, team_view
from domain.settings import CommandNames

MOST_PEOPLE = 3000
"""Their cards are read within the three seconds that Slack waits."""

Window = Callable[[Writer, TeamView, int], Block]


def register(app: App, names: CommandNames) -> None:
    app.command(names.team)(show_team)
    app.action(actions.TEAM_OPEN)(open_team)
    app.action(actions.TEAM_UNIT)(show_another)
    app.action(actions.TEAM_EARLIER)(show_another)
    app.action(actions.TEAM_LATER)(show_another)
    app.action(actions.TEAM_PEOPLE)(_opens(people_window))
    app.action(turning(actions.TEAM_PEOPLE_PAGE))(_turns(people_window))
    app.action(actions.TEAM_RISKS)(_opens(risks_window))
    app.action(turning(actions.TEAM_RISKS_PAGE))(_turns(risks_window))
    app.action(actions.OPEN_CARD)(open_card)
    app.action(actions.TEAM_CHARTS)(send_charts)


def show_team(ack: Ack, command: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    text = typed(command)
    if asks_for_help(text):
        answer_command(ack, help_message(asker.writer, asker.names, asker.names.team))
        return
    with asker.services.database.reading() as session:
        answer = _answer(session, asker, text)
    answer_command(ack, answer)


def open_team(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """From the digest, which stays as it is."""
    answer_below(body, _pressed_team(body, context["asker"]))
    ack()


def show_another(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Another unit or period, in the place of the one that is shown."""
    replace_message(body, _pressed_team(body, context["asker"]))
    ack()


def open_card(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    card = CardRef.parse(pressed_value(body))
    with asker.services.database.reading() as session:
        view = views.my_score(session, asker.viewer, asker.services.clock, card.period, card.person_id)
        view = noted(session, view)
    open_window(asker.slack, body, card_window(asker.writer, view))
    ack()


def send_charts(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Three pictures, each a message of its own."""
    asker: Asker = context["asker"]
    ref = TeamRef.parse(pressed_value(body))
    view = _look(asker, ref)  # refuses who may not see it
    clock, viewer = asker.services.clock, asker.viewer
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            for chart in TEAM_CHARTS:
                request = ChartRequest(chart, viewer.person_id, view.shown.period.key, unit_id=ref.unit_id)
                ask_for_chart(session, clock, request, asker.correlation_id)
    writer = asker.writer
    open_window(asker.slack, body, as_modal(writer, refusal(writer, charts_are_coming(writer))))
    ack()


def _opens(window: Window) -> Callable[..., None]:
    def open_list(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        asker: Asker = context["asker"]
        view = _look(asker, TeamRef.parse(pressed_value(body)))
        open_window(asker.slack, body, window(asker.writer, view, 1))
        ack()

    return open_list


def _turns(window: Window) -> Callable[..., None]:
    def turn_page(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        asker: Asker = context["asker"]
        page = PageRef.parse(pressed_value(body))
        view = _look(asker, TeamRef.parse(page.of))
        replace_window(asker.slack, body, window(asker.writer, view, page.number))
        ack()

    return turn_page


def _pressed_team(body: dict[str, Any], asker: Asker) -> Message:
    """The team that the pressed button names."""
    ref = TeamRef.parse(pressed_value(body))
    with asker.services.database.reading() as session:
        return _team(session, asker, ref.unit_id, ref.period)


def _look(asker: Asker, ref: TeamRef) -> TeamView:
    with asker.services.database.reading() as session:
        return team_view(
            session, asker.services.clock, asker.viewer, ref.unit_id, ref.period, at_most=MOST_PEOPLE
        )


def _answer(session: Session, asker: Asker, text: str) -> Message:
    """Of those who lead nobody, nobody's unit is looked up."""
    today = views.company_day(asker.viewer, asker.services.clock)
    this_month = Period.containing(PeriodKind.MONTH, today)
    if not teams_of(session, asker.viewer, this_month):
        return no_team(asker.writer, asker.names)
    try:
        asked = parse_unit_and_period(text, people.unit_tree(session), today)
    except SeveralUnits as several:
        return _one_of(session, asker, several, this_month)
    return _team(session, asker, asked.unit.id if asked.unit else None, asked.period)


def _one_of(session: Session, asker: Asker, several: SeveralUnits, this_month: Period) -> Message:
    """Those of that name that the viewer leads: the one itself, or a choice of them."""
    ids = {unit.id for unit in several.units}
    in_sight = teams_in_sight(session, asker.viewer, several.period or this_month)
    fitting = [one for one in in_sight if one.unit_id in ids]
    if not fitting:
        raise several
    if len(fitting) == 1:
        return _team(session, asker, fitting[0].unit_id, several.period)
    sentence = asker.writer.text("Several of your units have this name: choose one.")
    return choose_team(asker.writer, fitting, several.period, sentence)


def _team(session: Session, asker: Asker, unit_id: int | None, period: Period | None) -> Message:
    clock, viewer, writer = asker.services.clock, asker.viewer, asker.writer
    try:
        view = team_view(session, clock, viewer, unit_id, period, at_most=MOST_PEOPLE)
    except ChooseTeam as choice:
        return choose_team(writer, choice.teams, period, writer.refusal(choice))
    waiting = len(disputes_to_answer(session, clock, viewer))
    return team(writer, view, teams_in_sight(session, viewer, view.shown.period), waiting)
