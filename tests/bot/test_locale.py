"""The catalogues hold exactly what is said, in both languages; numbers and dates follow the reader."""

import re
import string
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.blocks.primitives import Writer
from bot.blocks.wording import span
from bot.locale import for_locale
from bot.locale.catalogues import LANGUAGES, read, sentences_in_use
from domain.errors import NotFound
from domain.periods import Period

ENGLISH, CHINESE = for_locale("en-US"), for_locale("zh-CN")


def ids(catalogue):
    return {message.id for message in catalogue if message.id}


def places(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_exactly_the_sentences_in_use(language):
    missing = ids(sentences_in_use()) - ids(read(language))
    unused = ids(read(language)) - ids(sentences_in_use())
    assert (missing, unused) == (set(), set()), "run python -m bot.locale.update, then translate what is new"


def test_every_sentence_is_translated():
    waiting = [
        message.id
        for message in read("zh_CN")
        if message.id and not (message.string if isinstance(message.string, str) else all(message.string))
    ]
    assert waiting == []


def test_translations_fill_the_same_places():
    for message in read("zh_CN"):
        sentences = [message.id] if isinstance(message.id, str) else list(message.id)
        translated = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = set().union(*map(places, sentences))
        assert set().union(*map(places, translated)) == wanted, message.id


@pytest.mark.parametrize(
    ("english", "chinese", "instead_of"),
    [
        ("measure", "数据项", ["度量", "计量"]),
        ("period", "周期", ["期间", "考核期"]),
        ("HR", "HR", ["人事", "人力资源"]),
        ("card", "成绩卡", ["记分卡", "计分卡", "评分卡"]),
        ("unit", "部门", ["单元", "机构"]),
        ("tier", "等级", ["档位", "级别"]),
        ("dispute", "争议", ["异议"]),
        ("restate", "重算", ["重述"]),
        ("score", "评分", ["计分"]),
        ("draft", "草案", ["草稿"]),
        ("statement", "薪酬单", ["明细单", "工资单"]),
        ("alert", "提醒", ["预警", "警报"]),
        ("pass up", "转交", ["上报将", "将上报"]),
    ],
)
def test_a_term_has_one_word_in_chinese(english: str, chinese: str, instead_of: list[str]):
    said = [str(message.string) for message in read("zh_CN") if message.id]
    assert sum(chinese in text for text in said) > 2, english
    assert [text for text in said if any(other in text for other in instead_of)] == []


@pytest.mark.parametrize(
    ("english", "chinese", "other"), [("disput", "争议", "申诉"), ("appeal", "申诉", "争议")]
)
def test_a_dispute_is_no_appeal(english: str, chinese: str, other: str):
    said = {str(message.id).lower(): str(message.string) for message in read("zh_CN") if message.id}
    about = {sentence: text for sentence, text in said.items() if english in sentence}
    assert len(about) > 10
    assert [sentence for sentence, text in about.items() if chinese not in text or other in text] == []


def test_a_year_is_named_as_each_language_does():
    assert (span(Writer(ENGLISH), "2026"), span(Writer(CHINESE), "2026")) == ("2026", "2026年")


BOLD = re.compile(r"\*[^*\n]+\*")
BESIDE_BOLD = string.whitespace + string.punctuation


def test_bold_text_stands_apart_from_chinese():
    """Slack shows the asterisks where bold text touches a Chinese character or sign."""
    wrong = []
    for message in read("zh_CN"):
        said = [message.string] if isinstance(message.string, str) else message.string
        for text in said:
            around = [f" {text} "[found.start() : found.end() + 2] for found in BOLD.finditer(text)]
            wrong += [one for one in around if not {one[0], one[-1]} <= set(BESIDE_BOLD)]
    assert wrong == []


CODE = re.compile(r"`[^`\n]+`")


def test_code_stands_apart_from_chinese_words():
    said = [
        text
        for message in read("zh_CN")
        for text in ([message.string, ""] if isinstance(message.string, str) else message.string)
    ]
    around = [f" {text} "[found.start() : found.end() + 2] for text in said for found in CODE.finditer(text)]
    assert [one for one in around if one[0].isalnum() or one[-1].isalnum()] == []


@pytest.mark.parametrize(
    ("slack_locale", "tag"),
    [
        ("zh-CN", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("zh_Hans_SG", "zh-CN"),
        ("en-GB", "en-GB"),
        ("en-US", "en-US"),
        ("en", "en-US"),
        ("en-XX", "en-US"),
        ("de-DE", "en-US"),
        ("", "en-US"),
        (None, "en-US"),
        ("!!", "en-US"),
    ],
)
def test_a_locale_of_slack_finds_its_language(slack_locale, tag):
    assert for_locale(slack_locale).tag == tag


def test_numbers_are_grouped_and_rounded_half_up():
    assert ENGLISH.number(Decimal("1234567.885")) == "1,234,567.89"
    assert ENGLISH.number(Decimal("98.50")) == "98.5"
    assert ENGLISH.number(Decimal("-0.125")) == "-0.13"
    assert CHINESE.number(Decimal(80)) == "80"


def test_a_change_has_its_sign():
    assert [ENGLISH.change(one) for one in (Decimal(1200), Decimal("-1.5"), 0)] == ["+1,200", "-1.5", "0"]


def test_a_share_is_never_rounded_onto_all_of_it_from_below():
    assert ENGLISH.percent(Decimal("0.999999")) == "99.9%"
    assert ENGLISH.percent(Decimal(1)) == "100%"
    assert ENGLISH.percent(Decimal("1.0001")) == "100%"
    assert ENGLISH.percent(Decimal("0.666667"), 4) == "66.6667%"


def test_dates_follow_the_locale_and_times_the_zone():
    assert ENGLISH.date(date(2026, 7, 6)) == "Jul 6, 2026"
    assert for_locale("en-GB").date(date(2026, 7, 6)) == "6 Jul 2026"
    assert CHINESE.date(date(2026, 7, 6)) == "2026年7月6日"
    assert CHINESE.moment(datetime(2026, 7, 6, 22, 5, tzinfo=UTC), ZoneInfo("Asia/Shanghai")).startswith(
        "2026年7月7日 06:05"
    )


@pytest.mark.parametrize(
    ("key", "english", "chinese"),
    [
        ("2026-03", "March 2026", "2026年3月"),
        ("2026-Q1", "Q1 2026", "2026年第1季度"),
        ("2026-W01", "week 1 of 2026", "2026年第1周"),
    ],
)
def test_periods_are_named_with_their_year(key, english, chinese):
    assert (ENGLISH.period(Period.parse(key)), CHINESE.period(Period.parse(key))) == (english, chinese)


def test_a_refusal_is_said_in_the_readers_language_with_its_period_by_name():
    refusal = NotFound("{period} has not been scored yet.", period="2026-06")
    assert ENGLISH.refusal(refusal) == "June 2026 has not been scored yet."
    assert CHINESE.refusal(refusal) == "2026年6月还没有评分。"


def test_names_from_plans_are_read_aloud_and_translated_where_known():
    assert (ENGLISH.label("new_customers"), CHINESE.label("new_customers")) == ("new customers", "新客户")
    assert CHINESE.label("小目标") == "小目标"
    assert ENGLISH.label("_") == "_"


def test_plurals():
    one = ENGLISH.plural("{n} more part is not shown.", "{n} more parts are not shown.", 1)
    many = ENGLISH.plural("{n} more part is not shown.", "{n} more parts are not shown.", 1200)
    assert (one, many) == ("1 more part is not shown.", "1,200 more parts are not shown.")
    assert "1,200" in CHINESE.plural("{n} more part is not shown.", "{n} more parts are not shown.", 1200)


def test_what_browsers_call_their_languages_fills_no_memory():
    for number in range(2_000):
        for_locale(f"en-{number}")
    assert for_locale.cache_info().currsize < 1_000
