"""Money that the guest's bank took back already, or is about to: it does not go back a second time."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from fynlo.core.money import spell_money
from payments.reconciliation.queries.reading import disputed_minor
from payments.tenders.kinds import CASH, EXCHANGE, HOUSE_ACCOUNT, STORED_VALUE
from payments.tenders.refunding import Paid
from pos.orders.errors import PaymentDisputed
from pos.orders.flags import Flag
from pos.orders.refund_drafts import RefundTenderDraft
from pos.orders.services.refund_money import MoneyOutPlan

DISPUTED: Final = "payment_disputed"
_OURS: Final = (CASH, EXCHANGE, HOUSE_ACCOUNT, *STORED_VALUE)
"""What no bank takes back."""


def disputed_of(*, paid: Collection[Paid]) -> dict[UUID, int]:
    """What of these payments a dispute that is open or lost has; at most one statement."""
    return disputed_minor(attempt_ids={each.id for each in paid if each.kind not in _OURS})


def check_undisputed(
    *,
    rows: Collection[MoneyOutPlan],
    tenders: Sequence[RefundTenderDraft],
    currency: str,
    is_fact: bool,
) -> list[Flag]:
    """Flags of what went back of a payment beyond what its dispute left of it, by whatever way.

    Raises `PaymentDisputed` for a question: the guest would have the money twice.
    """
    disputed = disputed_of(paid=[row.part.payment for row in rows])
    flags: list[Flag] = []
    for key, taken in sorted(disputed.items()):
        mine = [row for row in rows if row.part.payment.id == key]
        wanted = sum(row.part.amount_minor for row in mine)
        if wanted <= max(mine[0].part.payment.left_minor - taken, 0):
            continue
        ways = {row.terms.code for row in mine}
        numbers = [number for number, tender in enumerate(tenders) if tender.tender_type in ways]
        pointer = f"/tenders/{numbers[0]}/tender_type" if numbers else "/tenders"
        if not is_fact:
            detail = (
                f"The guest objected to this payment at their bank, which took {spell_money(taken, currency)} back "
                "already: look at the dispute. Given back here as well, the guest would have it twice."
            )
            raise PaymentDisputed(detail, pointer=pointer, payment_id=str(key), disputed_minor=taken)
        flags.append({"code": DISPUTED, "pointer": pointer, "payment_id": str(key), "disputed_minor": taken})
    return flags
