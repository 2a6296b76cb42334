"""Faults on demand: what Slack does on a bad day, for a bot to be tried against."""

import random
from dataclasses import dataclass, field, fields
from typing import Any

from sandbox.errors import PageError


@dataclass
class Faults:
    """The switches; `methods` narrows those that touch the Web API to these methods.

    lose_replies: share of Web API calls (0..1) that are carried out although their reply never arrives
    slow_ms: milliseconds before every Web API reply
    rate_limit_next: how many of the next calls are answered by 429
    retry_after: seconds that such an answer asks to wait
    repeat_deliveries: share of deliveries (0..1) that come a second time, once they are acknowledged
    lose_acknowledgements: share of deliveries (0..1) whose acknowledgement never arrives
    slow_deliveries_ms: milliseconds before every delivery to the app
    event_retry_scale: Slack's waits before it sends an event again (0, 60 and 300 s) times this
    refresh_after_s: seconds that a Socket Mode connection lives, from the next one on (0: for ever)
    rate_limits: whether too many calls, or messages to one channel, are answered by 429 as on Slack
    limits: calls a minute for some methods, instead of Slack's tier: {"users.info": 3}
    """

    lose_replies: float = 0.0
    slow_ms: int = 0
    rate_limit_next: int = 0
    retry_after: int = 1
    repeat_deliveries: float = 0.0
    lose_acknowledgements: float = 0.0
    slow_deliveries_ms: int = 0
    event_retry_scale: float = 1.0
    refresh_after_s: int = 0
    rate_limits: bool = True
    limits: dict[str, int] = field(default_factory=dict)
    methods: list[str] | None = None

    def change(self, switches: dict[str, Any]) -> None:
        """Set some switches. Raises PageError naming the first that cannot be set so."""
        known = {one.name for one in fields(self)}
        for name, value in switches.items():
            if name not in known:
                raise PageError(f"There is no fault switch {name!r}; there are {', '.join(sorted(known))}.")
            if problem := _problem(name, value):
                raise PageError(f"The fault switch {name} {problem}, not {value!r}.")
        for name, value in switches.items():
            setattr(self, name, value)

    def touches(self, method: str) -> bool:
        return self.methods is None or method in self.methods


def _problem(name: str, value: Any) -> str | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match name:
        case "lose_replies" | "repeat_deliveries" | "lose_acknowledgements":
            return None if is_number and 0 <= value <= 1 else "is a share between 0 and 1"
        case "event_retry_scale":
            return None if is_number and value >= 0 else "is a number from 0 up"
        case "rate_limits":
            return None if isinstance(value, bool) else "is true or false"
        case "limits":
            return None if _are_limits(value) else "is an object of methods and whole numbers from 1 up"
        case "methods":
            return None if value is None or isinstance(value, list) else "is a list of methods, or null"
    return None if isinstance(value, int) and is_number and value >= 0 else "is a whole number from 0 up"


def _are_limits(value: Any) -> bool:
    return isinstance(value, dict) and all(type(one) is int and one >= 1 for one in value.values())


class Dice:
    """Chance with a seed, so that a failed trial can be run again."""

    def __init__(self, seed: int | None) -> None:
        self._random = random.Random(seed)  # noqa: S311 - faults need no secrecy

    def falls_within(self, share: float) -> bool:
        return self._random.random() < share
