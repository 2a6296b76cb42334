"""The settings file: a line `NAME=value` each, as a shell or a Procfile runner reads them."""

import shlex
from pathlib import Path

from domain.errors import BadInput

HEADER = (
    "# Pacesetter's settings. They hold secrets: keep this file from others, and out of version control.\n"
)


def read_settings_file(path: Path) -> dict[str, str]:
    """Empty where there is no file. Raises BadInput, naming the line."""
    if not path.exists():
        return {}
    found = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput("{path} cannot be read: {problem}.", path=path, problem=problem) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        try:
            (found[name.strip()],) = shlex.split(value) or [""]
        except ValueError:
            equals = ""
        if not equals or not name.strip().isidentifier():
            raise BadInput(
                "{path}, line {number}: write it as NAME=value, a value with blanks in quotes.",
                path=path,
                number=number,
            )
    return found


def write_settings_file(path: Path, settings: dict[str, str]) -> None:
    """For its owner's eyes alone. Raises BadInput where it cannot be written."""
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in settings.items()]
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(HEADER + "".join(lines), encoding="utf-8")
    except OSError as problem:
        raise BadInput("{path} cannot be written: {problem}.", path=path, problem=problem.strerror) from None
