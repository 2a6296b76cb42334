"""Alerts about missed months: the person's own report, the managers' message and its threads, HR's lists."""

from collections.abc import Iterable
from decimal import Decimal

from bot.blocks.actions import ALERTS_PAGE, AlertsRef, CardRef, card_buttons
from bot.blocks.paging import ROWS_OF_TEXT, page_buttons, page_of
from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    actions,
    bold,
    context,
    join,
    message,
    section,
    sections,
)
from domain.periods import Period
from domain.plans.rules import is_shareable
from domain.scoring.views import SMALLEST_SHOWN_UNIT
from domain.watch.facts import AlertFacts, HrAlertFacts, MissedMonth, UnitAlertFacts, WeakestIndicator
from domain.watch.model import AlertState
from domain.watch.rules import HoldReason


def alert_person(writer: Writer, facts: AlertFacts) -> Message:
    """The person's own report. It comes before the manager's."""
    if facts.withdrawn:
        return alert_withdrawn(writer, facts)
    return message(
        writer,
        writer.text("A report about your last months, for you alone"),
        [
            section(bold(writer.text("Your last months"))),
            section(
                writer.text(
                    "{count} months in a row count as missed: {indicator} was short of what the plan asks. "
                    "You hear it first; your manager is told after you.",
                    count=facts.length,
                    indicator=writer.label(facts.indicator),
                )
            ),
            *_report(writer, facts, to_person=True),
            context(
                writer.text(
                    "Nothing is decided by this message. If a number looks wrong, press Why? and tell your "
                    "manager or HR."
                )
            ),
        ],
    )


def alert_withdrawn(writer: Writer, facts: AlertFacts) -> Message:
    """In the place of the person's own report, and below it."""
    heading = writer.text("The report about your last months is withdrawn")
    nothing = writer.text("Nothing follows from it.")
    return message(writer, heading, [section(bold(heading), *_why_withdrawn(writer, facts), nothing)])


def alert_unit(writer: Writer, facts: UnitAlertFacts) -> Message:
    """The managers' message. Names stand in its thread only."""
    if not facts.people:
        return _all_withdrawn(writer, facts)
    heading = writer.plural(
        "{unit}: {n} person has missed month after month",
        "{unit}: {n} people have missed month after month",
        facts.people,
        unit=facts.unit_name,
    )
    return message(
        writer,
        heading,
        [
            section(bold(heading)),
            context(
                writer.text(
                    "Locked months up to {month}. The thread has a report for each person; the own report "
                    "goes out first.",
                    month=Period.parse(facts.month),
                )
            ),
        ],
    )


def _all_withdrawn(writer: Writer, facts: UnitAlertFacts) -> Message:
    month = Period.parse(facts.month)
    heading = writer.text("{unit}: the alerts of {month} are withdrawn", unit=facts.unit_name, month=month)
    return message(writer, heading, [section(bold(heading))])


def alert_thread(writer: Writer, facts: AlertFacts) -> Message:
    heading = _name_and_length(writer, facts)
    if facts.withdrawn:
        return message(writer, heading, [section(bold(heading), *_why_withdrawn(writer, facts))])
    return message(writer, heading, [section(bold(heading)), *_report(writer, facts)])


def alert_shadow(writer: Writer, facts: HrAlertFacts, page: int = 1) -> Message:
    heading = writer.plural(
        "Shadow mode: {n} alert for {unit} was not sent",
        "Shadow mode: {n} alerts for {unit} were not sent",
        _standing(facts),
        unit=facts.unit_path,
    )
    note = writer.text(
        "Locked months up to {month}. Without shadow mode each of these people would get the own report, "
        "then their managers the alert.",
        month=Period.parse(facts.month),
    )
    listed = _list(writer, facts, AlertState.SHADOW, page)
    return message(writer, heading, [section(bold(heading)), *listed, context(note)])


def alert_held(writer: Writer, facts: HrAlertFacts, page: int = 1) -> Message:
    heading = writer.plural(
        "Held for you: {n} alert for {unit}",
        "Held for you: {n} alerts for {unit}",
        _standing(facts),
        unit=facts.unit_path,
    )
    note = writer.text(
        "Usually the data or the target is wrong: check {month}. Nothing goes out before HR releases it.",
        month=Period.parse(facts.month),
    )
    listed = _list(writer, facts, AlertState.HELD, page)
    return message(
        writer, heading, [section(bold(heading), _why_held(writer, facts)), *listed, context(note)]
    )


def alert_unreached(writer: Writer, facts: HrAlertFacts) -> Message:
    alert = facts.alerts[0]
    heading = writer.text(
        "{person} ({employee_id}) could not be reached in Slack",
        person=alert.name,
        employee_id=alert.employee_id,
    )
    if alert.withdrawn:
        return message(writer, heading, [section(bold(heading), *_why_withdrawn(writer, alert))])
    task = writer.text("This report did not arrive: please give it to the person yourself.")
    report = _report(writer, alert, to_person=True)
    return message(writer, heading, [section(bold(heading), task), *report])


