"""Reading the catalogues, and collecting the sentences that belong in them."""

import io
import tomllib
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
LANGUAGES = ("en", "zh_CN")

_Keywords = dict[str, tuple[int, ...] | None]
_REFUSALS: _Keywords = dict.fromkeys(("N_", "Refusal", "NotAllowed", "NotFound", "BadInput"))
_KEYWORDS: dict[str, _Keywords] = {
    "domain": {**_REFUSALS, "refusal": None},
    "bot": {**_REFUSALS, "text": None, "plural": (1, 2)},
    "worker": {**_REFUSALS, "translate": None},
}


def path_of(language: str) -> Path:
    return FOLDER / f"{language}.po"


def read(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


@cache
def translations(language: str) -> GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, read(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def sentences_in_use() -> Catalog:
    """Every sentence of `domain`, `bot` and `worker`, and the names in the plans that we bring along."""
    catalogue = Catalog(project="Pacesetter", charset="utf-8")
    for folder, keywords in _KEYWORDS.items():
        for name, _line, message, _comments, _context in extract_from_dir(ROOT / folder, keywords=keywords):
            catalogue.add(message, locations=[(f"{folder}/{name}", 0)])
    for plan in sorted([*ROOT.glob("plans/*.toml"), *ROOT.glob("examples/*/plan.toml")]):
        for name in _names_in(tomllib.loads(plan.read_text(encoding="utf-8"))):
            catalogue.add(name, locations=[(plan.relative_to(ROOT).as_posix(), 0)])
    return catalogue


def spoken_name(name: str) -> str:
    """`new_customers` as it is read aloud: new customers."""
    return name.replace("_", " ").strip() or name


def _names_in(plan: dict[str, Any]) -> Iterator[str]:
    """Indicators, measures, deductions and parts of pay by name."""
    pays = plan.get("incentives", {})
    scored = [part for key in ("indicators", "deductions", "gates") for part in plan.get(key, [])]
    paid = [part for key in ("rates", "deductions", "clawbacks") for part in pays.get(key, [])]
    for part in [*scored, *paid]:
        for key in ("name", "measure", "ratio"):
            named = part.get(key, [])
            yield from (spoken_name(str(name)) for name in (named if isinstance(named, list) else [named]))
