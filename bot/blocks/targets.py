"""Targets between people: what is asked, the figures both sides see, and the forms to answer with."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.blocks.actions import TargetRef
from bot.blocks.closing import RESTATE
from bot.blocks.inputs import day, form, labelled, long_text, number
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
    join,
    message,
    modal,
    section,
    sections,
)
from bot.blocks.target_rounds import new_round_button, round_row
from bot.blocks.wording import span
from domain.periods import Period
from domain.targets.agreement_views import AgreementView, MoveView
from domain.targets.posts import News
from domain.targets.round_views import RoundView
from domain.targets.rules_agreement import Move, TargetState

CONFIRM, APPEAL, REVISE, UPHOLD, ESCALATE, LOOK = (
    "target.confirm",
    "target.appeal",
    "target.revise",
    "target.uphold",
    "target.escalate",
    "target.look",
)
APPEAL_FORM, REVISE_FORM, UPHOLD_FORM = "target.appeal_form", "target.revise_form", "target.uphold_form"
AMOUNT, NOTE, FROM_DAY = "amount", "note", "from_day"
EXACT = 4


def target_message(writer: Writer, view: AgreementView, news: News) -> Message:
    """To the owner, or to who judges."""
    heading = _heading(writer, view, news)
    return message(writer, heading, [section(bold(heading)), *target_blocks(writer, view)])


def target_window(writer: Writer, view: AgreementView) -> Block:
    """Closed, it closes those below it: they show how it stood before."""
    blocks = [section(bold(_title(writer, view))), *target_blocks(writer, view)]
    return {**modal(writer, writer.language.text("Target"), blocks), "clear_on_close": True}


def restating_message(writer: Writer, view: AgreementView, months: Sequence[Period]) -> Message:
    """To HR: the amount was revised after months were locked, and their cards are HR's to restate."""
    heading = writer.text("An appeal was settled after the lock. {title}", title=_title(writer, view))
    named = join([writer.language.period(month) for month in months], ", ")
    says = writer.text(
        "Target: *{amount}* for {span}. Locked since it was set: {months}. The locked cards stay as they "
        "are, until you restate them.",
        amount=view.amount,
        span=span(writer, view.span),
        months=named,
    )
    restate = button(writer.language.text("Restate a card"), RESTATE, "new")
    return message(writer, heading, [section(bold(heading)), section(says), actions(restate)])


def targets_message(
    writer: Writer,
    own: Sequence[AgreementView],
    appeals: Sequence[AgreementView],
    in_work: Sequence[RoundView] = (),
    *,
    sets_targets: bool = False,
) -> Message:
    """The answer to `/targets`: what waits for the asker first. `sets_targets`: HR may begin a round."""
    if not (own or appeals or in_work or sets_targets):
        nothing = writer.text("No target waits for you, and none has been set for you in Pacesetter.")
        return message(writer, nothing, [section(nothing)])
    blocks: list[Block] = []
    if appeals:
        blocks.append(section(bold(writer.text("Appeals that wait for you"))))
        blocks += [agreement_row(writer, one) for one in appeals]
    if own:
        blocks.append(section(bold(writer.text("Your targets"))))
        blocks += [agreement_row(writer, one) for one in own]
    if in_work:
        blocks.append(section(bold(writer.text("Targets that are being set"))))
        blocks += [round_row(writer, one) for one in in_work]
    if sets_targets:
        blocks.append(actions(new_round_button(writer)))
    return message(writer, _in_short(writer, own, appeals), blocks)


def target_blocks(writer: Writer, view: AgreementView) -> list[Block]:
    blocks = [section(*_what_stands(writer, view)), section(*_history(writer, view))]
    if view.moves:
        blocks += [divider(), *sections(_move(writer, one) for one in view.moves)]
    if view.may:
        blocks += [actions(*_buttons(writer, view)), context(_due(writer, view))]
    return blocks


def appeal_form(writer: Writer, view: AgreementView) -> Block:
    return _form(
        writer,
        view,
        APPEAL_FORM,
        writer.language.text("Appeal"),
        labelled(
            AMOUNT,
            writer.language.text("What you propose, for {span}", span=span(writer, view.span)),
            number(),
        ),
        _note(writer),
    )


def revise_form(writer: Writer, view: AgreementView) -> Block:
    return _form(
        writer,
        view,
        REVISE_FORM,
        writer.language.text("Revise"),
        _amount(writer.language.text("New amount, for {span}", span=span(writer, view.span))),
        _from_day(writer),
        _note(writer),
    )


def uphold_form(writer: Writer, view: AgreementView) -> Block:
    return _form(
        writer,
        view,
        UPHOLD_FORM,
        writer.language.text("Uphold"),
        _note(writer),
    )


def _form(writer: Writer, view: AgreementView, callback: str, submit: str, *inputs: Block) -> Block:
    blocks = [
        section(bold(_title(writer, view)), *_what_stands(writer, view)),
        section(*_history(writer, view)),
        *inputs,
    ]
    ref = str(TargetRef(view.id))
    return form(writer, writer.language.text("Target"), submit, callback, blocks, ref)


def _amount(label: str) -> Block:
    return labelled(AMOUNT, label, number())


def _from_day(writer: Writer) -> Block:
    text = writer.language.text
    whole = text("Without a day it holds for the whole time; with one, what stood before counts until then.")
    return labelled(FROM_DAY, text("In force from"), day(), optional=True, hint=whole)


def _note(writer: Writer) -> Block:
    kept = writer.language.text("The other side reads it, and it is kept.")
    return labelled(NOTE, writer.language.text("Why"), long_text(), hint=kept)


