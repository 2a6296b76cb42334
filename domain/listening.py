"""Taking a port of this machine, or saying which setting to change."""

import socket

from domain.errors import BadInput

BACKLOG = 2048


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Raises BadInput, naming the port's `setting`, where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as problem:
        raise cannot_listen(host, port, setting, problem) from None


def cannot_listen(host: str, port: int, setting: str, problem: OSError) -> BadInput:
    return BadInput(
        "{setting} is {port}, where this process cannot listen on {host} ({why}): set it to a free port, or "
        "PACESETTER_HTTP_HOST to an address of this machine.",
        setting=setting,
        port=port,
        host=host,
        why=problem.strerror or str(problem),
    )
