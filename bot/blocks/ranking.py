"""The answer to /ranking: the first places by name, then one's own and the gaps around it, without names."""

from collections.abc import Iterator

from bot.blocks.actions import DISTRIBUTION_CHART, RANKING_CHART, RANKING_PAGE, UnitRef
from bot.blocks.paging import ROWS_OF_TEXT, page_buttons, page_of
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
    message,
    section,
    sections,
)
from domain.scoring.rankings import RankingRow, RankingView


def ranking(writer: Writer, view: RankingView, page_number: int = 1) -> Message:
    """With scores for those who oversee the unit; its members see the others' places only."""
    heading = writer.text("Ranking of {unit}, {period}", unit=view.unit_name, period=view.period)
    blocks = [section(bold(heading), *_so_far(writer, view))]
    if view.too_small:
        blocks.append(
            section(writer.text("Fewer than 5 people are ranked here, so no places are shown to members."))
        )
    elif not view.rows:
        blocks.append(section(writer.text("Nobody is ranked here in this period.")))
    else:
        page = page_of(view.rows, page_number, ROWS_OF_TEXT)
        blocks += sections(_row(writer, row, view.shows_scores) for row in page.items)
        blocks += page_buttons(writer, page, RANKING_PAGE, str(UnitRef(view.unit_path, view.period)))
        blocks += [divider(), section(*_own(writer, view))] if view.own else []
        blocks += [*_buttons(writer, view), context(_small_print(writer, view), *_other_plans(writer, view))]
    return message(writer, heading, blocks)


def _so_far(writer: Writer, view: RankingView) -> Iterator[Mrkdwn]:
    if view.running:
        yield writer.text("So far: the period is still running.")


def _row(writer: Writer, row: RankingRow, with_score: bool) -> Mrkdwn:
    shown = {"rank": row.rank, "person": row.person.name, "employee_id": row.person.employee_id}
    if not with_score:
        return writer.text("{rank}. {person} ({employee_id})", **shown)
    if row.tier is None:
        return writer.text("{rank}. {person} ({employee_id}): {score}", score=row.score, **shown)
    return writer.text(
        "{rank}. {person} ({employee_id}): {score}, tier {tier}", score=row.score, tier=row.tier, **shown
    )


def _own(writer: Writer, view: RankingView) -> Iterator[Mrkdwn]:
    if view.own is None:
        return
    yield bold(
        writer.text(
            "Your place: {rank} of {out_of}, score {score}",
            rank=view.own.rank,
            out_of=view.out_of,
            score=view.own.score,
        )
    )
    if view.gap_above is not None:
        yield writer.text("{gap} points to the next place up", gap=view.gap_above)
    if view.gap_below is not None:
        yield writer.text("{gap} points ahead of the next place down", gap=view.gap_below)


def _buttons(writer: Writer, view: RankingView) -> list[Block]:
    unit = str(UnitRef(view.unit_path, view.period))
    buttons = []
    if view.shows_scores:
        buttons.append(button(writer.language.text("Ranking chart"), RANKING_CHART, unit))
    if view.shows_spread:
        buttons.append(button(writer.language.text("Distribution"), DISTRIBUTION_CHART, unit))
    return [actions(*buttons)] if buttons else []


def _small_print(writer: Writer, view: RankingView) -> Mrkdwn:
    if view.locked:
        return writer.text("{path}. Equal scores share a place. The period is locked.", path=view.unit_path)
    return writer.text(
        "{path}. Equal scores share a place. Provisional until HR locks the period.", path=view.unit_path
    )


def _other_plans(writer: Writer, view: RankingView) -> Iterator[Mrkdwn]:
    if view.other_plans:
        yield writer.text(
            "Ranked here are the people with the plan {plan}. Others have places of their own: {others}.",
            plan=view.plan_name,
            others=", ".join(view.other_plans),
        )
