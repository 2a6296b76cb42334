"""The results: `results.json` for machines, `results.md` for people. Parts not measured keep their lines."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bench.measuring import Comparison

FOLDER = Path(__file__).parent


def write(comparisons: Iterable[Comparison], command: str, folder: Path = FOLDER) -> None:
    path = folder / "results.json"
    results: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}
    fresh = {one.part: _entry(one, command) for one in comparisons}
    measured = {part[0] for part in fresh}
    kept = {part: entry for part, entry in results.items() if part[0] not in measured}
    results = dict(sorted((kept | fresh).items(), key=lambda item: item[0][0]))
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    (folder / "results.md").write_text(_for_people(results))


def _entry(one: Comparison, command: str) -> dict[str, Any]:
    return {
        "ours": _significant(one.ours),
        "rival": _significant(one.rival),
        "ratio": round(one.ratio, 3),
        "limit": one.limit,
        "runs": one.runs,
        "memory": {name: value and round(value, 1) for name, value in asdict(one.memory).items()}
        if one.memory
        else None,
        "unit": one.unit,
        "what": one.what,
        "holds": one.holds,
        "command": command,
        "measured_on": f"{date.today()}, {_machine()}",  # noqa: DTZ011 - a note for people
    }


def _for_people(results: dict[str, dict[str, Any]]) -> str:
    lines = [
        "# Measured",
        "",
        "Written by `make bench`; `make bench ARGS=a` measures one part anew. Ours and the rival ran in the",
        "same run on the same machine, in turns; times are medians. *Ratio* is ours / rival and must not",
        "exceed *limit*.",
    ]
    for letter in sorted({part[0] for part in results}):
        chosen = {part: entry for part, entry in results.items() if part[0] == letter}
        first = next(iter(chosen.values()))
        lines += ["", f"## {letter}", "", f"`{first['command']}` on {first['measured_on']}", ""]
        lines += ["| part | ours | rival | ratio | limit | runs | memory: ours / rival / allowed | |"]
        lines += ["|---|---:|---:|---:|---:|---:|---|---|"]
        lines += [_row(part, entry) for part, entry in chosen.items()]
        lines += ["", *dict.fromkeys(f"- {entry['what']}" for entry in chosen.values())]
    return "\n".join(lines) + "\n"


def _row(part: str, entry: dict[str, Any]) -> str:
    memory = entry["memory"]
    used = f"{memory['ours_mb']} / {memory['rival_mb'] or '–'} / {memory['allowed_mb']} MB" if memory else ""
    verdict = "holds" if entry["holds"] else "**does not hold**"
    unit = entry["unit"]
    return (
        f"| {part} | {entry['ours']} {unit} | {entry['rival']} {unit} | {entry['ratio']} | {entry['limit']} "
        f"| {entry['runs']} | {used} | {verdict} |"
    )


def _significant(value: float) -> float:
    return float(f"{value:.4g}")


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
