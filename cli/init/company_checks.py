"""Checks of what was imported: what nobody can be scored, or nobody can be told, without."""

from collections.abc import Iterator

from cli.init.findings import Finding, good, listed, missing, note
from domain.overview import Overview
from domain.people.model import Role


def check_company(company: Overview) -> Iterator[Finding]:
    yield good(f"{company.name} has {len(company.employees)} people.")
    if company.plans:
        yield good(f"Scored by: {listed(company.plans)}.")
    else:
        yield missing("There is no plan to score by: put one of plans/ into the folder and import it again.")
    if not company.has_targets:
        yield note("There are no targets: indicators with a target are not assessed. Import targets.csv.")
    if not company.of_role(Role.HR):
        yield missing("Nobody has the role hr: periods wait for HR to lock them. Correct people.csv.")
    if not company.of_role(Role.ADMIN):
        yield missing(
            "Nobody has the role admin: whoever runs Pacesetter hears of no failure. Correct people.csv."
        )
