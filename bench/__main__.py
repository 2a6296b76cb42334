"""`python -m bench [a b c d e f g h]`: measure the named parts, or all of them."""

import argparse
import importlib
import sys
from collections.abc import Iterator

from bench.measuring import Comparison
from bench.report import write

PARTS = {
    "a": "answering",
    "b": "scoring",
    "c": "charts",
    "d": "imports",
    "e": "wakeups",
    "f": "closing",
    "g": "previews",
    "h": "corrections",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="|".join(PARTS))
    chosen = parser.parse_args().parts or list(PARTS)
    failed = False
    for letter in chosen:
        comparisons = list(_measured(letter))
        write(comparisons, f"make bench ARGS={letter}")
        failed |= not all(one.holds for one in comparisons)
    sys.exit(1 if failed else 0)


def _measured(letter: str) -> Iterator[Comparison]:
    part = importlib.import_module(f"bench.parts.{PARTS[letter]}")
    for one in part.measure():
        memory = f", memory {one.memory.ours_mb:.1f} of {one.memory.allowed_mb:.1f} MB" if one.memory else ""
        verdict = "holds" if one.holds else "DOES NOT HOLD"
        print(
            f"{one.part}: {one.ours:.4g} beside {one.rival:.4g} {one.unit}, "
            f"ratio {one.ratio:.3f} of {one.limit}{memory}: {verdict}",
            flush=True,
        )
        yield one


if __name__ == "__main__":
    main()
