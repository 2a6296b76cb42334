"""Files of people and open disputes from the command line."""

from pathlib import Path

import pytest

from tests.builders import CompanyFolder
from tests.cli.conftest import Pacesetter

WARNING = ("--kind", "sanction", "--title", "A warning", "--reason", "Left a customer waiting.")


@pytest.fixture
def acme(pacesetter: Pacesetter, tmp_path: Path) -> Pacesetter:
    pacesetter("import", CompanyFolder().plan().person("E1", unit="Acme").write(tmp_path / "acme"))
    return pacesetter


def test_an_entry_is_written_listed_and_withdrawn(acme: Pacesetter) -> None:
    # when
    said = acme("record", "add", "E1", *WARNING, "--on", "2026-07-01")
    assert "Entry 1 stands in the file of Name of E1." in said.stderr
    assert "Entry 1 is withdrawn." in acme("record", "withdraw", 1, "--because", "It was E2.").stderr
    # then
    header, row = acme("record", "list", "E1", "--format", "csv").stdout.splitlines()
    assert header == "id,kind,day,title,reason,evidence,by,withdrawn"
    assert row.startswith("1,sanction,2026-07-01,A warning,Left a customer waiting.,,cli:")
    assert row.endswith(",It was E2.")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "E9", *WARNING, "--on", "2026-07-01"), "Nobody has the employee id E9"),
        (("add", "E1", *WARNING, "--on", "2026-07-08"), "still to come"),
        (("add", "E1", *WARNING, "--on", "July"), "is not a day"),
        (("add", "E1", "--kind", "praise", *WARNING[2:], "--on", "2026-07-01"), "praise"),
        (("withdraw", "9", "--because", "x"), "This entry is not known."),
        (("list", "E9"), "Nobody has the employee id E9"),
    ],
)
def test_what_cannot_be_gets_a_sentence(acme: Pacesetter, arguments: tuple[str, ...], sentence: str) -> None:
    refused = acme("record", *arguments)
    assert refused.exit_code != 0
    assert sentence in " ".join(refused.stderr.replace("│", " ").split())
    assert acme("record", "list", "E1", "--format", "csv").stdout.count("\n") == 1


def test_without_disputes_the_list_is_empty(acme: Pacesetter) -> None:
    assert acme("disputes", "--format", "csv").stdout == "id,person,about,period,judge,due_on\n"
