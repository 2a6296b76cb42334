"""The answer to *What if*: what a tier would take, each indicator alone and the cheapest mix."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from bot.blocks import wording
from bot.blocks.actions import ENDING_CHOICE, TIER_CHOICE, TRY_OWN, WHAT_IF, WHAT_IF_AGAIN, CardRef, WhatIfRef
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
    select,
)
from domain.plans.rules import Gate, Indicator
from domain.scoring.rules_cards import Card, Line
from domain.scoring.rules_exact import half_up
from domain.scoring.rules_outlook import Alone, Bar, Outlook
from domain.scoring.rules_what_if import own_measure
from domain.scoring.what_if import Answer, Ending

EXACT = 4
"""Decimals that a record may have: amounts are said to the last step."""


def working(writer: Writer, card: CardRef) -> Block:
    """Shown at once, for a click is good for three seconds only; the button, where what follows gets lost."""
    again = button(writer.language.text("Look again"), WHAT_IF_AGAIN, str(card))
    shown = section(writer.text("Working it out …"), button=again)
    return modal(writer, writer.language.text("What if?"), [shown])


def what_if(writer: Writer, answer: Answer) -> Block:
    """A window, with the choice of another ending or another tier."""
    blocks = [*_blocks(writer, answer), *_choices(writer, answer)]
    return modal(writer, writer.language.text("What if?"), blocks)


def what_if_message(writer: Writer, answer: Answer) -> Message:
    """For those who typed it: the same, and the way to the window."""
    card = _ref(answer)
    more = actions(
        button(writer.language.text("More"), WHAT_IF, str(card)),
        button(writer.language.text("Try your own numbers"), TRY_OWN, str(card)),
    )
    return message(writer, _as_it_ends(writer, answer), [*_blocks(writer, answer), more])


def _blocks(writer: Writer, answer: Answer) -> list[Block]:
    blocks = [section(bold(wording.card_title(writer, answer.question.card)), _as_it_ends(writer, answer))]
    if answer.outlook is None:
        return blocks
    outlook = answer.outlook
    blocks.append(section(*_goal(writer, answer, outlook)))
    blocks += sections(_bar(writer, answer, bar) for bar in outlook.bars)
    blocks += [divider(), *sections(_each_alone(writer, answer, outlook))]
    blocks += [divider(), *sections(_mix(writer, answer, outlook)), context(*_small_print(writer, answer))]
    return blocks


def _as_it_ends(writer: Writer, answer: Answer) -> Mrkdwn:
    """What the period comes to without any if."""
    card, question = answer.case.as_it_is, answer.question
    period, day = question.card.period, question.card.as_of_day
    if card.score is None:
        reason = wording.card_reason(writer, question.card, card.unscored_because)
        return join([writer.text("{period} has no score to go on from.", period=period), reason], " ")
    shown = {"period": period, "day": day, "score": card.score, "tier": card.tier}
    match answer.ending:
        case Ending.PACE:
            ends = writer.text(
                "If everything goes on as so far, {period} ends with score {score}, tier {tier}.", **shown
            )
        case Ending.TODAY:
            ends = writer.text(
                "If nothing more came in after {day}, {period} would end with score {score}, tier {tier}.",
                **shown,
            )
        case Ending.OVER:
            ends = writer.text("{period} is over, with score {score}, tier {tier}.", **shown)
    if answer.tiers:
        return ends
    return join([ends, writer.text("{tier} is the highest tier: there is none to reach.", **shown)], " ")


def _goal(writer: Writer, answer: Answer, outlook: Outlook) -> Iterator[Mrkdwn]:
    tier, shown = outlook.goal.tier, {"score": outlook.goal.tier.from_score, "points": outlook.missing}
    if answer.question.is_over:
        yield bold(writer.text("What tier {tier} would have taken", tier=tier.name))
    else:
        yield bold(writer.text("What tier {tier} takes", tier=tier.name))
    if outlook.missing:
        yield writer.text("It begins at {score}: {points} points more.", **shown)
    else:
        yield writer.text("It begins at {score}. The points are there, a gate is in the way.", **shown)


def _bar(writer: Writer, answer: Answer, bar: Bar) -> Mrkdwn:
    gate = bar.result.gate
    sentence = wording.gate_sentence(
        writer,
        _gated(writer, gate),
        gate.bound.comparison,
        half_up(bar.result.value or Fraction(0), 6),
        gate.bound.value,
        gate.cap,
        answer.question.plan.gate_reads_as_share(gate),
    )
    if bar.value is None:
        stays = writer.text("That cannot be undone: {tier} is as far as it goes.", tier=gate.cap)
        return join([sentence, stays], " ")
    opens = writer.text(
        "It opens with {measure} {value} instead of {now} ({change}).",
        **_moved(writer, answer, bar.measure, bar.value),
    )
    return join([sentence, opens], " ")


def _gated(writer: Writer, gate: Gate) -> Mrkdwn:
    if gate.ratio:
        numerator, denominator = map(writer.label, gate.ratio)
        return writer.text("{numerator} ÷ {denominator}", numerator=numerator, denominator=denominator)
    return writer.label(gate.indicator or gate.measures[0])


def _each_alone(writer: Writer, answer: Answer, outlook: Outlook) -> Iterator[Mrkdwn]:
    match answer.ending:
        case Ending.PACE:
            yield bold(writer.text("What one alone would have to become, everything else going on as so far"))
        case Ending.TODAY:
            yield bold(writer.text("What one alone would have to become, nothing else coming in"))
        case Ending.OVER:
            yield bold(writer.text("What one alone would have had to become"))
    for alone in outlook.alone:
        yield join(["•", bold(writer.label(alone.indicator.name)), _alone(writer, answer, alone)], " ")


def _alone(writer: Writer, answer: Answer, alone: Alone) -> Mrkdwn:
    if alone.value is None or alone.card is None:
        return writer.text("is not assessed: it cannot help")
    if alone.enough:
        return _become(writer, answer, alone.indicator, alone.value, alone.card)
    if alone.value == answer.case.value(alone.measure):
        return writer.text("not by itself: it brings all it can already")
    outlook = answer.outlook
    if outlook and not outlook.missing:
        return writer.text("not by itself, for the gate stays")
    best = _become(writer, answer, alone.indicator, alone.value, alone.card)
    if outlook and alone.card.score is not None and alone.card.score >= outlook.goal.tier.from_score:
        return writer.text("not by itself, for the gate stays; it has the points with {best}", best=best)
    return writer.text("not by itself: it gets to {score} with {best}", best=best, score=alone.card.score)


def _become(writer: Writer, answer: Answer, indicator: Indicator, value: Decimal, card: Card) -> Mrkdwn:
    """The measure's value, its change, and what it reads as."""
    shown = _moved(writer, answer, own_measure(indicator), value)
    shown["reading"] = _reading(writer, indicator, _line(card, indicator))
    if indicator.is_ratio:
        return writer.text("{measure} {value} instead of {now} ({change}): {reading}", **shown)
    return writer.text("{value} instead of {now} ({change}): {reading} of target", **shown)


