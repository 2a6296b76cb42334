"""Block Kit as Slack checks it: `checked_blocks` and `checked_view` refuse what Slack would refuse."""

from sandbox.block_kit.surfaces import checked_blocks, checked_view, problems_of_options

__all__ = ["checked_blocks", "checked_view", "problems_of_options"]
