"""Stopping all messages, and letting them go again."""

from cli.common import errors, installation, who
from domain.watch.service import set_paused


def pause() -> None:
    """Stop all sending at once; what is due waits."""
    with installation() as services, services.database.writing() as session:
        set_paused(session, services.clock, who(), paused=True)
        errors.print("Sending is paused. `pacesetter resume` goes on with what is waiting.")


def resume() -> None:
    """Go on sending, beginning with what has waited."""
    with installation() as services, services.database.writing() as session:
        set_paused(session, services.clock, who(), paused=False)
        errors.print("Sending goes on.")