def _moved(writer: Writer, answer: Answer, measure: str, value: Decimal) -> dict[str, object]:
    now = answer.case.value(measure)
    return {
        "measure": writer.label(measure),
        "value": writer.language.number(value, EXACT),
        "now": writer.language.number(now, EXACT),
        "change": writer.language.change(value - now, EXACT),
    }


def _line(card: Card, indicator: Indicator) -> Line:
    return next(line for line in card.lines if line.name == indicator.name)


def _reading(writer: Writer, indicator: Indicator, line: Line) -> str:
    reading = line.printed_reading or Decimal(0)
    write = writer.language.percent if indicator.reads_as_share else writer.language.number
    return write(reading, 2)


def _mix(writer: Writer, answer: Answer, outlook: Outlook) -> Iterator[Mrkdwn]:
    yield bold(writer.text("The cheapest mix"))
    mix = outlook.mix
    if mix is None:
        furthest = outlook.furthest or answer.case.as_it_is
        yield writer.text(
            "There is none: with everything at its best it would be score {score}, tier {tier}.",
            score=furthest.score,
            tier=furthest.tier,
        )
        return
    by_measure = {own_measure(one): one for one in reversed(answer.question.plan.indicators)}
    for measure, value in mix.values.items():
        yield join(["•", *_part(writer, answer, by_measure.get(measure), measure, value, mix.card)], " ")
    shown = {"tier": mix.card.tier, "score": mix.card.score}
    if len(mix.values) > 1:
        yield writer.text("Together: score {score}, tier {tier}.", **shown)
    else:
        yield writer.text("With that alone: score {score}, tier {tier}.", **shown)


