"""Choosing a person of the company by name or employee id: namesakes are told apart by unit and id."""

from collections.abc import Sequence

from bot.blocks.inputs import labelled, option, searched
from bot.blocks.primitives import Block, Writer
from domain.finding import Found

PERSON = "person"


def person_input(writer: Writer, label: str, *, optional: bool = False) -> Block:
    placeholder = writer.language.text("Name or employee id")
    return labelled(PERSON, label, searched(placeholder), optional=optional)


def person_options(found: Sequence[Found]) -> list[Block]:
    return [option(f"{one.name} ({one.employee_id})", str(one.person_id), one.unit or "") for one in found]
