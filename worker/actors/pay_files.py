"""Files of pay that somebody asked for: written as they may see them now, sent to them alone."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from bot.blocks.pay import in_plain_words
from bot.delivery import Delivery, FileToSend
from bot.delivery.slack_errors import RateLimited
from bot.locale import Language, for_locale
from domain.access import Viewer
from domain.errors import N_, Refusal
from domain.incentives.files import FILE_JOB, PayFile, tell_refused
from domain.incentives.payroll import payroll, write_payroll
from domain.incentives.statements import look, write_statement
from domain.people.model import Person
from domain.services import Services
from domain.viewers import viewer_of
from worker.runner import Handler, NotNow, Task

PAYROLL, STATEMENT = N_("Payroll of {period}"), N_("Pay of {period}, {person}")


def handlers(delivery: Delivery) -> Mapping[str, Handler]:
    def send(task: Task) -> None:
        """Args: see `PayFile`. A refusal is told to the reader. Raises SlackProblem."""
        wanted = PayFile.from_json(task.args)
        try:
            file = _file(task.services, wanted, task.id)
        except Refusal as refused:
            with task.finishing() as session:
                tell_refused(session, task.services.clock, wanted, task.id, refused)
            return
        try:
            delivery.files.send(wanted.reader_id, file, may_be_there=task.attempt > 1)
        except RateLimited as limited:
            raise NotNow(limited.retry_after_s) from None
        with task.finishing():
            pass

    return {FILE_JOB: send}


def _file(services: Services, wanted: PayFile, number: int) -> FileToSend:
    """In one transaction: who looks is written down, and a payroll is handed over with it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pay.xlsx"
        with services.database.writing() as session:
            reader = session.get_one(Person, wanted.reader_id)
            viewer = viewer_of(session, services.clock, reader, wanted.locale)
            write = _write(session, services, viewer, wanted)
        title = write(path, for_locale(viewer.locale))
        return FileToSend(f"pay-{wanted.period}-{number}.xlsx", title, path.read_bytes())


def _write(
    session: Session, services: Services, viewer: Viewer, wanted: PayFile
) -> Callable[[Path, Language], str]:
    """What writes the file, outside of the transaction, and says its title."""
    clock, period = services.clock, wanted.period
    if wanted.person_id is None:
        found = payroll(session, clock, viewer, period)

        def write_rows(path: Path, language: Language) -> str:
            write_payroll(found, path)
            return language.text(PAYROLL, period=period)

        return write_rows
    shown = look(session, clock, viewer, wanted.person_id, period)

    def write_lines(path: Path, language: Language) -> str:
        write_statement(shown, path, list(in_plain_words(language, shown)))
        return language.text(STATEMENT, period=period, person=shown.name)

    return write_lines
