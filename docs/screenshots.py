"""The docs' pictures, taken from the demo: `python docs/screenshots.py [URL] [NAME…]`.

Without the URL of a demo that runs in the current folder it starts one of its own and stops it afterwards;
with names it takes no other pictures. It needs Playwright and a Chromium (CHROMIUM, or on the PATH), does in
the page what a person would do, and writes docs/pictures/*.png. The pictures of the walks are those that
their test leaves.
"""

import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import terminal  # beside this script
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from cli.demo.company import APP_TOKEN, BOT_TOKEN
from cli.demo.pictures import chromium
from cli.manifest import MANIFEST
from sandbox.client import Operator
from sandbox.server import Sandbox

PICTURES = Path(__file__).parent / "pictures"
MONTH = "2026-06"  # the sample company's last
WINDOW, COLUMN, TALL, FLAT, PHONE = (1120, 780), (860, 1000), (860, 1500), (860, 640), (390, 844)
WIDE = (1360, 860)
SHARPNESS = 2  # dots of a picture for one of the page
LARGEST_BYTES = 250_000
PATIENCE_MS = 60_000
READ_WITHIN_MS = 5_000
QUIET = ("--disable-gpu", "--disable-quic", "--disable-sync")

GENERAL, APP, HOME = "channel=C0GENERAL", "channel=app&place=messages", "channel=app&place=home"


@dataclass(frozen=True)
class Shot:
    """A picture: whose window, how large, at which place, and what is done there before it is taken."""

    name: str
    person: str
    size: tuple[int, int]
    place: str
    act: Callable[[Page], Locator]
    """Gives the part of the page to show."""


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
    with _demo(urls) as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path,
            args=QUIET,
            chromium_sandbox=os.geteuid() != 0,  # Chromium's own sandbox refuses to run as root
        )
        users = {user["real_name"]: user["id"] for user in Operator(demo.url).workspace()["users"]}
        for shot in [one for one in SHOTS if not names or one.name in names]:
            if shot.act is sources:
                _set_up_sources(demo.folder / "home")
            _save(_taken(browser, f"{demo.url}/?user={users[shot.person]}&{shot.place}", shot), shot.name)
        if not names or names & {"init", "init-check"}:
            for name, text in _first_run(demo).items():
                _save(_of_text(browser, text), name)
        browser.close()
    if not names or "walks" in names:
        _keep_walks()


# What a person does


def card(page: Page) -> Locator:
    _type(page, f"/myscore {MONTH}")
    return _last_message(page)


def why(page: Page) -> Locator:
    _press(card(page), "Why?", "为什么？")
    return page.get_by_test_id("modal")


def history(page: Page) -> Locator:
    _press(card(page), "History")
    return _chart(page, "Score history")


def ranking(page: Page) -> Locator:
    _type(page, f"/ranking East {MONTH}")
    return _last_message(page)


def distribution(page: Page) -> Locator:
    _type(page, f"/ranking North {MONTH}")
    _press(_last_message(page), "Distribution")
    return _chart(page, "Distribution of scores: North")


def team(page: Page) -> Locator:
    _type(page, "/team")
    return _last_message(page)


def at_risk(page: Page) -> Locator:
    _press(team(page), "At risk", "需关注")
    return page.get_by_test_id("modal")


def team_trend(page: Page) -> Locator:
    _type(page, f"/team {MONTH}")
    _press(_last_message(page), "Charts")
    return _chart(page, "Attainment of the team")


def alert(page: Page) -> Locator:
    """The managers' channel, with the thread of the first alert."""
    page.get_by_role("link", name=re.compile("managers-")).first.click()
    page.get_by_test_id("open-thread").first.click()
    page.get_by_test_id("thread").get_by_test_id("message").nth(1).wait_for()
    return page.locator("body")


def own_report(page: Page) -> Locator:
    return page.get_by_test_id("message").first


def what_if(page: Page) -> Locator:
    _press(card(page), "What if?")
    return _window(page, "The cheapest mix")


def share(page: Page) -> Locator:
    """The preview: who will read it, and what."""
    _press(card(page), "Share")
    form = page.get_by_test_id("modal")
    form.get_by_role("combobox", name="To a channel").click()
    form.get_by_role("option", name="general").first.click()
    form.get_by_role("checkbox").nth(1).check()
    page.get_by_test_id("modal-submit").click()
    return _window(page, "in your name")


def preferences(page: Page) -> Locator:
    _press(page.get_by_test_id("home"), "Preferences")
    return _window(page, "Quiet")


def weekly(page: Page) -> Locator:
    return page.get_by_test_id("message").filter(has_text="Your card for").last


def digest(page: Page) -> Locator:
    return page.get_by_test_id("message").filter(has_text="Your digest for").last


def sources(page: Page) -> Locator:
    tab = page.get_by_test_id("home")
    tab.get_by_text("✗").wait_for()
    page.wait_for_timeout(READ_WITHIN_MS)  # a source that is well draws nothing anew
    page.reload(wait_until="networkidle")
    tab.get_by_text("✓").wait_for()
    return tab


