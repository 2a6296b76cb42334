"""What company.toml may say."""

import pytest

from domain.imports.rules_company_toml import parse_company
from domain.plans.rules_table import PlanError


@pytest.mark.parametrize("calendar", ["cn", "us", "de-by", "none"])
def test_a_calendar_is_a_country_a_part_of_one_or_none(calendar: str) -> None:
    assert parse_company(f'calendar = "{calendar}"').calendar == calendar


@pytest.mark.parametrize("calendar", ["moon", "CN", " cn", "de-xx", "de-by-very-long", ""])
def test_another_calendar_is_refused(calendar: str) -> None:
    with pytest.raises(PlanError, match="calendar"):
        parse_company(f'calendar = "{calendar}"')


@pytest.mark.parametrize("channel", ["#wins", "wins", "销售-榜", "C0123ABC"])
def test_recognition_names_its_channel(channel: str) -> None:
    said = parse_company(f'[policies]\nrecognition = true\nrecognition_channel = "{channel}"')
    assert said.policies == {"recognition": True, "recognition_channel": channel}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('recognition = "yes"', '"recognition" in .policies. must be true or false'),
        ("recognition = true", 'there is no "recognition_channel": name the channel'),
        ('recognition_channel = "two words"', "must be a channel"),
        ("recognition_channel = 7", "must be a channel"),
    ],
)
def test_recognition_that_cannot_be_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(PlanError, match=sentence):
        parse_company(f"[policies]\n{text}")


def test_sharing_is_on_or_off() -> None:
    assert parse_company("[policies]\nshare_cards = false").policies == {"share_cards": False}
    with pytest.raises(PlanError, match=r'"share_cards" in .policies. must be true or false'):
        parse_company('[policies]\nshare_cards = "no"')
