"""The arrows between the packages hold, and what is called pure is."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {"bot", "cli", "domain", "migrations", "sandbox", "tests", "worker"}
RULES = sorted((ROOT / "domain").glob("**/rules*.py"))
LIBRARIES_OF_RULES = {"babel", "dateutil", "numpy", "pandas"}
MODULES_OF_RULES = {
    *("domain.cells", "domain.errors", "domain.periods"),
    *("domain.plain", "domain.rows", "domain.working_days"),
}
NEITHER_CLOCK_NOR_DATABASE = {"sqlite3", "time", "random", "secrets", "os", "subprocess", "socket", "urllib"}


def test_the_arrows_of_the_import_linter_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    checked = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert " 0 broken" in checked.stdout


def test_the_sandbox_knows_nothing_but_slacks_protocol() -> None:
    for file in sorted((ROOT / "sandbox").glob("**/*.py")):
        ours = {module.partition(".")[0] for module in imports_of(file)} & PACKAGES
        assert ours <= {"sandbox"}, f"{file.relative_to(ROOT)} imports {ours}"


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_rules_are_values_in_and_values_out(file: Path) -> None:
    for module in imports_of(file):
        assert may_rules_import(module), f"{file.relative_to(ROOT)} imports {module}"


def test_there_are_rules_to_look_at() -> None:
    assert {file.parent.name for file in RULES} >= {"imports", "people", "plans", "scoring", "watch"}


@pytest.mark.parametrize(
    ("module", "may"),
    [
        ("datetime", True),
        ("collections.abc", True),
        ("pandas", True),
        ("domain.scoring.rules_exact", True),
        ("domain.periods", True),
        ("domain.people.model", False),
        ("domain.clock", False),
        ("sqlalchemy", False),
        ("time", False),
        ("bot.blocks", False),
    ],
)
def test_what_rules_may_import(module: str, may: bool) -> None:
    assert may_rules_import(module) is may


def may_rules_import(module: str) -> bool:
    top, _, _ = module.partition(".")
    if top == "domain":
        return module in MODULES_OF_RULES or module.rpartition(".")[2].startswith("rules")
    return top in LIBRARIES_OF_RULES or top in sys.stdlib_module_names - NEITHER_CLOCK_NOR_DATABASE


def imports_of(file: Path) -> Iterator[str]:
    """The modules that a file names in its imports, wherever they stand."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.relative_to(ROOT)}: imports are absolute here"
            yield node.module or ""
