"""Two tills, a drawer each: opened, moved, counted and closed; people who practise, and who pay what they owe."""

from collections import Counter
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.properties.counter.comparing import agree, journals_agree, z_agrees
from tests.properties.counter.driver import Product
from tests.properties.counter.model import Happened, Refund, Register, Sale, Session
from tests.properties.counter.wanted import INCREMENTS, TILLS, Wanted, baskets, tills


class Tills(RuleBasedStateMachine):
    """Everything but sales; `product` makes the product of one example."""

    product: Callable[[int], Product]
    steps: Counter[str] = Counter()
    """What was done over all examples, by what it was."""

    @initialize(increment=st.sampled_from(INCREMENTS))
    def begin(self, increment: int) -> None:
        """A shop whose smallest coin this is; the first drawer is open."""
        self.real = self.product(increment)
        self.increment, self.now = increment, 0
        self.tills = {code: Register(code) for code in TILLS}
        self.all: list[Sale] = []
        self.loose: list[Refund] = []
        self.house: list[int] = []
        self.open_drawer("K1", 5000)

    def _later(self) -> int:
        self.now += 3
        return self.now

    def _done(self, what: str) -> None:
        type(self).steps[what] += 1

    @rule(till=tills, float_minor=st.sampled_from((0, 5000)))
    def open_drawer(self, till: str, float_minor: int) -> None:
        """Somebody opens the drawer, if it is closed."""
        register = self.tills[till]
        if register.open is not None:
            return
        at = self._later()
        session = Session(self.real.open(till, float_minor, now=at), till, at)
        if float_minor:
            session.moves.append(("float", float_minor))
        register.sessions.append(session)
        register.journal.append(Happened("session_opened", session))
        self._done("opened")

    @rule(till=tills, basket=baskets)
    def practise(self, till: str, basket: list[Wanted]) -> None:
        """Somebody learns: nothing is sold."""
        self.real.practise(till, [each.line() for each in basket], now=self._later())
        self.tills[till].trainings += 1
        self.tills[till].journal.append(Happened("training"))
        self._done("training")

    @rule(till=tills, hundreds=st.integers(1, 9))
    def pay_down(self, till: str, hundreds: int) -> None:
        """Somebody brings money for what went on account, or for what will."""
        amount, register = 100 * hundreds, self.tills[till]
        self.real.pay_down(till, amount, now=self._later())
        self.house.append(amount)
        if register.open is not None:
            register.open.moves.append(("house", amount))
        register.journal.append(Happened("cash_moved"))
        self._done("pay-down")

    @rule(till=tills, over=st.sampled_from((0, 0, 30, -20)))
    def close_drawer(self, till: str, over: int) -> None:
        """The drawer is counted and closed; what its Z says is what the pencil has of it."""
        register = self.tills[till]
        session = register.open
        if session is None or session.there + over < 0:
            return
        at = self._later()
        session.expected, session.counted, session.closed_at = session.there, session.there + over, at
        told = self.real.close(session, now=at)
        assert told["expected"]["amount_minor"] == session.expected
        assert told["variance"]["amount_minor"] == over
        register.closings += 1
        register.journal.append(Happened("closing", session))
        z_agrees(self.real.closing(till, register.closings), register, session)
        register.since = len(register.journal)
        self._done("closed")

    @rule(
        till=tills,
        kind=st.sampled_from(("paid_in", "paid_out", "drop", "pickup", "tip_out", "no_sale")),
        coins=st.integers(1, 20),
    )
    def move_cash(self, till: str, kind: str, coins: int) -> None:
        """Cash goes in or out by hand, or the drawer is only opened."""
        session = self.tills[till].open
        if session is None:
            return
        amount = {"paid_in": 50, "pickup": 50, "no_sale": 0}.get(kind, -50) * coins
        self.real.move(session, kind, amount, now=self._later())
        session.moves.append((kind, amount))
        entry = "drawer_opened" if kind == "no_sale" else "cash_moved"
        self.tills[till].journal.append(Happened(entry, session))
        self._done(kind)

    @invariant()
    def everything_agrees(self) -> None:
        """Orders, lines, numbers, books and drawers, as the pencil has them."""
        if hasattr(self, "real"):
            agree(self.all, self.loose, self.tills, self.house)

    def teardown(self) -> None:
        """At the end the journals are read from their beginning."""
        if hasattr(self, "real"):
            journals_agree(self.tills, self.real.ids)
