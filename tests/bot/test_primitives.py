"""Slack's limits hold whatever is put in."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks import primitives as p
from tests.bot.builders import CHINESE, ENGLISH
from tests.bot.contracts import OutgoingContracts, check_what_schemas_miss

long_text = st.text(max_size=30).map(lambda text: text * 300)


@settings(deadline=None)
@given(st.lists(long_text, max_size=4), st.integers(min_value=0, max_value=130))
def test_a_message_keeps_all_limits(contracts: OutgoingContracts | None, lines, count):
    blocks = [p.section(*lines), p.header("".join(lines)), p.fields(*lines * 4), p.context(*lines * 4)]
    blocks = [block for block in blocks if block.get("fields", block.get("elements", True))]
    blocks += [p.actions(p.button("".join(lines), "press", "1"))] + [p.divider()] * count
    message = p.message(ENGLISH, "".join(lines) or "text", blocks)
    assert len(message.blocks) <= 50
    check_what_schemas_miss(message.blocks)
    if contracts:
        contracts.check_message(message.text + "…", message.blocks)


def test_blocks_beyond_the_limit_give_way_to_a_note_that_counts_them():
    message = p.message(ENGLISH, "many", [p.divider()] * 60)
    assert len(message.blocks) == 50
    assert message.blocks[-1]["elements"][0]["text"] == "11 more parts are not shown."


def test_what_slack_would_call_too_long_gives_way_to_a_note_above_the_buttons():
    rows = p.sections(f"{number}. " + "名" * 80 for number in range(300))
    message = p.message(ENGLISH, "many", [*rows, p.actions(p.button("Chart", "chart", "1"))])
    assert len(json.dumps(message.blocks, ensure_ascii=False)) <= 12_200
    note, buttons = message.blocks[-2:]
    assert note["elements"][0]["text"] == "6 more parts are not shown."
    assert buttons["type"] == "actions"


def test_a_view_holds_more_than_a_message():
    assert len(p.home(ENGLISH, [p.divider()] * 100)["blocks"]) == 100
    assert len(p.home(ENGLISH, [p.divider()] * 101)["blocks"]) == 100


def test_lines_are_spread_over_sections_and_none_is_cut():
    lines = [f"{number} " + "x" * 700 for number in range(9)]
    shown = [block["text"]["text"] for block in p.sections(lines)]
    assert len(shown) == 3
    assert "\n".join(shown).split("\n") == lines


def test_text_that_slack_could_turn_into_links_is_left_alone_by_it():
    assert p.section("see #general")["text"]["verbatim"] is True


def test_an_empty_text_shows_a_dash_because_slack_refuses_it():
    assert p.section("")["text"]["text"] == "–"
    assert p.header(" ")["text"]["text"] == "–"


def test_a_buttons_value_is_never_cut_because_half_an_id_is_another_id():
    with pytest.raises(ValueError, match="keep an id in it"):
        p.button("Why?", "card.why", "1" * 2001)


def test_what_fills_a_sentence_is_escaped_and_the_sentence_is_not():
    said = ENGLISH.text("*Score:* {parts} = {score}", parts="*1*", score="<!here>")
    assert said == "*Score:* ∗1∗ = &lt;!here&gt;"


def test_a_modal_closes_in_the_readers_language():
    assert p.modal(CHINESE, "为什么", [])["close"]["text"] == "关闭"
