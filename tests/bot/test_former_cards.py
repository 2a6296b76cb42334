"""What Slack shows of a former system's cards: /myscore of that month, and History."""

from typing import Any

import pytest

from bot.blocks import actions
from bot.blocks.former_cards import former_card
from domain.imports.service import import_folder
from domain.services import Services
from tests.bot.builders import CHINESE
from tests.bot.calling import Caller, button, texts
from tests.bot.company import a_company
from tests.bot.renderers import FORMER


@pytest.fixture
def former(services: Services, tmp_path: Any) -> Services:
    """Two months of E2 before those that are scored here, one of them incomplete; and one that is."""
    folder = a_company()
    columns = {"rank": "", "out_of": "", "plan": "", "note": ""}
    folder.row("former_cards", employee_id="E2", period="2025-12", score="97.25", tier="Gold", **columns)
    folder.row("former_cards", employee_id="E2", period="2026-06", score="1", tier="Tin", **columns)
    columns = {"rank": "3", "out_of": "20", "plan": "Old plan", "note": "Bonus month"}
    folder.row("former_cards", employee_id="E2", period="2025-11", score="", tier="Silver", **columns)
    with services.database.writing() as session:
        import_folder(session, services.clock, folder.write(tmp_path / "again"), "test")
    return services


def test_a_month_of_the_former_system_is_marked(caller: Caller, former: Services) -> None:
    answer = caller.command("E2", "/myscore", "2025-12")
    assert answer.text == "December 2025, from the former system"
    assert "score 97.25 · tier Gold" in answer.shown
    assert "nothing here follows from it" in answer.shown
    older = caller.command("E2", "/myscore", "nov 2025").shown
    assert "tier Silver" in older
    assert "Place 3 of 20" in older
    assert "“Bonus month”" in older


def test_a_card_of_ours_comes_first(caller: Caller, former: Services) -> None:
    assert "Tin" not in caller.command("E2", "/myscore", "2026-06").shown


def test_others_have_none_of_it(caller: Caller, former: Services) -> None:
    assert "There is no card for December 2025" in caller.command("E3", "/myscore", "2025-12").shown


def test_history_lists_it_below_ours(caller: Caller, former: Services) -> None:
    window = caller.press("E2", button(caller.command("E2", "/myscore", "june"), actions.HISTORY))
    shown = "\n".join(texts(window))
    assert shown.index("June 2026") < shown.index("December 2025") < shown.index("November 2025")
    assert "*December 2025* score 97.25 · tier Gold · from the former system" in shown


def test_in_chinese() -> None:
    assert "原系统" in former_card(CHINESE, FORMER).text
