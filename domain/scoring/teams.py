"""A team at a glance, for those who lead it or look after it: attainment, tiers, movers, who is at risk."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock
from domain.errors import N_, BadInput, NotAllowed, NotFound
from domain.people.service import Organisation
from domain.periods import Period, PeriodKind
from domain.plans.rules import Plan
from domain.scoring import rules_teams as rules
from domain.scoring.led_teams import Team, teams_of, unit_team
from domain.scoring.model import ScoredPeriod
from domain.scoring.rules_risks import AtRisk, at_risk
from domain.scoring.rules_teams import Attainment, Headcount, Member, Movers, TierSpread
from domain.scoring.team_cards import (
    OWN_REPORTS,
    Look,
    TeamCards,
    cards_in_team,
    missed_months,
    team_cards,
    unit_targets,
)
from domain.scoring.views import company_day

PERIODS_LOOKED_BACK = 3
"""For the last closed one that the team has cards of."""


class ChooseTeam(NotFound):
    """One of the teams has to be chosen."""

    def __init__(self, teams: tuple[Team, ...], sentence: str, **values: object) -> None:
        super().__init__(sentence, **values)
        self.teams = teams


class SeveralTeams(ChooseTeam):
    """The viewer leads several units, none above the others."""

    def __init__(self, teams: tuple[Team, ...]) -> None:
        super().__init__(teams, N_("You lead several units: choose one."))


class TooManyPeople(ChooseTeam):
    """More than can be shown while somebody waits; the teams are the units right below."""

    def __init__(self, teams: tuple[Team, ...], people: int) -> None:
        sentence = N_("These are {people} people, too many to show at once: choose a unit below.")
        super().__init__(teams, sentence, people=Decimal(people))
        self.people = people


@dataclass(frozen=True)
class Subteam:
    """A unit right below the team's, in short."""

    team: Team
    people: int
    attainment: Attainment | None
    """Of the indicator that decides about misses; None where the unit has none to show."""
    at_risk: int


@dataclass(frozen=True)
class TeamPeriod:
    """A team in one period."""

    period: Period
    running: bool
    locked: bool
    as_of_day: date | None
    """Of a running period: the last day its numbers cover."""
    attainments: tuple[Attainment, ...]
    """The indicators that decide about misses come first."""
    headcount: Headcount
    tiers: tuple[TierSpread, ...]
    """By plan, compared with the period before; none while the period runs."""
    missing: tuple[str, ...]
    """Measures that were not reported for every day: those who need them have no score."""
    members: tuple[Member, ...]
    """By place; those without one after them, by attainment, the best first."""


@dataclass(frozen=True)
class TeamView:
    """The answer to /team; people in it are those whose card of the period the viewer may see."""

    team: Team
    shown: TeamPeriod
    beside: TeamPeriod | None
    """The last closed month, where the one that runs is shown."""
    movers: Movers | None
    """Since the period before; None where that has no cards."""
    at_risk: tuple[AtRisk, ...]
    """The most urgent first."""
    subteams: tuple[Subteam, ...]
    """By path."""
    earlier: Period | None
    """The scored period of the same kind before the one shown."""
    later: Period | None


@dataclass(frozen=True)
class TrendPoint:
    period: Period
    running: bool
    attainment: Attainment


@dataclass(frozen=True)
class TeamTrend:
    """A team's attainment month by month in the indicator that decides about misses, oldest first."""

    team: Team
    indicator: str
    plan: Plan
    """One that judges by the indicator."""
    points: tuple[TrendPoint, ...]


