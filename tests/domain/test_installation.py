"""The workspace of an installation by OAuth: one, its token encrypted, forgotten when the app is removed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.audit import AuditEntry, first_broken_entry
from domain.clock import FixedClock
from domain.database import Database
from domain.encryption import Vault, new_key
from domain.errors import BadInput
from domain.installation import (
    STATES_LAST,
    AnotherWorkspace,
    Arrival,
    Installation,
    NotInstalled,
    current_token,
    install,
    installed,
    issue_state,
    remove,
    renew_encryption,
    take_back_state,
)

KEY = new_key()
VAULT = Vault([KEY])
ACME = Arrival("T1", "Acme", None, "A1", "UBOT", "BBOT", "commands,chat:write", "xoxb-acme-1", "U0ADA")
RIVAL = replace(ACME, team_id="T2", team_name="Rival", token="xoxb-rival-1")


def act(database: Database, do: Callable[[Session], Any]) -> Any:
    with database.writing() as session:
        return do(session)


def arrive(database: Database, clock: FixedClock, arrival: Arrival = ACME) -> None:
    act(database, lambda session: install(session, clock, VAULT, arrival))


def token(database: Database, vault: Vault = VAULT) -> str:
    with database.reading() as session:
        return current_token(session, vault)


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        assert first_broken_entry(session) is None
        return list(session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_the_token_is_kept_encrypted(database: Database, clock: FixedClock) -> None:
    arrive(database, clock)

    assert token(database) == "xoxb-acme-1"
    with database.reading() as session:
        kept = session.execute(sa.select(Installation.__table__)).one()
    assert "xoxb" not in str(kept)


def test_installing_again_renews_the_token(database: Database, clock: FixedClock) -> None:
    arrive(database, clock)
    arrive(database, clock, replace(ACME, token="xoxb-acme-2", scopes="commands"))

    assert token(database) == "xoxb-acme-2"
    assert actions(database) == ["workspace.install", "workspace.install"]


def test_a_second_workspace_is_refused_by_the_name_of_the_first(
    database: Database, clock: FixedClock
) -> None:
    arrive(database, clock)

    with pytest.raises(AnotherWorkspace, match="belongs to the workspace Acme"):
        arrive(database, clock, RIVAL)

    assert token(database) == "xoxb-acme-1"


def test_a_workspace_that_was_removed_still_keeps_others_out(database: Database, clock: FixedClock) -> None:
    arrive(database, clock)
    act(database, lambda session: remove(session, clock, "T1", "app_uninstalled"))

    with pytest.raises(AnotherWorkspace):
        arrive(database, clock, RIVAL)


def test_of_two_workspaces_at_the_same_moment_one_is_the_first(database: Database, clock: FixedClock) -> None:
    start = Barrier(2)

    def try_to_arrive(arrival: Arrival) -> bool:
        start.wait(30)
        try:
            arrive(database, clock, arrival)
        except AnotherWorkspace:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(try_to_arrive, (ACME, RIVAL))) == [False, True]


def test_a_removed_app_has_no_token_and_says_since_when(database: Database, clock: FixedClock) -> None:
    arrive(database, clock)

    assert act(database, lambda session: remove(session, clock, "T1", "app_uninstalled"))

    with pytest.raises(
        NotInstalled, match=r"removed from the workspace Acme on 2026-07-07 \(app_uninstalled\)"
    ):
        token(database)
    assert actions(database) == ["workspace.install", "workspace.remove"]


@pytest.mark.parametrize("team_id", ["T2", None])
def test_only_its_own_workspace_removes_the_app(
    database: Database, clock: FixedClock, team_id: str | None
) -> None:
    arrive(database, clock)

    assert not act(database, lambda session: remove(session, clock, team_id, "app_uninstalled"))

    assert token(database) == "xoxb-acme-1"


def test_what_was_removed_is_not_removed_again(database: Database, clock: FixedClock) -> None:
    arrive(database, clock)
    act(database, lambda session: remove(session, clock, "T1", "tokens_revoked"))

    assert not act(database, lambda session: remove(session, clock, "T1", "app_uninstalled"))
    assert actions(database) == ["workspace.install", "workspace.remove"]


def test_an_app_that_was_removed_can_come_back(database: Database, clock: FixedClock) -> None:
    arrive(database, clock)
    act(database, lambda session: remove(session, clock, "T1", "app_uninstalled"))
    arrive(database, clock, replace(ACME, token="xoxb-acme-2"))

    assert token(database) == "xoxb-acme-2"


def test_an_installation_is_found_by_its_workspace_while_it_lasts(
    database: Database, clock: FixedClock
) -> None:
    def found(team_id: str | None) -> bool:
        with database.reading() as session:
            return installed(session, team_id) is not None

    assert not found(None)
    arrive(database, clock)
    assert (found("T1"), found(None), found("T2")) == (True, True, False)
    act(database, lambda session: remove(session, clock, "T1", "app_uninstalled"))
    assert not found("T1")


def test_before_anybody_installed_it_a_sentence_says_where_to_begin(database: Database) -> None:
    with pytest.raises(NotInstalled, match="/slack/install"):
        token(database)


def test_a_key_is_exchanged_without_installing_again(database: Database, clock: FixedClock) -> None:
    newer = new_key()
    arrive(database, clock)

    act(database, lambda session: renew_encryption(session, Vault([newer, KEY])))

    assert token(database, Vault([newer])) == "xoxb-acme-1"
    with pytest.raises(BadInput, match="PACESETTER_ENCRYPTION_KEY does not fit"):
        token(database)


def test_where_nothing_is_installed_a_key_can_be_exchanged_too(database: Database) -> None:
    act(database, lambda session: renew_encryption(session, VAULT))


def test_a_state_is_taken_back_once(database: Database, clock: FixedClock) -> None:
    state = act(database, lambda session: issue_state(session, clock))

    taken = [act(database, lambda session: take_back_state(session, clock, state)) for _ in range(2)]

    assert taken == [True, False]


def test_a_state_that_was_not_issued_or_is_old_is_not_taken_back(
    database: Database, clock: FixedClock
) -> None:
    state = act(database, lambda session: issue_state(session, clock))
    clock.at += STATES_LAST + timedelta(seconds=1)

    assert not act(database, lambda session: take_back_state(session, clock, state))
    assert not act(database, lambda session: take_back_state(session, clock, "made up"))
