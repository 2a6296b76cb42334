"""Nothing that a person or a file wrote may mention, link, format or break out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.escaping import Mrkdwn, bold, cut, join, mrkdwn, plain, utf16_length

ENTITY = re.compile(r"&(?:amp|lt|gt);")
EMOJI = re.compile(r":[a-z0-9_+'-]+:", re.IGNORECASE)
anything = st.text() | st.text(alphabet="<>&!@#*_~`:/|\\ \n\u202e\u2028abhtp.w", max_size=40)


@pytest.mark.parametrize(
    "written",
    [
        "<!channel>",
        "<@U123>",
        "<#C123>",
        "<https://evil.example|Payroll>",
        "&lt;!here&gt;",
        "https://evil.example",
        "mailto:ceo@example.com",
        "www.evil.example",
        "*bold* _italic_ ~gone~ `code`",
        "> quote\n• list",
        ":smile:",
        "\u202egnp.exe",
    ],
)
def test_what_was_written_shows_as_it_was_written_and_does_nothing(written):
    shown = mrkdwn(written)
    assert not re.search(r"[<>*~`\n\u202e]", shown)
    assert not re.search(r"://|mailto:[^\u2060]|www\.", shown)
    assert not EMOJI.search(shown)
    assert not shown.startswith("&gt;")


@given(anything)
def test_no_text_keeps_a_live_character(written):
    shown = mrkdwn(written)
    assert not set(shown) & set("<>*~`\n\r\u2028\u202e")
    assert "&" not in ENTITY.sub("", shown)
    assert "://" not in shown
    assert not EMOJI.search(shown)
    assert not re.search(r"(?:^|\W)_|_(?:\W|$)", shown)


@given(anything)
def test_plain_text_knows_no_formatting_but_the_entities(written):
    shown = plain(written)
    assert not set(shown) & set("<>\n\r")
    assert "&" not in ENTITY.sub("", shown)


@given(anything)
def test_what_is_safe_is_not_escaped_again(written):
    once = mrkdwn(written)
    assert mrkdwn(once) == once
    assert join([once, "<"]) == f"{once}\n&lt;"
    assert isinstance(bold(written), Mrkdwn)


@given(st.text(min_size=1), st.integers(min_value=1, max_value=60))
def test_a_cut_keeps_the_limit_and_every_entity_whole(written, limit):
    shown = cut(plain(written), limit)
    assert utf16_length(shown) <= limit
    assert "&" not in ENTITY.sub("", shown)


def test_what_could_mention_everybody_is_shown_as_text():
    assert mrkdwn("<!channel> & co") == "&lt;!channel&gt; &amp; co"


def test_a_code_that_would_end_in_our_own_text_is_none():
    assert not EMOJI.search(join([mrkdwn(":smile"), mrkdwn(":100")], ": ") + ":")
    assert mrkdwn("10:30") == "10:30"


def test_harmless_names_stay_as_they_are():
    for name in ("won_amount", "R2-D2", "王伟", "Søren Ångström", "O'Neill", "Team 3: East", "10:30"):
        assert mrkdwn(name) == name


@pytest.mark.parametrize(
    ("parts", "joined"),
    [
        (["No place.", "Too new."], "No place. Too new."),
        (["没有名次。", "入职不久。"], "没有名次。入职不久。"),
        (["合计：", bold("100")], "合计： *100*"),
        ([], ""),
    ],
)
def test_chinese_sentences_stand_without_a_blank_between(parts: list[str], joined: str) -> None:
    assert join(parts, " ") == joined