def team_view(
    session: Session,
    clock: Clock,
    viewer: Viewer,
    unit_id: int | None = None,
    period: Period | None = None,
    at_most: int | None = None,
) -> TeamView:
    """A unit and all below it, by default the one that the viewer leads.

    Without a period the month that runs, with the last closed one beside it; the last one alone before there
    is anything to see of this one. `at_most`: how many people may be in it, where somebody waits for it.
    Raises SeveralTeams, TooManyPeople, NotAllowed, NotFound or BadInput.
    """
    day = company_day(viewer, clock)
    if period is not None and period.start > day:
        raise BadInput("{period} has not begun yet: choose an earlier one.", period=period.key)
    reader = _Reader.of(session, viewer, day, unit_id, period, at_most)
    cards = reader.this_month_or_last() if period is None else reader.cards(period)
    if cards is None:
        raise reader.nothing(period)
    before = reader.cards(cards.period.previous())
    closed = reader.last_closed(cards.period) if cards.is_running else None
    risks = reader.at_risk(cards)
    return TeamView(
        team=reader.team,
        shown=reader.team_period(cards),
        beside=reader.team_period(closed) if closed else None,
        movers=rules.movers(cards.members, before.members, before.period) if before else None,
        at_risk=risks,
        subteams=reader.subteams(cards, risks),
        earlier=_neighbour(session, cards.period, later=False),
        later=_neighbour(session, cards.period, later=True),
    )


def team_trend(
    session: Session, clock: Clock, viewer: Viewer, unit_id: int | None = None, months: int = 12
) -> TeamTrend:
    """Up to this month, if anything is known of it. Raises as `team_view`."""
    day = company_day(viewer, clock)
    reader = _Reader.of(session, viewer, day, unit_id)
    newest = reader.this_month_or_last()
    if newest is None:
        raise reader.nothing(None)
    indicator = rules.attainments(newest.members)[0].indicator
    plan = next(one.plan for one in newest.members if one.plan.miss.indicator == indicator)
    points: list[TrendPoint] = []
    cards: TeamCards | None = newest
    month = newest.period
    for _ in range(months):
        if cards is not None:
            shown = (one for one in reader.attainments(cards) if one.indicator == indicator)
            points += [TrendPoint(month, cards.is_running, one) for one in shown]
        month = month.previous()
        cards = reader.cards(month)
    return TeamTrend(reader.team, indicator, plan, tuple(reversed(points)))


def _neighbour(session: Session, period: Period, *, later: bool) -> Period | None:
    start = ScoredPeriod.start
    published = sa.select(ScoredPeriod.key).where(
        ScoredPeriod.kind == period.kind,
        ScoredPeriod.published_run_id.is_not(None),
        start > period.start if later else start < period.start,
    )
    key = session.scalar(published.order_by(start if later else start.desc()).limit(1))
    return None if key is None else Period.parse(key)


