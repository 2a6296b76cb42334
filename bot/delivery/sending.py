"""Sending a post once, and for sure.

Claim it by a lease, find its place, note where the request is going, post with the key as metadata, note what
came back; each note is committed before the next step. Whoever finds a post that may have left already looks
for its key in the conversation before anything else. No step waits: what cannot go now is put back.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.blocks.actions import DELIVERY_NOTE
from bot.blocks.notices import gone
from bot.blocks.primitives import Message, Writer, context
from bot.delivery.address_book import AddressBook, Place
from bot.delivery.addressing import Address, read_address
from bot.delivery.drawing import Draw, NothingToSay
from bot.delivery.files import Files
from bot.delivery.home_tab import HomeTabs
from bot.delivery.looking import find_message, metadata
from bot.delivery.pace import Pace
from bot.delivery.slack_errors import (
    NotReached,
    OutcomeUnknown,
    RateLimited,
    Refused,
    SlackProblem,
    TokenRefused,
    slack_errors,
)
from bot.delivery.trying import KeepsQuiet, Later, Outcome, Try
from bot.delivery.uploads import NotReady, Uploads
from bot.locale import for_locale
from bot.slack_client import slack_client
from bot.slack_users import SlackUsers
from domain import telemetry
from domain.admins import tell_admins
from domain.clock import Clock
from domain.database import Database
from domain.errors import Refusal
from domain.outbox import LEASE_MS, Post, PostState, Upload
from domain.sending import (
    PostLost,
    arrived,
    cancel,
    claim_due_post,
    give_up,
    leaving_for,
    put_back,
    put_off,
)
from domain.services import Services

TRY_AGAIN_MS = 15_000
RENEW_TOKEN_MS = 60_000
LOOK_AGAIN_MS = 1_000
UNASKED = "unasked"
"""What is held, in `Pace`, where Slack asks to wait for something else than one conversation."""
AFTER_THOSE_ASKED_FOR_MS = 3_000
"""So much longer wait messages that nobody asked for just now: the others get what Slack allows first."""
MOST_TRIES = 10
"""Tries that ended in a dead worker or an error of ours. A restart may hit the same post now and then."""
REQUEST_TIMEOUT_S = 10
"""Well below the lease: who claims the post after it finds no request of ours still under way."""
USERS_KEPT_S = 600.0
"""Workers hear of no changes: a language that somebody chose in Slack counts after as long."""
KINDS_FOR_ADMINS = frozenset({"post_failed", "job_quarantined"})

OnFailure = Callable[[Session, Clock, Post], None]
"""Called in the transaction that gives a post up."""

log = structlog.get_logger()


def delivery_client(services: Services) -> WebClient:
    """Slack's client as deliveries need it: it never repeats a request by itself, and gives up in time."""
    return slack_client(services, timeout=REQUEST_TIMEOUT_S, retry_handlers=[])


