"""What was counted, made one amount: pieces are added up, and both ways of saying it have to agree."""

from fynlo.core.errors import FieldProblem, InvalidInput, RuleViolation
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from pos.registers.denominations import denominations, sum_of_pieces
from pos.registers.policy import drawer_policy
from pos.registers.serializers.sessions import Counted


class CountDiffers(RuleViolation):
    """The pieces do not add up to the amount that was said with them."""

    code = "count_differs"
    title = "The pieces come to another amount"


def amount_of(counted: Counted, *, member: str) -> Money | None:
    """The counted amount; None when nothing was said. `member` is what the amount is called in the body.

    Raises `UnknownDenomination` and `CountDiffers`.
    """
    if not counted.is_by_pieces:
        return counted.amount
    currency = current_tenant().currency
    known = denominations(currency=currency, stated=drawer_policy().denominations)
    total = Money(sum_of_pieces(counted.pieces, known=known, pointer="/denominations"), currency)
    if counted.amount is not None and counted.amount != total:
        raise CountDiffers(f"The pieces come to {total.minor}.", pointer=f"/{member}")
    return total


def needed_amount(counted: Counted, *, member: str) -> Money:
    """The same, where something has to be said. Raises `InvalidInput` as well."""
    amount = amount_of(counted, member=member)
    if amount is None:
        problem = FieldProblem(f"/{member}", "required", "State an amount, or denominations.")
        raise InvalidInput(problem.detail, errors=[problem])
    return amount
