"""A machine that keeps two tills busy at random, and a pencil that keeps the same books."""

from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, rule

from fynlo.core.ids import new_id
from fynlo.core.states import IllegalTransition
from pos.orders.errors import OverpaidByChange, RefundExceedsSale
from tests.properties.counter.accounts import hand_out, settle
from tests.properties.counter.amounts import GOODS, coins, shared_out
from tests.properties.counter.model import Back, Happened, Paid, Refund, Register, Sale, Session
from tests.properties.counter.tills import Tills
from tests.properties.counter.wanted import Wanted, baskets, extra, quarters, tills, wanted


class Trade(Tills):
    """A day, or several: sales, tickets and what is changed of them, payments, refunds."""

    sales = Bundle("sales")

    @rule(
        target=sales,
        till=tills,
        basket=baskets,
        tip=st.sampled_from((0, 0, 100)),
        by_card=quarters,
        surplus=extra,
        on_account=st.booleans(),
        told=st.sampled_from(
            ("at once", "at once", "when the drawer is closed", "from before it was opened")
        ),
    )
    def sell(
        self,
        till: str,
        basket: list[Wanted],
        tip: int,
        by_card: int,
        surplus: int,
        told: str,
        on_account: bool = False,
    ) -> Sale:
        """A sale that is paid at once, by card or on account, and in cash; some are heard of later."""
        self._later()
        register = self.tills[till]
        closed = [session for session in register.sessions if session.closed_at is not None]
        at = closed[-1].opened_at + 1 if closed and told == "when the drawer is closed" else self.now
        if told == "from before it was opened":
            at = 1
        sale = self._new(register, basket, tip)
        sale.at = at
        tenders = self._tenders(sale.payable, by_card, surplus)
        if on_account:
            tenders = [(key, "house" if tender == "card" else tender, much) for key, tender, much in tenders]
        sale.payments = settle(sale.payable, tenders, self.increment)
        self.real.sell(sale, at=at, now=self.now)
        self._give_receipt(register, sale)
        self._take_cash(register, sale, sale.payments, at)
        self._done("sale" if at == self.now else f"sale told {told}")
        return sale

    @rule(target=sales, till=tills, basket=baskets, is_placed=st.booleans())
    def open_ticket(self, till: str, basket: list[Wanted], is_placed: bool) -> Sale:
        """A ticket is opened, and sometimes placed at once."""
        self._later()
        sale = self._new(self.tills[till], basket, 0)
        sale.state = "draft"
        self.real.open_ticket(sale, now=self.now)
        self._done("ticket")
        if is_placed:
            self.place(sale)
        return sale

    def _new(self, register: Register, basket: list[Wanted], tip: int) -> Sale:
        register.orders += 1
        sale = Sale(new_id(), register.code, register.orders, [each.line() for each in basket], tip)
        self.all.append(sale)
        return sale

    def _give_receipt(self, register: Register, sale: Sale) -> None:
        register.receipts += 1
        sale.receipt, sale.paid_at, sale.state = register.receipts, register.code, "completed"
        register.journal.append(Happened("sale", sale))

    def _tenders(self, due: int, by_card: int, surplus: int) -> list[tuple[UUID, str, int]]:
        card = due * by_card // 4
        cash = coins(due - card, self.increment)
        tenders = [(new_id(), "card", card)] if card else []
        # A rest that is less than half a coin is paid with nothing.
        is_cash = card < due or surplus
        return [*tenders, (new_id(), "cash", cash + surplus)] if is_cash else tenders

    def _take_cash(self, register: Register, sale: Sale, payments: list[Paid], at: int) -> None:
        """What a sale puts into the drawer it belongs to; of a closed one, it explains what was over."""
        session = None if at == self.now else register.session_at(at)
        session = session or register.open
        if session is None:
            return
        for payment in payments:
            if payment.tender == "cash" and payment.tendered:
                session.moves.append(("sale", payment.tendered))
                if payment.change:
                    session.moves.append(("change", -payment.change))
        if session.closed_at is not None:
            cash = sum(each.tendered - each.change for each in payments if each.tender == "cash")
            if cash:
                session.moves.append(("correction", -cash))
            session.late.append(sale)
            register.journal.append(Happened("late", sale))

    @rule(sale=sales)
    def place(self, sale: Sale) -> None:
        """A ticket is placed: it is in the books from now on."""
        if sale.state != "draft":
            return
        self.real.place(sale, now=self._later())
        sale.state, sale.at = "placed", self.now
        self._done("placed")

    @rule(sale=sales, basket=baskets)
    def add(self, sale: Sale, basket: list[Wanted]) -> None:
        """More is ordered; of what is settled or cancelled nothing more can be."""
        lines = [each.line() for each in basket]
        if not sale.is_open:
            with pytest.raises(IllegalTransition):
                self.real.add(sale, lines, now=self._later())
            return
        self.real.add(sale, lines, now=self._later())
        sale.lines += lines
        self._done("added")

    @rule(sale=sales, place=st.integers(0, 7), is_void=st.booleans())
    def take_off(self, sale: Sale, place: int, is_void: bool) -> None:
        """Less of a line, or none of it. What was paid already is never more than what is left."""
        lines = [line for line in sale.lines if not line.is_void]
        if not sale.is_open or not lines:
            return
        line = lines[place % len(lines)]
        before = line.quantity
        if is_void:
            line.is_void = True
        elif before > 1 and not line.off:
            line.quantity -= 1
        else:
            return
        left = line.quantity
        if sale.payable < sale.paid:
            with pytest.raises(OverpaidByChange):
                self.real.take_off(sale, line, left, now=self._later())
            line.quantity, line.is_void = before, False
            return
        self.real.take_off(sale, line, left, now=self._later())
        if sale.state == "placed":
            self.tills[sale.register].journal.append(Happened("void", line))
        self._done("voided" if is_void else "adjusted")

    @rule(sale=sales, till=tills, part=st.integers(1, 4), by_card=quarters, surplus=extra)
    def pay(self, sale: Sale, till: str, part: int, by_card: int, surplus: int) -> None:
        """A ticket or what was placed is paid, in full or in part, at this till or the other."""
        if not sale.is_open or sale.payable - sale.paid <= 0:
            return
        self._later()
        due = sale.payable - sale.paid
        tenders = self._tenders(due, by_card, surplus) if part == 4 else [(new_id(), "card", due * part // 4)]
        tenders = [tender for tender in tenders if tender[2] or part == 4]
        if not tenders:
            return
        payments = settle(due, tenders, self.increment)
        self.real.pay(sale, till, payments, now=self.now)
        sale.payments += payments
        sale.at = self.now if sale.state == "draft" else sale.at
        sale.state = "placed"
        register = self.tills[till]
        if sale.paid == sale.payable:
            self._give_receipt(register, sale)
        self._take_cash(register, sale, payments, self.now)
        self._done("paid" if sale.receipt else "part paid")

    @rule(till=tills, other=tills, basket=baskets, part=st.integers(1, 4), surplus=extra)
    def ticket_and_cash(self, till: str, other: str, basket: list[Wanted], part: int, surplus: int) -> None:
        """A ticket is opened, something taken off, a part perhaps paid by card, the rest in cash at some till."""
        sale = self.open_ticket(till, basket, False)
        if len(basket) > 1:
            self.take_off(sale, part, part % 2 == 0)
        if part < 4:
            self.pay(sale, till, part, 0, 0)
        self.pay(sale, other, 4, 0, surplus)

    @rule(sale=sales)
    def cancel(self, sale: Sale) -> None:
        """What is not paid is cancelled; its number stays."""
        self._later()
        if not sale.is_open or sale.payments:
            if sale.state != "cancelled":
                with pytest.raises(IllegalTransition):
                    self.real.cancel(sale, now=self.now)
            return
        self.real.cancel(sale, now=self.now)
        sale.state = "cancelled"
        self.tills[sale.register].journal.append(Happened("cancel", sale))
        self._done("cancelled")

    @rule(sale=sales, till=tills, place=st.integers(0, 7), part=st.integers(1, 5), again=st.booleans())
    def refund_goods(self, sale: Sale, till: str, place: int, part: int, again: bool) -> None:
        """A part of a line comes back, at this till or the other; more than is left never does."""
        if sale.receipt is None or sale.payment_state == "refunded":
            return
        line = sale.lines[place % len(sale.lines)]
        quantity = line.quantity * part / 4
        if line.name != "cheese":
            quantity = Fraction(-(-quantity // 1))
        key, at = new_id(), self._later()
        if line.is_void or line.back + quantity > line.quantity:
            with pytest.raises(RefundExceedsSale):
                self.real.refund(sale, till, key, lines=[(line, quantity)], now=at)
            return
        self.real.refund(sale, till, key, lines=[(line, quantity)], now=at)
        if again:
            self.real.refund(sale, till, key, lines=[(line, quantity)], now=at)
        amounts = line.bring_back(quantity)
        self._note_refund(sale, till, key, [(GOODS[line.name].tax_class, amounts)], 0)
        self._done("refunded goods")

    @rule(sale=sales, till=tills, share=st.integers(1, 9), with_tip=st.booleans())
    def refund_amount(self, sale: Sale, till: str, share: int, with_tip: bool) -> None:
        """Money goes back and no goods do: off every line by what is left of it; more than is left never does."""
        if sale.receipt is None or sale.payment_state == "refunded":
            return
        left = [line.left.total for line in sale.lines]
        amount = max(sum(left) * share // 8, 1)
        tip = sale.tip - sum(refund.tip for refund in sale.refunds) if with_tip else 0
        key, at = new_id(), self._later()
        if amount > sum(left):
            with pytest.raises(RefundExceedsSale):
                self.real.refund(sale, till, key, amount=amount, tip=tip, now=at)
            return
        self.real.refund(sale, till, key, amount=amount, tip=tip, now=at)
        parts = [
            (GOODS[line.name].tax_class, line.give(part))
            for line, part in zip(sale.lines, shared_out(amount, left), strict=True)
            if part
        ]
        for line in sale.lines:
            line.share_anew()
        self._note_refund(sale, till, key, parts, tip)
        self._done("refunded money")

    @rule(till=tills, one=wanted, by_card=quarters, share=st.integers(1, 4))
    def sell_and_bring_back(self, till: str, one: Wanted, by_card: int, share: int) -> None:
        """One line comes back bit by bit, with some money in between, until no more of it does."""
        sale = self.sell(till, [one], 0, by_card, 0, "at once")
        self.refund_goods(sale, till, 0, 1, False)
        self.refund_goods(sale, till, 0, 1, True)
        self.refund_amount(sale, till, share, False)
        self.refund_goods(sale, till, 0, 1, False)
        self.refund_goods(sale, till, 0, 2, False)

    def _note_refund(
        self,
        sale: Sale,
        till: str,
        key: UUID,
        parts: list[Any],
        tip: int,
        *,
        tenders: list[Back] | None = None,
        late: Session | None = None,
    ) -> None:
        """A refund: its number, its money, and what that takes out of a drawer, the one of then if it is `late`."""
        register = self.tills[till]
        register.receipts += 1
        amount = sum(amounts.total for _, amounts in parts) + tip
        tenders = hand_out(sale.payments, amount, self.increment) if tenders is None else tenders
        refund = Refund(key, till, register.receipts, parts, tenders, tip)
        sale.refunds.append(refund)
        session = late or register.open
        cash = [back.given for back in tenders if back.tender == "cash" and back.given]
        if session is not None:
            session.moves += [("refund", -given) for given in cash]
        register.journal.append(Happened("refund", refund))
        if late is not None:
            late.moves += [("correction", sum(cash))] if cash else []
            register.journal.append(Happened("late", refund))

    @rule(till=tills, basket=baskets, by_card=quarters, more=baskets)
    def close_and_hear_more(self, till: str, basket: list[Wanted], by_card: int, more: list[Wanted]) -> None:
        """An evening: something is sold, the drawer closed, and then the till has its network back."""
        self.open_drawer(till, 0)
        self.sell(till, basket, 0, by_card, 0, "at once")
        self.close_drawer(till, 0)
        self.sell(till, more, 0, by_card, 0, "when the drawer is closed")
