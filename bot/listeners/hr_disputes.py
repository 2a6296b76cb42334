"""Disputes in /hr: what waits for HR."""

from sqlalchemy.orm import Session

from bot.blocks.disputes import queue_rows
from bot.blocks.hr import Section
from bot.context import Asker
from domain.disputes.views import disputes_to_answer


def part(session: Session, asker: Asker) -> Section:
    return queue_rows(asker.writer, disputes_to_answer(session, asker.services.clock, asker.viewer))
