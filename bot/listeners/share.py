"""*Share*: the form, the preview, the confirmation; and *Withdraw* on what was shared."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import actions
from bot.blocks.actions import CardRef, out_of_date
from bot.blocks.inputs import given
from bot.blocks.primitives import Writer
from bot.blocks.share import (
    CHANNEL,
    COLLEAGUE,
    PARTS,
    SHARE_FORM,
    SHARE_PREVIEW,
    ShareRef,
    share_form,
    share_preview,
    shared,
    withdrawn_window,
)
from bot.context import Asker
from bot.delivery.privacy import SharedWithOthers, channel_to_share_in
from bot.delivery.slack_errors import ConversationClosed, SlackProblem
from bot.listeners.answering import how_to_go_on, open_window, pressed_value
from bot.locale import for_locale
from bot.slack_users import SlackUsers
from domain.errors import N_, BadInput
from domain.people import service as people
from domain.people.identity import person_by_email, person_by_slack_id
from domain.people.model import Person
from domain.scoring import sharing
from domain.scoring.sharing import Choice, Destination, Part, as_it_is, own_card
from domain.viewers import viewer_of

log = structlog.get_logger()


class NoAudience(BadInput):
    """Nothing can be shared there; `field` of the form says where."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Audience:
    """Who would read a card, and how."""

    destination: Destination
    name: str
    """As the owner calls it."""
    readers: Writer
    """In the language it is read in there."""


class Sharing:
    """Listeners that look colleagues up among Slack's users."""

    def __init__(self, users: SlackUsers) -> None:
        self._users = users

    def preview(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        asker: Asker = context["asker"]
        view = body["view"]
        card = CardRef.parse(view["private_metadata"])
        chosen = [part for part in given(view, PARTS) or () if part in set(Part)]
        if not chosen:
            ack(response_action="errors", errors={PARTS: asker.writer.language.text("Choose what to show.")})
            return
        channel, colleague = given(view, CHANNEL), given(view, COLLEAGUE)
        with asker.services.database.reading() as session:
            shown = as_it_is(session, asker.viewer, asker.services.clock, _choice(asker, card, chosen))
        try:
            audience = self._audience(asker, channel, colleague)
        except NoAudience as none:
            ack(response_action="errors", errors={none.field: asker.writer.language.refusal(none)})
            return
        ref = ShareRef(card, tuple(chosen), shown.digest, channel, colleague)
        ack(
            response_action=how_to_go_on(body),
            view=share_preview(asker.writer, ref, shown, audience.name, audience.readers),
        )

    def confirm(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        asker: Asker = context["asker"]
        ref = ShareRef.parse(body["view"]["private_metadata"])
        audience = self._audience(asker, ref.channel, ref.colleague)
        with asker.services.database.writing() as session:
            shown = sharing.share(
                session,
                asker.services.clock,
                asker.viewer,
                _choice(asker, ref.card, ref.parts),
                ref.digest,
                audience.destination,
                once=f"{body['view']['id']}:{ref.digest}",
                correlation_id=asker.correlation_id,
            )
        if shown.digest == ref.digest:
            ack(response_action="update", view=shared(asker.writer, audience.name))
            return
        again = ShareRef(ref.card, ref.parts, shown.digest, ref.channel, ref.colleague)
        view = share_preview(asker.writer, again, shown, audience.name, audience.readers, changed=True)
        ack(response_action="update", view=view)

    def _audience(self, asker: Asker, channel: str | None, colleague: str | None) -> Audience:
        """Raises NoAudience."""
        if channel and colleague:
            raise NoAudience(N_("Choose a channel or a colleague, not both."), COLLEAGUE)
        if channel:
            return _channel(asker, channel)
        if colleague:
            return self._colleague(asker, colleague)
        raise NoAudience(N_("Choose where to share it."), CHANNEL)

    def _colleague(self, asker: Asker, slack_id: str) -> Audience:
        """Raises NoAudience; SlackClientError or OSError where Slack does not say who it is."""
        user = self._users.find(slack_id)
        with asker.services.database.reading() as session:
            person = person_by_slack_id(session, slack_id) or person_by_email(session, user.email)
            if person is None and user.silence is not None:
                raise user.silence
            if person is None or user.is_bot or not _works_here(session, asker, person):
                raise NoAudience(
                    N_("I can write to colleagues in our records only: choose another one."), COLLEAGUE
                )
            if person.id == asker.viewer.person_id:
                raise NoAudience(N_("That is you: choose a colleague."), COLLEAGUE)
            locale = user.locale or person.locale or people.company(session).language
        return Audience(Destination(reader_id=person.id), person.name, Writer(for_locale(locale)))


def register(app: App, users: SlackUsers) -> None:
    form = Sharing(users)
    app.action(actions.SHARE)(offer)
    app.view(SHARE_FORM)(form.preview)
    app.view(SHARE_PREVIEW)(form.confirm)
    app.action(actions.WITHDRAW)(withdraw)


def offer(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = CardRef.parse(pressed_value(body))
    with asker.services.database.reading() as session:
        card = own_card(session, asker.viewer, asker.services.clock, ref.period, ref.person_id)
    open_window(asker.slack, body, share_form(asker.writer, card))
    ack()


def withdraw(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    share_id = pressed_value(body)
    if not share_id.isascii() or not share_id.isdigit() or len(share_id) > 18:
        raise out_of_date()
    stands = body.get("container", {})
    seen_at = str(stands.get("channel_id", "")), str(stands.get("message_ts", ""))
    with asker.services.database.writing() as session:
        clock, viewer = asker.services.clock, asker.viewer
        sharing.withdraw(session, clock, viewer, int(share_id), seen_at, asker.correlation_id)
    open_window(asker.slack, body, withdrawn_window(asker.writer))
    ack()


def _choice(asker: Asker, ref: CardRef, parts: Collection[str]) -> Choice:
    return Choice(ref.period, ref.person_id, asker.slack_id, tuple(part for part in Part if part in parts))


def _channel(asker: Asker, channel: str) -> Audience:
    try:
        info = channel_to_share_in(asker.slack, channel)
    except SharedWithOthers:
        raise NoAudience(
            N_("People of another company read that channel: nothing about persons goes there."), CHANNEL
        ) from None
    except ConversationClosed:
        raise NoAudience(
            N_("I am not in that channel. Invite me there (type /invite and my name), then try again."),
            CHANNEL,
        ) from None
    except SlackProblem as problem:
        log.warning("a channel could not be looked at", problem=str(problem))
        raise NoAudience(
            N_("Slack did not say what channel that is: try again in a moment."), CHANNEL
        ) from None
    with asker.services.database.reading() as session:
        language = people.company(session).language
    name = f"#{info['name']}"
    return Audience(Destination(channel, name), name, Writer(for_locale(language)))


def _works_here(session: Session, asker: Asker, person: Person) -> bool:
    return viewer_of(session, asker.services.clock, person).employed