def inspector(page: Page) -> Locator:
    """The traffic of a command, one request of it open."""
    page.get_by_test_id("open-inspector").click()
    page.get_by_role("button", name="Clear").click()
    _press(card(page), "Why?")
    page.get_by_test_id("modal-close").click()
    entry = page.get_by_test_id("traffic-entry").filter(has_text="/myscore").first
    entry.get_by_role("button").first.click()
    return page.locator("body")


def faults(page: Page) -> Locator:
    page.get_by_test_id("open-faults").click()
    return page.get_by_test_id("faults")


def whole_page(page: Page) -> Locator:
    card(page)
    return page.locator("body")


def home(page: Page) -> Locator:
    page.get_by_test_id("home").get_by_role("button").first.wait_for()
    return page.locator("body")


SHOTS = (
    Shot("card", "Kevin Zhou", COLUMN, GENERAL, card),
    Shot("why", "Kevin Zhou", COLUMN, GENERAL, why),
    Shot("history", "Sophie Turner", COLUMN, GENERAL, history),
    Shot("ranking", "Priya Nair", COLUMN, GENERAL, ranking),
    Shot("distribution", "Helen Fraser", COLUMN, GENERAL, distribution),
    Shot("team", "Helen Fraser", TALL, GENERAL, team),
    Shot("team-trend", "Helen Fraser", COLUMN, GENERAL, team_trend),
    Shot("team-zh", "黄志强", PHONE, GENERAL, at_risk),
    Shot("alert", "林美玲", WINDOW, APP, alert),
    Shot("report", "Thomas Reed", COLUMN, APP, own_report),
    Shot("card-zh", "冯婷婷", PHONE, GENERAL, card),
    Shot("why-zh", "冯婷婷", PHONE, GENERAL, why),
    Shot("home-zh", "冯婷婷", WINDOW, HOME, home),
    Shot("what-if", "Kevin Zhou", TALL, GENERAL, what_if),
    Shot("share", "Priya Nair", COLUMN, GENERAL, share),
    Shot("preferences", "Thomas Reed", COLUMN, HOME, preferences),
    Shot("weekly", "Kevin Zhou", TALL, APP, weekly),
    Shot("digest", "Helen Fraser", TALL, APP, digest),
    Shot("workspace-inspector", "Priya Nair", WIDE, GENERAL, inspector),
    Shot("workspace-faults", "Priya Nair", COLUMN, GENERAL, faults),
    Shot("workspace-phone", "Priya Nair", PHONE, GENERAL, whole_page),
    Shot("sources", "Victor Petrov", FLAT, HOME, sources),  # the last: what it reads changes July
)


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

STEPS = (
    *("a_reps_morning 1-home", "a_reps_morning 4-what-if", "a_reps_morning 6-history-chart"),
    *("a_managers_morning 1-alert", "a_managers_morning 2-team"),
    *("an_administrators_morning 1-broken", "an_administrators_morning 2-details"),
    "an_administrators_morning 3-well",
)


def _keep_walks() -> None:
    """Of each walk a few steps: in English on a desktop, in Chinese on a phone."""
    with tempfile.TemporaryDirectory(prefix="pacesetter-") as folder:  # a failing source names it
        subprocess.run(  # noqa: S603 - our own tests
            [sys.executable, "-m", "pytest", "-q", f"--basetemp={folder}/run", "tests/e2e/test_walks.py"],
            cwd=PICTURES.parents[1],
            env={**os.environ, "PACESETTER_PICTURES": folder},
            check=True,
        )
        for reader in ("en-US-desktop", "zh-CN-phone"):
            for step in STEPS:
                left = Path(folder) / f"{step.replace(' ', f'-{reader}-')}.png"
                _save(left.read_bytes(), f"walks/{left.stem}")


# How it is done


def _type(page: Page, text: str) -> None:
    box = page.get_by_test_id("composer").get_by_role("textbox")
    box.fill(text)
    box.press("Enter")


def _last_message(page: Page) -> Locator:
    """What answers the command that was typed last."""
    message = page.get_by_test_id("message").last
    message.get_by_role("button").first.wait_for()
    return message


def _press(within: Locator, *names: str) -> None:
    """A button, by its name in any of the languages."""
    within.get_by_role("button", name=re.compile("|".join(map(re.escape, names)))).first.click()


def _window(page: Page, text: str) -> Locator:
    """The window that is open, once it says that."""
    window = page.get_by_test_id("modal").last
    window.get_by_text(text).first.wait_for()
    return window


def _chart(page: Page, title: str) -> Locator:
    """The chart that a worker has sent to the person's direct messages."""
    page.get_by_test_id("modal-close").click()
    page.get_by_test_id("sidebar").get_by_role("link", name="Pacesetter").click()
    page.get_by_test_id("tab-messages").click()
    chart = page.get_by_test_id("message").filter(has_text=title).last
    chart.locator("img").wait_for()
    return chart


def _taken(browser: Browser, address: str, shot: Shot) -> bytes:
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
def _demo(urls: list[str]) -> Iterator[Demo]:
    """The demo that was named, or one that runs as long as it is needed."""
    if urls:
        yield Demo(urls[0].rstrip("/"), Path("var/demo"))
        return
    with tempfile.TemporaryDirectory(prefix="pacesetter-") as folder:
        demo = subprocess.Popen(  # noqa: S603 - our own command
            [_pacesetter(), "demo", "--port", "0"], cwd=folder, stdout=subprocess.PIPE, text=True
        )
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
