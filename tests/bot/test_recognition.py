"""What a winner is asked."""

import pytest

from bot.blocks.recognition import asked_message
from tests.bot.builders import ENGLISH, JUNE
from tests.bot.calling import texts


@pytest.mark.parametrize(
    ("channel", "shown"), [("C0WINS", "<#C0WINS>"), ("#wins", "#wins"), ("wins", "#wins")]
)
def test_the_channel_is_named_as_slack_shows_it(channel: str, shown: str) -> None:
    asked = asked_message(ENGLISH, 7, JUNE, [], channel)
    assert f"Then {shown} reads your name" in "\n".join(texts(asked.blocks))
