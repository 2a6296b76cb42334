"""The options of the ready-made plans: switched off as they come, accepted when switched on."""

import re
from pathlib import Path

import pytest

from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan
from tests.examples.folders import CHECKOUT

CONSUMER_LOANS = CHECKOUT / "plans" / "consumer-loans.toml"
INTERNET_SALES = CHECKOUT / "plans" / "internet-sales.toml"
SWITCHED_OFF = re.compile(r"^#(?=[^ \n])", re.MULTILINE)


def options(file: Path) -> list[str]:
    """The runs of lines that are switched off."""
    return re.findall(r"(?:^#[^ \n].*\n)+", file.read_text("utf-8"), re.MULTILINE)


def with_options(file: Path, *chosen: str) -> Plan:
    text = file.read_text("utf-8")
    for option in chosen:
        text = text.replace(option, SWITCHED_OFF.sub("", option))
    return parse_plan(text)


@pytest.mark.parametrize("file", [CONSUMER_LOANS, INTERNET_SALES], ids=lambda file: file.stem)
def test_each_option_may_be_switched_on_by_itself_and_all_together(file: Path) -> None:
    as_it_comes = with_options(file)

    for option in options(file):
        assert with_options(file, option) != as_it_comes
    everything = with_options(file, *options(file))
    assert len(everything.indicators) == len(as_it_comes.indicators) + len(options(file)) - 1
    assert everything.weighs_by_tier
    assert everything.looks_back


def test_consumer_loans_has_the_options_that_are_promised() -> None:
    plan = with_options(CONSUMER_LOANS, *options(CONSUMER_LOANS))

    named = [indicator.name for indicator in plan.indicators][-7:]
    assert named == [
        *("bad_loan_rate", "credit_quality", "satisfaction", "collection_rate", "follow_ups"),
        *("growth", "returning_customers"),
    ]
    growth, returning = plan.indicator("growth"), plan.indicator("returning_customers")
    assert (growth.measure, growth.own_months) == ("won_amount", 3)
    assert returning.repurchase is not None
    assert returning.repurchase.within_days == 365
    assert [tier for tier, _ in plan.indicator("sales").tier_weights] == ["C", "S"]
    assert plan.stocks >= {"bad_amount", "loan_balance"}
