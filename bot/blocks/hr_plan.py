"""HR's work on plans: what is in force, forms for a draft, what a draft would have made of whom."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.blocks.actions import out_of_date
from bot.blocks.inputs import form, labelled, long_text, number, short_text
from bot.blocks.paging import ROWS_OF_TEXT, Page, page_buttons, page_of
from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    divider,
    image,
    join,
    message,
    modal,
    section,
    sections,
)
from bot.blocks.wording import span
from domain.outbox import Upload
from domain.periods import Period
from domain.plans.rules import Plan
from domain.plans.rules_words import Named, Saying, in_words
from domain.previews.drafts import Outcome, PlanNow, Told
from domain.previews.rules_spans import spans_of

EDIT, PASTE, CHANGES, APPLY = "hr_plan.edit", "hr_plan.paste", "hr_plan.changes", "hr_plan.apply"
PAGE = "hr_plan.page"
EDIT_FORM, PASTE_FORM, APPLY_FORM = "hr_plan.edit_form", "hr_plan.paste_form", "hr_plan.apply_form"
FROM, PERIODS = "from", "periods"
TEXTS = ("text", "text.2", "text.3")
"""A field takes 3000 characters: a longer plan goes on in the next one."""
MOST_WEIGHTS, MOST_TIERS = 60, 20
"""A window has 100 blocks; of a longer plan the text is pasted."""
SHOWN = 8
"""Changes in the message itself."""


@dataclass(frozen=True)
class DraftRef:
    """Names a draft; as powerless as a CardRef."""

    draft_id: int

    def __str__(self) -> str:
        return str(self.draft_id)

    @classmethod
    def parse(cls, value: str) -> "DraftRef":
        if not value.isdecimal() or not value.isascii() or len(value) > 18:
            raise out_of_date()
        return cls(int(value))


def plans_part(writer: Writer, plans: Sequence[PlanNow]) -> list[Block]:
    """In HR's overview."""
    text = writer.language.text
    blocks = [section(bold(writer.text("Plans")))]
    for one in plans:
        said = writer.text(
            "{name} scores {family} since {month}",
            name=one.name,
            family=one.job_family,
            month=span(writer, one.from_month),
        )
        blocks.append(section(said, button=button(text("Try other numbers"), EDIT, str(one.version_id))))
    if not plans:
        blocks.append(section(writer.text("No plan is in force.")))
    blocks.append(actions(button(text("Check or preview a plan"), PASTE, "new")))
    return blocks


def weight_id(indicator: int) -> str:
    return f"weight.{indicator}"


def tier_id(tier: int) -> str:
    return f"tier.{tier}"


def edit_form(writer: Writer, now: PlanNow, plan: Plan, tiers: Sequence[tuple[str, Decimal]]) -> Block:
    """Weights and the starts of tiers as they are, to be changed; `tiers` in the text's order."""
    text = writer.language.text
    told = writer.text(
        "Nobody is scored by it: you get a message that shows what these numbers would have changed."
    )
    blocks = [section(bold(now.name), told)]
    for place, indicator in enumerate(plan.indicators[:MOST_WEIGHTS]):
        label = text("Weight of {name}", name=writer.language.label(indicator.name))
        blocks.append(labelled(weight_id(place), label, number(initial=indicator.weight)))
    for place, (name, start) in enumerate(tiers[:MOST_TIERS]):
        label = text("Tier {tier} starts at", tier=name)
        blocks.append(labelled(tier_id(place), label, number(initial=start)))
    month = text("The first month it would hold for: {month} or later.", month=now.next_from)
    begins = {**short_text(now.next_from), "initial_value": now.next_from}
    blocks.append(labelled(FROM, text("In force from"), begins, hint=month))
    blocks.append(_periods(writer))
    return form(writer, text("Try other numbers"), text("Preview"), EDIT_FORM, blocks, str(now.version_id))


def paste_form(writer: Writer) -> Block:
    text = writer.language.text
    told = writer.text(
        "The text of a plan file. It is checked at once; what it would have changed comes as a message to "
        "you alone. Nobody is scored by it."
    )
    blocks = [section(told), labelled(TEXTS[0], text("Plan"), long_text('name = "…"'))]
    longer = text("Where the plan is longer than one field takes.")
    for number_, name in enumerate(TEXTS[1:], start=2):
        label = text("Plan, part {number}", number=number_)
        blocks.append(labelled(name, label, long_text(), optional=True, hint=longer))
    blocks.append(_periods(writer))
    return form(writer, text("Check a plan"), text("Preview"), PASTE_FORM, blocks)


def asked(writer: Writer, plan: Plan, periods: Iterable[str]) -> Block:
    """In the place of a form: what the plan says, and that the preview is on its way."""
    coming = writer.text(
        "The plan is fine. It is being held against {periods}: a message brings you what it would have "
        "changed.",
        periods=_periods_named(writer, periods),
    )
    blocks = [section(coming), divider(), *sections(_said(writer, saying) for saying in in_words(plan))]
    return {**modal(writer, writer.language.text("Plan checked"), blocks), "clear_on_close": True}


def preview_message(
    writer: Writer, draft_id: int, plan: Plan, periods: Sequence[str], outcome: Outcome, chart: Upload | None
) -> Message:
    heading = writer.text("Preview of {plan}", plan=plan.name)
    if outcome.refused is not None:
        why = writer.text(outcome.refused, **(outcome.values or {}))
        return message(writer, heading, [section(bold(heading), why)])
    over = writer.text(
        "From {month} on, held against {periods}. Nobody is scored by it.",
        month=span(writer, plan.from_month.key),
        periods=_periods_named(writer, periods),
    )
    blocks = [section(bold(heading), over, *_summary(writer, outcome))]
    if chart is not None:
        blocks.append(image(chart.file_id, chart.alt_text))
    blocks += sections(_change(writer, one) for one in outcome.told[:SHOWN])
    text, ref = writer.language.text, str(DraftRef(draft_id))
    buttons = [button(text("All changes"), CHANGES, ref)] if len(outcome.told) > SHOWN else []
    blocks.append(actions(*buttons, button(text("Put into force"), APPLY, ref)))
    return message(writer, heading, blocks)


