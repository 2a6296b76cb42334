"""Charts that people asked for: from what the viewer may see now to a picture, drawn when it is delivered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bot.delivery import Image, Picture
from bot.locale import Language, for_locale
from domain.access import Viewer
from domain.clock import Clock
from domain.people.model import Person
from domain.periods import Period, PeriodKind
from domain.plans.rules import Tier
from domain.scoring import histories, rankings, views
from domain.scoring.chart_requests import ChartKind, ChartRequest
from domain.scoring.rules_cards import LineKind
from domain.services import Services
from domain.viewers import viewer_of
from worker.actors import team_charts
from worker.charts.chart import Chart, TierBand, Translate, digest
from worker.charts.distribution import ScoreDistribution, draw_distribution
from worker.charts.history import HistoryPoint, ScoreHistory, draw_history
from worker.charts.lines import CardLines, IndicatorLine, draw_lines
from worker.charts.ranking import RankedPerson, UnitRanking, draw_ranking
from worker.charts.team_people import draw_team_people
from worker.charts.team_tiers import draw_team_tiers
from worker.charts.team_trend import draw_team_trend

LARGEST_PERCENTAGE = Decimal(2)
"""A ratio beyond 200 % is one of other things (days per deal) and is written as a number."""


@dataclass(frozen=True)
class ChartPost:
    """A chart on its way: its title, and the picture that is drawn if Slack has none like it."""

    title: str
    picture: Picture


def chart_post(services: Services, facts: dict[str, Any], locale: str) -> ChartPost:
    """Raises Refusal where the viewer may not see it, or there is nothing to see."""
    request = ChartRequest.from_json(facts)
    language = for_locale(locale)
    with services.database.reading() as session:
        person = session.get_one(Person, request.viewer_id)
        viewer = viewer_of(session, services.clock, person, locale)
        match request.chart:
            case ChartKind.HISTORY:
                history = _history(session, services.clock, viewer, request)
                return _post(history, draw_history, language, "Score history", history.person)
            case ChartKind.LINES:
                card = _lines(session, services.clock, viewer, request, language)
                return _post(card, draw_lines, language, "Results against target", card.person)
            case ChartKind.RANKING:
                ranking = _ranking(session, services.clock, viewer, request)
                return _post(ranking, draw_ranking, language, "Ranking", ranking.unit)
            case ChartKind.DISTRIBUTION:
                spread = _distribution(session, services.clock, viewer, request)
                return _post(spread, draw_distribution, language, "Distribution of scores", spread.unit)
            case ChartKind.TEAM_PEOPLE:
                results = team_charts.people(session, services.clock, viewer, request, language)
                return _post(results, draw_team_people, language, "Attainment by person", results.unit)
            case ChartKind.TEAM_TIERS:
                tiers = team_charts.tiers(session, services.clock, viewer, request, language)
                return _post(tiers, draw_team_tiers, language, "Tiers", tiers.unit)
            case ChartKind.TEAM_TREND:
                trend = team_charts.trend(session, services.clock, viewer, request, language)
                return _post(trend, draw_team_trend, language, "Attainment of the team", trend.unit)


def _post(
    inputs: Any, draw: Callable[[Any, Translate, str], Chart], language: Language, heading: str, about: str
) -> ChartPost:
    translate = language.translations.gettext

    def render() -> Image:
        chart = draw(inputs, translate, language.tag)
        return Image(chart.png, chart.alt_text, chart.title)

    title = translate("{heading}: {about}").format(heading=translate(heading), about=about)
    return ChartPost(title, Picture(digest(inputs, language.tag), render))


def _history(session: Session, clock: Clock, viewer: Viewer, request: ChartRequest) -> ScoreHistory:
    view = histories.history(session, viewer, clock, request.person_id)
    points = tuple(
        HistoryPoint(point.period.key, point.score, point.status.value, _miss(point.miss), point.tier)
        for point in view.points
    )
    return ScoreHistory(view.person.name, points, _bands(view.tiers))


def _lines(
    session: Session, clock: Clock, viewer: Viewer, request: ChartRequest, language: Language
) -> CardLines:
    period = None if request.period is None else Period.parse(request.period)
    card = views.my_score(session, viewer, clock, period, request.person_id).card
    lines = tuple(_line(line, language) for line in card.lines if line.kind == LineKind.INDICATOR)
    return CardLines(
        card.person.name, card.period.key, lines, card.score, card.tier, card.status.value == "running"
    )


def _line(line: views.LineView, language: Language) -> IndicatorLine:
    is_ratio = line.target is None
    as_percent = line.reading is None or abs(line.reading) <= LARGEST_PERCENTAGE
    return IndicatorLine(
        name=language.label(line.name),
        kind="ratio" if is_ratio else "target",
        reading=line.reading,
        points=line.points,
        actual=None if is_ratio else line.actual,
        target=line.target,
        reading_as="percent" if as_percent else "number",
    )


def _ranking(session: Session, clock: Clock, viewer: Viewer, request: ChartRequest) -> UnitRanking:
    period = _period(viewer, clock, request)
    ranking = rankings.whole_ranking(session, viewer, period, request.unit_path)
    ranked = [
        RankedPerson(row.rank, row.score, row.person.name, row.person.id == viewer.person_id)
        for row in ranking.rows
    ]
    return UnitRanking(ranking.unit_name, period.key, tuple(ranked), named=len(ranked))


def _distribution(session: Session, clock: Clock, viewer: Viewer, request: ChartRequest) -> ScoreDistribution:
    period = _period(viewer, clock, request)
    view = rankings.distribution(session, viewer, period, request.unit_path)
    own_name = viewer.name if view.own is not None else ""
    return ScoreDistribution(view.unit_name, period.key, view.scores, _bands(view.tiers), view.own, own_name)


def _period(viewer: Viewer, clock: Clock, request: ChartRequest) -> Period:
    if request.period is not None:
        return Period.parse(request.period)
    return Period.containing(PeriodKind.MONTH, views.company_day(viewer, clock)).previous()


def _bands(tiers: Iterable[Tier]) -> tuple[TierBand, ...]:
    return tuple(TierBand(tier.name, tier.from_score) for tier in tiers)


def _miss(miss: str | None) -> Any:
    return miss or "exempt"
