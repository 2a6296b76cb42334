"""sources.toml: what is read from it, and the sentences it is refused with."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.errors import BadInput
from tests.worker.source_builders import toml
from worker.sources.config import Source, load_sources
from worker.sources.config_files import FilesQuery
from worker.sources.config_http import HttpQuery, Paging
from worker.sources.config_sql import SqlQuery

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
SQL = {
    "kind": "sql",
    "url": "postgresql://reader@db/crm",
    "sql": "SELECT * FROM deals WHERE changed >= :cursor",
    "cursor": "changed",
    "cursor_start": "2026-01-01",
}
HTTP = {"kind": "http", "url": "https://shop.example.com/deals"}
PUSH = {"kind": "push", "secret_env": "CRM_SECRET"}


def load(folder: Path, text: str, **environment: str) -> tuple[Source, ...]:
    (folder / "sources.toml").write_text(text, encoding="utf-8")
    return load_sources(folder / "sources.toml", {"CRM_DIR": "/data/crm", **environment})


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(BadInput) as refused:
        load(folder, text)
    assert str(refused.value).startswith("sources.toml, line ")
    return str(refused.value)


def test_a_source_is_read(tmp_path: Path) -> None:
    [source] = load(tmp_path, GOOD)

    assert (source.name, source.measures) == ("crm", ("wins", "losses"))
    assert (source.every, source.covered_from) == (timedelta(minutes=15), date(2026, 1, 1))
    assert isinstance(source.reads, FilesQuery)
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
        ('kind = "files"', 'kind = "ftp"', 'line 3: "ftp" is no kind of source. There is files, sql, http'),
        ('every = "15m"', 'every = "often"', 'line 6: "every" is "often": write it like 15m, 1h or 1d.'),
        ('every = "15m"', 'every = "15s"', 'line 6: "every" is "15s": write it like 15m, 1h or 1d.'),
        ('every = "15m"\n', "", 'has no "every"'),
        (
            'every = "15m"',
            'every = "15m"\nurl = "x"',
            'line 7: A source of the kind "files" has no key',
        ),
        ('sql = "SELECT 1"', 'query = "gone.sql"', 'line 4: "query" names'),
        ('sql = "SELECT 1"\n', "", 'needs "query" or "sql"'),
        ('name = "crm"', 'name = "import"', 'line 2: "import" cannot be a source\'s name'),
        ('name = "crm"', 'name = "sources.toml"', 'line 2: "sources.toml" cannot be a source\'s name'),
        ('["wins", "losses"]', f'["{"w" * 101}"]', '"measures" of source "crm" is longer than 100'),
        ('["wins", "losses"]', "[]", 'line 5: "measures" must name the measures'),
        ("2026-01-01", '"soon"', 'line 7: "from" must be a day'),
        ("2026-01-01", "2026-01-01T10:00:00", 'line 7: "from" must be a day'),
        ("prices.xlsx", "prices.doc", 'line 10: "prices" names prices.doc: read are .csv'),
        ("prices =", '"p;q" =', '"p;q" cannot name a table'),
        ("every", "evry", 'has no key "evry"'),
        ("[[sources]]", "[[sources]", "line 1: This is not TOML"),
        (GOOD, GOOD + GOOD, 'line 12: Two sources are called "crm": rename one of them.'),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in GOOD

    assert sentence in refusal(tmp_path, GOOD.replace(old, new))


def test_a_file_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").symlink_to("sources.toml")

    with pytest.raises(BadInput, match="line 1: The file cannot be read"):
        load_sources(tmp_path / "sources.toml", {})


def test_a_database_is_read_with_what_is_usual(tmp_path: Path) -> None:
    [source] = load(tmp_path, toml(**SQL, secret_env="CRM_PASSWORD"))

    reads = source.reads
    assert isinstance(reads, SqlQuery)
    assert reads.url.drivername == "postgresql+psycopg"
    assert reads.timeout == timedelta(minutes=10)
    assert reads.fields.theirs["employee"] == "employee"
    assert [(one.variable, one.place) for one in source.secrets] == [
        ("CRM_PASSWORD", "sources.toml, line 10")
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"url": "postgresql://me:secret@db/crm"}, '"url" holds a password, which does not belong'),
        ({"url": "postgresql://me@db/crm?password=secret"}, '"url" holds a password, which does not belong'),
        ({"url": "nonsense"}, '"url" is not the address of a database'),
        ({"url": "postgresql://me@db:port/crm"}, '"url" is not the address of a database'),
        ({"secret_env": "open sesame"}, '"secret_env" must name a variable of the environment'),
        ({"sql": "DELETE FROM deals"}, "The query must begin with SELECT or WITH."),
        ({"sql": "SELECT 1; SELECT 2"}, "The query must be one SELECT"),
        ({"sql": "SELECT :foo"}, "The query asks for :foo; it can ask for :since, :until, :cursor."),
        ({"sql": "SELECT 1"}, 'asks for :cursor, and "cursor" names the column'),
        ({"cursor_start": None}, '"cursor" needs "cursor_start"'),
        ({"cursor": None, "cursor_start": None}, "one of the two is missing"),
        ({"sql": "SELECT :cursor, :since"}, 'say from which day, with "from" or "window"'),
        ({"window": "35d"}, '"window" is for queries that ask for :since.'),
        ({"window": "a while"}, '"window" is "a while": write it like 35d.'),
        ({"removes": True}, '"removes" is for sources that are read whole'),
        ({"timeout": "soon"}, '"timeout" is "soon": write it like 30s or 10m.'),
        ({"timeout": "26m"}, '"timeout" can be 25m at most.'),
        ({"fields": {"emploee": "rep"}}, 'has no key "emploee"'),
        ({"fields": {"employee": 3}}, '"employee" must be a text'),
        ({"values": {"wins": "won"}}, 'has no key "wins". It knows "won_amount".'),
        (
            {"values": {"won_amount": "amount"}, "fields": {"measure": "kind"}},
            '"measure" has no place',
        ),
    ],
)
def test_a_database_that_is_described_wrongly(
    tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    given = {name: value for name, value in {**SQL, **changes}.items() if value is not None}

    assert sentence in refusal(tmp_path, toml(**given))


def test_a_colon_that_is_no_parameter_is_written_with_a_backslash(tmp_path: Path) -> None:
    query = r"SELECT '10:30', x::date, '\:nothing' FROM deals WHERE changed >= :cursor"

    [source] = load(tmp_path, toml(**{**SQL, "sql": query}))

    assert isinstance(source.reads, SqlQuery)
    assert source.reads.parameters == {"cursor"}


def test_a_server_is_read_with_what_is_usual(tmp_path: Path) -> None:
    [source] = load(tmp_path, toml(**HTTP))

    assert isinstance(source.reads, HttpQuery)
    assert (source.reads.paging, source.reads.token) == (Paging.NONE, None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"url": "shop.example.com"}, '"url" must begin with https://'),
        ({"url": "ftp://shop.example.com"}, '"url" must begin with https://'),
        ({"url": "https://[::1/deals"}, '"url" must begin with https://'),
        ({"url": "https://shop.example.com:99999/deals"}, '"url" must begin with https://'),
        ({"url": "https://me:secret@shop.example.com"}, '"url" holds a user or a password'),
        ({"url": "http://shop.example.com", "secret_env": "T"}, "where others can read the token: use https"),
        ({"token_header": "X-Api-Key"}, '"token_header" needs "secret_env"'),
        ({"paging": "scroll"}, '"paging" is "scroll": it can be none, page, offset, cursor, link.'),
        ({"paging": "cursor"}, 'Paging by "cursor" needs "next"'),
        ({"next": "next"}, '"next" is for paging by "cursor" or "link".'),
        ({"paging": "link", "more": "more"}, '"more" is for paging by "cursor".'),
        ({"first_page": 0}, '"first_page" is for paging by "page".'),
        ({"paging": "page", "first_page": 7}, '"first_page" must be a whole number from 0 to 1.'),
        ({"page_size": 10}, '"page_size" needs "size_parameter"'),
        ({"page_size": 0, "size_parameter": "n"}, '"page_size" must be a whole number from 1 to 10000.'),
        ({"resume": {"parameter": "since"}}, 'needs "field" or "path"'),
        ({"resume": {"field": "at", "path": "at", "parameter": "p"}}, "takes one of them"),
        ({"resume": {"field": "at"}}, 'has no "parameter"'),
        ({"resume": {"field": "at", "parameter": "p"}, "removes": True}, '"removes" is for sources that'),
    ],
)
def test_a_server_that_is_described_wrongly(
    tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    assert sentence in refusal(tmp_path, toml(**{**HTTP, **changes}))


def test_a_token_may_go_to_this_machine_in_the_clear(tmp_path: Path) -> None:
    for host in ("localhost", "127.0.0.1", "[::1]"):
        load(tmp_path, toml(kind="http", url=f"http://{host}:8000/deals", secret_env="T"))


def test_what_delivers_by_itself_need_not_say_how_often(tmp_path: Path) -> None:
    text = toml(**PUSH)
    [source] = load(tmp_path, text)
    assert source.every == timedelta(hours=1)

    [source] = load(tmp_path, text.replace('every = "1h"\n', "").replace("every = '''1h'''\n", ""))
    assert (source.every, source.delivers) == (None, True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"secret_env": None}, 'needs "secret_env", the variable with the secret'),
        ({"next_secret_env": "a b"}, '"next_secret_env" must name a variable'),
        ({"removes": True}, '"removes" is for sources that are read whole.'),
        ({"sql": "SELECT 1"}, 'A source of the kind "push" has no key "sql"'),
    ],
)
def test_a_sender_that_is_described_wrongly(
    tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    given = {name: value for name, value in {**PUSH, **changes}.items() if value is not None}

    assert sentence in refusal(tmp_path, toml(**given))
