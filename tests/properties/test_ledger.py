"""What holds for every sale: transfers balance, accounts say what the order says, no transfer is empty."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.ledger.accounts import standard_code, tax_key
from pos.orders import transfers
from pos.orders.transfers import Tender, TransferKind, TransferLine
from pos.pricing.cash import cash_rounding
from pos.pricing.types import PricedCart
from tests.properties.orders import sales
from tests.properties.pool import pool
from tests.properties.profiles import examples
from tests.properties.till import Sale, priced


def tenders_of(sold: PricedCart, random: Random) -> list[Tender]:
    """Paid in part by card and, sometimes, the rest in cash: rounded to a coin, with change."""
    by_card = random.choice([0, sold.payable_minor, random.randint(0, sold.payable_minor)])
    tenders = [Tender(code="card", is_cash=False, tendered_minor=by_card)] if by_card else []
    rounded, difference = cash_rounding(
        due_minor=sold.payable_minor - by_card, increment=random.choice([1, 5, 10])
    )
    if rounded and random.random() < 0.7:
        change = random.choice([0, random.randint(0, 5000)])
        tenders.append(
            Tender(
                code="cash",
                is_cash=True,
                tendered_minor=rounded + change,
                change_minor=change,
                rounding_minor=-difference,
            )
        )
    return tenders


def books_balance(sold: PricedCart, tenders: list[Tender]) -> None:
    """All rules at once, from the transfers alone."""
    moved = transfers.order_transfers(priced=sold, tenders=tenders)
    assert all(line.amount_minor > 0 and line.debit != line.credit for line in moved)
    balance: Counter[str] = Counter()
    for line in moved:
        balance[standard_code(line.debit)] += line.amount_minor
        balance[standard_code(line.credit)] -= line.amount_minor
    assert sum(balance.values()) == 0
    cash = [tender for tender in tenders if tender.is_cash]
    kept = sum(tender.tendered_minor - tender.change_minor + tender.rounding_minor for tender in tenders)
    assert balance["receivable"] == sold.payable_minor - kept
    assert balance["cash"] == sum(tender.tendered_minor - tender.change_minor for tender in cash)
    assert balance["rounding"] == sum(tender.rounding_minor for tender in cash)
    assert balance["tips"] == -sold.tip_minor
    assert balance["service_charge"] == -sum(charge.net_minor for charge in sold.service_charges)
    for group in sold.sales:
        assert balance[f"sales:{group.tax_class}"] == -group.net_minor
    for code in {tax.code for tax in sold.taxes}:
        assert balance[f"tax:{code}"] == -sum(tax.tax_minor for tax in sold.taxes if tax.code == code)
    for tax in sold.taxes:
        same = [each for each in sold.taxes if (each.code, each.rate) == (tax.code, tax.rate)]
        key = tax_key(tax.code, tax.rate)
        assert sum(line.amount_minor for line in moved if line.credit == key) == sum(
            each.tax_minor for each in same
        )
    for index, tender in enumerate(tenders):
        assert of_tender(moved, index, TransferKind.PAYMENT) == tender.tendered_minor
        assert of_tender(moved, index, TransferKind.CHANGE) == tender.change_minor
        assert of_tender(moved, index, TransferKind.ROUNDING) == abs(tender.rounding_minor)


def of_tender(moved: tuple[TransferLine, ...], index: int, kind: TransferKind) -> int:
    """What was moved for one tender, of one kind."""
    return sum(line.amount_minor for line in moved if line.tender == index and line.kind is kind)


@examples(100)
@given(sale=sales(), seed=st.integers(0, 10_000))
def test_the_books_balance_for_every_sale(sale: Sale, seed: int) -> None:
    sold = priced(sale)
    books_balance(sold, tenders_of(sold, Random(seed)))


def books_balance_for_the_crowd() -> None:
    """All rules, for each sale of the pool."""
    for number, sale in enumerate(pool()):
        sold = priced(sale)
        books_balance(sold, tenders_of(sold, Random(number)))


def test_the_books_balance_for_the_crowd() -> None:
    books_balance_for_the_crowd()


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


def tips_are_sales(
    debit: str, credit: str, amount: int, kind: TransferKind, tender: int | None = None
) -> list[TransferLine]:
    return RIGHT(debit, credit.replace("tips", "sales:standard"), amount, kind, tender)


def rounding_is_forgotten(
    debit: str, credit: str, amount: int, kind: TransferKind, tender: int | None = None
) -> list[TransferLine]:
    return [] if kind is TransferKind.ROUNDING else RIGHT(debit, credit, amount, kind, tender)


@pytest.mark.parametrize(
    "mutant",
    [
        nothing_is_moved,
        tax_counts_as_sales,
        change_is_forgotten,
        payment_the_wrong_way_round,
        tenders_are_mixed_up,
        tips_are_sales,
        rounding_is_forgotten,
    ],
)
def test_a_seeded_mistake_in_the_postings_is_noticed(monkeypatch: pytest.MonkeyPatch, mutant: Any) -> None:
    monkeypatch.setattr(transfers, "_move", mutant)
    with pytest.raises(AssertionError):
        books_balance_for_the_crowd()
