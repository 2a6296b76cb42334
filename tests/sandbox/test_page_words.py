"""The refusals of the page's server, in the language of the page."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from sandbox.choices import GONE
from sandbox.errors import PageError
from sandbox.faults import Faults
from sandbox.interactions import TROUBLE_WITH_MODAL
from sandbox.page_channels import REFUSALS
from sandbox.page_words import CHINESE, PLACE, form_of, in_language
from sandbox.server import Sandbox

PUT_TOGETHER = {
    "X is not a valid command: X.": [
        "X is not a valid command: type one of X.",
        "X is not a valid command: this app has none.",
    ],
    "X (X)": [f"{TROUBLE_WITH_MODAL} (X)"],
    "The fault switch X X, not X.": [],
}
"""Sentences of which a part is one of several; what is wrong with a switch is asked for below."""


def sentences_raised() -> Iterator[tuple[str, str]]:
    """Where, and an example of each sentence: `X` for what is filled in."""
    for file in sorted(Path("sandbox").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "PageError":
                told = node.args[0]
                if isinstance(told, ast.Constant):
                    yield f"{file}:{node.lineno}", str(told.value)
                elif isinstance(told, ast.JoinedStr):
                    parts = [one.value if isinstance(one, ast.Constant) else "X" for one in told.values]
                    for sentence in PUT_TOGETHER.get("".join(map(str, parts)), ["".join(map(str, parts))]):
                        yield f"{file}:{node.lineno}", sentence
    for code, sentence in REFUSALS.items():
        yield code, sentence.format(name="X")
    yield "choices", GONE
    for switch in Faults.__dataclass_fields__:
        with pytest.raises(PageError) as refused:
            Faults().change({switch: "X"})
        yield switch, str(refused.value)


def test_every_refusal_has_chinese_words() -> None:
    raised = list(sentences_raised())
    assert len(raised) > 40
    missing = [where for where, sentence in raised if in_language(sentence, "zh-CN") == sentence]
    assert missing == []


def test_no_words_are_kept_that_nobody_says() -> None:
    raised = [sentence for _, sentence in sentences_raised()]
    assert [one for one in CHINESE if not any(form_of(one).fullmatch(said) for said in raised)] == []


@pytest.mark.parametrize("english", CHINESE)
def test_what_is_filled_in_stays(english: str) -> None:
    names = dict.fromkeys(PLACE.findall(english), "sales (1) .*")
    filled = PLACE.sub(lambda place: names[place[1]], english)

    told = in_language(filled, "zh-CN")

    assert told == PLACE.sub(lambda place: names[place[1]], CHINESE[english])
    assert in_language(filled, "en-US") == filled


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        ("zh-CN", "请求必须是 JSON。"),
        ("en-US", "The request must be JSON."),
        ("", "The request must be JSON."),
    ],
)
def test_the_server_answers_in_the_pages_language(sandbox: Sandbox, accepted: str, said: str) -> None:
    request = Request(
        f"{sandbox.url}/page/message", data=b"{", method="POST", headers={"Accept-Language": accepted}
    )

    with pytest.raises(HTTPError) as refused:
        urlopen(request)

    assert json.load(refused.value)["error"] == said
