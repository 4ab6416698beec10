"""The pencil: what guests saw happen to their money, and what has to be everywhere. It knows no product."""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID

ON_CARD = 1_000_000
"""What the gift card has in the beginning."""


@dataclass
class Back:
    """Money that was to go back: `gone`, `failed` (also days later, or never sent), or paid `otherwise`."""

    key: UUID
    amount: int
    state: str = "gone"


@dataclass
class Intent:
    """Money asked for once. `seen` is what the guest's bank shows: nothing, held, taken, or released.

    `beyond` is what of it was taken although the order never owed it; `dispute` the name of one that is open.
    """

    key: UUID
    order: UUID
    asked: int
    is_manual: bool
    seen: str = "nothing"
    held: int = 0
    taken: int = 0
    tip: int = 0
    beyond: int = 0
    backs: list[Back] = field(default_factory=list)
    dispute: str | None = None

    @property
    def owed(self) -> int:
        """What of it the order owed, tips included."""
        return self.taken - self.beyond

    @property
    def left(self) -> int:
        """What of that may still go back."""
        return self.owed - sum(back.amount for back in self.backs)

    def take(self, amount: int) -> None:
        """So much is taken: of what the guest had agreed to, and of what was reserved on top of it."""
        self.seen, self.taken, self.held = "taken", amount, 0
        self.tip = min(self.tip, amount)
        self.beyond = max(amount - self.asked - self.tip, 0)


@dataclass
class Pencil:
    """Everything that happened."""

    intents: list[Intent] = field(default_factory=list)
    totals: dict[UUID, int] = field(default_factory=dict)
    by_card: Counter[UUID] = field(default_factory=Counter)
    card_back: Counter[UUID] = field(default_factory=Counter)
    late: set[UUID] = field(default_factory=set)
    """Orders whose money somebody let come twice: by an override, or because a bank was slow."""
    asked_about: set[UUID] = field(default_factory=set)
    """Intents that were disputed: a bank does so once."""
    kept: int = 0
    """What no order owed and was put on a credit."""
    foreign: int = 0
    won: int = 0
    disputed: int = 0
    disputes: int = 0
    rung: set[bytes] = field(default_factory=set)

    def taken_for(self, order: UUID) -> int:
        """What guests paid of what an order costs, without tips."""
        by_bank = sum(each.owed - each.tip for each in self.intents if each.order == order)
        return by_bank + self.by_card[order]

    def due(self, order: UUID) -> int:
        """What is still to pay of it."""
        return self.totals[order] - self.taken_for(order)

    def left_of(self, order: UUID) -> int:
        """What of an order's money may still go back, tips included."""
        by_bank = sum(each.left for each in self.intents if each.order == order)
        return by_bank + self.by_card[order] - self.card_back[order]

    @property
    def on_card(self) -> int:
        """What the gift card has."""
        return ON_CARD - self.by_card.total() + self.card_back.total()

    def lines(self) -> Counter[str]:
        """What stands on the accounts of the books once everything has been paid out and matched."""
        taken = [intent.taken for intent in self.intents if intent.taken]
        backs = [back for intent in self.intents for back in intent.backs]
        by_state: Counter[str] = Counter()
        for back in backs:
            by_state[back.state] += back.amount
        fees = sum(fee(amount) for amount in taken) + 1500 * self.disputes
        net = sum(taken) - by_state["gone"] - self.disputed + self.won - 100 * self.foreign - fees
        return Counter(
            {
                "bank": net - by_state["otherwise"],
                "fees": fees,
                "refunds_owed": -by_state["failed"],
                "disputes": self.disputed - self.won,
                "payouts_unexplained": 100 * self.foreign,
                "gift_cards": -self.on_card,
                "credit": -self.kept,
            }
        )


def fee(amount: int) -> int:
    """1.4 % of it, half a cent rounded up, and five cents."""
    return (Fraction(amount * 14, 1000) + Fraction(1, 2)).__floor__() + 5
