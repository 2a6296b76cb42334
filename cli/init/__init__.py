"""`pacesetter init`: from nothing to a bot in a real workspace, by questions and checks."""

from cli.init.command import init

__all__ = ["init"]
