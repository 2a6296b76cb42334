"""A command in a terminal, answered as a person would, and its text as a page to take a picture of."""

import html
import os
import pty
import re
from collections.abc import Sequence

COLUMNS = 100
PAGE = """<!doctype html><body style="margin:0"><pre style="margin:0; padding:20px 24px; width:max-content;
max-width:960px; white-space:pre-wrap; font:14px/1.5 'DejaVu Sans Mono',monospace;
color:#e8e6e3; background:#1d1c1d">{text}</pre>"""
COLOURS = {"OK": "#7fd1a0", "NOTE": "#f0c674", "MISSING": "#ff8f87"}


def session(command: Sequence[str], folder: str, settings: dict[str, str], answers: Sequence[str]) -> str:
    """What the terminal shows. An answer is typed whenever the command waits for one."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(command[0], list(command), {**settings, "COLUMNS": str(COLUMNS), "NO_COLOR": "1"})  # noqa: S606
    shown, left = "", list(answers)
    while said := _read(terminal):
        shown += said
        if left and shown.endswith(": "):
            os.write(terminal, f"{left.pop(0)}\n".encode())
    os.waitpid(child, 0)
    os.close(terminal)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).replace("\r\n", "\n").rstrip()


def page(*typed_and_shown: tuple[str, str]) -> str:
    """A page of HTML: each command behind a prompt, and what came of it."""
    parts = [f"<b>$ {html.escape(typed)}</b>\n{_coloured(shown)}" for typed, shown in typed_and_shown]
    return PAGE.format(text="\n\n".join(parts))


def _read(terminal: int) -> str:
    """Empty when the command has ended."""
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:  # Linux says so of a terminal that nobody is at any more
        return ""


def _coloured(shown: str) -> str:
    return re.sub(
        f"^({'|'.join(COLOURS)})(?= )",
        lambda verdict: f'<b style="color:{COLOURS[verdict[1]]}">{verdict[1]}</b>',
        html.escape(shown),
        flags=re.MULTILINE,
    )
