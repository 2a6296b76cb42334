"""Every plan that comes with the product is accepted, and scores what its company reports."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan
from tests.examples.folders import CHECKOUT, EXAMPLES, read

PLANS = {
    "consumer-loans": CHECKOUT / "plans" / "consumer-loans.toml",
    "internet-sales": CHECKOUT / "plans" / "internet-sales.toml",
    "maven-crm": EXAMPLES / "maven-crm" / "plan.toml",
}


def load(name: str) -> Plan:
    return parse_plan(PLANS[name].read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(PLANS))
def test_plan_is_accepted_and_its_weights_are_percentages(name: str) -> None:
    plan = load(name)

    assert plan.name == name
    assert sum(indicator.weight for indicator in plan.indicators) == 100
    assert plan.pip_pass is not None


def test_consumer_loans_scores_its_six_indicators() -> None:
    assert [indicator.name for indicator in load("consumer-loans").indicators] == [
        "sales",
        "quality_conversion",
        "new_customers",
        "repurchase",
        "overdue_rate",
        "compliance",
    ]


def test_internet_sales_scores_the_funnel() -> None:
    names = {indicator.name for indicator in load("internet-sales").indicators}

    assert names >= {"lead_conversion", "authorisation_rate", "online_signing_rate"}


def test_the_sample_company_reports_every_measure_of_its_plan(sample_folder: Path) -> None:
    reported = {row["measure"] for row in read(sample_folder, "coverage.csv")}

    assert set(load("consumer-loans").measures_needed) <= reported


def test_the_maven_company_reports_every_measure_of_its_plan(maven_folder: Path) -> None:
    reported = {row["measure"] for row in read(maven_folder, "coverage.csv")}

    assert set(load("maven-crm").measures_needed) <= reported


@pytest.mark.parametrize("name", ["consumer-loans", "internet-sales"])
def test_they_pay_and_score_as_before(name: str) -> None:
    """The section on pay changes no score: the plan without it is the same plan."""
    text = PLANS[name].read_text(encoding="utf-8")
    paying = parse_plan(text)
    before, _, _ = text.partition("[incentives]")
    assert paying.incentives is not None
    assert paying.incentives.commission is not None
    assert replace(paying, incentives=None) == parse_plan(before)
