"""Plans in HR's hands: other numbers tried, a text checked, previewed for whoever asks, put into force."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import hr_plan as blocks
from bot.blocks.hr import Section
from bot.blocks.hr_plan import FROM, PERIODS, TEXTS, DraftRef
from bot.blocks.inputs import written
from bot.blocks.paging import PageRef, turning
from bot.context import Asker
from bot.listeners.answering import open_window, pressed_value, replace_window
from bot.listeners.wishes import plain_number
from domain import access
from domain.clock import today
from domain.errors import N_, BadField, BadInput
from domain.periods import Period
from domain.plans.rules_edit import NotEditableError, start_of, tiers_in_text, weight_of, with_numbers
from domain.plans.rules_file import parse_plan
from domain.plans.rules_table import PlanError
from domain.plans.rules_toml import read_toml
from domain.previews.drafts import Outcome, PlanNow, apply_draft, ask_for_preview, look, plan_now, plans_now
from domain.previews.model import PlanDraft
from domain.previews.rules_spans import periods_of

Path = tuple[str | int, ...]


def register(app: App) -> None:
    app.action(blocks.EDIT)(offer_numbers)
    app.action(blocks.PASTE)(offer_text)
    app.action(blocks.CHANGES)(show_changes)
    app.action(turning(blocks.PAGE))(turn_page)
    app.action(blocks.APPLY)(offer_applying)
    app.view(blocks.EDIT_FORM)(try_numbers)
    app.view(blocks.PASTE_FORM)(try_text)
    app.view(blocks.APPLY_FORM)(put_into_force)


def part(session: Session, asker: Asker) -> Section:
    """For /hr."""
    return blocks.plans_part(asker.writer, plans_now(session, asker.services.clock, asker.viewer))


def offer_numbers(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    now = _plan_now(asker, pressed_value(body))
    open_window(asker.slack, body, _edit_form(asker, now))
    ack()


def offer_text(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    open_window(asker.slack, body, blocks.paste_form(asker.writer))
    ack()


def try_numbers(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    view = body["view"]
    now = _plan_now(asker, view["private_metadata"])
    _preview(ack, asker, view, lambda: _with_numbers(view, now), _field_of_number(now))


def try_text(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    view = body["view"]
    parts = [written(view, name).strip("\n") for name in TEXTS]
    _preview(ack, asker, view, lambda: "\n".join(part for part in parts if part), _field_of_line(parts))


def show_changes(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = DraftRef.parse(pressed_value(body))
    _, outcome = _look(asker, ref)
    open_window(asker.slack, body, blocks.changes_window(asker.writer, ref.draft_id, outcome, 1))
    ack()


def turn_page(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    page = PageRef.parse(pressed_value(body))
    ref = DraftRef.parse(page.of)
    _, outcome = _look(asker, ref)
    window = blocks.changes_window(asker.writer, ref.draft_id, outcome, page.number)
    replace_window(asker.slack, body, window)
    ack()


def offer_applying(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = DraftRef.parse(pressed_value(body))
    draft, _ = _look(asker, ref)
    open_window(asker.slack, body, blocks.apply_form(asker.writer, ref.draft_id, parse_plan(draft.text)))
    ack()


def put_into_force(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = DraftRef.parse(body["view"]["private_metadata"])
    with asker.services.database.writing() as session:
        done = apply_draft(session, asker.services.clock, asker.viewer, ref.draft_id)
    shown = blocks.applied(asker.writer, done.plan, done.version, done.open_periods, done.changed)
    ack(response_action="update", view=shown)


def _preview(
    ack: Ack, asker: Asker, view: dict[str, Any], text: Callable[[], str], field_of: Callable[[int], str]
) -> None:
    """Ask for a preview of what was filled in; what is wrong in a line of the text is said at its field."""
    try:
        periods = periods_of(written(view, PERIODS), today(asker.services.clock, asker.viewer.company_zone))
        plan_text = text()
        plan = parse_plan(plan_text)
        keys = [period.key for period in periods]
        with asker.services.database.writing() as session:
            if asker.asks_for_the_first_time(session):
                clock = asker.services.clock
                keys = ask_for_preview(session, clock, asker.viewer, plan_text, periods).periods
    except BadField as refused:
        ack(response_action="errors", errors={refused.field: asker.writer.language.refusal(refused)})
        return
    except PlanError as error:
        sentence = N_("Line {line}: {problem}")
        told = asker.writer.language.text(sentence, line=error.line, problem=error.said)
        ack(response_action="errors", errors={field_of(error.line): told})
        return
    except BadInput as refused:
        ack(response_action="errors", errors={PERIODS: asker.writer.language.refusal(refused)})
        return
    ack(response_action="update", view=blocks.asked(asker.writer, plan, keys))


def _with_numbers(view: dict[str, Any], now: PlanNow) -> str:
    numbers: dict[Path, Decimal] = {}
    for place, _ in enumerate(parse_plan(now.text).indicators[: blocks.MOST_WEIGHTS]):
        numbers[weight_of(place)] = _number(view, blocks.weight_id(place))
    tiers = tiers_in_text(now.text)[: blocks.MOST_TIERS]
    starts = [_number(view, blocks.tier_id(place)) for place, _ in enumerate(tiers)]
    for place, (_, as_it_was) in enumerate(tiers):
        if starts[place] != as_it_was and starts.count(starts[place]) > 1:
            raise BadField(blocks.tier_id(place), N_("Another tier starts there."))
        numbers[start_of(place)] = starts[place]
    try:
        return with_numbers(now.text, _month(written(view, FROM).strip()), numbers)
    except NotEditableError:
        raise BadField(
            FROM, N_("This plan's text is laid out in a way of its own: paste the changed text instead.")
        ) from None


def _field_of_line(parts: list[str]) -> Callable[[int], str]:
    """Each field begins a new line; one that is left empty has none."""
    lines = [name for name, part in zip(TEXTS, parts, strict=True) if part for _ in part.split("\n")]
    return lambda line: lines[min(line, len(lines)) - 1] if lines else TEXTS[0]


def _field_of_number(now: PlanNow) -> Callable[[int], str]:
    """Numbers are changed in place, so each stands where it stood."""
    line_of, plan = read_toml(now.text).line_of, parse_plan(now.text)
    fields = {line_of(weight_of(place)): blocks.weight_id(place) for place, _ in enumerate(plan.indicators)}
    fields |= {line_of(start_of(place)): blocks.tier_id(place) for place, _ in enumerate(plan.tiers)}
    return lambda line: fields.get(line, FROM)


def _number(view: dict[str, Any], field: str) -> Decimal:
    number = plain_number(written(view, field))
    if number is None or number < 0 or (field.startswith("weight") and not number):
        raise BadField(field, N_("Write a number, such as 35; a weight is above 0."))
    return number


def _month(text: str) -> str:
    try:
        return Period.parse(text).key
    except ValueError:
        raise BadField(FROM, N_("Write a month: 2026-10.")) from None


def _edit_form(asker: Asker, now: PlanNow) -> dict[str, Any]:
    return blocks.edit_form(asker.writer, now, parse_plan(now.text), tiers_in_text(now.text))


def _plan_now(asker: Asker, value: str) -> PlanNow:
    with asker.services.database.reading() as session:
        return plan_now(session, asker.services.clock, asker.viewer, DraftRef.parse(value).draft_id)


def _look(asker: Asker, ref: DraftRef) -> tuple[PlanDraft, Outcome]:
    with asker.services.database.reading() as session:
        return look(session, asker.viewer, ref.draft_id)
