"""Preferences: the window on the Home tab, and what somebody has chosen in it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.blocks import preferences as blocks
from bot.blocks.inputs import given
from bot.context import Asker
from bot.listeners.answering import open_window
from bot.listeners.home import refresh_home
from domain.errors import N_
from domain.people.model import Role
from domain.people.preferences import NotAChoice, Preferences, choose, preferences_of
from domain.quiet_hours import QuietHours
from domain.recognition import service as recognition

_TIME_OF_DAY = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
"""As Slack's time picker writes it; `fromisoformat` also reads 2000-05 and T20."""


def register(app: App) -> None:
    app.action(blocks.OPEN)(open_preferences)
    app.view(blocks.FORM)(save)


def open_preferences(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    with asker.services.database.reading() as session:
        chosen = preferences_of(session, asker.viewer.person_id)
    window = blocks.preferences_window(asker.writer, chosen, asker.zone.key, leads=_leads(asker))
    open_window(asker.slack, body, window)
    ack()


def save(ack: Ack, view: dict[str, Any], context: BoltContext) -> None:
    """A choice that cannot be gets its sentence at the field, and the window stays."""
    asker: Asker = context["asker"]
    viewer, clock = asker.viewer, asker.services.clock
    try:
        with asker.services.database.writing() as session:
            before = preferences_of(session, viewer.person_id)
            wanted = _chosen(view, before, leads=_leads(asker))
            if asker.asks_for_the_first_time(session):
                choose(session, clock, viewer, wanted)
                if wanted.recognition != before.recognition:
                    recognition.renew(session, clock, viewer.person_id)
            else:  # sent again, perhaps after another choice, which stays
                wanted = before
    except NotAChoice as refused:
        ack(response_action="errors", errors={refused.field: asker.writer.language.refusal(refused)})
        return
    ack()
    refresh_home(replace(asker, locale=wanted.locale(asker.slack_locale)))


def _leads(asker: Asker) -> bool:
    """Whether there is a digest to choose."""
    return asker.viewer.role is Role.MANAGER


def _chosen(view: Mapping[str, Any], before: Preferences, *, leads: bool) -> Preferences:
    """What the window says; what it does not show stays as it was before. Raises NotAChoice."""
    wanted = given(view, blocks.MESSAGES) or []
    language = given(view, blocks.LANGUAGE)
    return replace(
        before,
        quiet=QuietHours(
            begin=_time(view, blocks.QUIET_FROM),
            end=_time(view, blocks.QUIET_UNTIL),
            days_off=blocks.QUIET in (given(view, blocks.DAYS_OFF) or []),
        ),
        weekly_card=blocks.WEEKLY_CARD in wanted,
        weekly_chart=blocks.WEEKLY_CHART in wanted,
        digest=blocks.DIGEST in wanted if leads else before.digest,
        recognition=blocks.NAME_ME in (given(view, blocks.RECOGNITION) or []),
        language=None if language in (None, blocks.FOLLOW_SLACK) else language,
    )


def _time(view: Mapping[str, Any], block_id: str) -> time | None:
    text = given(view, block_id)
    if not text:
        return None
    if not _TIME_OF_DAY.fullmatch(text):
        raise NotAChoice(
            block_id, N_("{text} is no time of day: write it as hours and minutes, such as 20:00."), text=text
        )
    return time.fromisoformat(text)
