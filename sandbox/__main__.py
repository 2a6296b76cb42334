"""python -m sandbox --manifest manifest.json [--workspace workspace.json] [--host HOST] [--port PORT]"""

import argparse
import sys
from pathlib import Path

from sandbox.errors import SetupError
from sandbox.main import run


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A local Slack workspace for a bot."
    )
    parser.add_argument(
        "--manifest", type=Path, required=True, help="the app manifest, in Slack's JSON format"
    )
    parser.add_argument("--workspace", type=Path, help="people and channels (default: a small example)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4000, help="0 takes a free one (default: 4000)")
    given = parser.parse_args(arguments)
    try:
        run(manifest=given.manifest, workspace=given.workspace, host=given.host, port=given.port)
    except SetupError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the reason why the program ends
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