class _Reader:
    """One team as one viewer sees it, period by period."""

    def __init__(self, look: Look, team: Team, at_most: int | None) -> None:
        self.look = look
        self.team = team
        self.at_most = at_most
        self.this_month = Period.containing(PeriodKind.MONTH, look.day)
        self._read: dict[Period, TeamCards | None] = {}

    @classmethod
    def of(
        cls,
        session: Session,
        viewer: Viewer,
        day: date,
        unit_id: int | None,
        period: Period | None = None,
        at_most: int | None = None,
    ) -> "_Reader":
        """Raises SeveralTeams or NotAllowed."""
        period = period or Period.containing(PeriodKind.MONTH, day)
        organisation = Organisation(session)
        look = Look(session, viewer, day, organisation)
        if unit_id:
            access.require_team(session, viewer, unit_id, period, organisation)
            return cls(look, unit_team(organisation.tree, unit_id), at_most)
        teams = teams_of(session, viewer, period, organisation)
        if unit_id == OWN_REPORTS:
            teams = tuple(team for team in teams if team.unit_id == OWN_REPORTS)
        if not teams:
            raise NotAllowed("You lead no unit, and nobody reports to you: there is no team to show.")
        if len(teams) > 1:
            raise SeveralTeams(teams)
        return cls(look, teams[0], at_most)

    def cards(self, period: Period) -> TeamCards | None:
        if period not in self._read:
            self._refuse_too_many(period)
            found = team_cards(self.look, period, self.team.unit_id)
            self._read[period] = found
        return self._read[period]

    def _refuse_too_many(self, period: Period) -> None:
        if self.at_most is None:
            return
        people = cards_in_team(self.look, period, self.team.unit_id)
        if people > self.at_most:
            tree = self.look.organisation.tree
            below = (unit for unit in tree if unit.parent_id == self.team.unit_id)
            raise TooManyPeople(tuple(unit_team(tree, unit.id) for unit in below), people)

    def this_month_or_last(self) -> TeamCards | None:
        running = self.cards(self.this_month)
        if running is not None and running.as_of_day is not None:
            return running
        return self.last_closed(self.this_month) or running

    def last_closed(self, before: Period) -> TeamCards | None:
        """Of the same kind of period; a month or two may have no cards."""
        period = before
        for _ in range(PERIODS_LOOKED_BACK):
            period = period.previous()
            cards = self.cards(period)
            if cards is not None and not cards.is_running:
                return cards
        return None

    def nothing(self, period: Period | None) -> NotFound:
        month = (period or self.this_month).key
        if not self.team.path:
            return NotFound("Nobody who reports to you has a card for {period}.", period=month)
        return NotFound("Nobody in {unit} has a card for {period}.", unit=self.team.path, period=month)

    def team_period(self, cards: TeamCards) -> TeamPeriod:
        before = None if cards.is_running else self.cards(cards.period.previous())
        return TeamPeriod(
            period=cards.period,
            running=cards.is_running,
            locked=cards.locked,
            as_of_day=cards.as_of_day if cards.is_running else None,
            attainments=self.attainments(cards),
            headcount=rules.headcount(cards.members),
            tiers=rules.tier_spreads(cards.members, before.members if before else ()),
            missing=tuple(dict.fromkeys(name for member in cards.members for name in member.missing)),
            members=tuple(sorted(cards.members, key=_by_place)),
        )

    def attainments(self, cards: TeamCards) -> tuple[Attainment, ...]:
        return rules.attainments(cards.members, self._targets(cards, self.team.unit_id))

    def at_risk(self, cards: TeamCards) -> tuple[AtRisk, ...]:
        """With misses in a row in months that are over, and were when the period ended."""
        until = self.look.day if cards.is_running else cards.period.end
        before = Period.containing(PeriodKind.MONTH, until).start
        missed = missed_months(self.look, before, {member.person_id for member in cards.members})
        is_month = cards.period.kind is PeriodKind.MONTH
        return at_risk(cards.members, missed.by_person, missed.provisional, is_month=is_month)

    def subteams(self, cards: TeamCards, risks: Sequence[AtRisk]) -> tuple[Subteam, ...]:
        tree = self.look.organisation.tree
        members: dict[int, list[Member]] = defaultdict(list)
        for member in cards.members:
            path = [unit.id for unit in tree.path_to(member.unit_id)]
            below = path[path.index(self.team.unit_id) + 1 :] if self.team.unit_id in path else []
            if below:
                members[below[0]].append(member)
        at_risk_ids = {one.member.person_id for one in risks}
        found = [
            Subteam(
                team=unit_team(tree, unit_id),
                people=len(of_unit),
                attainment=self._deciding(of_unit, self._targets(cards, unit_id)),
                at_risk=sum(member.person_id in at_risk_ids for member in of_unit),
            )
            for unit_id, of_unit in members.items()
        ]
        return tuple(sorted(found, key=lambda one: one.team.path))

    def _deciding(self, members: Sequence[Member], targets: dict[str, Decimal]) -> Attainment | None:
        first = rules.attainments(members, targets)[0]
        return first if first.decides_misses else None

    def _targets(self, cards: TeamCards, unit_id: int) -> dict[str, Decimal]:
        """A unit's own, by indicator; while the period runs, due by the day that the plan's cards cover."""
        targets: dict[str, Decimal] = {}
        for plan, as_of_day in cards.as_of_days.items():
            last_day = as_of_day if cards.is_running else cards.period.last_day
            if unit_id != OWN_REPORTS and last_day is not None:
                session, period = self.look.session, cards.period
                targets |= unit_targets(session, unit_id, period, last_day, plan, cards.load_id)
        return targets


def _by_place(member: Member) -> tuple[bool, int, bool, Fraction, str]:
    reading = member.reading
    return (
        member.rank is None,
        member.rank or 0,
        reading is None,
        -reading if reading is not None else Fraction(0),
        member.employee_id,
    )
