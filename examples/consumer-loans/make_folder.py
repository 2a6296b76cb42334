"""Write the year of the loans company: `python make_folder.py OUT_DIR [--months N] [--small]`.

Always the same bytes. OUT_DIR gets a folder for each day on which the company hands its files in, named by
the day, and year.toml, which says what is done when. `--months 3 --small` writes the first three months of
the four teams that the story is about. Who works there is roster.py, the plot story.py; the plans and the
company's settings are copied from company/.
"""

import argparse
import csv
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import staff
from calendar_2025 import ONE_DAY, YEAR, Month, month_of, nth_working_day
from records import APP, MEASURES, SOURCE_OF, Record, Target, Told, changed_targets_of, targets_of, told_of
from roster import Rep, is_digital, reps, teams
from story import OUTAGE, OUTAGE_OVER, SHARED, TERMS, conduct_by_month
from year_file import HandIn, year_file

COMPANY = Path(__file__).resolve().parent / "company"
TARGETS = ["owner", "indicator", "period", "amount", "from"]
FILES_DUE, LOOKED_AT_AGAIN, LOCKED = 2, 4, 5
"""Working days of the next month."""


@dataclass(frozen=True)
class Company:
    reps: list[Rep]
    teams: list[str]
    months: list[Month]
    told: list[Told]

    @property
    def running(self) -> Month:
        """The month after those that are played."""
        return self.months[-1].next


def make_folder(out: Path, months: int, *, small: bool) -> None:
    """Write the year to `out`, which is made if it does not exist."""
    played = YEAR[:months]
    everybody = reps(small=small)
    told = [
        one for rep in everybody for one in told_of(rep, conduct_by_month(rep, [*played, played[-1].next]))
    ]
    company = Company(everybody, teams(small=small), played, told)
    hand_ins = list(_hand_ins(company))
    for hand_in in hand_ins:
        _write_hand_in(out / str(hand_in.on), company, hand_in)
    outage_reps = [rep.employee_id for rep in everybody if _lost_records(rep)]
    ids = {rep.employee_id for rep in everybody}
    terms = [term for term in TERMS if term.employee_id in ids]
    (out / "year.toml").write_text(year_file(hand_ins, outage_reps, terms), encoding="utf-8")


def _hand_ins(company: Company) -> Iterable[HandIn]:
    first = company.months[0]
    opening = nth_working_day(first.first_day, 1)
    yield HandIn(on=opening, month=first, reported_until=opening - ONE_DAY)
    for month in company.months:
        due = nth_working_day(month.next.first_day, FILES_DUE)
        lock_on = nth_working_day(month.next.first_day, LOCKED)
        yield HandIn(on=due, month=month, reported_until=month.last_day, lock_on=lock_on)
    again = nth_working_day(company.running.first_day, LOOKED_AT_AGAIN)
    yield HandIn(on=again, month=company.running, reported_until=again - ONE_DAY)


def _lost_records(rep: Rep) -> bool:
    """Whether the outage left a card of the rep incomplete: that of a plan which needs the app."""
    return rep.is_employed(OUTAGE[0]) and is_digital(rep.team_on(month_of(OUTAGE[0]).last_day))


def _write_hand_in(folder: Path, company: Company, hand_in: HandIn) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(COMPANY, folder, dirs_exist_ok=True)
    day, known = hand_in.on, [rep for rep in company.reps if rep.hired_on <= hand_in.on]
    _write(folder / "people.csv", staff.PEOPLE, staff.people(known, company.teams, day))
    _write(folder / "units.csv", staff.UNITS, staff.units(company.teams))
    _write(folder / "assignments.csv", staff.ASSIGNMENTS, staff.assignments(known, day))
    _write(folder / "leaves.csv", staff.LEAVES, staff.leaves(known, day))
    _write(folder / "coverage.csv", ["measure", "from", "to"], _coverage(hand_in))
    _write(folder / "targets.csv", TARGETS, _targets(known, hand_in))
    if shared := list(_credits(company, hand_in)):
        _write(folder / "credits.csv", ["record_id", "employee_id", "share", "source"], shared)
    records = _records(company, hand_in)
    _write(folder / "measures.csv", [column.name for column in fields(Record)], map(astuple, records))


def _records(company: Company, hand_in: HandIn) -> Iterable[Record]:
    if hand_in.is_opening:
        return []
    arriving = [one.record for one in company.told if one.in_files_of == hand_in.month]
    return [record for record in arriving if record.occurred_on <= hand_in.reported_until]


def _credits(company: Company, hand_in: HandIn) -> Iterable[Sequence[object]]:
    """Who shares in the month's loans."""
    for (owner, month), (colleague, permille) in SHARED.items():
        if month == hand_in.month and not hand_in.is_opening:
            loans = [
                one.record
                for one in company.told
                if (one.record.employee_id, one.record.measure) == (owner, "won_amount")
                and month_of(one.record.occurred_on) == month
                and one.in_files_of == month
            ]
            for loan in [max(loans, key=lambda loan: int(loan.value))] if loans else []:
                yield loan.record_id, owner, f"0.{1000 - permille:03}", loan.source
                yield loan.record_id, colleague, f"0.{permille:03}", loan.source


def _coverage(hand_in: HandIn) -> Iterable[Sequence[object]]:
    first, last = YEAR[0].first_day, hand_in.reported_until
    for measure in MEASURES:
        has_hole = SOURCE_OF[measure] == APP and month_of(OUTAGE[0]) <= hand_in.month < OUTAGE_OVER
        if has_hole and not hand_in.is_opening:
            yield measure, first, OUTAGE[0] - ONE_DAY
            yield measure, OUTAGE[1] + ONE_DAY, last
        else:
            yield measure, first, last


def _targets(known: list[Rep], hand_in: HandIn) -> Iterable[Sequence[object]]:
    """Those of the month that runs, for newcomers those of the month that is over, and changes within it."""
    runs = month_of(hand_in.on)
    for rep in known:
        rows: list[Target] = []
        for month in (hand_in.month, runs) if hand_in.month < runs else (runs,):
            if rep.employed_in(month):
                rows += targets_of(rep, month)
                rows += changed_targets_of(rep, month) if month < runs else []
        for target in rows:
            yield astuple(target)


def _write(path: Path, header: list[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the year of the loans company.")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--months", type=int, choices=range(1, 13), default=12, help="the first N months")
    parser.add_argument("--small", action="store_true", help="four teams instead of thirty")
    given = parser.parse_args()
    make_folder(given.out, given.months, small=given.small)


if __name__ == "__main__":
    main()
