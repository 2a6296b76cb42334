"""`pacesetter demo`: the whole product on this machine, with a sample company and nobody's account."""

from cli.demo.command import demo

__all__ = ["demo"]
