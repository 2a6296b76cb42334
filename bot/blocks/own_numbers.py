"""What if with one's own numbers: the form, and what they would do to score, tier and place."""

from collections.abc import Iterator

from bot.blocks import wording
from bot.blocks.actions import TRY_OWN, CardRef
from bot.blocks.inputs import choice, form, labelled, number, option, short_key
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
from bot.blocks.what_if import EXACT
from domain.scoring.rules_cards import Line, LineKind
from domain.scoring.rules_moves import Beside
from domain.scoring.rules_what_if import scored_lines
from domain.scoring.what_if import BeforeAndAfter, Ending, Question, Trial

TRY_OWN_FORM = "card.try_own_form"
ROWS = 3


def measure_id(row: int) -> str:
    return f"measure.{row}"


def amount_id(row: int) -> str:
    return f"amount.{row}"


def own_numbers_form(writer: Writer, question: Question) -> Block:
    """Up to three measures, and how much more of each. What is recorded stands below each measure."""
    card = question.card
    if question.is_over:
        asked = writer.text("What if something more had come in, in {period}?", period=card.period)
    else:
        asked = writer.text("What if something more came in, in {period}?", period=card.period)
    how = writer.text("Choose what, and say how much more; with a minus in front, how much less.")
    options = [_measure(writer, question, measure) for measure in question.measures]
    blocks = [section(asked, how)]
    for row in range(ROWS):
        what = writer.language.text("What") if row == 0 else writer.language.text("And what else")
        amount = writer.language.text("How much more")
        optional = row > 0
        blocks.append(labelled(measure_id(row), what, choice(options), optional=optional))
        blocks.append(labelled(amount_id(row), amount, number(), optional=optional))
    return form(
        writer,
        writer.language.text("Your own numbers"),
        writer.language.text("Work it out"),
        TRY_OWN_FORM,
        blocks,
        str(CardRef(card.person.id, card.period)),
    )


def _measure(writer: Writer, question: Question, measure: str) -> Block:
    recorded = writer.language.number(question.value(measure), EXACT)
    described = writer.language.text("{amount} recorded", amount=recorded)
    return option(writer.language.label(measure), short_key(measure), described)


def trial(writer: Writer, question: Question, tried: Trial) -> Block:
    return modal(writer, writer.language.text("What if?"), _blocks(writer, question, tried))


def trial_message(writer: Writer, question: Question, tried: Trial) -> Message:
    """For those who typed it."""
    card = CardRef(question.card.person.id, question.card.period)
    again = actions(button(writer.language.text("Try other numbers"), TRY_OWN, str(card)))
    return message(writer, _if(writer, tried), [*_blocks(writer, question, tried), again])


def _blocks(writer: Writer, question: Question, tried: Trial) -> list[Block]:
    shown = tried.so_far or tried.endings[Ending.OVER]
    blocks = [section(bold(_if(writer, tried)), *_scores(writer, question, tried))]
    blocks += sections(_places(writer, tried))
    lines = list(zip(scored_lines(shown.before), scored_lines(shown.after), strict=True))
    changed = [_line(writer, before, after) for before, after in lines if before != after]
    unchanged = [before.name for before, after in lines if before == after]
    if changed:
        blocks += [divider(), *sections(changed)]
    return [*blocks, context(*_small_print(writer, tried, unchanged))]


def _if(writer: Writer, tried: Trial) -> Mrkdwn:
    changes = [
        writer.text(
            "{measure} {change}", measure=writer.label(measure), change=writer.language.change(more, EXACT)
        )
        for measure, more in tried.change.items()
    ]
    return writer.text("If: {changes}", changes=writer.listed(changes))


def _scores(writer: Writer, question: Question, tried: Trial) -> Iterator[Mrkdwn]:
    if tried.so_far is not None:
        score = _score(writer, question, tried.so_far)
        yield writer.text("Score so far: {score}", score=score)
    for ending, cards in tried.endings.items():
        result = _with_tier(writer, question, cards)
        match ending:
            case Ending.PACE:
                yield writer.text("At the end, all else going on as so far: {result}", result=result)
            case Ending.TODAY:
                yield writer.text("At the end, if nothing else came in: {result}", result=result)
            case Ending.OVER:
                yield result


def _with_tier(writer: Writer, question: Question, cards: BeforeAndAfter) -> Mrkdwn:
    score = _score(writer, question, cards)
    before, after = cards.before.tier, cards.after.tier
    if before is None or after is None:
        return score
    if before == after:
        return writer.text("score {score}, still tier {tier}", score=score, tier=after)
    return writer.text("score {score}, tier {before} → *{after}*", score=score, before=before, after=after)


def _score(writer: Writer, question: Question, cards: BeforeAndAfter) -> Mrkdwn:
    if cards.before.score is None or cards.after.score is None:
        unscored = cards.before if cards.before.score is None else cards.after
        reason = wording.card_reason(writer, question.card, unscored.unscored_because)
        return join([writer.text("no score."), reason], " ")
    return writer.text("{before} → *{after}*", before=cards.before.score, after=cards.after.score)


def _places(writer: Writer, tried: Trial) -> Iterator[Mrkdwn]:
    for place in reversed(tried.places):
        shown = {"before": place.before, "out_of": place.out_of, "unit": place.unit_name}
        match place.after:
            case Beside.PAST_ABOVE:
                yield writer.text("Place {before} of {out_of} in {unit} → *past the next place up*", **shown)
            case Beside.LEVEL_ABOVE:
                yield writer.text(
                    "Place {before} of {out_of} in {unit} → *level with the next place up*", **shown
                )
            case Beside.AHEAD_OF_BELOW:
                yield writer.text(
                    "Place {before} of {out_of} in {unit} → still ahead of the next place down", **shown
                )
            case Beside.LEVEL_BELOW:
                yield writer.text(
                    "Place {before} of {out_of} in {unit} → *level with the next place down*", **shown
                )
            case Beside.BEHIND_BELOW:
                yield writer.text(
                    "Place {before} of {out_of} in {unit} → *behind the next place down*", **shown
                )
            case place.before:
                yield writer.text("Still place {before} of {out_of} in {unit}", **shown)
            case after:
                yield writer.text("Place {before} → *{after}* of {out_of} in {unit}", after=after, **shown)


def _line(writer: Writer, before: Line, after: Line) -> Mrkdwn:
    name = bold(writer.label(after.name))
    if before.contribution is None or after.contribution is None:
        return join([name, writer.text("is not assessed")], " ")
    contributions = {"after": after.contribution, "before": before.contribution}
    if after.contribution == before.contribution:
        adds = writer.text("still {after} points", **contributions)
    elif after.kind is LineKind.DEDUCTION:
        adds = writer.text("{after} points instead of {before}", **contributions)
    else:
        adds = writer.text("adds {after} instead of {before}", **contributions)
    if before.actual is None or after.actual is None:
        return join([name, adds], " ")
    amounts = writer.text(
        "{before} → {after}",
        before=writer.language.number(before.actual, EXACT),
        after=writer.language.number(after.actual, EXACT),
    )
    return join([name, join([amounts, adds], " · ")], " ")


def _small_print(writer: Writer, tried: Trial, unchanged: list[str]) -> Iterator[Mrkdwn]:
    if unchanged:
        names = wording.listed_names(writer, unchanged)
        yield writer.text("Unchanged: {names}.", names=names)
    yield writer.text("Computed by the same rules as the card.")
    if tried.places:
        yield writer.text("Places: if the scores of all others stay.")
