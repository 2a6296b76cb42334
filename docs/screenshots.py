"""The docs' pictures, taken from the demo: `python docs/screenshots.py [URL] [NAME…]`.

Without the URL of a demo that runs in the current folder it starts its own, one for each company that is
shown, and stops them afterwards; with names it takes no other pictures. It needs Playwright and a Chromium
(CHROMIUM, or on the PATH), does in the page what a person would do, and writes docs/pictures/*.png. The
pictures of the walks are those that their tests leave.
"""

import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import scenes  # this and the next: beside this script
import terminal
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from cli.demo.company import APP_TOKEN, BOT_TOKEN
from cli.demo.pictures import chromium
from cli.manifest import MANIFEST
from sandbox.client import Operator
from sandbox.server import Sandbox

PICTURES = Path(__file__).parent / "pictures"
SHARPNESS = 2  # dots of a picture for one of the page
LARGEST_BYTES = 250_000
PATIENCE_MS = 60_000
FIRST_RUN = {"init", "init-check"}
EXAMPLES = Path(__file__).parents[1] / "examples"
QUIET = ("--disable-gpu", "--disable-quic", "--disable-sync")


@dataclass(frozen=True)
class Demo:
    url: str
    folder: Path
    """What it has written: the company, the workspace's file, the home of its processes."""


def main() -> None:
    browser_path = chromium()
    if browser_path is None:
        sys.exit("There is no Chromium: install one, or say where it is by CHROMIUM=/path/to/chromium.")
    urls = [argument for argument in sys.argv[1:] if "://" in argument]
    names = set(sys.argv[1:]) - set(urls)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path,
            args=QUIET,
            chromium_sandbox=os.geteuid() != 0,  # Chromium's own sandbox refuses to run as root
        )
        for company in (scenes.SAMPLE, scenes.LENDER):
            shots = [
                one for one in scenes.SHOTS if one.company == company and (not names or one.name in names)
            ]
            first_run = company == scenes.SAMPLE and (not names or names & FIRST_RUN)
            if shots or first_run:
                with _demo(urls, company) as demo:
                    _take(browser, demo, shots)
                    for name, text in _first_run(demo).items() if first_run else ():
                        _save(_of_text(browser, text), name)
        browser.close()
    if not names or "walks" in names:
        _keep_walks()


def _take(browser: Browser, demo: Demo, shots: list[scenes.Shot]) -> None:
    users = {user["real_name"]: user["id"] for user in Operator(demo.url).workspace()["users"]}
    for shot in shots:
        if shot.act is scenes.sources:
            _set_up_sources(demo.folder / "home")
        _save(_taken(browser, f"{demo.url}/?user={users[shot.person]}&{shot.place}", shot), shot.name)


# What an administrator meets

SOURCES = """
[[sources]]
name = "crm"
kind = "files"
query = "visits.sql"
measures = ["visits"]
every = "1h"
[sources.files]
visits = "visits.csv"

[[sources]]
name = "telephone"
kind = "files"
query = "calls.sql"
measures = ["follow_ups"]
every = "1h"
[sources.files]
calls = "calls.csv"
"""
QUERY = """
SELECT id AS record_id, rep AS employee, '{measure}' AS measure, day AS occurred_on, 1 AS value FROM {file}
"""


def _set_up_sources(home: Path) -> None:
    """Two of them; the file of the second is not there."""
    (home / "visits.sql").write_text(QUERY.format(measure="visits", file="visits"))
    (home / "calls.sql").write_text(QUERY.format(measure="follow_ups", file="calls"))
    days = [f"{number},R{number:03},2026-07-0{1 + number % 6}" for number in range(1, 41)]
    (home / "visits.csv").write_text("\n".join(["id,rep,day", *days, ""]))
    (home / "sources.toml").write_text(SOURCES)


def _first_run(demo: Demo) -> dict[str, str]:
    """`pacesetter init` in a workspace where a few things are missing, then again with all of them there."""
    described = json.loads((demo.folder / "workspace.json").read_text())
    del described["users"][-1]
    by_name = {channel["name"]: channel for channel in described["channels"]}
    by_name["managers-hangzhou"]["private"] = False
    by_name["managers-south"]["members"].remove(described["app"]["bot_user_id"])
    for channel in described["channels"]:
        known = [user["id"] for user in described["users"]] + [described["app"]["bot_user_id"]]
        channel["members"] = [member for member in channel["members"] if member in known]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "my-company").symlink_to((demo.folder / "company").resolve())
        with Sandbox(described, MANIFEST).run_in_thread() as incomplete:
            answers = ["", APP_TOKEN, BOT_TOKEN, APP_TOKEN, ""]
            first = _init(folder, incomplete.url, ["--import", "my-company"], answers)
        again = _init(folder, demo.url, ["--check"], [])
    return {
        "init": terminal.page(("pacesetter init --import my-company", first)),
        "init-check": terminal.page(("pacesetter init --check", again)),
    }