def _title(writer: Writer, view: AgreementView) -> Mrkdwn:
    return writer.text(
        "{owner}: {indicator}, {span}",
        owner=view.owner_name,
        indicator=writer.label(view.indicator),
        span=span(writer, view.span),
    )


def _heading(writer: Writer, view: AgreementView, news: News) -> Mrkdwn:
    title = _title(writer, view)
    match news:
        case News.ASKED:
            return writer.text("A target to confirm. {title}", title=title)
        case News.APPEALED:
            return writer.text("An appeal to answer. {title}", title=title)
        case News.SETTLED:
            return writer.text("Your appeal is settled. {title}", title=title)
        case News.REMINDED:
            return writer.text("This still waits for your answer. {title}", title=title)
        case News.SILENT:
            return writer.text("Not answered in time. {title}", title=title)


def _what_stands(writer: Writer, view: AgreementView) -> Iterator[Mrkdwn]:
    shown = {"amount": view.amount, "span": span(writer, view.span)}
    match view.state:
        case TargetState.PROPOSED:
            yield writer.text("Target: *{amount}* for {span}, not confirmed yet.", **shown)
        case TargetState.CONFIRMED:
            yield writer.text("Target: *{amount}* for {span}, confirmed.", **shown)
        case TargetState.APPEALED:
            yield writer.text(
                "Target: *{amount}* for {span}; the appeal proposes *{wanted}*.",
                wanted=view.wanted or Decimal(0),
                **shown,
            )
        case TargetState.REVISED:
            yield writer.text("Target: *{amount}* for {span}, revised after an appeal.", **shown)
        case TargetState.UPHELD:
            yield writer.text("Target: *{amount}* for {span}, upheld after an appeal.", **shown)
    if len(view.by_month) > 1:
        yield writer.text("By month: {months}.", months=month_amounts(writer, view.by_month))


def _history(writer: Writer, view: AgreementView) -> Iterator[Mrkdwn]:
    if view.mean is None:
        yield writer.text("No full month is known from before.")
        return
    past = [(one.month, one.actual) for one in view.past]
    yield writer.text("Achieved: {months}.", months=month_amounts(writer, past))
    yield writer.plural(
        "Mean of this {n} month: *{mean}*.",
        "Mean of these {n} months: *{mean}*.",
        len(past),
        mean=view.mean,
    )
    if view.reached is not None:
        yield writer.plural(
            "The target would have been reached in {reached} of {n} month of the last year.",
            "The target would have been reached in {reached} of {n} months of the last year.",
            view.reached.of,
            reached=view.reached.reached,
        )


def month_amounts(writer: Writer, months: Sequence[tuple[Period, Decimal]]) -> Mrkdwn:
    """Months, each with its amount."""
    number = writer.language.number
    return join([writer.text("{month} {amount}", month=m, amount=number(a, EXACT)) for m, a in months], ", ")


def _move(writer: Writer, made: MoveView) -> Mrkdwn:
    shown = {"person": made.by_name or "", "amount": made.amount or Decimal(0)}
    match made.move:
        case Move.CONFIRM:
            told = writer.text("{person} confirmed it.", **shown)
        case Move.APPEAL:
            told = writer.text("{person} appealed and proposed {amount}.", **shown)
        case Move.REVISE if made.from_day is not None:
            since = writer.language.date(made.from_day)
            told = writer.text("{person} revised it to {amount} from {day} on.", day=since, **shown)
        case Move.REVISE:
            told = writer.text("{person} revised it to {amount}.", **shown)
        case Move.UPHOLD:
            told = writer.text("{person} upheld it.", **shown)
        case Move.ESCALATE if made.by_name is None:
            told = writer.text("Nobody answered in time: it was passed up.")
        case Move.ESCALATE:
            told = writer.text("{person} passed it up.", **shown)
    return told if not made.note else join([told, writer.text("“{note}”", note=made.note)], " ")


def _buttons(writer: Writer, view: AgreementView) -> list[Block]:
    texts = {
        Move.CONFIRM: (writer.language.text("Confirm"), CONFIRM),
        Move.APPEAL: (writer.language.text("Appeal"), APPEAL),
        Move.REVISE: (writer.language.text("Revise"), REVISE),
        Move.UPHOLD: (writer.language.text("Uphold"), UPHOLD),
        Move.ESCALATE: (writer.language.text("Pass it up"), ESCALATE),
    }
    return [
        button(text, action, str(TargetRef(view.id)))
        for move, (text, action) in texts.items()
        if move in view.may
    ]


def _due(writer: Writer, view: AgreementView) -> Mrkdwn:
    return writer.text(
        "Please answer by {day}. No answer is no consent: it is passed up then.",
        day=writer.language.date(view.due_on),
    )


def agreement_row(writer: Writer, view: AgreementView) -> Block:
    look = button(writer.language.text("Look"), LOOK, str(TargetRef(view.id)))
    return section(join([_title(writer, view), *_what_stands_in_short(writer, view)], "\n"), button=look)


def _what_stands_in_short(writer: Writer, view: AgreementView) -> list[Mrkdwn]:
    return [next(_what_stands(writer, view))]


def _in_short(writer: Writer, own: Sequence[AgreementView], appeals: Sequence[AgreementView]) -> Mrkdwn:
    waiting = len(appeals) + sum(bool(one.may) for one in own)
    if not waiting:
        return writer.text("Your targets: nothing waits for your answer.")
    return writer.plural("{n} target waits for your answer.", "{n} targets wait for your answer.", waiting)
