"""Run the sandbox alone, until SIGINT or SIGTERM."""

import asyncio
import signal
from pathlib import Path

from sandbox.server import Sandbox


def run(*, manifest: Path, workspace: Path | None = None, host: str = "127.0.0.1", port: int = 4000) -> None:
    """Serve until interrupted; prints where. Raises SetupError when it cannot start."""
    asyncio.run(_serve(Sandbox(workspace, manifest, host=host, port=port)))


async def _serve(sandbox: Sandbox) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    await sandbox.start()
    app = sandbox.slack.workspace.app
    print(  # noqa: T201 - this is the program's output
        f"Sandbox: {sandbox.url}\n"
        f"Web API: {sandbox.api_url}  bot token {app.bot_token}  app token {app.app_token}",
        flush=True,
    )
    try:
        await stopping.wait()
    finally:
        await sandbox.stop()
