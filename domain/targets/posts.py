"""Who hears of targets: those who are asked, those who judge an appeal, and those whose appeal is settled."""

from collections.abc import Collection
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.jobs import add_job
from domain.outbox import UPDATE_JOB, NewPost, Post, PostState, add_posts
from domain.periods import Period
from domain.quiet_hours import Hours
from domain.targets.agreement_rights import company_today, hr_of_owner
from domain.targets.model import TargetAgreement

TARGET_POST = "target"
"""Facts: `agreement_id`, `reader_id`, `news`: drawn for the reader, as it stands when it is sent."""

RESTATE_POST = "target_restate"
"""To HR. Facts: `agreement_id`, `reader_id`, `months`: locked, with cards that may be restated."""


class News(StrEnum):
    """Why somebody is told."""

    ASKED = "asked"
    APPEALED = "appealed"
    SETTLED = "settled"
    REMINDED = "reminded"
    SILENT = "silent"
    """To those above: the owner has not answered."""


def tell_asked(session: Session, clock: Clock, agreements: Collection[TargetAgreement]) -> None:
    _tell(session, clock, [_post(one, one.asked_id, News.ASKED, "asked") for one in agreements])


def tell_judges(session: Session, clock: Clock, agreement: TargetAgreement, move_id: int) -> None:
    readers = judges_of(session, clock, agreement)
    _tell(
        session,
        clock,
        [_post(agreement, reader, News.APPEALED, f"move:{move_id}:{reader}") for reader in readers],
    )


def judges_of(session: Session, clock: Clock, agreement: TargetAgreement) -> list[int]:
    """Who is to answer an appeal now: one judge, or all of HR that looks after the owner."""
    return [agreement.judge_id] if agreement.judge_id is not None else _hr(session, clock, agreement)


def remind(
    session: Session, clock: Clock, agreement: TargetAgreement, readers: Collection[int], at: int
) -> None:
    """`at`: working days from the day that an answer is due."""
    what = f"due:{agreement.due_on}:{at}"
    _tell(session, clock, [_post(agreement, one, News.REMINDED, f"{what}:{one}") for one in readers])


def tell_silent(session: Session, clock: Clock, agreement: TargetAgreement, above: Collection[int]) -> None:
    """To who is above the owner, else to HR: there is no answer."""
    what = f"silent:{agreement.due_on}"
    readers = above or _hr(session, clock, agreement)
    _tell(session, clock, [_post(agreement, one, News.SILENT, f"{what}:{one}") for one in readers])


def tell_settled(session: Session, clock: Clock, agreement: TargetAgreement, move_id: int) -> None:
    _tell(session, clock, [_post(agreement, agreement.asked_id, News.SETTLED, f"move:{move_id}")])


def offer_restating(
    session: Session, clock: Clock, agreement: TargetAgreement, months: Collection[Period]
) -> None:
    """To HR: these months were locked before the amount was revised."""
    keys = [month.key for month in months]
    _tell(
        session,
        clock,
        [
            NewPost(
                key=f"{RESTATE_POST}:{agreement.id}:{reader}",
                kind=RESTATE_POST,
                facts={"agreement_id": agreement.id, "reader_id": reader, "months": keys},
                person_id=reader,
                hours=Hours.WORKING,
            )
            for reader in _hr(session, clock, agreement)
        ],
    )


def renew(session: Session, clock: Clock, agreement: TargetAgreement, after: str) -> None:
    """Have the messages that are out say how it stands now; `after` names what has changed."""
    sent = session.scalars(
        sa.select(Post.id).where(
            Post.key.startswith(_key(agreement, ""), autoescape=True),
            Post.state.in_((PostState.SENT, PostState.SENDING)),
        )
    )
    for post_id in sent:
        add_job(session, clock, UPDATE_JOB, f"target_post:{post_id}:{after}", {"post_id": post_id})


def _post(agreement: TargetAgreement, reader_id: int, news: News, what: str) -> NewPost:
    return NewPost(
        key=_key(agreement, what),
        kind=TARGET_POST,
        facts={"agreement_id": agreement.id, "reader_id": reader_id, "news": news},
        person_id=reader_id,
        hours=Hours.WORKING,
    )


def _key(agreement: TargetAgreement, what: str) -> str:
    return f"target:{agreement.id}:{what}"


def _tell(session: Session, clock: Clock, posts: list[NewPost]) -> None:
    if posts:
        add_posts(session, clock, posts)


def _hr(session: Session, clock: Clock, agreement: TargetAgreement) -> list[int]:
    return hr_of_owner(session, agreement, company_today(session, clock))
