"""How often the Web API may be called: a tier for each method, tightened on demand."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.client import Operator, RefusedError
from sandbox.rate_limits import BURST_MINUTES, Tier
from sandbox.server import Sandbox
from sandbox.web_api.registry import METHODS
from tests.sandbox.builders import ADA
from tests.sandbox.conftest import SetClock, web_client

DOCUMENTED = {"Tier1": Tier.ONE, "Tier2": Tier.TWO, "Tier3": Tier.THREE, "Tier4": Tier.FOUR}


def calls_until_refused(call: Callable[[], object], at_most: int = 300) -> tuple[int, int]:
    """How many calls came through, and the seconds that the first refusal asks to wait."""
    for number in range(at_most):
        try:
            call()
        except SlackApiError as error:
            if (error.response.status_code, error.response["error"]) != (429, "ratelimited"):
                raise
            return number, int(error.response.headers["Retry-After"])
    raise AssertionError(f"{at_most} calls came through")


def test_every_method_has_the_tier_that_slack_documents(shared: Path) -> None:
    documented = json.loads((shared / "slack-contracts/samples/rate_limit_tiers.json").read_text())

    for name, method in METHODS.items():
        assert method.tier == DOCUMENTED.get(documented[name], Tier.SPECIAL), name


def test_a_burst_comes_through_and_then_the_tiers_rate(
    start: Callable[..., Sandbox], set_clock: SetClock
) -> None:
    api = web_client(start(clock=set_clock))

    came_through, seconds = calls_until_refused(lambda: api.users_list())
    assert (came_through, seconds) == (Tier.TWO * BURST_MINUTES, 3)

    set_clock.advance(seconds)
    assert api.users_list()["ok"]
    assert calls_until_refused(lambda: api.users_list()) == (0, 3)


def test_methods_are_counted_apart(start: Callable[..., Sandbox], set_clock: SetClock) -> None:
    api = web_client(start(clock=set_clock))
    calls_until_refused(lambda: api.users_list())

    assert api.users_info(user=ADA)["ok"]


def test_a_method_can_be_tightened(start: Callable[..., Sandbox], set_clock: SetClock) -> None:
    sandbox = start(clock=set_clock)
    Operator(sandbox.url).faults(limits={"users.info": 2})
    api = web_client(sandbox)

    came_through, seconds = calls_until_refused(lambda: api.users_info(user=ADA))

    assert (came_through, seconds) == (2, 30)
    assert api.users_list()["ok"]


def test_limits_can_be_turned_off(start: Callable[..., Sandbox], set_clock: SetClock) -> None:
    sandbox = start(clock=set_clock)
    Operator(sandbox.url).faults(rate_limits=False)
    api = web_client(sandbox)

    for _ in range(Tier.TWO * BURST_MINUTES + 1):
        assert api.users_list()["ok"]


@pytest.mark.parametrize("limits", [{"users.info": 0}, {"users.info": "few"}, ["users.info"]])
def test_limits_that_cannot_be_set(operator: Operator, limits: object) -> None:
    with pytest.raises(RefusedError, match="limits is an object of methods and whole numbers from 1 up"):
        operator.faults(limits=limits)
