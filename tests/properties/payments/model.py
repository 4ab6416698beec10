"""The pencil: what guests saw happen to their money, and what has to be everywhere. It knows no product."""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID


@dataclass
class Back:
    """Money that was to go back; `failed` days later, or never sent."""

    amount: int
    failed: bool = False


@dataclass
class Intent:
    """Money asked for once. `seen` is what the guest's bank shows: nothing, held, taken, or released."""

    key: UUID
    order: UUID
    asked: int
    is_manual: bool
    seen: str = "nothing"
    held: int = 0
    taken: int = 0
    tip: int = 0
    backs: list[Back] = field(default_factory=list)
    disputed: bool = False

    @property
    def left(self) -> int:
        """What may still go back."""
        return self.taken - sum(back.amount for back in self.backs)


@dataclass
class Pencil:
    """Everything that happened."""

    intents: list[Intent] = field(default_factory=list)
    totals: dict[UUID, int] = field(default_factory=dict)
    foreign: int = 0
    won: int = 0
    disputed: int = 0
    disputes: int = 0
    rung: set[bytes] = field(default_factory=set)

    def taken_for(self, order: UUID) -> int:
        """What guests paid for an order, without tips."""
        return sum(intent.taken - intent.tip for intent in self.intents if intent.order == order)

    def lines(self) -> Counter[str]:
        """What stands on the accounts of the books once everything has been paid out and matched."""
        taken = [intent.taken for intent in self.intents if intent.taken]
        backs = [back for intent in self.intents for back in intent.backs]
        failed = sum(back.amount for back in backs if back.failed)
        gone = sum(back.amount for back in backs) - failed
        fees = sum(fee(amount) for amount in taken) + 1500 * self.disputes
        net = sum(taken) - gone - self.disputed + self.won - 100 * self.foreign - fees
        return Counter(
            {
                "bank": net,
                "fees": fees,
                "refunds_owed": -failed,
                "disputes": self.disputed - self.won,
                "payouts_unexplained": 100 * self.foreign,
            }
        )


def fee(amount: int) -> int:
    """1.4 % of it, half a cent rounded up, and five cents."""
    return (Fraction(amount * 14, 1000) + Fraction(1, 2)).__floor__() + 5
