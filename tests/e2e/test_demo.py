"""`pacesetter demo` as a newcomer runs it: in a folder of its own, stopped in every way, and run again."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import psutil
import pytest

from tests.builders import CompanyFolder
from tests.examples.folders import make_folder

PACESETTER = Path(sys.executable).with_name("pacesetter")
MARK = "DEMO_UNDER_TEST"
STARTS_WITHIN = 90
STOPS_WITHIN = 40
MONTHS = ("2026-03", "2026-04", "2026-05", "2026-06")
SALES = {"HANS": 1200, "LIN": 1100, "EVA": 1000, "TIM": 900, "RITA": 700}
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five reps, of whom Tim and Rita miss four months in a row; a manager with a private channel; HR."""
    folder = (
        CompanyFolder()
        .plan()
        .company('calendar = "cn"\nalerts_from = "2026-01"\n')
        .person("HR", role="hr", job_family="hr", unit="Acme")
        .person("MW", name="Mia West", role="manager", job_family="management", unit="Acme/West")
        .person("LIN", name="林晓", unit="Acme/West", locale="zh-CN")
        .people([rep for rep in SALES if rep != "LIN"], unit="Acme/West")
        .unit("Acme/West", manager_id="MW", hr_id="HR", channel="west-managers")
    )
    for month in MONTHS:
        for rep, amount in SALES.items():
            folder.target(rep, "sales", month, 1000)
            for measure, value in (("won_amount", amount), ("wins", 1), ("closed_deals", 2)):
                folder.measure(rep, measure, f"{month}-10", value)
    for measure in ("won_amount", "wins", "closed_deals", "violations"):
        folder.covered(measure, "2026-03-01", "2026-06-30")
    return folder.write(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where every demo of this file runs, one after the other."""
    folder = tmp_path_factory.mktemp("demo")
    yield folder
    for process in processes_of(folder):
        process.kill()


class Demo:
    """A demo that runs on until it is stopped."""

    def __init__(self, workplace: Path, company: Path) -> None:
        self.workplace = workplace
        self.log = workplace / "demo.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [PACESETTER, "demo", "--company", str(company)],
                cwd=workplace,
                env=environment(workplace),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_for(self, text: str) -> None:
        def said() -> bool:
            assert self.process.poll() is None, self.said()
            return text in self.said()

        wait_until(said, STARTS_WITHIN, lambda: f"{text!r} was not said: {self.said()}")

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")


def environment(workplace: Path) -> dict[str, str]:
    """Marks all processes of the demo; a PATH without a Chromium, whose pictures have tests of their own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("CHROMIUM", "PYTHONPATH")}
    return {**kept, MARK: str(workplace), "PATH": str(PACESETTER.parent), "PYTHONUNBUFFERED": "1"}


