"""What comes back when the drawer of then is closed, and goods that are given for other goods."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from fynlo.core.ids import new_id
from tests.properties.counter.amounts import GOODS
from tests.properties.counter.machine import Trade
from tests.properties.counter.model import Back, Paid, Sale
from tests.properties.counter.wanted import Wanted, baskets, quarters, tills, wanted


class Returns(Trade):
    """The whole machine."""

    @rule(sale=Trade.sales, till=tills, place=st.integers(0, 7))
    def refund_late(self, sale: Sale, till: str, place: int) -> None:
        """What is left of a line came back just before the drawer was closed, and is heard of now."""
        closed = [session for session in self.tills[till].sessions if session.closed_at is not None]
        line = sale.lines[place % len(sale.lines)]
        quantity = line.quantity - line.back
        if not closed or sale.receipt is None or sale.payment_state == "refunded":
            return
        at = (closed[-1].closed_at or 0) - 1
        if line.is_void or not quantity or at < sale.at:
            return
        key = new_id()
        self.real.refund(sale, till, key, lines=[(line, quantity)], at=at, now=self._later())
        parts = [(GOODS[line.name].tax_class, line.bring_back(quantity))]
        self._note_refund(sale, till, key, parts, 0, late=closed[-1])
        self._done("refunded late")

    @rule(
        till=tills,
        one=wanted,
        by_card=quarters,
        other=tills,
        kind=st.sampled_from(("drop", "pickup", "tip_out")),
    )
    def close_and_hear_of_a_refund(self, till: str, one: Wanted, by_card: int, other: str, kind: str) -> None:
        """An evening: sold somewhere, brought back here, something given up, cash moved, the drawer closed."""
        self.open_drawer(till, 5000)
        sale = self.sell(other, [one], 0, by_card, 0, "at once")
        self.cancel(self.open_ticket(till, [one], True))
        self.move_cash(till, kind, 3)
        self.close_drawer(till, 0)
        self.refund_late(sale, till, 0)

    @rule(target=Trade.sales, till=tills, other=tills, one=wanted, basket=baskets)
    def exchange(self, till: str, other: str, one: Wanted, basket: list[Wanted]) -> Sale:
        """What was paid by card comes back and pays for other goods; a card settles what is left, either way."""
        self.sell(other, [one], 0, 4, 0, "at once")
        sale = self.all[-1]
        new = self._new(self.tills[till], basket, 0)
        new.at = self._later()
        line, key = sale.lines[0], new_id()
        back = line.bring_back(line.quantity)
        paid = min(back.total, new.payable)
        more, rest = new.payable - paid, back.total - paid
        new.payments = [Paid(key, "exchange", paid, paid)]
        new.payments += [Paid(new_id(), "card", more, more)] if more else []
        self.real.exchange(sale, till, key, line, new, now=new.at)
        tenders = [Back("exchange", paid, paid), *([Back("card", rest, rest)] if rest else [])]
        sale.payments[0].back = sale.payments[0].given = back.total
        self._note_refund(sale, till, key, [(GOODS[line.name].tax_class, back)], 0, tenders=tenders)
        self._give_receipt(self.tills[till], new)
        self._done("exchanged")
        return new
