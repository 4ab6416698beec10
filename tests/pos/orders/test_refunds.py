"""Giving money back: every row it writes, exactly; what is left; what is refused."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from payments.ledger.models import Transfer
from payments.ledger.queries import trial_balance
from payments.tenders.models import Refund as MoneyBack
from pos.inventory.models import StockMovement
from pos.orders.documents import WholeOrder
from pos.orders.drafts import TenderDraft
from pos.orders.errors import (
    NothingToRefund,
    RefundExceedsSale,
    RefundIdConflict,
    RefundTendersDiffer,
    UnknownLine,
)
from pos.orders.models import Order, Refund
from pos.orders.queries.refunds import refundable_document, refunds_of
from pos.orders.refund_drafts import RefundDraft, RefundLineDraft, RefundTenderDraft
from pos.orders.services import place_order
from pos.orders.services.refunds import refund_order
from pos.registers.journal.models import JournalEntry
from pos.registers.models import CashMovement, Register
from tests.factories import Shop, TenderTypeFactory
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def breakfast(shop: Shop, *tenders: TenderDraft, **said: Any) -> WholeOrder:
    """Two cappuccinos at 3.80 and four rolls at 0.45: 9.40."""
    draft = sale(
        sold(shop, "cappuccino", "2"),
        sold(shop, "roll", "4"),
        tenders=tenders or (cash(shop, 1000),),
        **said,
    )
    return place_order(draft=draft, actor=shop.actor(), at=AT)


def card(amount: int, **said: Any) -> TenderDraft:
    return TenderDraft(id=new_id(), tender_type="card", amount=eur(amount), **said)


def lines(whole: WholeOrder, *quantities: str, goods: str = "restock") -> tuple[RefundLineDraft, ...]:
    """So much of each line of the order, in order; nothing of those that are 0."""
    return tuple(
        RefundLineDraft(order_line_id=line.id, quantity=Decimal(quantity), goods=goods)
        for line, quantity in zip(whole.lines, quantities, strict=False)
        if Decimal(quantity)
    )


def refund(shop: Shop, whole: WholeOrder, **said: Any) -> dict[str, Any]:
    draft = RefundDraft(id=said.pop("id", None) or new_id(), order_id=whole.id, **said)
    return refund_order(draft=draft, actor=shop.actor(), at=LATER)


def minor(document: dict[str, Any], *names: str) -> list[int]:
    return [document[name]["amount_minor"] for name in names]


def balances() -> dict[str, int]:
    return {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}


@pytest.fixture
def within(here: Shop) -> Any:
    with tenant_context(here.tenant):
        yield here


def test_a_whole_order_goes_back_exactly(within: Shop) -> None:
    whole = breakfast(within)
    made = refund(within, whole, lines=lines(whole, "2", "4"), reason="cold")
    assert minor(made, "net", "tax", "total", "tip", "amount", "rounding", "given") == [
        807,
        133,
        940,
        0,
        940,
        0,
        940,
    ]
    assert [(tax["code"], tax["net"]["amount_minor"], tax["tax"]["amount_minor"]) for tax in made["taxes"]] == [
        ("reduced", 168, 12),
        ("standard", 639, 121),
    ]
    order = Order.objects.get()
    assert (order.payment_state, order.refunded_minor, order.revision) == ("refunded", 940, 2)
    assert balances() == {}
    assert (made["number"], made["reference"], made["order_receipt"]) == (2, "K1-R2", "K1-R1")


def test_exchanged() -> None:
    pass
