"""Shares of records from typed rows. Records that the file does not name stay shared as they are."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from domain.arrivals import Arrival
from domain.bulk import is_one_of
from domain.imports.rules_credits import CreditRow
from domain.incentives.model import Credit


def store_credits(arrival: Arrival, people: Mapping[str, int], rows: Sequence[CreditRow]) -> int:
    """Who no longer shares in a record that the file names shares in it no more; how many shares changed."""
    if not rows:
        return 0
    named = {row.record for row in rows}
    which = is_one_of(arrival.session, Credit.record_id, sorted({record_id for _, record_id in named}))
    current = {
        (credit.source, credit.record_id, credit.person_id): credit
        for credit in arrival.session.scalars(sa.select(Credit).where(which, Credit.ended_in.is_(None)))
        if (credit.source, credit.record_id) in named
    }
    wanted = {
        (*row.record, people[row.employee_id]): Credit(
            source=row.source,
            record_id=row.record_id,
            person_id=people[row.employee_id],
            share=row.share.normalize(),
        )
        for row in rows
    }
    return arrival.bring_up_to_date(current, wanted, ("share",), ends_missing=True)
