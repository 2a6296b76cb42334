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


def test_sharing_is_on_or_off() -> None:
    assert parse_company("[policies]\nshare_cards = false").policies == {"share_cards": False}
    with pytest.raises(PlanError, match=r'"share_cards" in .policies. must be true or false'):
        parse_company('[policies]\nshare_cards = "no"')
