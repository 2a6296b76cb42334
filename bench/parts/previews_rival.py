"""The rival of (g): each month under both plans by pandas, in floats."""

import time

import pandas as pd
import sqlalchemy as sa

from bench.measuring import Timed
from bench.parts.previews_ours import MONTHS, draft
from bench.parts.scoring_rival import Rival
from domain.database import Database
from domain.periods import Period


def preview_by_pandas(url: str) -> Timed:
    database = Database(url)
    started = time.perf_counter()
    with database.engine.connect() as connection:
        changes = pd.concat([_changes(connection, Period.parse(month)) for month in MONTHS])
    seconds = time.perf_counter() - started
    return Timed(seconds, int((changes["tier_before"] != changes["tier_after"]).sum()))


def _changes(connection: sa.Connection, month: Period) -> pd.DataFrame:
    before = _standings(Rival(connection, sa.MetaData(), month))
    after = _standings(Rival(connection, sa.MetaData(), month, draft()))
    both = before.join(after, lsuffix="_before", rsuffix="_after")
    same = pd.Series(True, index=both.index)
    for column in before:
        same &= both[f"{column}_before"] == both[f"{column}_after"]
    changed = both[~same]
    return changed.assign(points=changed["score_after"] - changed["score_before"])


def _standings(rival: Rival) -> pd.DataFrame:
    """By person: score, tier, place in the team and in the company."""
    cards = rival.cards(rival.computed()).set_index("person_id")[["score", "tier", "unit_id"]]
    cards["place"] = cards.groupby("unit_id")["score"].rank(method="min", ascending=False)
    cards["company_place"] = cards["score"].rank(method="min", ascending=False)
    return cards.drop(columns="unit_id")
