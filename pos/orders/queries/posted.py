"""What the books have of an order: read from them, so that a difference is one to what was really posted."""

from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf

from payments.ledger.models import Transfer
from pos.orders.transfers import is_sale_account


def posted_sale(*, order_id: UUID) -> dict[str, int]:
    """What was credited under each key of a sale, less what was debited again, in minor units; one statement.

    Transfers from before there were keys are told by their accounts' codes.
    """
    found: dict[str, int] = {}
    rows = Transfer.objects.filter(order_id=order_id).order_by("id")
    booked = rows.values_list(
        Coalesce(NullIf("debit_key", Value("")), F("debit__code")),
        Coalesce(NullIf("credit_key", Value("")), F("credit__code")),
        "amount_minor",
    )
    for debit, credit, amount in booked:
        for key, signed in ((credit, amount), (debit, -amount)):
            if is_sale_account(key):
                found[key] = found.get(key, 0) + signed
    return found
