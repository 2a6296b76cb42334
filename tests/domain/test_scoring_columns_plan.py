"""Which plans are for columns; the others are left to the rules."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.plans.rules import Deduction
from domain.scoring.columns.rules_plan import scale
from tests.domain.scoring_builders import plan


@pytest.mark.parametrize(
    ("points", "cap", "for_columns"),
    [
        ("0.0005", None, True),
        ("0.00005", None, False),
        ("0.000001", None, False),
        ("20000", None, True),
        ("5", "0.000001", True),
        ("5", "0.0000001", False),
    ],
)
def test_a_plan_with_deductions_too_fine_for_columns_is_left_to_the_rules(
    points: str, cap: str | None, for_columns: bool
) -> None:
    deduction = Deduction("violations", "violations", Decimal(points), None if cap is None else Decimal(cap))
    fine = replace(plan(), deductions=(deduction,))

    assert (scale(fine) is not None) == for_columns
