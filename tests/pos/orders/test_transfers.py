"""The worked numbers of docs/algorithms/ledger.md: which accounts a sale and its payment move."""

from typing import Any

import pytest

from fynlo.core.errors import DomainError
from pos.orders.transfers import Tender, TransferLine, account_balance, order_transfers
from pos.pricing.engine1.engine import price_cart
from pos.pricing.engine1.types import PricedCart
from tests.pos.pricing.builders import cart, context, line, tax

STANDARD = tax("standard", "0.19", inclusive=True)
REDUCED = tax("reduced", "0.07", inclusive=True)
ZERO = tax("zero", "0", inclusive=True)


def counter_sale() -> PricedCart:
    """Two cappuccinos at 3.80 (19 %) and four rolls at 0.45 (7 %): 9.40, of it 1.21 and 0.12 tax."""
    return price_cart(
        cart=cart(line(1, 380, STANDARD, "2"), line(2, 45, REDUCED, "4")), context=context("EUR")
    )


def cash(tendered: int, change: int = 0) -> Tender:
    return Tender(code="cash", is_cash=True, tendered_minor=tendered, change_minor=change)


def card(amount: int, change: int = 0) -> Tender:
    return Tender(code="card", is_cash=False, tendered_minor=amount, change_minor=change)


def moves(transfers: tuple[TransferLine, ...]) -> list[tuple[str, str, int, str]]:
    return [(move.debit, move.credit, move.amount_minor, move.kind) for move in transfers]


def test_a_cash_sale_with_change() -> None:
    transfers = order_transfers(priced=counter_sale(), tenders=[cash(1000, 60)])
    assert moves(transfers) == [
        ("receivable", "sales:reduced", 168, "sale"),
        ("receivable", "tax:reduced", 12, "tax"),
        ("receivable", "sales:standard", 639, "sale"),
        ("receivable", "tax:standard", 121, "tax"),
        ("cash", "receivable", 1000, "payment"),
        ("receivable", "cash", 60, "change"),
    ]
    assert account_balance(transfers=transfers, account="receivable") == 0
    assert account_balance(transfers=transfers, account="cash") == 940


def test_a_sale_paid_by_card_and_cash() -> None:
    transfers = order_transfers(priced=counter_sale(), tenders=[card(500), cash(500, 60)])
    assert moves(transfers)[4:] == [
        ("tender:card", "receivable", 500, "payment"),
        ("cash", "receivable", 500, "payment"),
        ("receivable", "cash", 60, "change"),
    ]
    assert [move.tender for move in transfers] == [None, None, None, None, 0, 1, 1]
    assert account_balance(transfers=transfers, account="receivable") == 0
    assert account_balance(transfers=transfers, account="tender:card") == 500


def test_what_is_not_paid_yet_stays_receivable() -> None:
    transfers = order_transfers(priced=counter_sale(), tenders=[cash(400)])
    assert account_balance(transfers=transfers, account="receivable") == 540


def test_a_zero_rate_moves_no_tax_and_a_free_order_moves_nothing() -> None:
    bread = price_cart(cart=cart(line(1, 135, ZERO)), context=context("GBP"))
    free = price_cart(cart=cart(line(1, 0, STANDARD)), context=context("GBP"))
    assert moves(order_transfers(priced=bread, tenders=[cash(135)])) == [
        ("receivable", "sales:zero", 135, "sale"),
        ("cash", "receivable", 135, "payment"),
    ]
    assert order_transfers(priced=free, tenders=[]) == ()


@pytest.mark.parametrize(
    ("tenders", "code", "pointer"),
    [
        ([cash(0)], "tender_invalid", "/tenders/0/tendered_minor"),
        ([card(100), cash(-5)], "tender_invalid", "/tenders/1/tendered_minor"),
        ([cash(1000, 1001)], "tender_invalid", "/tenders/0/change_minor"),
        ([cash(1000, -1)], "tender_invalid", "/tenders/0/change_minor"),
        ([card(1000, 60)], "tender_invalid", "/tenders/0/change_minor"),
        ([cash(941)], "order_overpaid", "/tenders"),
        ([card(940), cash(100)], "order_overpaid", "/tenders"),
    ],
)
def test_impossible_tenders_are_refused(tenders: Any, code: str, pointer: str) -> None:
    with pytest.raises(DomainError) as caught:
        order_transfers(priced=counter_sale(), tenders=tenders)
    assert (caught.value.code, caught.value.errors[0].pointer) == (code, pointer)
