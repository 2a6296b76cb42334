"""Run the sandbox alone, until SIGINT or SIGTERM."""

import asyncio
import signal

from sandbox.server import Sandbox


def run(sandbox: Sandbox) -> None:
    """Serve until interrupted; prints how to reach it. Raises SetupError when it cannot start."""
    asyncio.run(_serve(sandbox))


async def _serve(sandbox: Sandbox) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    await sandbox.start()
    print(how_to(sandbox), flush=True)  # noqa: T201 - this is the program's output
    try:
        await stopping.wait()
    finally:
        await sandbox.stop()


def how_to(sandbox: Sandbox) -> str:
    """What a person and an app need to come in."""
    workspace, manifest = sandbox.slack.workspace, sandbox.slack.manifest
    app = workspace.app
    people = sum(1 for user in workspace.users.values() if not user.is_bot and not user.deleted)
    lines = [
        f"Sandbox: {sandbox.url}",
        f"  The workspace {workspace.team.name}: open it in a browser and act as any of its {people} people.",
        f"For {app.name}:",
        f"  Web API         {sandbox.api_url}",
    ]
    if app.installed:
        lines.append(f"  bot token       {app.bot_token}")
    else:
        lines.append("  not installed   start at the app's own install page, or press Install in the page")
    if manifest.socket_mode:
        lines += ["  Socket Mode     the app connects to us", f"  app token       {app.app_token}"]
    else:
        called = sorted(set(manifest.request_urls.named()))
        lines += [f"  HTTP            we call {', '.join(called)}", f"  signing secret  {app.signing_secret}"]
    if not app.installed or manifest.redirect_urls:
        lines += [
            f"  OAuth           {sandbox.url}/oauth/v2/authorize",
            f"  client          {app.client_id} with the secret {app.client_secret}",
        ]
    return "\n".join(lines)
