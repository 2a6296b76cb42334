"""Charts as PNG: plain values in, a picture with its words out. No database, no clock."""

from worker.charts.chart import Chart, TierBand, Translate, digest
from worker.charts.distribution import ScoreDistribution, draw_distribution
from worker.charts.history import HistoryPoint, ScoreHistory, draw_history
from worker.charts.lines import CardLines, IndicatorLine, draw_lines
from worker.charts.ranking import RankedPerson, UnitRanking, draw_ranking

__all__ = [
    "CardLines",
    "Chart",
    "HistoryPoint",
    "IndicatorLine",
    "RankedPerson",
    "ScoreDistribution",
    "ScoreHistory",
    "TierBand",
    "Translate",
    "UnitRanking",
    "digest",
    "draw_distribution",
    "draw_history",
    "draw_lines",
    "draw_ranking",
]
