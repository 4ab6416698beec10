"""Money of a refund that a payment provider is to give back: only what it took, for only that can be sent there."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from fynlo.core.money import spell_money
from payments.credit.kinds import CLOSED
from payments.gateways.models import Attempt
from pos.orders.flags import Flag
from pos.orders.refund_drafts import RefundTenderDraft
from pos.orders.services.refund_money import MoneyOutPlan
from pos.orders.transfers import TenderInvalid


@dataclass(frozen=True, slots=True)
class _Unsent:
    """What would be written down as given back by a provider's way to pay, and nobody would be asked for."""

    code: str
    name: str
    amount_minor: int


def check_sent(
    *,
    rows: Collection[MoneyOutPlan],
    tenders: Sequence[RefundTenderDraft],
    currency: str,
    is_fact: bool,
) -> list[Flag]:
    """Flags of what went back by a provider's way to pay, although that never took it: nobody can be asked to send
    it. Whoever handed it out did so in another way, or not at all. And of what is on a card that is closed.

    Raises `TenderInvalid` for a question: the guest would wait for money that never comes.
    """
    flags: list[Flag] = []
    for unsent in _unsent(rows):
        spelled = spell_money(unsent.amount_minor, currency)
        pointer = next(
            (
                f"/tenders/{n}/tender_type"
                for n, each in enumerate(tenders)
                if each.tender_type == unsent.code
            ),
            "/tenders",
        )
        if not is_fact:
            detail = f"{spelled} was not taken by {unsent.name}, so it cannot go back there: say another way."
            raise TenderInvalid(detail, pointer=pointer, amount_minor=unsent.amount_minor)
        flags.append({"code": "refund_not_sent", "pointer": pointer, "amount_minor": unsent.amount_minor})
    flags += [
        {"code": "gift_card_closed", "pointer": "/tenders", "value_id": str(row.value.id)}
        for row in rows
        if row.value is not None and row.value.state == CLOSED and row.part.given_minor
    ]
    return flags


def _unsent(rows: Collection[MoneyOutPlan]) -> Iterator[_Unsent]:
    asked = [row for row in rows if row.terms.is_asked and row.part.given_minor > 0]
    if not asked:
        return
    payments: set[UUID] = {row.part.payment.id for row in asked}
    taken = set(Attempt.objects.filter(pk__in=payments).values_list("pk", flat=True))
    left: dict[str, _Unsent] = {}
    for row in asked:
        if row.terms.code == row.part.payment.tender_type and row.part.payment.id in taken:
            continue
        before = left[row.terms.code].amount_minor if row.terms.code in left else 0
        left[row.terms.code] = _Unsent(row.terms.code, row.terms.name, before + row.part.given_minor)
    yield from left.values()
