"""What workers do, a file a topic. Each handler takes one claimed job and calls one service."""

from collections.abc import Mapping

from bot.delivery import Delivery
from worker.actors import (
    closing,
    disputes,
    incentives,
    pay_files,
    plan_previews,
    recognition,
    scoring,
    sending,
    sources,
    targets,
    watch,
    weekly,
)
from worker.runner import Handler


def all_handlers(delivery: Delivery) -> Mapping[str, Handler]:
    """The handler of every kind of job."""
    with_delivery = {
        kind: one for each in (sending, sources, pay_files) for kind, one in each.handlers(delivery).items()
    }
    without = (scoring, watch, weekly, targets, disputes, incentives, closing, plan_previews, recognition)
    return {kind: one for each in without for kind, one in each.HANDLERS.items()} | with_delivery
