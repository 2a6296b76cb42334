"""Charts that people ask for: a post in the outbox, drawn when it is delivered to the asker."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.outbox import Post, PostState, add_post
from domain.quiet_hours import Hours

CHART_POST = "chart"
"""Facts: ChartRequest."""
SAME_REQUEST_WITHIN = timedelta(minutes=1)


class ChartKind(StrEnum):
    HISTORY = "history"
    """A person's scores, month by month."""
    LINES = "lines"
    """A card's lines against their targets."""
    RANKING = "ranking"
    DISTRIBUTION = "distribution"
    TEAM_PEOPLE = "team_people"
    """Everybody's attainment in a team."""
    TEAM_TIERS = "team_tiers"
    TEAM_TREND = "team_trend"
    """A team's attainment, month by month."""


TEAM_CHARTS = (ChartKind.TEAM_PEOPLE, ChartKind.TEAM_TIERS, ChartKind.TEAM_TREND)


@dataclass(frozen=True)
class ChartRequest:
    """What to draw for whom. The viewer's rights are asked for again when it is drawn."""

    chart: ChartKind
    viewer_id: int
    period: str | None = None
    person_id: int | None = None
    unit_path: str | None = None
    unit_id: int | None = None
    """Of a team; 0 is the viewer's own reports."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> "ChartRequest":
        return cls(**{**facts, "chart": ChartKind(facts["chart"])})


def ask_for_chart(
    session: Session, clock: Clock, request: ChartRequest, correlation_id: str | None = None
) -> Post:
    """The post that brings the chart; asked for twice within a minute (a double click), it comes once."""
    name = hashlib.sha256(json.dumps(request.to_json(), sort_keys=True).encode()).hexdigest()[:32]
    now = clock.now()
    on_its_way = session.scalar(
        sa.select(Post).where(
            Post.kind == CHART_POST,
            Post.key.startswith(f"chart:{name}:"),
            Post.created_at > now - SAME_REQUEST_WITHIN,
            Post.state != PostState.FAILED,
        )
    )
    return on_its_way or add_post(
        session,
        clock,
        key=f"chart:{name}:{now.timestamp():.6f}",
        kind=CHART_POST,
        facts=request.to_json(),
        person_id=request.viewer_id,
        hours=Hours.ANY,
        correlation_id=correlation_id,
    )
