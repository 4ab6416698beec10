"""The worked numbers of docs/algorithms/ledger.md: which accounts a sale and its payment move."""

from typing import Any

import pytest

from fynlo.core.errors import DomainError
from pos.orders.transfers import Tender, TransferLine, account_balance, order_transfers
from pos.pricing.types import PricedCart
from tests.pos.orders.carts import item, priced, tax_class

BOOK = {
    "tax_classes": [
        tax_class("standard", ("standard", "0.19")),
        tax_class("reduced", ("reduced", "0.07")),
        tax_class("zero", ("zero", "0")),
        tax_class("quebec", ("gst", "0.05"), ("qst", "0.09975"), inclusive=False),
    ],
    "items": [
        item("cappuccino", 380, "standard"),
        item("roll", 45, "reduced"),
        item("bread", 135, "zero"),
        item("sample", 0, "standard"),
        item("poutine", 1000, "quebec"),
    ],
}
SERVICE = {
    "id": "service",
    "name": "Service",
    "priority": 1,
    "when": {},
    "percent": "0.10",
    "phase": "before_tax",
    "taxable": True,
    "tax_class": "standard",
}


def counter_sale() -> PricedCart:
    """Two cappuccinos at 3.80 (19 %) and four rolls at 0.45 (7 %): 9.40, of it 1.21 and 0.12 tax."""
    return priced(("cappuccino", "2"), ("roll", "4"), book=BOOK)


def cash(tendered: int, change: int = 0, rounding: int = 0) -> Tender:
    return Tender(
        code="cash",
        is_cash=True,
        tendered_minor=tendered,
        change_minor=change,
        rounding_minor=rounding,
    )


def card(amount: int, change: int = 0) -> Tender:
    return Tender(code="card", is_cash=False, tendered_minor=amount, change_minor=change)


def moves(transfers: tuple[TransferLine, ...]) -> list[tuple[str, str, int, str]]:
    return [(move.debit, move.credit, move.amount_minor, move.kind) for move in transfers]


def test_a_cash_sale_with_change() -> None:
    transfers = order_transfers(priced=counter_sale(), tenders=[cash(1000, 60)])
    assert moves(transfers) == [
        ("receivable", "sales:reduced", 168, "sale"),
        ("receivable", "sales:standard", 639, "sale"),
        ("receivable", "tax:reduced@0.07", 12, "tax"),
        ("receivable", "tax:standard@0.19", 121, "tax"),
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
    bread = priced(("bread", "1"), book=BOOK, currency="GBP")
    free = priced(("sample", "1"), book=BOOK, currency="GBP")
    assert moves(order_transfers(priced=bread, tenders=[cash(135)])) == [
        ("receivable", "sales:zero", 135, "sale"),
        ("cash", "receivable", 135, "payment"),
    ]
    assert order_transfers(priced=free, tenders=[]) == ()


def test_several_taxes_of_one_class_are_owed_apart() -> None:
    """10.00 + 5 % GST 0.50 + 9.975 % QST 0.9975 → 1.00, in Quebec: 11.50."""
    order = priced(("poutine", "1"), book=BOOK, currency="CAD")
    assert moves(order_transfers(priced=order, tenders=[cash(1150)])) == [
        ("receivable", "sales:quebec", 1000, "sale"),
        ("receivable", "tax:gst@0.05", 50, "tax"),
        ("receivable", "tax:qst@0.09975", 100, "tax"),
        ("cash", "receivable", 1150, "payment"),
    ]


def test_a_service_charge_and_a_tip_have_accounts_of_their_own() -> None:
    """9.40 and 10 % of it: 0.94, which contains 0.94 * 19 / 119 = 0.15 tax; 1.00 for the waiter: 11.34."""
    book = {**BOOK, "service_charges": [SERVICE]}
    order = priced(("cappuccino", "2"), ("roll", "4"), book=book, tip_minor=100)
    transfers = order_transfers(priced=order, tenders=[card(1134)])
    assert moves(transfers) == [
        ("receivable", "sales:reduced", 168, "sale"),
        ("receivable", "sales:standard", 639, "sale"),
        ("receivable", "service_charge", 79, "service_charge"),
        ("receivable", "tax:reduced@0.07", 12, "tax"),
        ("receivable", "tax:standard@0.19", 136, "tax"),
        ("receivable", "tips", 100, "tip"),
        ("tender:card", "receivable", 1134, "payment"),
    ]
    assert account_balance(transfers=transfers, account="receivable") == 0


@pytest.mark.parametrize(
    ("tendered", "change", "rounding", "last"),
    [
        (1000, 62, 2, ("rounding", "receivable", 2, "rounding")),  # 9.40 is due, 9.38 is kept
        (1000, 58, -2, ("receivable", "rounding", 2, "rounding")),  # 9.42 is kept
    ],
)
def test_what_cash_rounding_gave_or_took_is_booked(
    tendered: int, change: int, rounding: int, last: tuple[str, str, int, str]
) -> None:
    transfers = order_transfers(priced=counter_sale(), tenders=[cash(tendered, change, rounding)])
    assert moves(transfers)[-1] == last
    assert account_balance(transfers=transfers, account="receivable") == 0
    assert account_balance(transfers=transfers, account="cash") == 940 - rounding


@pytest.mark.parametrize(
    ("tenders", "code", "pointer"),
    [
        ([cash(0)], "tender_invalid", "/tenders/0/tendered_minor"),
        ([card(100), cash(-5)], "tender_invalid", "/tenders/1/tendered_minor"),
        ([cash(1000, 1001)], "tender_invalid", "/tenders/0/change_minor"),
        ([cash(1000, -1)], "tender_invalid", "/tenders/0/change_minor"),
        ([card(1000, 60)], "tender_invalid", "/tenders/0/change_minor"),
        (
            [Tender(code="card", is_cash=False, tendered_minor=938, rounding_minor=2)],
            "tender_invalid",
            "/tenders/0/rounding_minor",
        ),
        ([cash(941)], "order_overpaid", "/tenders"),
        ([cash(940, 0, 1)], "order_overpaid", "/tenders"),
        ([card(940), cash(100)], "order_overpaid", "/tenders"),
    ],
)
def test_impossible_tenders_are_refused(tenders: Any, code: str, pointer: str) -> None:
    with pytest.raises(DomainError) as caught:
        order_transfers(priced=counter_sale(), tenders=tenders)
    assert (caught.value.code, caught.value.errors[0].pointer) == (code, pointer)
