"""Results as the read side returns them, to draw."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.blocks.primitives import Writer
from bot.locale import for_locale
from domain.periods import Period
from domain.plans.rules import Tier
from domain.scoring.rules_cards import CardStatus
from domain.scoring.views import CardView, LineView, PersonView, RankView

JUNE = Period.month(2026, 6)
JULY = Period.month(2026, 7)
TIERS = (Tier("S", Decimal(110)), Tier("A", Decimal(95)), Tier("B", Decimal(70)), Tier("C", Decimal(0)))
ENGLISH = Writer(for_locale("en-US"))
CHINESE = Writer(for_locale("zh-CN"))


def sales_line(**changes: Any) -> LineView:
    """90 % of a target of 1000, which brings 80 points; weight 60 of 100."""
    line = LineView(
        kind="indicator",
        name="sales",
        actual=Decimal(900),
        denominator=None,
        target=Decimal("1000.00"),
        reading=Decimal("0.900000"),
        points=Decimal("80.0000"),
        weight=Decimal(60),
        contribution=Decimal("48.00"),
        status="assessed",
        detail={
            "reason": None,
            "measures": ["won_amount"],
            "missing": [],
            "segment": [["0.8", "60"], ["1.0", "100"]],
            "target_parts": [
                {"period": "2026-06", "amounts": [["1000", 30]], "ramp": "1", "days": 30},
            ],
            "uncapped": None,
            "cap": None,
            "weighed_by_tier": False,
        },
    )
    return _changed(line, changes)


def ratio_line(**changes: Any) -> LineView:
    line = sales_line(
        name="win_rate",
        actual=Decimal(2),
        denominator=Decimal(3),
        target=None,
        reading=Decimal("0.666667"),
        points=Decimal("111.1111"),
        weight=Decimal(40),
        contribution=Decimal("44.44"),
        measures=["wins", "closed_deals"],
        segment=[["0.5", "100"], ["0.8", "120"]],
        target_parts=[],
    )
    return _changed(line, changes)


def deduction_line(**changes: Any) -> LineView:
    line = sales_line(
        kind="deduction",
        name="violations",
        actual=Decimal(5),
        target=None,
        reading=None,
        points=Decimal(5),
        weight=None,
        contribution=Decimal("-20.00"),
        measures=["violations"],
        segment=[],
        target_parts=[],
        uncapped="25",
        cap="20",
    )
    return _changed(line, changes)


def a_gate(**changes: Any) -> dict[str, Any]:
    """A violation, which allows tier A at most."""
    gate: dict[str, Any] = {
        "cap": "A",
        "indicator": None,
        "measure": "violations",
        "ratio": None,
        "comparison": "at_least",
        "bound": "1",
        "value": "5",
        "holds": True,
        "lowered": True,
    }
    return gate | changes


def a_card(**changes: Any) -> CardView:
    """June of a person with 72.44 points, third of eight in the team. Unknown names go into `detail`."""
    card = CardView(
        person=PersonView(7, "E7", "Ada Okafor"),
        period=JUNE,
        status=CardStatus.COMPLETE,
        locked=True,
        score=Decimal("72.44"),
        tier="B",
        miss="miss",
        unranked_because=None,
        eligible_days=30,
        days=30,
        as_of_day=None,
        lines=(sales_line(), ratio_line(), deduction_line()),
        ranks=(RankView("Acme", "Acme", 9, 20), RankView("Acme/East", "East", 3, 8)),
        detail={
            "tier_before_gates": "B",
            "gates": [],
            "exempt_because": None,
            "unscored_because": None,
            "unranked_because": None,
            "missing": [],
            "ramp_months": 17,
            "in_ramp": False,
            "assessed_weight": "100",
            "total_weight": "100",
        },
        plan_name="sales-plan",
        tiers=TIERS,
    )
    return _changed(card, changes)


def a_running_card(**changes: Any) -> CardView:
    running = {
        "period": JULY,
        "status": CardStatus.RUNNING,
        "locked": False,
        "tier": None,
        "miss": None,
        "as_of_day": date(2026, 7, 6),
        "eligible_days": 6,
        "days": 6,
    }
    return a_card(**(running | changes))


def _changed(thing: Any, changes: dict[str, Any]) -> Any:
    """Changes of fields, and of what stands in `detail`; some reasons stand in both."""
    fields = {name: value for name, value in changes.items() if hasattr(thing, name)}
    detail = {name: value for name, value in changes.items() if name not in fields or name in thing.detail}
    return replace(thing, **({"detail": thing.detail | detail} | fields))


def alert_facts(**changes: Any) -> dict[str, Any]:
    """Facts as they stand in the outbox: three months at 50, 55 and 60 % of the target."""
    months = [
        {"period": f"2026-0{month}", "actual": actual, "target": "1000.00", "reading": reading}
        for month, actual, reading in (
            (4, "500.0000", "0.500000"),
            (5, "550.0000", "0.550000"),
            (6, "600.0000", "0.600000"),
        )
    ]
    facts: dict[str, Any] = {
        "person_id": 7,
        "employee_id": "E7",
        "name": "Ada Okafor",
        "unit_path": "Acme/East",
        "unit_name": "East",
        "length": 3,
        "indicator": "sales",
        "months": months,
        "attainment": "0.550000",
        "score": "41.20",
        "team_score": "88.70",
        "team_reading": "0.940000",
        "team_size": 7,
        "peers_met": 12,
        "peers": 19,
        "weakest": {
            "name": "new_customers",
            "reading": "0.250000",
            "points": "0.0000",
            "lost": "15.00",
        },
    }
    return facts | changes


def unit_alert_facts(**changes: Any) -> dict[str, Any]:
    facts = {
        "unit_path": "Acme/East",
        "unit_name": "East",
        "month": "2026-06",
        "people": 2,
        "about": [7, 8],
        "recipients": [1],
    }
    return facts | changes


def hr_alert_facts(**changes: Any) -> dict[str, Any]:
    facts = {"unit_path": "Acme/East", "month": "2026-06", "reason": None, "alerts": [alert_facts()]}
    return facts | changes
