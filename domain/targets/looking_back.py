"""What the year before says of an amount in a round: of a person, or of all below a unit together."""

from decimal import Decimal
from fractions import Fraction

from domain.targets.board import Board
from domain.targets.rules_history import Attainability, attainability, full_month, to_step, together
from domain.targets.rules_tree import Owner


def looking_back(shown: Board, owner: Owner) -> tuple[Decimal | None, Attainability | None]:
    """A person's usual full month; and in how many months the owner's amount would have been reached."""
    amount = shown.tree.amounts.get(owner)
    reached = None if amount is None else reached_with(shown, owner, amount)
    usual = None if owner.is_unit else full_month(shown.history.get(owner.id, ()))
    return None if usual is None else to_step(usual, shown.round.step), reached


def reached_with(shown: Board, owner: Owner, amount: Decimal) -> Attainability | None:
    """None where nobody has worked in a month that is known.

    The amount is taken month by month and head by head, on average: the months' work of the span against
    that of each past month.
    """
    members = [one for one in shown.tree.walk_from(owner) if one in shown.members]
    ahead = sum(len(shown.members[one].months_present(shown.span)) for one in members)
    past = together(shown.history.get(one.id, ()) for one in members)
    if not ahead or not any(month.share for month in past):
        return None
    return attainability(Fraction(amount) / ahead, past)
