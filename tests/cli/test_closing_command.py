"""`pacesetter close`, `lock --because` and `restate`: what they print, and what they refuse."""

from pathlib import Path

import pytest

from tests.cli.conftest import Pacesetter
from tests.cli.test_command_line import SCORES, company, folder

__all__ = ["folder"]


@pytest.fixture
def imported(pacesetter: Pacesetter, folder: Path) -> None:
    assert pacesetter("import", folder).exit_code == 0


@pytest.mark.usefixtures("imported")
class TestClosing:
    def test_nothing_waits_before_anything_is_scored(self, pacesetter: Pacesetter) -> None:
        assert pacesetter("close").stdout == "Every month that has ended and been scored is locked.\n"

    def test_the_calendar_and_what_is_open(self, pacesetter: Pacesetter) -> None:
        pacesetter("score", "2026-06")
        assert pacesetter("close").stdout.splitlines() == [
            "2026-06: in review",
            "  data due 2026-07-03, review to 2026-07-08, lock by 2026-07-10",
            "  people without a target: 1",
        ]
        named = pacesetter("close", "2026-06", "--names").stdout
        assert "  people without a target: 1 (Name of TINA (TINA))" in named
        assert "still running" in pacesetter("close", "2026-07").stdout

    def test_a_lock_says_what_was_open_and_keeps_the_reason(self, pacesetter: Pacesetter) -> None:
        # when
        told = pacesetter("lock", "2026-06", "--because", "TINA is on leave all year.")
        # then
        assert (told.exit_code, told.stdout) == (0, "")
        assert "Still open then (TINA is on leave all year.):" in told.stderr
        shown = pacesetter("close", "2026-06").stdout
        assert "2026-06: locked" in shown
        assert "open then, TINA is on leave all year.:" in shown
        assert "people without a target: 1" in shown

    def test_without_a_reason_that_is_what_is_kept(self, pacesetter: Pacesetter) -> None:
        told = pacesetter("lock", "2026-06")
        assert told.exit_code == 0
        assert "locked from the command line without a reason" in told.stderr

    @pytest.mark.parametrize("typed", ["moon", "2026-13", ""])
    def test_a_period_that_is_none_is_refused(self, pacesetter: Pacesetter, typed: str) -> None:
        assert pacesetter("close", typed).exit_code == 2


@pytest.mark.usefixtures("imported")
class TestRestating:
    def test_a_card_is_restated_and_both_are_proved(self, pacesetter: Pacesetter, tmp_path: Path) -> None:
        # given
        pacesetter("lock", "2026-06")
        late = company()
        june = next(
            row
            for row in late.tables["measures"]
            if row["employee_id"] == "RITA" and row["occurred_on"] == "2026-06-10"
        )
        june["value"] = "1200"
        pacesetter("import", late.write(tmp_path / "late"))
        # when
        told = pacesetter("restate", "RITA", "2026-06", "--because", "A late invoice.")
        # then
        assert told.exit_code == 0
        assert "RITA, 2026-06: version 2 stands now" in told.stderr
        assert pacesetter("verify", "2026-06").exit_code == 0
        assert pacesetter("scores", "2026-06", "--format", "csv").stdout == SCORES
        again = pacesetter("restate", "RITA", "2026-06", "--because", "Once more.")
        assert again.exit_code == 1
        assert "nothing to restate" in again.stderr

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["NOBODY", "2026-06", "--because", "x"], "Nobody has the employee id NOBODY"),
            (["RITA", "2026-06", "--because", " "], "Write down why"),
            (["RITA", "2026-06", "--because", "x"], "is not locked"),
        ],
    )
    def test_what_cannot_be_gets_its_sentence(
        self, pacesetter: Pacesetter, arguments: list[str], sentence: str
    ) -> None:
        refused = pacesetter("restate", *arguments)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert sentence in refused.stderr
