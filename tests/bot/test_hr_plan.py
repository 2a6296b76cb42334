"""Plans in Slack: other numbers tried, a text checked, the preview read, the plan put into force by HR."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import hr_plan as blocks
from bot.blocks.primitives import Writer
from domain.access import CommandLine
from domain.database import Database
from domain.jobs import Job
from domain.outbox import Post, Upload
from domain.people.model import Unit
from domain.plans.model import PlanVersion
from domain.plans.rules_file import parse_plan
from domain.plans.service import plan_versions
from domain.previews.applying import apply_plan
from domain.previews.drafts import PREVIEW_JOB, PREVIEW_POST
from domain.previews.model import PlanDraft
from domain.services import Services
from tests.bot.builders import CHINESE, ENGLISH
from tests.bot.calling import Answer, Caller, button, buttons, slack_id
from tests.bot.fake_slack import FakeSlack
from tests.bot.plan_builders import PLAN
from tests.bot.test_targets import pressed_in, shown
from tests.builders import SALES_PLAN
from worker.actors.plan_previews import HANDLERS, draw_plan_preview
from worker.runner import JobRunner

PICTURE = Upload(digest="d", file_id="F1", alt_text="Cards by tier")
JULY_PLAN = SALES_PLAN.replace('from = "2026-01"', 'from = "2026-07"')


def overview(caller: Caller, who: str = "H1") -> Answer:
    return caller.command(who, "/hr")


def numbers_form(caller: Caller) -> dict[str, Any]:
    form = caller.press("H1", button(overview(caller), blocks.EDIT))
    assert form is not None
    return form


def text_form(caller: Caller) -> dict[str, Any]:
    form = caller.press("H1", button(overview(caller), blocks.PASTE))
    assert form is not None
    return form


def tried(caller: Caller, **changed: str) -> dict[str, Any]:
    """What HR is told after changing some of the numbers."""
    form = numbers_form(caller)
    as_it_is = {
        block["block_id"].replace(".", "_"): block["element"].get("initial_value", "")
        for block in inputs(form)
    }
    return caller.submit("H1", form, **{**as_it_is, **changed})


def drafts(database: Database) -> list[PlanDraft]:
    with database.reading() as session:
        return list(session.scalars(sa.select(PlanDraft).order_by(PlanDraft.id)))


def worked_out(services: Services) -> Answer:
    """Run the job of the newest draft; the message that it brings, drawn as it is sent."""
    with services.database.reading() as session:
        job_id = session.scalar(sa.select(sa.func.max(Job.id)).where(Job.kind == PREVIEW_JOB))
    JobRunner(services, HANDLERS).run(job_id)
    with services.database.reading() as session:
        post = session.scalars(
            sa.select(Post).where(Post.kind == PREVIEW_POST).order_by(Post.id.desc()).limit(1)
        ).one()
    drawing = draw_plan_preview(services, post.facts, "en-US")
    sent = drawing.write(PICTURE if drawing.picture else None)
    return Answer(sent.text, sent.blocks)


def test_hr_sees_which_plans_are_in_force(caller: Caller) -> None:
    assert "sales-plan scores sales since January 2026" in overview(caller).shown


def test_other_numbers_are_tried_and_told_to_whoever_asked(caller: Caller, services: Services) -> None:
    # given the form with the numbers in force, and a plan that is locked to the end of June
    form = numbers_form(caller)
    initial = {block["block_id"]: block["element"].get("initial_value") for block in inputs(form)}
    assert initial["weight.0"] == "60"
    assert initial["tier.1"] == "95"
    assert initial["from"] == "2026-07"

    # when sales weigh more and tier A begins earlier
    told = tried(caller, weight_0="80", tier_1="80", periods="2026-05..2026-06")

    # then the plan is said in words at once, and the message shows who would change
    assert told["response_action"] == "update"
    assert "sales (66.7%, weight 80): won amount against the target" in shown(told["view"])
    assert "May 2026 and June 2026" in shown(told["view"])
    (draft,) = drafts(services.database)
    assert "weight = 80" in draft.text
    assert "cap = 20" in draft.text
    message = worked_out(services)
    assert "*16* of 16 cards would change" in message.shown or "would change" in message.shown
    assert "Tier A:" in message.shown
    assert "*tier B → A*" in message.shown
    with services.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PlanVersion)) == 1


def inputs(form: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (block for block in form["blocks"] if block["type"] == "input")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"weight_0": "0"}, "weight.0", "a weight is above 0"),
        ({"weight_0": "lots"}, "weight.0", "Write a number"),
        ({"from": "soon"}, "from", "Write a month"),
        ({"tier_1": "110"}, "tier.1", "Another tier starts there"),
        ({"tier_3": "5"}, "from", "Line "),
        ({"periods": "yesterday"}, "periods", "I do not know the period"),
        ({"periods": "2030-01"}, "periods", "has not begun yet"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    caller: Caller, services: Services, fields: dict[str, str], field: str, sentence: str
) -> None:
    told = tried(caller, **fields)

    assert sentence in told["errors"][field]
    assert drafts(services.database) == []


def test_a_wrong_text_is_told_with_its_line(caller: Caller, services: Services) -> None:
    told = caller.submit("H1", text_form(caller), text=SALES_PLAN.replace("weight = 60", "weight = -60"))

    assert told["errors"] == {"text": 'Line 9: The weight of indicator "sales" is -60; it must be above 0.'}
    assert drafts(services.database) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight = 60", "weight = -60", '第 9 行：指标"sales" 的权重是 -60，必须大于 0。'),
        ("weight = 60", "wieght = 60", '指标"sales" 没有 "wieght" 这一项。'),
        ('measure = "won_amount"\n', "", '指标"sales" 需要 "measure", "ratio" 或 "repurchase"。'),
        ('name = "win_rate"', 'name = "sales"', '名称 "sales" 已被第 7 行的指标使用。'),
        ("curve = [[0.5, 0]", "curve = [[0.5, 0, 1]", '"curve" 必须是由 [1.0, 100] 这样的数对组成的列表。'),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_in_the_readers_language(
    caller: Caller, slack: FakeSlack, old: str, new: str, said: str
) -> None:
    slack.add_user(slack_id("H1"), "h1@example.com", "zh-CN")
    form = text_form(caller)

    told = caller.submit("H1", form, text=SALES_PLAN.replace(old, new, 1))

    assert said in told["errors"]["text"]


def test_a_long_plan_goes_on_in_the_next_field(caller: Caller, services: Services) -> None:
    first, second = JULY_PLAN.split("[[tiers]]", 1)

    told = caller.submit("H1", text_form(caller), text=first, text_2="[[tiers]]" + second)

    assert "Tiers: S ≥ 110, A ≥ 95, B ≥ 70, C ≥ 0." in shown(told["view"])
    assert "Nothing would change" in worked_out(services).shown


def test_changes_are_read_page_by_page(caller: Caller, services: Services) -> None:
    tried(caller, weight_0="5", periods="2026-04..2026-07")
    message = worked_out(services)

    window = caller.press("H1", button(message, blocks.CHANGES))

    assert window is not None
    assert "1 to 25 of" in shown(window)
    turned = pressed_in(caller, "H1", window, button(window, f"{blocks.PAGE}.next"))
    assert "26 to " in shown(turned)


@pytest.mark.parametrize("who", ["E1", "M1", "A1"])
def test_nobody_else_reads_it_or_acts_on_it(caller: Caller, services: Services, who: str) -> None:
    tried(caller, weight_0="5", periods="2026-04..2026-07")
    message = worked_out(services)

    for action in (blocks.CHANGES, blocks.APPLY):
        window = caller.press(who, button(message, action))
        assert window is not None
        assert "This is for HR" in shown(window)
    for action in (blocks.EDIT, blocks.PASTE):
        window = caller.press(who, buttons(overview(caller), action)[0])
        assert window is not None
        assert "This is for HR" in shown(window)


def test_hr_of_a_unit_reads_of_its_own_people_alone(caller: Caller, services: Services) -> None:
    # given changes that HR of the whole company was told, and that it looks after the East alone by now
    tried(caller, weight_0="5", periods="2026-05..2026-06")
    message = worked_out(services)
    assert "Acme/West" in shown(changes_of(caller, message))
    with services.database.writing() as session:
        session.execute(sa.update(Unit).where(Unit.path != "Acme/East").values(hr_id=None))

    window = changes_of(caller, message)

    # then nobody else is named, now nor in another preview
    assert "Acme/West" not in shown(window)
    assert "Acme/East" in shown(window)
    assert "Of the people whom you look after" in shown(window)
    tried(caller, weight_0="6", periods="2026-05..2026-06")
    again = worked_out(services)
    assert "of 12 cards would change" in again.shown
    assert "Acme/West" not in again.shown + shown(changes_of(caller, again))


def changes_of(caller: Caller, message: Answer) -> dict[str, Any]:
    window = caller.press("H1", button(message, blocks.CHANGES))
    assert window is not None
    return window


def test_a_draft_is_put_into_force_after_being_asked_once_more(caller: Caller, services: Services) -> None:
    caller.submit("H1", text_form(caller), text=JULY_PLAN.replace("weight = 60", "weight = 61"))
    asked = caller.press("H1", button(worked_out(services), blocks.APPLY))
    assert asked is not None
    assert "sales-plan scores sales from July 2026 on" in shown(asked)

    told = caller.submit("H1", asked)

    assert "sales-plan, version 1, is in force from July 2026 on." in shown(told["view"])
    assert "Not locked, to be scored anew: July 2026." in shown(told["view"])


def test_a_draft_that_would_reach_into_what_is_locked_is_refused(caller: Caller, services: Services) -> None:
    caller.submit("H1", text_form(caller), text=SALES_PLAN.replace("weight = 60", "weight = 61"))
    asked = caller.press("H1", button(worked_out(services), blocks.APPLY))
    assert asked is not None

    told = caller.submit("H1", asked)

    assert "June 2026 is locked" in shown(told["view"])
    with services.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PlanVersion)) == 1


def test_a_draft_does_not_undo_what_somebody_else_put_into_force_since(
    caller: Caller, services: Services
) -> None:
    # given a draft, and then another one that begins earlier and is in force
    caller.submit("H1", text_form(caller), text=JULY_PLAN.replace("weight = 60", "weight = 61"))
    stale = worked_out(services)
    with services.database.writing() as session:
        newer = JULY_PLAN.replace("weight = 60", "weight = 70")
        apply_plan(session, services.clock, CommandLine("cli:ada"), newer)

    asked = caller.press("H1", button(stale, blocks.APPLY))
    assert asked is not None
    told = caller.submit("H1", asked)

    # then it is refused, and said who did what when
    said = "put sales-plan, version 1, into force on Jul 7, 2026, after this draft was made"
    assert said in shown(told["view"])
    assert weights_in_force(services) == ["weight = 60", "weight = 70"]

    # but one that was made with the newer in view is not, and a second press of it changes nothing
    caller.submit("H1", text_form(caller), text=JULY_PLAN.replace("weight = 60", "weight = 61"))
    fresh = caller.press("H1", button(worked_out(services), blocks.APPLY))
    assert fresh is not None
    assert "version 2, is in force" in shown(caller.submit("H1", fresh)["view"])
    assert weights_in_force(services) == ["weight = 60", "weight = 61"]
    again = caller.press("H1", button(worked_out(services), blocks.APPLY))
    assert again is not None
    assert "after this draft" not in shown(caller.submit("H1", again)["view"])


def weights_in_force(services: Services) -> list[str]:
    with services.database.reading() as session:
        texts = [version.text for version in plan_versions(session)]
    return [line for text in texts for line in text.splitlines() if line.startswith("weight = ")][::2]


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        (["2026-03"], "March 2026"),
        (["2026-03", "2026-04"], "March 2026 and April 2026"),
        (["2026-03", "2026-04", "2026-05"], "March 2026 to May 2026"),
        (
            ["2026-05", "2025-12", "2026-03", "2026-01", "2026-03"],
            "December 2025, January 2026, March 2026, and May 2026",
        ),
        (
            ["2026-01", "2026-02", "2026-03", "2026-06", "2026-Q1"],
            "January 2026 to March 2026, June 2026, and Q1 2026",
        ),
    ],
)
def test_periods_with_gaps_between_them_are_not_told_as_one_span(keys: list[str], named: str) -> None:
    told = shown(blocks.asked(ENGLISH, PLAN, keys))

    assert f"held against {named}" in told


@pytest.mark.parametrize(("writer", "said"), [(ENGLISH, "where overdue rate "), (CHINESE, "逾期率")])
def test_a_plan_is_said_with_the_names_that_people_know(writer: Writer, said: str) -> None:
    plan = parse_plan(Path("plans/consumer-loans.toml").read_text(encoding="utf-8"))

    told = shown(blocks.asked(writer, plan, ["2026-03"]))

    assert re.findall(r"\w+_\w+", told) == []
    assert said in told
    assert writer.language.period(plan.from_month) in told
