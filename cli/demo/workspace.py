"""The company as a local Slack workspace: its people, and its managers' private channels."""

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cli.demo.company import APP_TOKEN, BOT_TOKEN, Prepared
from domain.people import service as people
from domain.people.model import Person
from domain.people.service import UnitTree

BOT = "U0PACESETTER"


def write_workspace(prepared: Prepared, path: Path) -> Path:
    """Write the sandbox's workspace file; gives its path."""
    with prepared.services.database.reading() as session:
        workspace = _workspace(session, prepared)
    path.write_text(json.dumps(workspace, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def slack_id(person: Person) -> str:
    """The id a person has in the sandbox: the given one, or one made from the row's number."""
    return person.slack_id or f"U0PERSON{person.id:05}"


def _workspace(session: Session, prepared: Prepared) -> dict[str, Any]:
    company = people.company(session)
    everybody = session.scalars(sa.select(Person).order_by(Person.employee_id)).all()
    ids = {person.id: slack_id(person) for person in everybody}
    tree, tenures = people.unit_tree(session), people.tenures(session)
    unit_ids = {one: tenure.placement_in(prepared.last_month).unit_id for one, tenure in tenures.items()}
    units = {person_id: tree.by_id[unit_id].name for person_id, unit_id in unit_ids.items() if unit_id}
    actors = [person.id for person in (prepared.rep, prepared.manager) if person]
    # The page opens as the first one: let that be somebody who has something to see.
    in_order = sorted(
        everybody, key=lambda person: actors.index(person.id) if person.id in actors else len(actors)
    )
    return {
        "team": {"id": "T0PACESETTER", "name": company.name, "domain": "demo"},
        "app": {"id": "A0PACESETTER", "bot_user_id": BOT, "bot_id": "B0PACESETTER"},
        "tokens": {"bot": BOT_TOKEN, "app": APP_TOKEN},
        "users": [_user(person, units.get(person.id, ""), company.time_zone) for person in in_order],
        "channels": [
            {"id": "C0GENERAL", "name": "general", "topic": company.name, "members": [*ids.values(), BOT]},
            *_managers_channels(tree, ids),
        ],
    }


def _user(person: Person, unit: str, time_zone: str) -> dict[str, Any]:
    """The title names the unit too: namesakes look alike without it."""
    return {
        "id": slack_id(person),
        "name": (person.email or person.employee_id).partition("@")[0].lower(),
        "real_name": person.name,
        "email": person.email or f"{person.employee_id.lower()}@example.com",
        "title": " · ".join(filter(None, (person.title, unit))),
        "locale": person.locale or "en-US",
        "tz": person.time_zone or time_zone,
        "is_admin": person.role == "admin",
    }


def _managers_channels(tree: UnitTree, ids: dict[int, str]) -> list[dict[str, Any]]:
    """A private channel a name: the managers of its units and of those above, their HR, and the bot."""
    members: dict[str, list[str]] = {}
    for unit in tree:
        if unit.channel:
            above = tree.path_to(unit.id)
            named = [one.manager_id for one in above] + [one.hr_id for one in above]
            found = members.setdefault(unit.channel, [BOT])
            found += [ids[person_id] for person_id in named if person_id and ids[person_id] not in found]
    return [
        {"id": f"C0MANAGERS{number:02}", "name": name, "private": True, "members": in_channel}
        for number, (name, in_channel) in enumerate(members.items(), start=1)
    ]
