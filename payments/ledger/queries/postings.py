"""What was booked, in the words of whoever booked it: by posting keys, whatever the chart says now."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, NullIf

from payments.ledger.models import Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedTransfer:
    """All transfers of one kind between two posting keys, added up."""

    debit: str
    credit: str
    kind: str
    amount_minor: int


def posted_for(*, order_id: UUID) -> tuple[PostedTransfer, ...]:
    """What is booked for an order, by kind and keys, in one statement: what a correction is the difference to.

    Transfers from before there were keys answer with the codes of their accounts, which were the same words.
    """
    return tuple(_sums(order_id))


def _sums(order_id: UUID) -> Iterator[PostedTransfer]:
    keys = {side: Coalesce(NullIf(f"{side}_key", Value("")), f"{side}__code") for side in ("debit", "credit")}
    rows = (
        Transfer.objects.filter(order_id=order_id)
        .order_by()
        .values(said_debit=keys["debit"], said_credit=keys["credit"], said_kind=Coalesce("kind", "kind"))
        .annotate(amount=Sum("amount_minor"))
        .order_by("said_kind", "said_debit", "said_credit")
    )
    for row in rows:
        yield PostedTransfer(
            debit=row["said_debit"],
            credit=row["said_credit"],
            kind=row["said_kind"],
            amount_minor=int(row["amount"]),
        )