def _init(folder: str, url: str, arguments: list[str], answers: list[str]) -> str:
    ours = ("PACESETTER_", "SLACK_", "DATABASE_URL")
    settings = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    settings["SLACK_API_URL"] = f"{url}/api/"
    shown = terminal.session([_pacesetter(), "init", *arguments], folder, settings, answers)
    # The link goes on for pages.
    return re.sub(r"(manifest_json=\S{20})[\S\n]*?\n(?=Bot token)", r"\1…\n", shown)


# What the walks leave

WALKS = ("tests/e2e/test_walks.py", "tests/e2e/test_targets_walk.py")
STEPS = (
    *("a_reps_morning 1-home", "a_reps_morning 4-what-if", "a_reps_morning 6-history-chart"),
    *("a_managers_morning 1-alert", "a_managers_morning 2-team"),
    *("an_administrators_morning 1-broken", "an_administrators_morning 2-details"),
    "an_administrators_morning 3-well",
    *("from_a_split_to_a_dispute 3-by-hand", "from_a_split_to_a_dispute 6-appeal"),
    *("from_a_split_to_a_dispute 7-revise", "from_a_split_to_a_dispute 9-checklist"),
)


def _keep_walks() -> None:
    """Of each walk a few steps: in English on a desktop, in Chinese on a phone."""
    with tempfile.TemporaryDirectory(prefix="pacesetter-") as folder:  # a failing source names it
        subprocess.run(  # noqa: S603 - our own tests
            [sys.executable, "-m", "pytest", "-q", f"--basetemp={folder}/run", *WALKS],
            cwd=PICTURES.parents[1],
            env={**os.environ, "PACESETTER_PICTURES": folder, "PACESETTER_LONG": "1"},
            check=True,
        )
        for reader in ("en-US-desktop", "zh-CN-phone"):
            for step in STEPS:
                left = Path(folder) / f"{step.replace(' ', f'-{reader}-')}.png"
                _save(left.read_bytes(), f"walks/{left.stem}")


# How it is done


def _taken(browser: Browser, address: str, shot: scenes.Shot) -> bytes:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=SHARPNESS, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    part = shot.act(page)
    page.mouse.move(0, 0)  # nothing is hovered over
    page.wait_for_load_state("networkidle")
    picture = part.screenshot()
    for close in reversed(page.get_by_test_id("modal-close").all()):
        close.click()  # else it is still open at the person's next visit
    context.close()
    return picture


def _of_text(browser: Browser, text: str) -> bytes:
    page = browser.new_page(viewport={"width": 1000, "height": 800}, device_scale_factor=SHARPNESS)
    page.set_content(text)
    picture = page.locator("pre").screenshot()
    page.close()
    return picture


def _save(png: bytes, name: str) -> None:
    """With a palette, which text and charts do not need more of."""
    path = PICTURES / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST_BYTES:
        sys.exit(f"{path} is larger than {LARGEST_BYTES} bytes: show less of the page.")
    sys.stdout.write(f"{path} {path.stat().st_size // 1000} kB\n")


@contextmanager
def _demo(urls: list[str], company: str) -> Iterator[Demo]:
    """The demo that was named, or one that runs as long as it is needed."""
    if urls:
        yield Demo(urls[0].rstrip("/"), Path("var/demo"))
        return
    with tempfile.TemporaryDirectory(prefix="pacesetter-") as folder:
        command = [_pacesetter(), "demo", "--port", "0", "--company", str(EXAMPLES / company)]
        demo = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
        try:
            yield Demo(_url_of(demo), Path(folder) / "var" / "demo")
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(60)


def _pacesetter() -> str:
    return str(Path(sys.executable).with_name("pacesetter"))


def _url_of(demo: "subprocess.Popen[str]") -> str:
    for line in demo.stdout or ():
        if found := re.search(r"is running:\s+(\S+)", line):
            return found[1]
    sys.exit("The demo has ended before it was ready: see what it says above.")


if __name__ == "__main__":
    main()