class Delivery:
    """Sends posts. Safe to use from many threads and processes at once."""

    def __init__(
        self,
        services: Services,
        client: WebClient,
        draw: Draw,
        pace: Pace,
        lease_ms: int = LEASE_MS,
        on_failure: OnFailure = lambda session, clock, post: None,
    ) -> None:
        self._database: Database = services.database
        self._clock = services.clock
        self._client = client
        self._draw = draw
        self._pace = pace
        self._lease_ms = lease_ms
        self._on_failure = on_failure
        users = SlackUsers(client, kept_s=USERS_KEPT_S)
        self._book = AddressBook(client, services, users)
        self._uploads = Uploads(client, services, pace)
        self.homes = HomeTabs(client, services, users)
        self.files = Files(client, services, self._book)

    def deliver(self, post_id: int) -> Outcome:
        """Send the post if it is due and nobody else has it."""
        with self._database.writing() as session:
            post = claim_due_post(session, self._clock, post_id, self._lease_ms)
            if post is None:
                return Outcome.NOTHING_TO_DO
            attempt = Try(post, read_address(session, post))
        with structlog.contextvars.bound_contextvars(
            post=post.id, kind=post.kind, correlation_id=post.correlation_id
        ):
            try:
                outcome = self._try(attempt)
            except PostLost:
                outcome = Outcome.LOST
            log.info("post", outcome=outcome, attempts=post.attempts)
            telemetry.post_tried(post.kind, outcome)
            return outcome

    def update(self, post_id: int) -> bool:
        """Draw a sent post again and change it in place; false where it has not been sent.

        What is no news any more, or not for its reader, keeps neither words nor buttons. Raises SlackProblem.
        """
        with self._database.reading() as session:
            post = session.get(Post, post_id)
            if post is None or post.state != PostState.SENT or not post.sent_channel or not post.sent_ts:
                return False
            address = read_address(session, post)
        place = self._book.where_it_stands(address, post.sent_channel)
        try:
            message, _ = self._message(post, place)
        except (NothingToSay, Refusal):
            message = gone(Writer(for_locale(place.locale)))
        with slack_errors():
            self._client.chat_update(
                channel=post.sent_channel,
                ts=post.sent_ts,
                text=message.text,
                blocks=message.blocks,
                metadata=metadata(post.key),
            )
        return True

    def _try(self, attempt: Try) -> Outcome:
        try:
            return self._send(attempt)
        except KeepsQuiet as quiet:
            return self._put_off(attempt, quiet.until)
        except NothingToSay:
            return self._cancel(attempt)
        except Later as later:
            return self._put_back(attempt, later.ms, str(later), counts=later.counts)
        except SlackProblem as problem:
            return self._after(attempt, problem)
        except Refusal as refusal:
            return self._give_up(attempt, str(refusal))
        except PostLost:
            raise
        except Exception as error:
            log.exception("post failed")
            return self._put_back(attempt, TRY_AGAIN_MS, f"{type(error).__name__}: {error}", counts=True)

    def _after(self, attempt: Try, problem: SlackProblem) -> Outcome:
        match problem:
            case Refused():
                return self._give_up(attempt, f"{type(problem).__name__}: {problem.code}")
            case RateLimited():
                return self._put_back(
                    attempt, self._wait_ms(attempt, problem.retry_after_s * 1000), "Slack asked to wait"
                )
            case TokenRefused():
                log.error("Slack refuses the bot's token", code=problem.code)
                return self._put_back(attempt, RENEW_TOKEN_MS, f"Slack refuses the token: {problem.code}")
            case NotReady():
                return self._put_back(attempt, LOOK_AGAIN_MS, problem.code)
            case NotReached():
                return self._put_back(attempt, TRY_AGAIN_MS, f"Slack was not reached: {problem.code}")
        return self._put_back(attempt, self._lease_ms, f"no certain answer: {problem.code}")

    def _wait_ms(self, attempt: Try, asked_ms: int) -> int:
        if attempt.post.sent_channel:
            self._pace.hold(attempt.post.sent_channel, asked_ms)
            return asked_ms
        unasked_ms = asked_ms + AFTER_THOSE_ASKED_FOR_MS
        self._pace.hold(UNASKED, unasked_ms)
        return asked_ms if attempt.address.is_asked_for else unasked_ms

    def _send(self, attempt: Try) -> Outcome:
        post = attempt.post
        if attempt.may_have_left:
            if self._was_posted(attempt):
                return Outcome.FOUND
            attempt.may_have_left = False
        if post.attempts > MOST_TRIES:
            return self._give_up(attempt, post.problem or f"it cost its worker's life {MOST_TRIES} times")
        if not attempt.address.is_asked_for and (held_ms := self._pace.held_ms(UNASKED)):
            raise Later(held_ms, "what somebody asked for goes first")
        place = self._book.find(attempt.address)
        self._require_awake(attempt.address, place)
        message, attempt.upload = self._message(post, place)
        if wait_ms := self._pace.wait_ms(place.channel):
            raise Later(wait_ms, "one message a second")
        with self._database.writing() as session:
            leaving_for(session, post, place.channel, self._lease_ms)
        post.sent_channel, attempt.may_have_left = place.channel, True
        ts = self._post(attempt, place, message)
        with self._database.writing() as session:
            arrived(session, post, place.channel, ts)
        return Outcome.SENT

    def _require_awake(self, address: Address, place: Place) -> None:
        """Time zones and preferences may have changed since the post was queued, and sending been paused."""
        now = self._clock.now()
        if place.habits is not None and (earliest := place.habits.next_moment(now, address.hours)) > now:
            raise KeepsQuiet(earliest)

    def _post(self, attempt: Try, place: Place, message: Message) -> str:
        try:
            with slack_errors():
                reply = self._client.chat_postMessage(
                    channel=place.channel,
                    text=message.text,
                    blocks=message.blocks,
                    metadata=metadata(attempt.post.key),
                    thread_ts=place.thread_ts,
                    unfurl_links=False,
                    unfurl_media=False,
                )
        except OutcomeUnknown:
            raise
        except SlackProblem as problem:
            attempt.may_have_left = False
            if problem.code == "invalid_blocks" and attempt.upload and attempt.post.attempts == 1:
                self._uploads.forget(attempt.upload.digest)
                raise Later(0, "the chart's file may be gone: it is uploaded again", counts=True) from problem
            raise
        return str(reply["ts"])

    def _was_posted(self, attempt: Try) -> bool:
        post = attempt.post
        if post.sent_channel is None or post.first_tried_ms is None:
            return False
        thread = attempt.address.thread
        thread_ts = thread[1] if thread and thread[0] == post.sent_channel else None
        with self._pace.looking(post.sent_channel) as mine:
            if not mine:
                raise Later(LOOK_AGAIN_MS, "another message is being looked for")
            ts = find_message(self._client, post.sent_channel, post.key, post.first_tried_ms, thread_ts)
        if ts is None:
            return False
        with self._database.writing() as session:
            arrived(session, post, post.sent_channel, ts)
        return True

    def _message(self, post: Post, place: Place) -> tuple[Message, Upload | None]:
        drawing = self._draw(post.kind, post.facts, place.locale)
        upload = self._uploads.ensure(drawing.picture) if drawing.picture is not None else None
        message = drawing.write(upload)
        if place.note is None:
            return message, upload
        note = Writer(for_locale(place.locale)).text(place.note, channel=place.meant_for)
        above = context(note) | {"block_id": DELIVERY_NOTE}
        return replace(message, blocks=[above, *message.blocks]), upload

    def _put_back(self, attempt: Try, ms: int, problem: str, *, counts: bool = False) -> Outcome:
        with self._database.writing() as session:
            put_back(
                session,
                attempt.post,
                ms,
                may_have_left=attempt.may_have_left,
                problem=problem,
                counts=counts,
            )
        return Outcome.WAITS

    def _put_off(self, attempt: Try, until: datetime) -> Outcome:
        with self._database.writing() as session:
            put_off(session, attempt.post, until)
        return Outcome.WAITS

    def _cancel(self, attempt: Try) -> Outcome:
        with self._database.writing() as session:
            cancel(session, attempt.post)
        return Outcome.CANCELLED

    def _give_up(self, attempt: Try, problem: str) -> Outcome:
        post = attempt.post
        log.warning("post cannot be sent", problem=problem)
        with self._database.writing() as session:
            give_up(session, post, problem)
            self._on_failure(session, self._clock, post)
            if post.kind not in KINDS_FOR_ADMINS:
                self._tell_admins(session, post, problem)
        return Outcome.FAILED

    def _tell_admins(self, session: Session, post: Post, problem: str) -> None:
        tell_admins(
            session,
            self._clock,
            kind="post_failed",
            key=f"post_failed:{post.id}",
            facts={
                "post_id": post.id,
                "kind": post.kind,
                "channel": post.channel,
                "person_id": post.person_id,
                "problem": problem,
            },
            correlation_id=post.correlation_id,
        )
