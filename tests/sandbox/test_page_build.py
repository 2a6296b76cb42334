"""The page's build is committed: these tests find one that is older than its sources."""

import hashlib
import json
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "sandbox" / "page"
DIST = PAGE / "dist"

# The same list as in sandbox/page/scripts/record-sources.mjs, which records the digest.
FILES = ["index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts"]
FOLDERS = ["public", "src"]


def digest_of_sources(page: Path) -> str:
    paths = [page / name for name in FILES]
    paths += [path for folder in FOLDERS for path in (page / folder).rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(page).as_posix(), path) for path in paths):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{content}  {name}\n".encode())
    return digest.hexdigest()


def test_the_build_is_as_new_as_its_sources() -> None:
    recorded = (DIST / "sources.sha256").read_text().strip()

    assert digest_of_sources(PAGE) == recorded, (
        "sandbox/page/dist is older than its sources: run `make page` and commit what it builds"
    )


def test_the_build_has_all_files_its_page_names() -> None:
    page = (DIST / "index.html").read_text()

    named = re.findall(r'(?:src|href)="([^"]+)"', page)

    assert any(name.endswith(".js") for name in named)
    assert any(name.endswith(".css") for name in named)
    assert all(name.startswith("/") for name in named), "the page must load nothing from elsewhere"
    assert [name for name in named if not (DIST / name.lstrip("/")).is_file()] == []


def test_the_browser_is_told_to_load_nothing_from_elsewhere() -> None:
    page = (DIST / "index.html").read_text()

    assert "default-src 'self'; img-src 'self' data:;" in page


def test_the_style_sheet_loads_nothing_from_elsewhere() -> None:
    style = next(DIST.glob("assets/*.css")).read_text()

    assert re.findall(r"url\((?!['\"]?data:)[^)]*\)|@import", style) == []


def test_the_build_carries_no_source_maps() -> None:
    assert list(DIST.rglob("*.map")) == []
    assert "sourceMappingURL" not in next(DIST.glob("assets/*.js")).read_text()


@pytest.mark.parametrize("field", ["dependencies", "devDependencies"])
def test_packages_are_pinned_to_one_version(field: str) -> None:
    versions = json.loads((PAGE / "package.json").read_text())[field]

    assert {name: v for name, v in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", v)} == {}


def test_the_lock_file_names_no_download_addresses() -> None:
    packages = json.loads((PAGE / "package-lock.json").read_text())["packages"]

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
