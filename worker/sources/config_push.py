"""A source of the kind *push*, which delivers by itself, as `sources.toml` describes it."""

from dataclasses import dataclass

from domain.plans.rules_table import Table
from worker.sources.config_values import Place, secret
from worker.sources.secret import Secret

KEYS = ("secret_env", "next_secret_env")


@dataclass(frozen=True)
class PushTerms:
    """How deliveries are known to come from the source."""

    secrets: tuple[Secret, ...]
    """One, and while it is changed the next one too: either will do."""

    @property
    def says_coverage(self) -> bool:
        return False

    @property
    def reads_whole(self) -> bool:
        return False


def push_terms(table: Table, place: Place) -> PushTerms:
    current = secret(table, "secret_env", place)
    if current is None:
        raise table.error(
            f'{table.title} needs "secret_env", the variable with the secret that deliveries are signed with.'
        )
    following = secret(table, "next_secret_env", place)
    return PushTerms((current,) if following is None else (current, following))
