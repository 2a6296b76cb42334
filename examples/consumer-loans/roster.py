"""Who works for the company, where, and on which days."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from calendar_2025 import YEAR, Month, is_working_day
from story import HIRES, LEAVERS, LEAVES, SEED, STORY_PEOPLE, TITLES_GIVEN, TRANSFERS

COMPANY = "Yuanshan"
REGIONS = {
    "East": ["Shanghai", "Suzhou", "Hangzhou", "Nanjing", "Ningbo", "Wuxi", "Hefei", "Jinan", "Digital East"],
    "North": ["Beijing", "Tianjin", "Shenyang", "Dalian", "Harbin", "Taiyuan", "Digital North"],
    "South": ["Guangzhou", "Shenzhen", "Dongguan", "Foshan", "Xiamen", "Fuzhou", "Changsha", "Digital South"],
    "West": ["Chengdu", "Chongqing", "Xi'an", "Kunming", "Guiyang", "Lanzhou"],
}
TEAMS = [f"{COMPANY}/{region}/{team}" for region, teams in REGIONS.items() for team in teams]
POSTS = 10
"""In each team."""
SMALL = ["Shanghai", "Digital East", "Beijing", "Guangzhou"]
"""The teams of the shortened company: those that the story is about."""
TITLES = ["Loan Consultant", "Senior Loan Consultant", "Principal Loan Consultant"]
BRANCH, DIGITAL = "branch-sales", "digital-sales"
DRAWN_LEAVERS, DRAWN_SICK, DRAWN_MATERNITY, DRAWN_HOLIDAYS, DRAWN_TRANSFERS = 14, 12, 4, 60, 5


@dataclass(frozen=True)
class Leave:
    first: date
    last: date
    kind: str


@dataclass(frozen=True)
class Transfer:
    on: date
    team: str


@dataclass(frozen=True)
class Rep:
    employee_id: str
    title: str
    team: str
    """At the hire."""
    hired_on: date
    left_on: date | None = None
    leaves: tuple[Leave, ...] = ()
    transfer: Transfer | None = None

    def is_employed(self, day: date) -> bool:
        return self.hired_on <= day and (self.left_on is None or day <= self.left_on)

    def is_eligible(self, day: date) -> bool:
        """Employed and not on leave."""
        return self.is_employed(day) and not any(leave.first <= day <= leave.last for leave in self.leaves)

    def employed_in(self, month: Month) -> bool:
        return any(self.is_employed(day) for day in month.days())

    def eligible_days(self, month: Month) -> int:
        return sum(self.is_eligible(day) for day in month.days())

    def working_days(self, month: Month) -> list[date]:
        """The days on which the rep can record anything."""
        return [day for day in month.days() if self.is_eligible(day) and is_working_day(day)]

    def is_digital(self, day: date) -> bool:
        return is_digital(self.team_on(day))

    def team_on(self, day: date) -> str:
        return self.transfer.team if self.transfer and self.transfer.on <= day else self.team


def is_digital(team: str) -> bool:
    return "/Digital " in team


def family_of(team: str) -> str:
    return DIGITAL if is_digital(team) else BRANCH


def manager_of(team: str) -> str:
    return f"M{TEAMS.index(team) + 1:02}"


def teams(*, small: bool) -> list[str]:
    return [team for team in TEAMS if not small or team.rsplit("/", 1)[1] in SMALL]


def reps(*, small: bool) -> list[Rep]:
    """All who are employed on a day of the year, by id; of the shortened company, those of its teams."""
    staff = {rep.employee_id: rep for team in TEAMS for rep in _team(team)}
    others = [employee_id for employee_id in staff if employee_id not in STORY_PEOPLE]
    Random(f"{SEED}:fates").shuffle(others)
    _draw_fates(staff, others)
    for rep in list(staff.values()):
        if rep.left_on and rep.left_on < date(2025, 12, 1):
            successor = _successor(rep, rep.left_on)
            staff[successor.employee_id] = successor
    kept = set(teams(small=small))
    found = [_within(rep, kept) for rep in staff.values() if rep.team in kept]
    return sorted(found, key=lambda rep: rep.employee_id)


def _team(team: str) -> list[Rep]:
    return [
        _rep(f"R{TEAMS.index(team) + 1:02}{post:02}", team, number)
        for number, post in enumerate(range(1, POSTS + 1))
    ]


def _rep(employee_id: str, team: str, number: int) -> Rep:
    random = Random(f"{SEED}:rep:{employee_id}")
    hired_on = date(2018, 1, 1) + timedelta(random.randrange(2_500))
    transfer = TRANSFERS.get(employee_id)
    return Rep(
        employee_id=employee_id,
        title=TITLES_GIVEN.get(employee_id, TITLES[(number + random.randrange(2)) % 3]),
        team=team,
        hired_on=HIRES.get(employee_id, hired_on),
        left_on=LEAVERS.get(employee_id),
        leaves=tuple(Leave(*leave) for leave in LEAVES.get(employee_id, [])),
        transfer=Transfer(transfer[0], f"{COMPANY}/{transfer[1]}") if transfer else None,
    )


def _draw_fates(staff: dict[str, Rep], others: list[str]) -> None:
    """What happens in any company of this size, to people whom the story does not need."""
    random = Random(f"{SEED}:draws")
    for _ in range(DRAWN_LEAVERS):
        rep = staff[others.pop()]
        staff[rep.employee_id] = replace(rep, left_on=_day(random, 20, 330))
    for _ in range(DRAWN_SICK):
        _on_leave(staff, others.pop(), _day(random, 5, 330), random.randint(10, 75), "sick")
    for _ in range(DRAWN_MATERNITY):
        _on_leave(staff, others.pop(), _day(random, 10, 250), 158, "maternity")
    for _ in range(DRAWN_TRANSFERS):
        rep = staff[others.pop()]
        region = rep.team.rsplit("/", 1)[0]
        elsewhere = [team for team in TEAMS if team.startswith(region) and team != rep.team]
        staff[rep.employee_id] = replace(
            rep, transfer=Transfer(_day(random, 40, 320), random.choice(elsewhere))
        )
    for _ in range(DRAWN_HOLIDAYS):
        _on_leave(staff, others.pop(), _day(random, 60, 350), random.randint(4, 9), "annual")


def _on_leave(staff: dict[str, Rep], employee_id: str, first: date, days: int, kind: str) -> None:
    leave = Leave(first, first + timedelta(days - 1), kind)
    staff[employee_id] = replace(staff[employee_id], leaves=(leave,))


def _day(random: Random, earliest: int, latest: int) -> date:
    return YEAR[0].first_day + timedelta(random.randint(earliest, latest))


def _successor(rep: Rep, left_on: date) -> Rep:
    """Takes the post three weeks later, as a beginner."""
    post = int(rep.employee_id[3:]) + POSTS
    return Rep(
        employee_id=f"{rep.employee_id[:3]}{post:02}",
        title=TITLES[0],
        team=rep.team_on(left_on),
        hired_on=left_on + timedelta(21),
    )


def _within(rep: Rep, kept: Collection[str]) -> Rep:
    """Without a transfer to a team that the shortened company does not have."""
    return rep if rep.transfer is None or rep.transfer.team in kept else replace(rep, transfer=None)
