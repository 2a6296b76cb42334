"""The Home tab: what stands there for a person, and publishing it when something there has changed.

Slack asks for it when somebody opens it (`bot/listeners/home.py`); a worker publishes it again when what it
tells of has moved on.
"""

from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.blocks.disputes import own_blocks, queue_blocks
from bot.blocks.help import hr_command
from bot.blocks.home import home_with_card, home_with_nothing, home_with_ranking
from bot.blocks.person_file import file_button
from bot.blocks.primitives import Block, Writer, actions, context
from bot.blocks.sources import source_blocks
from bot.delivery.slack_errors import slack_errors
from bot.locale import for_locale
from bot.slack_users import SlackUsers
from domain.access import Viewer, is_operator
from domain.clock import Clock
from domain.closing.card_notes import noted
from domain.disputes.views import disputes_to_answer, marked, own_open
from domain.errors import NotAllowed, NotFound
from domain.people.model import Person, Role
from domain.people.reachability import zone_or_utc
from domain.scoring import views
from domain.scoring.projections import projection_of
from domain.scoring.rankings import RankingView, current_ranking
from domain.scoring.views import ScoreView
from domain.services import Services
from domain.sources.health import Sources, sources_for
from domain.sources.refreshing import note_seen
from domain.viewers import viewer_of
from domain.watch.own_streak import own_streak

LOOKS_AFTER_OTHERS = frozenset({Role.MANAGER, Role.HR})


class HomeTabs:
    """Publishes Home tabs for people who did not ask just now."""

    def __init__(self, client: WebClient, services: Services, users: SlackUsers) -> None:
        self._client = client
        self._services = services
        self._users = users

    def publish(self, person_id: int) -> bool:
        """Draw the person's Home tab as of now; false where Slack does not know the person yet.

        Raises SlackProblem.
        """
        with self._services.database.reading() as session:
            person = session.get_one(Person, person_id)
        if person.slack_id is None:
            return False
        user = self._users.find(person.slack_id)
        with self._services.database.reading() as session:
            viewer = viewer_of(session, self._services.clock, person, user.locale, user.time_zone)
        with slack_errors():
            writer = Writer(for_locale(viewer.locale))
            publish_home(self._services, self._client, person.slack_id, viewer, writer)
        return True


def publish_home(
    services: Services, client: WebClient, slack_id: str, viewer: Viewer, writer: Writer, page: int = 1
) -> None:
    """`page`: of the longest list that stands there.

    Whoever sees there that a source is being read is noted, and sees it again when it has been. What ended
    before that was noted is drawn once more.
    """
    for _ in range(2):
        with services.database.reading() as session:
            sources = sources_for(session, services.clock, viewer) if is_operator(viewer) else None
            view = _draw(session, services, viewer, writer, page, sources)
        client.views_publish(user_id=slack_id, view=view)
        if sources is None or not sources.pulls:
            return
        with services.database.writing() as session:
            if note_seen(session, sources.pulls, viewer.person_id):
                return


def _draw(
    session: Session, services: Services, viewer: Viewer, writer: Writer, page: int, sources: Sources | None
) -> Block:
    """`sources`: of those who run the system."""
    names, clock, runs_system = services.settings.commands, services.clock, sources is not None
    more = [] if sources is None else source_blocks(writer, zone_or_utc(viewer.time_zone), sources)
    more += queue_blocks(writer, disputes_to_answer(session, clock, viewer))
    more += own_blocks(writer, own_open(session, viewer))
    more += [actions(file_button(writer, viewer.person_id, is_own=True))]
    if viewer.role is Role.HR and viewer.employed:
        more.append(context(hr_command(writer, names)))
    if (card := _own_card(session, clock, viewer)) is not None:
        streak, projection = own_streak(session, viewer), projection_of(session, card.card)
        return home_with_card(
            writer, names, viewer.name, card, streak, projection, more, is_operator=runs_system
        )
    if (unit := _own_unit(session, clock, viewer)) is not None:
        return home_with_ranking(writer, names, viewer.name, unit, page, more)
    return home_with_nothing(writer, names, viewer.name, more, is_operator=runs_system)


def _own_card(session: Session, clock: Clock, viewer: Viewer) -> ScoreView | None:
    try:
        return marked(session, noted(session, views.my_score(session, viewer, clock)))
    except NotFound:
        return None


def _own_unit(session: Session, clock: Clock, viewer: Viewer) -> RankingView | None:
    if viewer.role not in LOOKS_AFTER_OTHERS:
        return None
    try:
        return current_ranking(session, viewer, views.company_day(viewer, clock))
    except (NotFound, NotAllowed):
        return None
