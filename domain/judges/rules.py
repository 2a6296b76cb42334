"""Who judges an appeal or a dispute, and by when: those above, nearest first, then HR. Pure.

Nobody judges their own, and silence is never an answer: it is reminded of, then passed up.
"""

from collections.abc import Collection, Sequence
from datetime import date

from domain.working_days import WorkingDays

DAYS_TO_ANSWER = 5
"""Working days for each who is asked, unless the policy says otherwise."""
DAY_BEFORE, ON_THE_DAY, TWO_DAYS_AFTER = -1, 0, 2
"""When somebody is reminded, in working days from the due day; the last one also escalates."""


def judges(
    asking_id: int,
    manager_id: int | None,
    leaders: Sequence[int | None],
    below: Collection[int] = (),
) -> tuple[int, ...]:
    """The manager, then who leads the units from there up, nearest first and each once.

    Never the one who asks, nor anybody below: who leads a unit further down the path, or is in `below`.
    """
    leaders = _after_last(leaders, asking_id)
    found = dict.fromkeys([manager_id, *_after_last(leaders, manager_id)])
    return tuple(one for one in found if one is not None and one != asking_id and one not in below)


def _after_last(leaders: Sequence[int | None], person_id: int | None) -> Sequence[int | None]:
    """Who leads above the highest unit that the person leads; everybody where they lead none of these."""
    led = [place for place, one in enumerate(leaders) if one is not None and one == person_id]
    return leaders[led[-1] + 1 :] if led else leaders


def next_judge(ladder: Sequence[int], judge: int | None) -> int | None:
    """The one above a judge, or whoever is nearest where the judge is gone; None above the last: HR."""
    if judge is None:
        return None
    if judge not in ladder:
        return ladder[0] if ladder else None
    later = ladder[ladder.index(judge) + 1 :]
    return later[0] if later else None


def due_on(days: WorkingDays, asked_on: date, to_answer: int = DAYS_TO_ANSWER) -> date:
    return days.add(asked_on, to_answer)


def reminders_due(days: WorkingDays, due: date, today: date) -> tuple[int, ...]:
    """Which of the reminders' days have come, the oldest first."""
    return tuple(
        offset for offset in (DAY_BEFORE, ON_THE_DAY, TWO_DAYS_AFTER) if days.add(due, offset) <= today
    )