def changes_window(writer: Writer, draft_id: int, outcome: Outcome, number_: int) -> Block:
    page: Page[Told] = page_of(outcome.told, number_, ROWS_OF_TEXT)
    blocks = [section(*_summary(writer, outcome)), *sections(_change(writer, one) for one in page.items)]
    blocks += page_buttons(writer, page, PAGE, str(DraftRef(draft_id)))
    if outcome.changes > len(outcome.told):
        blocks.append(
            context(
                writer.text(
                    "Those with the greatest effect; `pacesetter plan preview --to` writes all {count}.",
                    count=writer.language.number(outcome.changes),
                )
            )
        )
    return modal(writer, writer.language.text("Who would change"), blocks)


def apply_form(writer: Writer, draft_id: int, plan: Plan) -> Block:
    """Asks once more."""
    text = writer.language.text
    told = writer.text(
        "{plan} scores {family} from {month} on. What is locked keeps the plan it was scored by; periods "
        "that are not locked are scored anew.",
        plan=plan.name,
        family=plan.job_family,
        month=span(writer, plan.from_month.key),
    )
    title, submit = text("Put into force?"), text("Put into force")
    return form(writer, title, submit, APPLY_FORM, [section(told)], str(DraftRef(draft_id)))


def applied(writer: Writer, plan: Plan, version: int, open_periods: Sequence[str], changed: bool) -> Block:
    shown = {"plan": plan.name, "month": span(writer, plan.from_month.key), "version": version}
    if changed:
        lines = [writer.text("{plan}, version {version}, is in force from {month} on.", **shown)]
    else:
        lines = [writer.text("{plan} from {month} is in force like that already.", **shown)]
    if changed and open_periods:
        named = _periods_named(writer, open_periods)
        lines.append(writer.text("Not locked, to be scored anew: {periods}.", periods=named))
    return {**modal(writer, writer.language.text("In force"), [section(*lines)]), "clear_on_close": True}


def _periods(writer: Writer) -> Block:
    text = writer.language.text
    hint = text("2026-01..2026-06, or 2026-01, 2026-Q1; empty: the last six ended months.")
    return labelled(PERIODS, text("Held against"), short_text(), optional=True, hint=hint)


def _periods_named(writer: Writer, keys: Iterable[str]) -> Mrkdwn:
    """Two that follow one another are named each, more of them by the first and the last."""
    names: list[str] = []
    for first, last in spans_of(map(Period.parse, keys)):
        ends = {"first": span(writer, first.key), "last": span(writer, last.key)}
        if first == last or first.next() == last:
            names += dict.fromkeys(ends.values())
        else:
            names.append(writer.text("{first} to {last}", **ends))
    return writer.listed(names) if names else writer.text("the last months")


def _said(writer: Writer, saying: Saying) -> Mrkdwn:
    label = writer.language.label
    values = {
        name: value.said(label)
        if isinstance(value, Named)
        else label(str(value))
        if name in saying.names
        else value
        for name, value in saying.values.items()
    }
    return join(["•", writer.text(saying.sentence, **values)], " ")


def _summary(writer: Writer, outcome: Outcome) -> Iterator[Mrkdwn]:
    if not outcome.changes:
        yield writer.text("Nothing would change: every score, tier and place stays.")
        return
    numbers = writer.language.number
    if outcome.in_part:
        yield writer.text("Of the people whom you look after:")
    yield writer.text(
        "*{changes}* of {cards} cards would change, *{tiers}* of them their tier.",
        changes=numbers(outcome.changes),
        cards=numbers(outcome.cards),
        tiers=numbers(outcome.tier_changes),
    )
    for tier, before, after in outcome.tiers:
        yield writer.text(
            "Tier {tier}: {before} → {after} ({change})",
            tier=tier,
            before=numbers(before),
            after=numbers(after),
            change=writer.language.change(after - before),
        )


def _change(writer: Writer, one: Told) -> Mrkdwn:
    """One person's month: tier, score and place, before and after."""
    who = writer.text(
        "*{name}* ({id}), {unit}, {period}:",
        name=one.name,
        id=one.employee_id,
        unit=one.unit,
        period=span(writer, one.period),
    )
    parts = [_score(writer, one)]
    if one.before["tier"] != one.after["tier"]:
        tiers = {"before": one.before["tier"] or "–", "after": one.after["tier"] or "–"}
        parts.insert(0, writer.text("*tier {before} → {after}*", **tiers))
    if one.before["place"] != one.after["place"]:
        places = {"before": one.before["place"] or "–", "after": one.after["place"] or "–"}
        parts.append(writer.text("place {before} → {after}", **places))
    return join([who, join(parts, " · ")], " ")


def _score(writer: Writer, one: Told) -> Mrkdwn:
    before, after = one.before["score"], one.after["score"]
    if before is None or after is None:
        shown = {"before": _number(writer, before), "after": _number(writer, after)}
        return writer.text("score {before} → {after}", **shown)
    change = writer.language.change(Decimal(after) - Decimal(before))
    return writer.text(
        "score {before} → {after} ({change})",
        before=_number(writer, before),
        after=_number(writer, after),
        change=change,
    )


def _number(writer: Writer, text: str | None) -> str:
    return "–" if text is None else writer.language.number(Decimal(text))
