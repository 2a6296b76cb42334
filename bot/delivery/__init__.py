"""Sending what the outbox holds: once, and for sure."""

from bot.delivery.drawing import Draw, Drawing, Image, NothingToSay, Picture
from bot.delivery.files import FileToSend
from bot.delivery.pace import Pace
from bot.delivery.sending import Delivery, delivery_client
from bot.delivery.trying import Outcome

__all__ = [
    "Delivery",
    "Draw",
    "Drawing",
    "FileToSend",
    "Image",
    "NothingToSay",
    "Outcome",
    "Pace",
    "Picture",
    "delivery_client",
]
