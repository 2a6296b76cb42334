"""Sending what the outbox holds: once, and for sure."""

from bot.delivery.drawing import Draw, Drawing, Image, Picture
from bot.delivery.pace import Pace
from bot.delivery.sending import Delivery, Outcome, delivery_client

__all__ = ["Delivery", "Draw", "Drawing", "Image", "Outcome", "Pace", "Picture", "delivery_client"]
