"""What a pencil says of cards: what was put on, what was taken, what is kept for tills. No SQL, no product code."""

from dataclasses import dataclass, field

OPEN, BLOCKED, CLOSED = "active", "blocked", "closed"


@dataclass
class Card:
    """A card: its `value` is what came on less what went off; it may be below zero."""

    kind: str
    value: int = 0
    state: str = OPEN
    kept: dict[str, int] = field(default_factory=dict)
    expires_in: int | None = None

    @property
    def reserved(self) -> int:
        """What is kept for tills."""
        return sum(self.kept.values())

    @property
    def figures(self) -> tuple[int, int, int]:
        """Balance, reserved, overdrawn: what is kept stays there, whatever was taken beyond it."""
        balance = max(self.value, self.reserved)
        return balance, self.reserved, balance - self.value

    @property
    def available(self) -> int:
        """What any till may take."""
        balance, reserved, _ = self.figures
        return balance - reserved

    def take(self, till: str, amount: int, *, asked: bool) -> bool:
        """A till takes so much, from what is kept for it first; whether it may."""
        own = min(self.kept.get(till, 0), amount)
        if asked and (self.state != OPEN or amount - own > self.available):
            return False
        if till in self.kept:
            self.kept[till] -= own
        self.value -= amount
        return True


@dataclass
class Pencil:
    """All cards, and the books beside them."""

    cards: list[Card] = field(default_factory=list)
    books: dict[str, int] = field(default_factory=dict)

    def book(self, debit: str, credit: str, amount: int) -> None:
        """Move money between two accounts."""
        self.books[debit] = self.books.get(debit, 0) + amount
        self.books[credit] = self.books.get(credit, 0) - amount

    @property
    def balances(self) -> dict[str, int]:
        """Accounts that are not empty."""
        return {account: amount for account, amount in self.books.items() if amount}
