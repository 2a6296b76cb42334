"""Buttons and forms that nothing listens for any more: an older version has shown them."""

import re

from slack_bolt import App

from bot.blocks.actions import out_of_date


def register(app: App) -> None:
    """Call it last: the first listener that fits is the one that answers."""
    app.action(re.compile(""))(refuse)
    app.view(re.compile(""))(refuse)


def refuse() -> None:
    raise out_of_date()
