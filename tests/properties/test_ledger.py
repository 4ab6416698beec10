"""What holds for every sale: transfers balance, accounts say what the order says, no transfer is empty."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pos.orders import transfers
from pos.orders.transfers import Tender, TransferKind, TransferLine
from pos.pricing.types import PricedCart
from tests.properties.orders import sales as random_sales
from tests.properties.till import priced as price


@st.composite
def sales(draw: st.DrawFn) -> tuple[PricedCart, list[Tender]]:
    """A priced cart, paid in part by card and, sometimes, the rest in cash with change and rounding."""
    priced = price(draw(random_sales()))
    by_card = draw(st.integers(0, priced.payable_minor))
    rest = priced.payable_minor - by_card
    tenders = [Tender(code="card", is_cash=False, tendered_minor=by_card)] if by_card else []
    if rest and draw(st.booleans()):
        change = draw(st.integers(0, 5000))
        rounding = draw(st.integers(-2, min(2, rest + change - 1)))
        tenders.append(
            Tender(
                code="cash",
                is_cash=True,
                tendered_minor=rest + change - rounding,
                change_minor=change,
                rounding_minor=rounding,
            )
        )
    return priced, tenders


def books_balance(priced: PricedCart, tenders: list[Tender]) -> None:
    """All rules at once, from the transfers alone."""
    moved = transfers.order_transfers(priced=priced, tenders=tenders)
    assert all(line.amount_minor > 0 and line.debit != line.credit for line in moved)
    balance: Counter[str] = Counter()
    for line in moved:
        balance[line.debit] += line.amount_minor
        balance[line.credit] -= line.amount_minor
    assert sum(balance.values()) == 0
    paid = sum(tender.paid_minor for tender in tenders)
    assert balance["receivable"] == priced.payable_minor - paid
    assert balance["rounding"] == sum(tender.rounding_minor for tender in tenders)
    assert balance["cash"] == sum(
        tender.tendered_minor - tender.change_minor for tender in tenders if tender.is_cash
    )
    for index, tender in enumerate(tenders):
        of_tender = [line for line in moved if line.tender == index]
        assert sum(
            line.amount_minor for line in of_tender if line.credit == "receivable"
        ) == tender.tendered_minor + max(tender.rounding_minor, 0)
        assert sum(
            line.amount_minor for line in of_tender if line.debit == "receivable"
        ) == tender.change_minor + max(-tender.rounding_minor, 0)
    for row in priced.sales:
        assert balance[f"sales:{row.tax_class}"] == -row.net_minor
    owed: Counter[str] = Counter()
    for tax in priced.taxes:
        owed[tax.code] += tax.tax_minor
    for code, amount in owed.items():
        assert balance[f"tax:{code}"] == -amount
    assert balance["service_charge"] == -sum(charge.net_minor for charge in priced.service_charges)
    assert balance["tips"] == -priced.tip_minor


@settings(deadline=None)  # how long an example takes on a busy machine proves nothing
@given(sale=sales())
def test_the_books_balance_for_every_sale(sale: tuple[PricedCart, list[Tender]]) -> None:
    books_balance(*sale)


RIGHT = transfers._move


def nothing_is_moved(
    debit: str, credit: str, amount: int, kind: TransferKind, tender: int | None = None
) -> list[TransferLine]:
    return [TransferLine(debit=debit, credit=credit, amount_minor=amount, kind=kind, tender=tender)]


def tax_counts_as_sales(
    debit: str, credit: str, amount: int, kind: TransferKind, tender: int | None = None
) -> list[TransferLine]:
    return RIGHT(debit, credit.replace("tax:", "sales:"), amount, kind, tender)


def tips_count_as_sales(
    debit: str, credit: str, amount: int, kind: TransferKind, tender: int | None = None
) -> list[TransferLine]:
    return RIGHT(debit, "service_charge" if credit == "tips" else credit, amount, kind, tender)


def rounding_the_wrong_way_round(
    debit: str, credit: str, amount: int, kind: TransferKind, tender: int | None = None
) -> list[TransferLine]:
    turned = kind is TransferKind.ROUNDING
    return RIGHT(credit if turned else debit, debit if turned else credit, amount, kind, tender)


def change_is_forgotten(
    debit: str, credit: str, amount: int, kind: TransferKind, tender: int | None = None
) -> list[TransferLine]:
    return [] if kind is TransferKind.CHANGE else RIGHT(debit, credit, amount, kind, tender)


def payment_the_wrong_way_round(
    debit: str, credit: str, amount: int, kind: TransferKind, tender: int | None = None
) -> list[TransferLine]:
    turned = kind is TransferKind.PAYMENT
    return RIGHT(credit if turned else debit, debit if turned else credit, amount, kind, tender)


def tenders_are_mixed_up(
    debit: str, credit: str, amount: int, kind: TransferKind, tender: int | None = None
) -> list[TransferLine]:
    return RIGHT(debit, credit, amount, kind, tender and 0)


@pytest.mark.parametrize(
    "mutant",
    [
        nothing_is_moved,
        tax_counts_as_sales,
        tips_count_as_sales,
        rounding_the_wrong_way_round,
        change_is_forgotten,
        payment_the_wrong_way_round,
        tenders_are_mixed_up,
    ],
)
def test_a_seeded_mistake_in_the_postings_is_noticed(monkeypatch: pytest.MonkeyPatch, mutant: Any) -> None:
    monkeypatch.setattr(transfers, "_move", mutant)

    @settings(
        max_examples=200,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
        report_multiple_bugs=False,
    )
    @given(sale=sales())
    def hunt(sale: tuple[PricedCart, list[Tender]]) -> None:
        books_balance(*sale)

    with pytest.raises(AssertionError):
        hunt()
