"""python -m sandbox --manifest manifest.json [--workspace workspace.json] [--port PORT] [--http-url URL] …"""

import argparse
import sys
from pathlib import Path

from sandbox.errors import SetupError
from sandbox.main import run
from sandbox.server import Sandbox


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        run(
            Sandbox(
                given.workspace,
                given.manifest,
                host=given.host,
                port=given.port,
                http_url=given.http_url,
                installed=False if given.not_installed else None,
                clock_offset_s=given.clock_offset,
            )
        )
    except SetupError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the reason why the program ends
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A local Slack workspace for a bot."
    )
    add = parser.add_argument
    add("--manifest", type=Path, required=True, help="the app manifest, in Slack's JSON format")
    add("--workspace", type=Path, help="people and channels, in JSON (default: a small example)")
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=4000, help="0 takes a free one (default: 4000)")
    add("--http-url", metavar="URL", help="call the app here, signed, instead of by Socket Mode")
    add("--not-installed", action="store_true", help="the app comes in by OAuth, or from the page")
    add("--clock-offset", type=int, default=0, metavar="SECONDS", help="the page shows times so much later")
    return parser


if __name__ == "__main__":
    sys.exit(main())
