"""A receipt's document, from an order and the merchant's words around it. Any number of times the same."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fynlo.core.money import spell_money
from payments.gateways.queries import cards_charged
from payments.tenders.kinds import CARD
from payments.tenders.kinds import EXCHANGE as EXCHANGE_TENDER
from payments.tenders.queries import PaymentTaken
from pos.orders import states
from pos.orders.documents import WholeOrder, reference
from pos.orders.queries import whole_order
from pos.receipts import links
from pos.receipts.around import Around, around
from pos.receipts.card_slips import CardSlip, card_slip
from pos.receipts.document import (
    EXCHANGE,
    PROFORMA,
    SALE,
    ReceiptCustomer,
    ReceiptDocument,
    ReceiptTender,
)
from pos.receipts.errors import NotPaidYet
from pos.receipts.parts import (
    receipt_charges,
    receipt_discounts,
    receipt_lines,
    receipt_taxes,
    removed_tax,
)
from pos.receipts.signing import signing_lines

_UNPAID_KINDS: Final = frozenset({SALE, PROFORMA})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What kind of paper somebody wants, for whom (an invoice), and on which host it can be found again.

    `copy` marks a reprint that the journal knows of; `is_public`: for whoever has the address.
    """

    kind: str = SALE
    customer: ReceiptCustomer | None = None
    origin: str = ""
    copy: int = 0
    is_public: bool = False


def receipt_document(*, order_id: UUID, asked: Asked | None = None) -> ReceiptDocument:
    """What the receipt of an order says, in six statements, one more for a card. Raises `NotFound`, `NotPaidYet`.

    What was sold, for how much and by whom is what was stored with the order; the merchant's name, the
    address and the lines around it are those in force now.
    """
    return order_receipt(whole_order(order_id=order_id), asked or Asked())


def order_receipt(whole: WholeOrder, asked: Asked) -> ReceiptDocument:
    """The same of an order that was read already."""
    order = whole.order
    kind = _kind(whole, asked)
    words = around(location=order.location)
    number = reference(register_code=whole.register_code, number=order.number)
    signed = signing_lines(
        unit=words.signing_unit,
        register_id=order.receipt_register_id or order.register_id,
        number=whole.receipt_reference,
        language=words.language,
    )
    return ReceiptDocument(
        kind=kind,
        language=words.language,
        currency=order.currency,
        merchant=words.merchant,
        location=words.location,
        address=words.address,
        header=words.header,
        logo=words.logo,
        tax_number=words.tax_number,
        number=number if kind == PROFORMA else whole.receipt_reference or number,
        order=number,
        register=order.register.name,
        employee=first_name(order.employee_name) if asked.is_public else order.employee_name,
        sold_at=order.placed_at.astimezone(words.zone),
        business_date=order.business_date,
        lines=receipt_lines(whole),
        taxes=receipt_taxes(whole),
        total_minor=order.total_minor,
        tenders=_tenders(whole),
        footer=(*words.footer, *signed),
        customer=asked.customer,
        order_type=order.context.get("order_type") or "",
        note=order.note,
        discounts=receipt_discounts(whole),
        charges=receipt_charges(whole),
        removed_tax_minor=removed_tax(whole),
        tip_minor=order.tip_minor,
        rounding_minor=whole.rounding_minor,
        copy=asked.copy,
        link=_link(whole, asked, words),
    )


def first_name(name: str) -> str:
    """The first word of a name: all that strangers learn of staff."""
    return name.split(maxsplit=1)[0] if name.split() else ""


def _kind(whole: WholeOrder, asked: Asked) -> str:
    """The kind that was asked for, as far as there is one. What is not placed yet has a pro forma only."""
    is_draft = whole.order.fulfilment_state == states.DRAFT
    if asked.kind == SALE and is_draft:
        return PROFORMA
    if whole.order.receipt_number is None and asked.kind not in _UNPAID_KINDS:
        raise NotPaidYet("There is one when the order is paid in full.")
    has_exchange = any(payment.tender_type == EXCHANGE_TENDER for payment in whole.payments)
    return EXCHANGE if asked.kind == SALE and has_exchange else asked.kind


def _tenders(whole: WholeOrder) -> tuple[ReceiptTender, ...]:
    """What was handed over. A payment that a provider took has its attempt's key."""
    found = cards_charged(attempt_ids=[payment.id for payment in whole.payments if payment.kind == CARD])
    cards = {key: card_slip(card=card, is_signed=is_signed) for key, (card, is_signed) in found.items()}
    return tuple(_tender(payment, cards.get(payment.id)) for payment in whole.payments)


def _tender(payment: PaymentTaken, card: CardSlip | None) -> ReceiptTender:
    last4 = payment.last4 or payment.value_last4
    digits = f"*{last4}" if last4 else ""
    notes = ""
    if payment.foreign_minor is not None:
        rate = "" if payment.foreign_rate is None else f" × {payment.foreign_rate.normalize():f}"
        notes = spell_money(payment.foreign_minor, payment.foreign_currency) + rate
    return ReceiptTender(
        name=payment.tender_name,
        tendered_minor=payment.tendered_minor,
        change_minor=payment.change_minor,
        detail=" ".join(filter(None, (digits, payment.house_account, notes))),
        card=card,
    )


def _link(whole: WholeOrder, asked: Asked, words: Around) -> str:
    """Where a paid order's receipt is found; the page itself needs no way to itself."""
    has_one = (
        words.has_link and asked.origin and not asked.is_public and whole.order.receipt_number is not None
    )
    return links.link(origin=asked.origin, kind=links.ORDER, key=whole.id) if has_one else ""
