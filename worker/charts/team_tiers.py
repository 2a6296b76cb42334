"""How many people of a team reached which tier, now and in the period before."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.charts.canvas import (
    BLUE,
    BODY,
    HEADER,
    MARGIN,
    MUTED,
    SMALL,
    SOFT,
    WIDTH,
    Canvas,
    Scale,
    fitting,
    text_width,
)
from worker.charts.chart import Chart, Translate, in_words, listed
from worker.charts.numbers import period_name, whole
from worker.charts.typeface import plain

MOST_TIERS = 10

ROW, _BAR, _THIN, FOOTER = 112, 46, 22, 84
BARS = 300


@dataclass(frozen=True)
class TierPeople:
    """A tier with its people; `before` is None where nothing is known of the period before."""

    tier: str
    people: int
    before: int | None = None
    plan: str = ""
    """Named where a team has people of several plans."""

    @property
    def name(self) -> str:
        return f"{self.tier} ({self.plan})" if self.plan else self.tier


@dataclass(frozen=True)
class TeamTiers:
    """The tiers of a team, the highest first."""

    unit: str
    period: str
    before: str
    """The period compared with."""
    tiers: tuple[TierPeople, ...]


def draw_team_tiers(team: TeamTiers, translate: Translate, locale: str = "en") -> Chart:
    """A bar a tier, and below it a thin one for the period before."""
    heading = translate("Tiers")
    shown = team.tiers[:MOST_TIERS]
    bottom = HEADER + 16 + ROW * max(len(shown), 2)
    canvas = Canvas(bottom + FOOTER)
    canvas.heading(heading, _subtitle(team, translate, locale))
    if shown:
        most = max(max(one.people, one.before or 0) for one in shown)
        room = text_width(whole(most, locale), BODY, strong=True) + 24
        scale = Scale(0, max(most, 1), BARS, WIDTH - MARGIN - room)
        for index, tier in enumerate(shown):
            draw_tier(canvas, tier, HEADER + 16 + ROW * index, scale, locale)
        _draw_legend(canvas, bottom + 34, team, len(team.tiers) - len(shown), translate, locale)
    else:
        canvas.message(translate("Nobody has a tier in this period."))
    return Chart(canvas.png(), _alt_text(team, translate, locale), f"{heading}: {plain(team.unit)}")


def _subtitle(team: TeamTiers, translate: Translate, locale: str) -> str:
    people = translate("people: {count}").format(count=whole(sum(one.people for one in team.tiers), locale))
    return " · ".join([fitting(team.unit, BODY, 480), period_name(team.period, locale), people])


def draw_tier(canvas: Canvas, tier: TierPeople, top: float, scale: Scale, locale: str) -> None:
    """A bar for now, and below it a thin one for before where that is known."""
    middle = top + 16 + _BAR / 2
    name = fitting(tier.name, BODY, BARS - MARGIN - 24, strong=True)
    canvas.write(MARGIN, middle, name, size=BODY, strong=True)
    right = scale(tier.people)
    canvas.box(BARS, top + 16, max(right, BARS + 3), top + 16 + _BAR, fill=BLUE)
    canvas.write(right + 16, middle, whole(tier.people, locale), size=BODY, strong=True)
    if tier.before is not None:
        thin = top + 16 + _BAR + 6
        canvas.box(BARS, thin, max(scale(tier.before), BARS + 3), thin + _THIN, fill=SOFT)
        canvas.write(scale(tier.before) + 16, thin + _THIN / 2, whole(tier.before, locale), color=MUTED)


def _draw_legend(
    canvas: Canvas, y: float, team: TeamTiers, left_out: int, translate: Translate, locale: str
) -> None:
    x = float(MARGIN)
    entries = [(BLUE, team.period)]
    if any(one.before is not None for one in team.tiers):
        entries.append((SOFT, team.before))
    for fill, period in entries:
        word = period_name(period, locale)
        canvas.box(x, y - 14, x + 44, y + 14, fill=fill)
        canvas.write(x + 56, y, word)
        x += text_width(word, SMALL) + 100
    if left_out > 0:
        more = translate("Not shown: {count}").format(count=whole(left_out, locale))
        canvas.write(WIDTH - MARGIN, y, more, color=MUTED, align="right")


def _alt_text(team: TeamTiers, translate: Translate, locale: str) -> str:
    heading = translate("Tiers in {unit}, {period}.").format(
        unit=plain(team.unit), period=period_name(team.period, locale)
    )
    if not team.tiers:
        return in_words([heading, translate("Nobody has a tier in this period.")], translate)
    parts = [heading, translate("People: {counts}.").format(counts=_counts(team.tiers, translate, locale))]
    known = [one for one in team.tiers if one.before is not None]
    if known:
        before = [TierPeople(one.tier, one.before or 0, plan=one.plan) for one in known]
        parts.append(
            translate("{period}: {facts}.").format(
                period=period_name(team.before, locale), facts=_counts(before, translate, locale)
            )
        )
    return in_words(parts, translate)


def _counts(tiers: Sequence[TierPeople], translate: Translate, locale: str) -> str:
    return listed((f"{plain(one.name)} {whole(one.people, locale)}" for one in tiers), translate)
