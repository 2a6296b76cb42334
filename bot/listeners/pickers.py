"""Lists that are asked for while somebody types."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.blocks.pickers import PERSON, person_options
from bot.context import Asker
from domain.finding import find_people


def register(app: App) -> None:
    app.options(PERSON)(find)


def find(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """People whom the asker looks after."""
    asker: Asker = context["asker"]
    words = str(body.get("value") or "")
    with asker.services.database.reading() as session:
        found = find_people(session, asker.services.clock, asker.viewer, words)
    ack(options=person_options(found))
