"""sources.toml: what is read from it, and the sentences it is refused with."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.errors import BadInput
from worker.sources.config import load_sources

GOOD = """\
[[sources]]
name = "crm"
kind = "files"
sql = "SELECT 1"
measures = ["wins", "losses"]
every = "15m"
from = 2026-01-01
[sources.files]
deals = "${CRM_DIR}/deals.csv"
prices = "prices.xlsx"
"""


def test_a_source_is_read(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(GOOD)

    [source] = load_sources(tmp_path / "sources.toml", {"CRM_DIR": "/data/crm"})

    assert (source.name, source.measures) == ("crm", ("wins", "losses"))
    assert (source.every, source.covered_from) == (timedelta(minutes=15), date(2026, 1, 1))
    assert source.reads.tables == {
        "deals": Path("/data/crm/deals.csv"),
        "prices": tmp_path / "prices.xlsx",
    }
    assert source.reads.sql == "SELECT 1"


def test_no_file_is_no_sources(tmp_path: Path) -> None:
    assert load_sources(tmp_path / "sources.toml", {}) == ()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "${CRM_DIR}",
            "${CRM_FOLDER}",
            "line 9: ${CRM_FOLDER} stands for an environment variable that is not",
        ),
        ('kind = "files"', 'kind = "ftp"', 'line 3: "ftp" is no kind of source. There is files.'),
        ('every = "15m"', 'every = "often"', 'line 6: "every" is "often": write it like 15m, 1h or 1d.'),
        ('sql = "SELECT 1"', 'query = "gone.sql"', 'line 4: "query" names'),
        ('sql = "SELECT 1"\n', "", 'needs "query" or "sql"'),
        ('name = "crm"', 'name = "import"', 'line 2: "import" cannot be a source\'s name'),
        ('["wins", "losses"]', "[]", 'line 5: "measures" must name the measures'),
        ("2026-01-01", '"soon"', 'line 7: "from" must be a day'),
        ("prices.xlsx", "prices.doc", 'line 10: "prices" names prices.doc: read are .csv'),
        ("prices =", '"p;q" =', '"p;q" cannot name a table'),
        ("every", "evry", 'has no key "evry"'),
        ("[[sources]]", "[[sources]", "line 1: This is not TOML"),
        (GOOD, GOOD + GOOD, 'Two sources are called "crm"'),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in GOOD
    (tmp_path / "sources.toml").write_text(GOOD.replace(old, new))

    with pytest.raises(BadInput) as refused:
        load_sources(tmp_path / "sources.toml", {"CRM_DIR": "/data/crm"})

    assert str(refused.value).startswith("sources.toml, line ")
    assert sentence in str(refused.value)
