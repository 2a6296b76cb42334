"""Secrets of sources: named in the file, held by the environment, and in no text that leaves a connector."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus

from domain import logs
from domain.errors import N_
from domain.redaction import Redactor
from domain.sources.service import RowsRefused
from worker.sources.connector import SourceFailed


@dataclass(frozen=True)
class Secret:
    """Where a secret is to be found."""

    variable: str
    """Of the environment."""
    place: str
    """Where the file names it: `sources.toml, line 9`."""

    def read(self, environment: Mapping[str, str]) -> str:
        """Raises SourceFailed where the variable is not set, or cannot be a secret."""
        value = environment.get(self.variable, "").strip()
        if not value:
            raise SourceFailed(
                N_(
                    "{place}: the variable {variable} is not set. Set it for the workers and start them anew."
                ),
                place=self.place,
                variable=self.variable,
            )
        if not value.isprintable():
            raise SourceFailed(
                N_("{place}: the variable {variable} holds a line break or a control character."),
                place=self.place,
                variable=self.variable,
            )
        logs.hide(value)
        return value


def known_secrets(secrets: Iterable[Secret], environment: Mapping[str, str]) -> list[str]:
    """The values of those that are set."""
    return [value for secret in secrets if (value := environment.get(secret.variable, "").strip())]


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets, however they are written in an address or a quotation."""
    written = {
        form
        for secret in secrets
        for form in (secret, repr(secret)[1:-1], quote(secret), quote(secret, safe=""), quote_plus(secret))
    }
    return Redactor(written)(text)


def without_secrets(failure: SourceFailed, secrets: Iterable[str]) -> SourceFailed:
    """The same failure, its sentence's values scrubbed."""
    hidden = list(secrets)
    values = {name: scrubbed(str(value), hidden) for name, value in failure.values.items()}
    return SourceFailed(failure.sentence, **values)


def rows_without_secrets(refused: RowsRefused, secrets: Iterable[str]) -> RowsRefused:
    """The same refusal, the cells that it quotes scrubbed: a server may say our own token to us."""
    hidden = list(secrets)
    problems = [replace(row, value=scrubbed(row.value, hidden)) for row in refused.problems]
    return RowsRefused(problems, refused.refused, refused.read)