def run(workplace: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PACESETTER, "demo", *arguments],
        cwd=workplace,
        env=environment(workplace),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def processes_of(workplace: Path) -> list[psutil.Process]:
    """Every process that the demos of this workplace have started, and their children."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(workplace) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def wait_until(condition: Callable[[], bool], seconds: float, complaint: Callable[[], str]) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, complaint()
        time.sleep(0.1)


def assert_nothing_is_left(workplace: Path) -> None:
    wait_until(
        lambda: not processes_of(workplace),
        STOPS_WITHIN,
        lambda: f"still running: {[process.cmdline() for process in processes_of(workplace)]}",
    )


def test_it_prints_one_address_and_stops_at_ctrl_c(workplace: Path, company: Path) -> None:
    demo = Demo(workplace, company)
    demo.wait_for("Ctrl-C stops everything.")
    invitation = demo.said()
    names = " ".join(" ".join(process.cmdline()) for process in processes_of(workplace))
    second = run(workplace, "--company", str(company))

    code = demo.stop(signal.SIGINT)

    assert_nothing_is_left(workplace)
    assert code == 0, demo.said()
    assert "Everything is stopped." in demo.said()
    assert "Pacesetter is running:  http://127.0.0.1:" in invitation
    assert "As Name of HANS (HANS), the first ranked rep" in invitation
    assert "As Mia West, who oversees the team" in invitation
    users = json.loads((workplace / "var" / "demo" / "workspace.json").read_text(encoding="utf-8"))["users"]
    assert [user["real_name"] for user in users[:2]] == ["Name of HANS", "Mia West"]  # the page opens as Hans
    assert users[0]["title"].endswith("West")
    assert "Today is 2026-07-07 here." in invitation  # the fifth working day after June
    for part in ("pacesetter sandbox", "python -m bot", "python -m worker", "python -m worker.scheduler"):
        assert part in names
    assert second.returncode == 1
    assert "A demo is already running" in second.stderr


def test_killed_in_the_middle_it_leaves_no_process_behind(workplace: Path, company: Path) -> None:
    demo = Demo(workplace, company)
    demo.wait_for("Starting the sandbox")
    wait_until(lambda: len(processes_of(workplace)) >= 4, STARTS_WITHIN, demo.said)

    assert demo.stop(signal.SIGKILL) == -signal.SIGKILL

    assert_nothing_is_left(workplace)


def test_the_story_plays_by_itself_also_where_a_demo_was_killed(workplace: Path, company: Path) -> None:
    played = run(workplace, "--company", str(company), "--once")

    assert played.returncode == 0, played.stdout + played.stderr
    assert_nothing_is_left(workplace)
    assert "4 months are scored and locked, 2026-03 to 2026-06." in played.stderr
    story = played.stdout
    for title in (
        "Name of HANS types /myscore 2026-06",
        "Name of HANS presses Why?",
        "Name of HANS presses History",
        "Mia West types /ranking Acme/West 2026-06",
        "Chart for Name of HANS",
        "Chart for Mia West",
        "The week begins for Name of HANS",
        "*Your card for week 28 of 2026*",
        "The week begins for Mia West",
        "2 alerts. 0 messages wait",
        "In west-managers",
        "*Name of RITA (RITA): 3 missed months in a row*",
        "Score 64: 37.5 points below their mean of 101.5.",
    ):
        assert title in story, story
    assert "112" in story  # Hans: 60 % of 120 points and 40 % of 100
    assert "2. 林晓 (LIN): 106" in story
    pictures = sorted((workplace / "var" / "demo").glob("*.png"))
    assert [picture.name for picture in pictures] == ["HANS-1.png", "HANS-2.png", "MW-1.png", "MW-2.png"]
    assert all(picture.read_bytes().startswith(PNG) for picture in pictures)


def test_a_year_is_played_month_by_month_and_then_shown(workplace: Path, tmp_path: Path) -> None:
    year = make_folder("consumer-loans", tmp_path / "year", arguments=("--months", "4", "--small"))

    played = run(workplace, "--company", str(year), "--once")

    assert played.returncode == 0, played.stdout + played.stderr
    payrolls = sorted((workplace / "var" / "demo" / "payroll").iterdir())
    assert [payroll.stem for payroll in payrolls] == ["2025-01", "2025-02", "2025-03", "2025-04"]
    with payrolls[-1].open(encoding="utf-8-sig", newline="") as file:
        paid = sum(Decimal(row["total"] or 0) for row in csv.DictReader(file))
    said = f"2025-04: 40 cards locked on 2025-05-12 and verified; 40 people paid, {paid:,.2f} in all."
    assert said in played.stderr
    assert "presses Pay" in played.stdout
    assert "*Your pay of April 2025*" in played.stdout or "*您2025年4月的收入*" in played.stdout
    assert_nothing_is_left(workplace)


@pytest.mark.parametrize("rows", [None, []])
def test_a_folder_that_is_no_company_is_one_sentence(tmp_path: Path, rows: list[str] | None) -> None:
    folder = tmp_path / "no-company"
    if rows is not None:
        folder.mkdir()

    refused = run(tmp_path, "--company", str(folder), "--once")

    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "Traceback" not in refused.stderr
    assert "no-company" in refused.stderr or "people.csv" in refused.stderr
    assert processes_of(tmp_path) == []
