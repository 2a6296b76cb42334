"""Charts as PNG: plain values in, a picture with its words out. No database, no clock."""

from worker.charts.chart import Chart, TierBand, Translate, digest
from worker.charts.distribution import ScoreDistribution, draw_distribution
from worker.charts.history import HistoryPoint, ScoreHistory, draw_history
from worker.charts.lines import CardLines, IndicatorLine, draw_lines
from worker.charts.previewed_tiers import PreviewedTiers, draw_previewed_tiers
from worker.charts.ranking import RankedPerson, UnitRanking, draw_ranking
from worker.charts.team_people import PersonResult, TeamResults, draw_team_people
from worker.charts.team_tiers import TeamTiers, TierPeople, draw_team_tiers
from worker.charts.team_trend import TeamTrend, TrendPoint, draw_team_trend

__all__ = [
    "CardLines",
    "Chart",
    "HistoryPoint",
    "IndicatorLine",
    "PersonResult",
    "PreviewedTiers",
    "RankedPerson",
    "ScoreDistribution",
    "ScoreHistory",
    "TeamResults",
    "TeamTiers",
    "TeamTrend",
    "TierBand",
    "TierPeople",
    "Translate",
    "TrendPoint",
    "UnitRanking",
    "digest",
    "draw_distribution",
    "draw_history",
    "draw_lines",
    "draw_previewed_tiers",
    "draw_ranking",
    "draw_team_people",
    "draw_team_tiers",
    "draw_team_trend",
]
