"""Whatever people, files and plans write: no answer of ours mentions, links, formats or fails by it."""

import os
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from bot.blocks.primitives import Message
from tests.bot.builders import CHINESE, ENGLISH
from tests.bot.contracts import OutgoingContracts, check_what_schemas_miss
from tests.bot.hostile import hostile_strings, rewritten, written_in
from tests.bot.live_text import Drawn, beyond_limits, formatting, what_is_live
from tests.bot.renderers import RENDERERS, renderers_in_the_code

STRINGS = 100_000 if os.environ.get("PACESETTER_LONG") else 400
WRITERS = (ENGLISH, CHINESE)
HELD_AGAINST_CONTRACTS = 5
"""Drawings a renderer: the published types are slow to check, and know of no string what is in it."""
IDS = {"Acme/East", "Acme/West", "crm", "erp"}
"""What buttons carry: files may not make them as long as a text."""


def test_no_renderer_is_forgotten() -> None:
    assert set(RENDERERS) == renderers_in_the_code()


@pytest.mark.parametrize("name", RENDERERS)
def test_hostile_strings_do_nothing(name: str) -> None:
    renderer = RENDERERS[name]
    harmless = [formatting(renderer.draw(writer, renderer.sample)) for writer in WRITERS]

    for number, texts in enumerate(_batches(written_in(renderer.sample))):
        which = number % len(WRITERS)
        drawn = renderer.draw(WRITERS[which], rewritten(renderer.sample, texts))
        assert not what_is_live(drawn), texts
        assert not beyond_limits(drawn), texts
        assert formatting(drawn) <= harmless[which], texts


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("long", ["\U0001f600" * 5_000, "<!channel>&" * 500])
def test_very_long_texts_keep_slacks_limits(name: str, long: str) -> None:
    renderer = RENDERERS[name]
    texts = {
        text: f"{number}{long}" for number, text in enumerate(written_in(renderer.sample)) if text not in IDS
    }

    for writer in WRITERS:
        drawn = renderer.draw(writer, rewritten(renderer.sample, texts))
        assert not what_is_live(drawn)
        assert not beyond_limits(drawn)


@pytest.mark.parametrize("name", RENDERERS)
def test_what_is_drawn_from_hostile_strings_is_as_slack_wants_it(
    name: str, contracts: OutgoingContracts | None
) -> None:
    renderer = RENDERERS[name]
    for texts in islice(_batches(written_in(renderer.sample)), HELD_AGAINST_CONTRACTS):
        _check(contracts, renderer.draw(ENGLISH, rewritten(renderer.sample, texts)))


@pytest.mark.parametrize(
    "live",
    [
        {"type": "mrkdwn", "text": "<!channel>"},
        {"type": "mrkdwn", "text": "see <https://evil.example|this>"},
        {"type": "mrkdwn", "text": "https://evil.example"},
        {"type": "mrkdwn", "text": "a :smile:"},
        {"type": "mrkdwn", "text": "R&D"},
        {"type": "plain_text", "text": "<@U1>"},
        {"type": "plain_text", "text": "a\nb\u202e"},
    ],
)
def test_the_watch_sees_what_is_live(live: dict[str, Any]) -> None:
    assert what_is_live([{"type": "section", "text": live}])


def test_the_samples_hold_what_people_write() -> None:
    """A sample without texts would let its renderer pass untried."""
    fixed = {name for name, renderer in RENDERERS.items() if not written_in(renderer.sample)}

    assert fixed == {
        "actions.card_buttons",
        "actions.share_button",
        "answers.handed_on",
        "answers.slack_is_silent",
        "closing.restate_form",
        "disputes.dispute_button",
        "disputes.lines_button",
        "disputes.queue_line",
        "hr_pay.handing_over",
        "hr_pay.statement_form",
        "hr_pay.term_form",
        "hr_plan.paste_form",
        "notices.gone",
        "paging.page_buttons",
        "pay.on_its_way",
        "pay.pay_button",
        "person_file.add_form",
        "person_file.choose_form",
        "person_file.file_button",
        "person_file.hr_part",
        "preferences.preferences_button",
        "recognition.chosen_window",
        "share.withdrawn_window",
        "target_rounds.dropped",
        "target_rounds.new_round_button",
        "target_rounds.published",
        "team.card_button",
        "what_if.working",
    }


def _batches(written: list[str]) -> Iterator[dict[str, str]]:
    """Each text of a sample with a string in its place, until all strings have been tried."""
    strings = hostile_strings()
    for _ in range(-(-STRINGS // len(written)) if written else 1):
        yield dict(zip(written, strings, strict=False))


def _check(contracts: OutgoingContracts | None, drawn: Drawn) -> None:
    if isinstance(drawn, Message):
        check_what_schemas_miss(drawn.blocks)
        if contracts:
            contracts.check_message(drawn.text, drawn.blocks)
    elif isinstance(drawn, dict) and drawn["type"] in ("modal", "home"):
        check_what_schemas_miss(drawn["blocks"])
        if contracts:
            contracts.check_view(drawn)
