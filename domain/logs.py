"""Logs on standard error: for people on a terminal, else one JSON object a line. Secrets stay out."""

import logging
import secrets
import sys
from collections.abc import Iterable

import structlog

from domain.redaction import Redactor

OURS = ("bot", "cli", "domain", "worker")
"""Libraries stay at INFO: below it they write down what they send, names, scores and tokens."""

_redactor = Redactor()


def new_correlation_id() -> str:
    """Names a click, or whatever else begins something, in every line, job and post that follows from it."""
    return secrets.token_hex(6)


def hide(*secrets_: str) -> None:
    """Show these in no line from now on."""
    _redactor.learn(secrets_)


def configure(level: str = "INFO", form: str | None = None, hidden: Iterable[str] = ()) -> None:
    """Send structlog's and the standard library's records through one formatter.

    `form` is `console` or `json`; without one, what suits standard error. What is `hidden` is never shown.
    """
    hide(*hidden)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # workers are forked after the first line is logged
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_drawing(form), _redact],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level]))
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def _drawing(form: str | None) -> list[structlog.typing.Processor]:
    """Tracebacks without local variables: those hold names, scores and tokens."""
    on_terminal = sys.stderr.isatty()
    if form == "console" or (form is None and on_terminal):
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=on_terminal, exception_formatter=plain)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _redact(_logger: object, _method: str, line: structlog.typing.EventDict) -> str:
    """The last processor: what it is handed has been drawn, so nothing hides from it in a value's value."""
    return _redactor(str(line))
