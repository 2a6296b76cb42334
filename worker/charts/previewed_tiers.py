"""Tiers under a draft of a plan beside those under the plan in force, over several periods."""

from dataclasses import dataclass

from worker.charts.canvas import (
    BLUE,
    BODY,
    HEADER,
    MARGIN,
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
from worker.charts.team_tiers import BARS, FOOTER, MOST_TIERS, ROW, TierPeople, draw_tier
from worker.charts.typeface import plain


@dataclass(frozen=True)
class PreviewedTiers:
    """The tiers from the highest; `people` counts cards under the draft, `before` those in force."""

    plan: str
    spans: tuple[tuple[str, str], ...]
    """Periods, the first and the last of each run of them."""
    tiers: tuple[TierPeople, ...]


def draw_previewed_tiers(preview: PreviewedTiers, translate: Translate, locale: str = "en") -> Chart:
    """A bar a tier under the draft, and below it a thin one under the plan in force."""
    heading = translate("Plan preview")
    shown = preview.tiers[:MOST_TIERS]
    bottom = HEADER + 16 + ROW * max(len(shown), 2)
    canvas = Canvas(bottom + FOOTER)
    over = fitting(_spans(preview, translate, locale), BODY, 620)
    canvas.heading(heading, f"{fitting(preview.plan, BODY, 480)} · {over}")
    if shown:
        most = max(max(one.people, one.before or 0) for one in shown)
        room = text_width(whole(most, locale), BODY, strong=True) + 24
        scale = Scale(0, max(most, 1), BARS, WIDTH - MARGIN - room)
        for index, tier in enumerate(shown):
            draw_tier(canvas, tier, HEADER + 16 + ROW * index, scale, locale)
        _draw_legend(canvas, bottom + 34, translate)
    else:
        canvas.message(translate("Nobody has a tier in this period."))
    return Chart(canvas.png(), _alt_text(preview, translate, locale), f"{heading}: {plain(preview.plan)}")


def _spans(preview: PreviewedTiers, translate: Translate, locale: str) -> str:
    def name(first: str, last: str) -> str:
        begins = period_name(first, locale)
        return begins if first == last else f"{begins} – {period_name(last, locale)}"

    return listed((name(first, last) for first, last in preview.spans), translate)


def _draw_legend(canvas: Canvas, y: float, translate: Translate) -> None:
    x = float(MARGIN)
    for fill, words in ((BLUE, translate("under the draft")), (SOFT, translate("under the plan in force"))):
        canvas.box(x, y - 14, x + 44, y + 14, fill=fill)
        canvas.write(x + 56, y, words)
        x += text_width(words, SMALL) + 100


def _alt_text(preview: PreviewedTiers, translate: Translate, locale: str) -> str:
    heading = translate("Cards by tier under the draft of {plan}, {span}.").format(
        plan=plain(preview.plan), span=_spans(preview, translate, locale)
    )
    if not preview.tiers:
        return in_words([heading, translate("Nobody has a tier in this period.")], translate)
    facts = listed(
        (
            translate("{tier}: {people}, in force {before}").format(
                tier=plain(one.tier), people=whole(one.people, locale), before=whole(one.before or 0, locale)
            )
            for one in preview.tiers
        ),
        translate,
    )
    return in_words([heading, f"{facts}."], translate)
