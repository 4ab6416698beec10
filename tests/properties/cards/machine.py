"""Cards at random: everything that can happen to them, at two tills, in any order, compared after every step."""

from collections import Counter
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from payments.credit.queries.values_audit import value_differences
from payments.ledger.queries import trial_balance
from tests.properties.cards.driver import Product
from tests.properties.cards.model import BLOCKED, CLOSED, OPEN, Card, Pencil

MOST = 3
AMOUNTS = st.integers(min_value=1, max_value=12).map(lambda hundreds: hundreds * 100)
MUCH = st.integers(min_value=10, max_value=30).map(lambda hundreds: hundreds * 100)
TILLS = st.sampled_from(("one", "two"))
PLACES = st.integers(min_value=0, max_value=99)
_KEYS = {"gift_card": "gift_cards", "store_credit": "credit"}


class Cards(RuleBasedStateMachine):
    """The product beside the pencil."""

    steps: ClassVar[Counter[str]] = Counter()

    def product(self) -> Product:
        """The merchant's cards; the test says whose."""
        raise AssertionError("said by the test")

    @initialize(amount=MUCH)
    def begin(self, amount: int) -> None:
        """One card, so that there is something to do."""
        self.real, self.pencil = self.product(), Pencil()
        self._new("gift_card", amount)

    @rule(kind=st.sampled_from(("gift_card", "store_credit")), amount=MUCH)
    def open_one(self, kind: str, amount: int) -> None:
        """A new card."""
        if len(self.pencil.cards) < MOST:
            self._new(kind, amount)

    @rule(place=PLACES, amount=AMOUNTS)
    def load(self, place: int, amount: int) -> None:
        """More on a card that is open."""
        number, card = self._card(place)
        if card.state == OPEN:
            self.real.give(number, card.kind, amount)
            self._add(card, amount, "gift_card_given")
            self._count("loads")

    @rule(place=PLACES)
    def send_again(self, place: int) -> None:
        """What was given before is asked for again, and nothing happens."""
        self.real.give_again(place % len(self.real.given))
        self._count("repeats")

    @rule(place=PLACES, till=TILLS, amounts=st.lists(AMOUNTS, min_size=1, max_size=2))
    def ask(self, place: int, till: str, amounts: list[int]) -> None:
        """A sale wants to be paid by a card: all of it or nothing."""
        self._redeem(place, till, amounts, asked=True)

    @rule(place=PLACES, till=TILLS, amounts=st.lists(AMOUNTS, min_size=1, max_size=2))
    def tell(self, place: int, till: str, amounts: list[int]) -> None:
        """A sale was paid by a card, whatever was on it."""
        self._redeem(place, till, amounts, asked=False)

    @rule(place=PLACES, till=TILLS)
    def take_the_rest(self, place: int, till: str) -> None:
        """A sale wants all that is left, and what is kept for others too."""
        _, card = self._card(place)
        if card.value > 0:
            self._redeem(place, till, [card.value], asked=True)

    @rule(place=PLACES)
    def spend_what_is_kept(self, place: int) -> None:
        """A part is kept for a till; the other one tells that it took all; the first lets go."""
        number, card = self._card(place)
        if "one" not in card.kept:
            self.reserve(number, "one", 100)
        if card.value > 0:
            self._redeem(number, "two", [card.value], asked=False)
        self.release(number, "one")

    @rule(place=PLACES, till=TILLS)
    def pay_with_a_blocked_one(self, place: int, till: str) -> None:
        """A card is blocked, somebody tries to pay with it, and it is freed again."""
        self.step(place, "block")
        self._redeem(place, till, [100], asked=True)
        self.step(place, "unblock")

    def _redeem(self, place: int, till: str, amounts: list[int], *, asked: bool) -> None:
        number, card = self._card(place)
        before = (card.value, dict(card.kept))
        wanted = all(card.take(till, amount, asked=asked) for amount in amounts)
        if not wanted:
            card.value, card.kept = before
        else:
            self.pencil.book(_KEYS[card.kind], "receivable", sum(amounts))
        assert self.real.redeem(number, till, amounts, asked=asked) == wanted
        self._count("redemptions" if wanted else "refusals")

    @precondition(lambda self: self.real.paid)
    @rule(place=PLACES)
    def refund(self, place: int) -> None:
        """A payment goes back onto its card."""
        place %= len(self.real.paid)
        number, _, amount = self.real.paid[place]
        self.real.refund(place)
        card = self.pencil.cards[number]
        self._add(card, amount, "receivable")
        self._count("refunds")

    @rule(place=PLACES, kind=st.sampled_from(("block", "unblock", "unblock")))
    def hold(self, place: int, kind: str) -> None:
        """A card is blocked, or freed."""
        self.step(place, kind)

    @precondition(lambda self: len(self.pencil.cards) == MOST)
    @rule(place=PLACES, kind=st.sampled_from(("clear_balance", "deactivate")))
    def end(self, place: int, kind: str) -> None:
        """A card is cleared or closed."""
        self.step(place, kind)

    def step(self, place: int, kind: str) -> None:
        """A step of a card's life."""
        number, card = self._card(place)
        starts = {"block": (OPEN,), "unblock": (BLOCKED,)}.get(kind, (OPEN, BLOCKED))
        loses = card.value if kind in ("clear_balance", "deactivate") else 0
        may = card.state in starts and not (loses and card.reserved)
        assert self.real.step(number, kind) == may
        if may:
            self._add(card, -loses, "gift_card_breakage")
            after = {"block": BLOCKED, "unblock": OPEN, "deactivate": CLOSED}
            card.state = after.get(kind, card.state)
            self._count(f"{kind}s")

    @rule(place=PLACES, amount=st.integers(min_value=-9, max_value=9).filter(bool))
    def adjust(self, place: int, amount: int) -> None:
        """A correction, not below what is available."""
        number, card = self._card(place)
        may = card.state != CLOSED and -amount * 100 <= card.available
        assert self.real.adjust(number, amount * 100) == may
        if may:
            self._add(card, amount * 100, "gift_card_given")
            self._count("corrections")

    @rule(source=PLACES, onto=PLACES, amount=st.none() | AMOUNTS)
    def transfer(self, source: int, onto: int, amount: int | None) -> None:
        """From a card to another."""
        (first, giver), (second, taker) = self._card(source), self._card(onto)
        moved = giver.available if amount is None else amount
        may = (
            giver is not taker
            and giver.state != CLOSED
            and taker.state == OPEN
            and 0 < moved <= giver.available
        )
        assert self.real.transfer(first, second, amount) == may
        if may:
            giver.value -= moved
            taker.value += moved
            if giver.kind != taker.kind:
                self.pencil.book(_KEYS[giver.kind], _KEYS[taker.kind], moved)
            self._count("transfers")

    @rule(place=PLACES, till=TILLS, amount=AMOUNTS)
    def reserve(self, place: int, till: str, amount: int) -> None:
        """A part is kept for a till, once."""
        number, card = self._card(place)
        may = card.state == OPEN and till not in card.kept and amount <= card.available
        assert self.real.reserve(number, till, amount) == may
        if may:
            card.kept[till] = amount
            self._count("reservations")

    @rule(place=PLACES, till=TILLS)
    def release(self, place: int, till: str) -> None:
        """What is left of it is let go."""
        number, card = self._card(place)
        if till in card.kept:
            self.real.release(number, till)
            del card.kept[till]
            self._count("releases")

    @precondition(lambda self: sum(len(card.kept) for card in self.pencil.cards) > 0)
    @rule()
    def expire(self) -> None:
        """An hour later nothing is kept."""
        self.real.expire()
        for card in self.pencil.cards:
            card.kept.clear()

    @invariant()
    def agree(self) -> None:
        """Cards, activities, reservations and books are what the pencil says."""
        if not hasattr(self, "pencil"):
            return
        wanted = [(card.state, *card.figures) for card in self.pencil.cards]
        assert self.real.figures() == wanted
        assert value_differences() == []
        found = {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}
        assert found == self.pencil.balances

    def _new(self, kind: str, amount: int) -> None:
        self.real.give(None, kind, amount)
        self.pencil.cards.append(Card(kind=kind))
        self._add(self.pencil.cards[-1], amount, "gift_card_given")
        self._count("cards")

    def _card(self, place: int) -> tuple[int, Card]:
        number = place % len(self.pencil.cards)
        return number, self.pencil.cards[number]

    def _add(self, card: Card, amount: int, other: str) -> None:
        card.value += amount
        self.pencil.book(other, _KEYS[card.kind], amount)

    def _count(self, what: str) -> None:
        type(self).steps[what] += 1
