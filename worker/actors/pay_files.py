"""Files of pay that somebody asked for: written as they may see them now, sent to them alone."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from bot.blocks.pay import in_plain_words
from bot.delivery import Delivery, FileToSend
from bot.delivery.slack_errors import RateLimited
from bot.locale import Language, for_locale
from domain.access import Viewer
from domain.errors import N_
from domain.incentives.files import FILE_JOB, PayFile
from domain.incentives.payroll import handed_over, write_payroll
from domain.incentives.statements import statement, write_statement
from domain.people.model import Person
from domain.services import Services
from domain.viewers import viewer_of
from worker.runner import Handler, NotNow, Task

PAYROLL, STATEMENT = N_("Payroll of {period}"), N_("Pay of {period}, {person}")


def handlers(delivery: Delivery) -> Mapping[str, Handler]:
    def send(task: Task) -> None:
        """Args: see `PayFile`. Raises Refusal where the reader may not see it any more, or SlackProblem."""
        wanted = PayFile.from_json(task.args)
        file = _file(task.services, wanted, task.id)
        try:
            delivery.files.send(wanted.reader_id, file, may_be_there=task.attempt > 1)
        except RateLimited:
            raise NotNow from None
        with task.finishing():
            pass

    return {FILE_JOB: send}


def _file(services: Services, wanted: PayFile, number: int) -> FileToSend:
    with services.database.reading() as session, TemporaryDirectory() as folder:
        viewer = viewer_of(session, services.clock, session.get_one(Person, wanted.reader_id))
        language = for_locale(viewer.locale)
        path = Path(folder) / "pay.xlsx"
        title = _write(session, viewer, wanted, language, path)
        return FileToSend(f"pay-{wanted.period}-{number}.xlsx", title, path.read_bytes())


def _write(session: Session, viewer: Viewer, wanted: PayFile, language: Language, path: Path) -> str:
    """The file's title."""
    if wanted.person_id is None:
        write_payroll(handed_over(session, viewer, wanted.period), path)
        return language.text(PAYROLL, period=wanted.period)
    shown = statement(session, viewer, wanted.person_id, wanted.period)
    write_statement(shown, path, list(in_plain_words(language, shown)))
    return language.text(STATEMENT, period=wanted.period, person=shown.name)