def _report(writer: Writer, facts: AlertFacts, *, to_person: bool = False) -> list[Block]:
    """What both the person and the managers read; the person nothing of others who are too few."""
    last = Period.parse(facts.months[-1].period)
    blocks = sections(_month(writer, month) for month in facts.months)
    gaps = _gaps(writer, facts) if not to_person or _are_enough(facts.team_size) else ()
    peers = _peers(writer, facts) if not to_person or _are_enough(facts.peers) else ()
    blocks.append(section(_attainment(writer, facts), *gaps, *peers))
    if facts.weakest is not None:
        blocks.append(section(_weakest(writer, facts.weakest)))
    return [*blocks, actions(*card_buttons(writer, CardRef(facts.person_id, last)))]


def _are_enough(others: int) -> bool:
    """The mean of very few would tell what one of them has."""
    return others + 1 >= SMALLEST_SHOWN_UNIT


def _month(writer: Writer, month: MissedMonth) -> Mrkdwn:
    period = Period.parse(month.period)
    if month.actual is None or month.target is None:
        return writer.text("• {period}: {reading}", period=period, reading=_reading(writer, month.reading))
    return writer.text(
        "• {period}: {reading} of target ({actual} of {target})",
        period=period,
        reading=writer.language.percent(Decimal(month.reading)),
        actual=Decimal(month.actual),
        target=Decimal(month.target),
    )


def _attainment(writer: Writer, facts: AlertFacts) -> Mrkdwn:
    return writer.text(
        "{indicator}: {attainment} on average over these months.",
        indicator=writer.label(facts.indicator),
        attainment=_reading(writer, facts.attainment),
    )


def _gaps(writer: Writer, facts: AlertFacts) -> Iterable[Mrkdwn]:
    """Always says whether a gap is in points of the score or in percentage points."""
    if facts.team_reading is not None:
        yield writer.plural(
            "{n} other in {unit} stood at {reading} in the last month.",
            "The {n} others in {unit} stood at {reading} on average in the last month.",
            facts.team_size,
            unit=facts.unit_name,
            reading=_reading(writer, facts.team_reading),
        )
    gap = facts.gap_in_points
    if gap is None:
        return
    shown = {"gap": abs(gap), "score": Decimal(facts.score or 0), "team": Decimal(facts.team_score or 0)}
    if gap < 0:
        yield writer.text("Score {score}: {gap} points below their mean of {team}.", **shown)
    else:
        yield writer.text("Score {score}: {gap} points above their mean of {team}.", **shown)


def _peers(writer: Writer, facts: AlertFacts) -> Iterable[Mrkdwn]:
    if facts.peers:
        yield writer.plural(
            "{met} of {n} peer in the same job met their target in the last month.",
            "{met} of {n} peers in the same job met their targets in the last month.",
            facts.peers,
            met=facts.peers_met,
        )


def _weakest(writer: Writer, weakest: WeakestIndicator) -> Mrkdwn:
    return writer.text(
        "What cost most in the last month: {name} at {reading}, {lost} points of the score.",
        name=writer.label(weakest.name),
        reading=_reading(writer, weakest.reading),
        lost=Decimal(weakest.lost),
    )


def _reading(writer: Writer, reading: str) -> str:
    value = Decimal(reading)
    if is_shareable(value):
        return writer.language.percent(value)
    return writer.language.number(value)


def _name_and_length(writer: Writer, facts: AlertFacts) -> Mrkdwn:
    shown = {"person": facts.name, "employee_id": facts.employee_id, "count": facts.length}
    if facts.withdrawn:
        return writer.text("{person} ({employee_id}): {count} missed months in a row, withdrawn", **shown)
    return writer.text("{person} ({employee_id}): {count} missed months in a row", **shown)


def _why_withdrawn(writer: Writer, facts: AlertFacts) -> Iterable[Mrkdwn]:
    months = join([writer.language.period(Period.parse(month)) for month in facts.undone], ", ")
    if not facts.undone:
        yield writer.text("These months are no longer missed in a row: a month between them was corrected.")
    else:
        yield writer.plural(
            "After a correction, {months} does not count as missed any more.",
            "After a correction, {months} do not count as missed any more.",
            len(facts.undone),
            months=months,
        )


def _standing(facts: HrAlertFacts) -> int:
    return sum(not alert.withdrawn for alert in facts.alerts)


def _list(writer: Writer, facts: HrAlertFacts, state: AlertState, page_number: int) -> list[Block]:
    page = page_of(facts.alerts, page_number, ROWS_OF_TEXT)
    rows = sections(join(["•", _name_and_length(writer, alert)], " ") for alert in page.items)
    which = AlertsRef(facts.unit_path, Period.parse(facts.month), state)
    return [*rows, *page_buttons(writer, page, ALERTS_PAGE, str(which))]


def _why_held(writer: Writer, facts: HrAlertFacts) -> Mrkdwn:
    if facts.reason == HoldReason.MULTIPLE_OF_MEAN:
        return writer.text("This is more than three times the mean of the earlier months.")
    return writer.text("They concern more than a fifth of the unit.")
