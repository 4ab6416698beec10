"""Mistakes that tills make with money and numbers, built into the product one at a time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import pytest

from payments.tenders import refunding
from payments.tenders.refunding import GivenBack, Paid
from pos.orders import refund_shares, transfers
from pos.orders.models import OrderLine
from pos.orders.refund_shares import Amounts, History, LineSold, shared
from pos.orders.services import cancelling, paying, place, refund_plan, refunds, repricing, sale_rows
from pos.orders.traded import traded
from pos.orders.whole import WholeOrder
from pos.pricing.cash import CashRounding
from pos.registers import moving
from pos.registers.cash_rows import CashTaken, sale_cash_rows
from pos.registers.journal.services import appending
from pos.registers.numbers import Numbers, take_numbers
from pos.registers.queries import figures

Mutant = Callable[[pytest.MonkeyPatch], None]


def change_forgotten(patch: pytest.MonkeyPatch) -> None:
    """What a guest got back is still in the drawer."""

    def kept(*, cash: Any, **facts: Any) -> Any:
        all_of_it = [
            CashTaken(payment_id=each.payment_id, tendered_minor=each.tendered_minor, change_minor=0)
            for each in cash
        ]
        return sale_cash_rows(cash=all_of_it, **facts)

    patch.setattr(sale_rows, "sale_cash_rows", kept)


def tips_are_sales(patch: pytest.MonkeyPatch) -> None:
    """What was meant for the staff is the shop's."""
    patch.setattr(transfers, "TIPS", "sales:standard")


def number_without_an_order(patch: pytest.MonkeyPatch) -> None:
    """Every sale takes a number more than it needs."""

    def too_many(*, orders: int = 0, **facts: Any) -> Numbers:
        return take_numbers(orders=2 * orders, **facts)

    patch.setattr(place, "take_numbers", too_many)


def refunds_lower_the_grand_total(patch: pytest.MonkeyPatch) -> None:
    """The sum of all receipts goes down."""

    def lowered(*, refunded_minor: int = 0, **facts: Any) -> Numbers:
        return take_numbers(refunded_minor=refunded_minor, sold_minor=-refunded_minor, **facts)

    patch.setattr(refunds, "take_numbers", lowered)


def void_deletes(patch: pytest.MonkeyPatch) -> None:
    """A line that is taken off is gone, and nobody ever knows."""

    def gone(line: OrderLine) -> None:
        OrderLine.objects.filter(pk=line.pk).delete()

    patch.setattr(repricing, "zero_line", gone)


def cancelled_is_still_owed(patch: pytest.MonkeyPatch) -> None:
    """The books keep what nobody will ever pay."""
    patch.setattr(cancelling, "book_difference", lambda _opened, *, basket: None)


def no_cap_on_refunds(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks at what came back before; only the tables do."""
    patch.setattr(refund_plan, "history_of", lambda _made: History())


def refund_steps_rounded_alone(patch: pytest.MonkeyPatch) -> None:
    """Each step of a line's refund is rounded by itself, so that three thirds are not the whole."""

    def alone(line: LineSold, history: History, quantity: Any) -> Amounts:
        del history
        return shared(line.amounts, Fraction(quantity) / Fraction(line.quantity))

    patch.setattr(refund_shares, "_line_refund", alone)


def refund_rounding_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Sold for 7.50 in 7 coins, and 8 coins come back."""

    def to_the_cent(payment: Paid, number: int, way: Any, amount_minor: int, round_cash: Any) -> GivenBack:
        del way, round_cash
        return GivenBack(payment=payment, way=number, amount_minor=amount_minor, given_minor=amount_minor)

    patch.setattr(refunding, "_part", to_the_cent)


def tickets_are_not_rounded(patch: pytest.MonkeyPatch) -> None:
    """Whoever pays a ticket in cash pays to the cent."""
    patch.setattr(paying, "cash_rounding", lambda *, due_minor, increment: CashRounding(due_minor, 0))


def drops_are_expenses(patch: pytest.MonkeyPatch) -> None:
    """Cash in the safe was spent."""
    drop = replace(moving.MOVEMENTS["drop"], account="paid_out")
    patch.setattr(moving, "MOVEMENTS", MappingProxyType({**moving.MOVEMENTS, "drop": drop}))


def closing_by_time(patch: pytest.MonkeyPatch) -> None:
    """A Z has what happened since the one before, by the clock: what was told late is in none."""
    right = "receipt_number > %(sold_after)s AND receipt_number <= %(receipts_to)s\n        AND id <> ALL"
    assert right in figures._TRADE
    wrong = (
        "placed_at > (SELECT COALESCE(max(at), '-infinity') FROM pos_closing WHERE register_id = %(register)s)"
        " AND receipt_number IS NOT NULL AND id <> ALL"
    )
    patch.setattr(figures, "_TRADE", figures._TRADE.replace(right, wrong, 1))
    patch.setattr(figures, "_with_sums", lambda back, grown: back)


def sums_without_tips(patch: pytest.MonkeyPatch) -> None:
    """The running sums of a register know what was sold, and not what was left for the staff."""

    def wrong(whole: WholeOrder) -> dict[str, int]:
        return {key: count for key, count in traded(whole).items() if key != "sales/tip_minor"}

    patch.setattr(place, "traded", wrong)


def sums_of_what_was_handed_over(patch: pytest.MonkeyPatch) -> None:
    """A Z says that guests paid what they laid on the counter, change and all."""

    def wrong(whole: WholeOrder) -> dict[str, int]:
        told = Counter(traded(whole))
        for payment in whole.payments:
            told[f"tender/amount_minor/{payment.tender_type}"] += payment.change_minor
        return dict(told)

    patch.setattr(place, "traded", wrong)


def late_refunds_in_todays_drawer(patch: pytest.MonkeyPatch) -> None:
    """What was given back yesterday is missing in the drawer of today."""
    patch.setattr(refunds, "closed_session_of", lambda **_facts: None)


def chain_that_stands_still(patch: pytest.MonkeyPatch) -> None:
    """Entries follow the head of yesterday."""
    right = "journal_head = %s"
    assert right in appending._RAISE
    wrong = appending._RAISE.replace(right, "journal_head = COALESCE(NULLIF(journal_head, ''), %s)")
    patch.setattr(appending, "_RAISE", wrong)
