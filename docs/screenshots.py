"""The README's pictures, taken from the demo: `python docs/screenshots.py [URL]`.

Without the URL of a running demo it starts one of its own and stops it afterwards. It needs Playwright and a
Chromium (CHROMIUM, or on the PATH), does in the page what a person would do, and writes docs/pictures/*.png.
"""

import io
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

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from cli.demo.pictures import chromium
from sandbox.client import Operator

PICTURES = Path(__file__).parent / "pictures"
MONTH = "2026-06"  # the sample company's last
WINDOW, COLUMN, TALL, PHONE = (1120, 780), (860, 1000), (860, 1500), (390, 844)
SHARPNESS = 2  # dots of a picture for one of the page
LARGEST_BYTES = 250_000
PATIENCE_MS = 60_000
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


def main() -> None:
    browser_path = chromium()
    if browser_path is None:
        sys.exit("There is no Chromium: install one, or say where it is by CHROMIUM=/path/to/chromium.")
    PICTURES.mkdir(exist_ok=True)
    with _demo(sys.argv[1:]) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path,
            args=QUIET,
            chromium_sandbox=os.geteuid() != 0,  # Chromium's own sandbox refuses to run as root
        )
        users = {user["real_name"]: user["id"] for user in Operator(url).workspace()["users"]}
        for shot in SHOTS:
            picture = PICTURES / f"{shot.name}.png"
            _save(_taken(browser, f"{url}/?user={users[shot.person]}&{shot.place}", shot), picture)
            sys.stdout.write(f"{picture} {picture.stat().st_size // 1000} kB\n")
        browser.close()


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
    _press(team(page), "At risk", "有风险")
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
)


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
    for close in page.get_by_test_id("modal-close").all():
        close.click()  # else it is still open at the person's next visit
    context.close()
    return picture


def _save(png: bytes, path: Path) -> None:
    """With a palette, which text and charts do not need more of."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST_BYTES:
        sys.exit(f"{path} is larger than {LARGEST_BYTES} bytes: show less of the page.")


@contextmanager
def _demo(urls: list[str]) -> Iterator[str]:
    """The URL of the demo that was named, or of one that runs as long as it is needed."""
    if urls:
        yield urls[0].rstrip("/")
        return
    pacesetter = Path(sys.executable).with_name("pacesetter")
    with tempfile.TemporaryDirectory() as folder:
        demo = subprocess.Popen(  # noqa: S603 - our own command
            [str(pacesetter), "demo", "--port", "0"], cwd=folder, stdout=subprocess.PIPE, text=True
        )
        try:
            yield _url_of(demo)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(60)


def _url_of(demo: "subprocess.Popen[str]") -> str:
    for line in demo.stdout or ():
        if found := re.search(r"is running:\s+(\S+)", line):
            return found[1]
    sys.exit("The demo has ended before it was ready: see what it says above.")


if __name__ == "__main__":
    main()
