"""Previews of plans: worked out by a job, drawn for whoever asked when their message is sent."""

from collections.abc import Mapping
from typing import Any

from bot.blocks.hr_plan import preview_message
from bot.blocks.primitives import Message, Writer
from bot.delivery import Drawing, Image, NothingToSay, Picture
from bot.locale import Language, for_locale
from domain.errors import NotAllowed, NotFound
from domain.outbox import Upload
from domain.people.model import Person
from domain.periods import Period
from domain.plans.rules_file import parse_plan
from domain.previews.drafts import PREVIEW_JOB, Outcome, look, tell, work_out
from domain.previews.model import PlanDraft
from domain.previews.rules_spans import spans_of
from domain.services import Services
from domain.viewers import viewer_of
from worker.charts.chart import digest
from worker.charts.previewed_tiers import PreviewedTiers, draw_previewed_tiers
from worker.charts.team_tiers import TierPeople
from worker.runner import Handler, Task


def preview_plan(task: Task) -> None:
    """Args: `draft_id`. Works it out without holding anybody up, then stores what came out in one go."""
    services, draft_id = task.services, task.args["draft_id"]
    with services.database.reading() as session:
        draft = session.get(PlanDraft, draft_id)
        person = session.get(Person, draft.person_id) if draft else None
        viewer = viewer_of(session, services.clock, person) if person else None
    outcome = work_out(services.database, services.clock, viewer, draft) if viewer and draft else None
    with task.finishing() as session:
        if outcome is not None:
            tell(session, services.clock, draft_id, outcome, task.correlation_id)


def draw_plan_preview(services: Services, facts: dict[str, Any], locale: str) -> Drawing:
    """Raises NothingToSay where the reader is HR no more."""
    language = for_locale(locale)
    with services.database.reading() as session:
        draft = session.get(PlanDraft, facts["draft_id"])
        if draft is None or draft.result is None:
            raise NothingToSay
        viewer = viewer_of(session, services.clock, session.get_one(Person, draft.person_id), locale)
        try:
            _, outcome = look(session, viewer, draft.id)
        except (NotAllowed, NotFound):
            raise NothingToSay from None
        plan = parse_plan(draft.text)
        draft_id, periods = draft.id, list(draft.periods)

    def write(upload: Upload | None) -> Message:
        return preview_message(Writer(language), draft_id, plan, periods, outcome, upload)

    return Drawing(write, _picture(plan.name, periods, outcome, language))


def _picture(plan: str, periods: list[str], outcome: Outcome, language: Language) -> Picture | None:
    if not outcome.tiers:
        return None
    tiers = tuple(TierPeople(tier, after, before) for tier, before, after in outcome.tiers)
    spans = spans_of(map(Period.parse, periods))
    inputs = PreviewedTiers(plan, tuple((first.key, last.key) for first, last in spans), tiers)

    def render() -> Image:
        chart = draw_previewed_tiers(inputs, language.translations.gettext, language.tag)
        return Image(chart.png, chart.alt_text, chart.title)

    return Picture(digest(inputs, language.tag), render)


HANDLERS: Mapping[str, Handler] = {PREVIEW_JOB: preview_plan}
