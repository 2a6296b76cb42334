"""Screenshots of the sandbox's page, where a Chromium is at hand."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

DESKTOP, PHONE = (1280, 900), (390, 844)
# Quiet: no calls home, nothing to set up at the first start.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """The browser that CHROMIUM names, or one on the PATH."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def screenshots(url: str, views: Sequence[tuple[str, str, str]], folder: Path) -> Iterator[Path]:
    """Pages on a desktop and on a phone, of each (name, user, channel); nothing without a Chromium."""
    browser_path = chromium()
    if browser_path is None:
        return
    from playwright.sync_api import sync_playwright  # only a development tool: not needed to run the product

    sandboxed = os.geteuid() != 0  # Chromium's own sandbox refuses to run as root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=list(FLAGS), chromium_sandbox=sandboxed
        )
        for who, user, channel in views:
            for device, (width, height) in (("desktop", DESKTOP), ("phone", PHONE)):
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(f"{url}/?user={user}&channel={channel}&place=messages", wait_until="networkidle")
                picture = folder / f"page-{who}-{device}.png"
                page.screenshot(path=picture)
                page.close()
                yield picture
        browser.close()