def _part(
    writer: Writer, answer: Answer, indicator: Indicator | None, measure: str, value: Decimal, card: Card
) -> Iterator[Mrkdwn]:
    """One part of a mix; a gate's measure may belong to no indicator."""
    if indicator is None:
        moved = _moved(writer, answer, measure, value)
        yield writer.text("{measure} {value} instead of {now} ({change})", **moved)
    else:
        yield bold(writer.label(indicator.name))
        yield _become(writer, answer, indicator, value, card)


def _small_print(writer: Writer, answer: Answer) -> Iterator[Mrkdwn]:
    if not answer.question.is_over:
        yield writer.text(
            "Amounts are those at the end of {period}, against its full targets; data up to {day}.",
            period=answer.question.card.period,
            day=answer.question.card.as_of_day,
        )
    yield writer.text(
        "Computed by the same rules as the card, exact to the last step: a little less is not enough. "
        "Cheapest: the shortest way in all, each indicator's way measured as a share of its own curve."
    )


def _choices(writer: Writer, answer: Answer) -> list[Block]:
    chosen = WhatIfRef(_ref(answer), answer.ending, _level(answer))
    choices = []
    if not answer.question.is_over:
        choices.append(
            _choice(writer.language.text("Everything else"), ENDING_CHOICE, _endings(writer, chosen), chosen)
        )
    if len(answer.tiers) > 1:
        choices.append(
            _choice(writer.language.text("Tier"), TIER_CHOICE, _tiers(writer, answer, chosen), chosen)
        )
    own = button(writer.language.text("Try your own numbers"), TRY_OWN, str(_ref(answer)))
    return [divider(), actions(*choices, own)]


def _choice(placeholder: str, action: str, options: Sequence[tuple[str, str]], chosen: WhatIfRef) -> Block:
    block = select(placeholder, action, options)
    shown = [one for one in block["options"] if one["value"] == str(chosen)]
    return {**block, "initial_option": shown[0]} if shown else block


def _endings(writer: Writer, chosen: WhatIfRef) -> list[tuple[str, str]]:
    texts = {
        Ending.PACE: writer.language.text("Going on as so far"),
        Ending.TODAY: writer.language.text("Nothing more comes in"),
    }
    return [(text, str(replace(chosen, ending=ending))) for ending, text in texts.items()]


def _tiers(writer: Writer, answer: Answer, chosen: WhatIfRef) -> list[tuple[str, str]]:
    level = answer.question.plan.tier_level
    return [
        (
            writer.language.text("To tier {tier}", tier=tier.name),
            str(replace(chosen, tier_level=level(tier.name))),
        )
        for tier in answer.tiers
    ]


def _level(answer: Answer) -> int:
    """The chosen tier's; 0, which is nobody's goal, where there is none."""
    return answer.outlook.goal.level if answer.outlook else 0


def _ref(answer: Answer) -> CardRef:
    card = answer.question.card
    return CardRef(card.person.id, card.period)
