"""What docs/pay.md shows is a plan that is accepted."""

import re
from pathlib import Path

from domain.plans.rules_file import parse_plan
from tests.domain.scoring_builders import HEAD, MISS, OVERDUE, SALES, TIERS

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_section_in_the_documentation_is_accepted() -> None:
    text = (CHECKOUT / "docs" / "pay.md").read_text(encoding="utf-8")
    section = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert section is not None
    pays = parse_plan(HEAD + SALES + OVERDUE + TIERS + MISS + section[1]).incentives
    assert pays is not None
    assert pays.commission is not None
    assert pays.pool is not None
    assert (len(pays.rates), len(pays.deductions), len(pays.clawbacks)) == (1, 1, 1)
