"""Payouts by chance: what happens at a merchant in a fortnight, and what must therefore be found and booked.

Whoever makes something happen also says what must come of it: the difference it is listed as, and where its money
belongs. Nothing here reads how the product decides that.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from payments.gateways import base
from payments.gateways.models import Attempt
from tests.payments.reconciliation.listing import AT, DAY, Desk


@dataclass
class Fortnight:
    """What happens, and what must come of it."""

    desk: Desk
    chance: random.Random
    lines: list[tuple[base.SettlementLine, str]] = field(default_factory=list)
    """Lines of the balance, and the posting key whose money each of them is."""
    expected: Counter[tuple[str, str]] = field(default_factory=Counter)
    balances: Counter[str] = field(default_factory=Counter)
    """What the books must have in the end, by posting key; sales aside."""
    disputes: list[base.DisputeFact] = field(default_factory=list)

    def live(self, happenings: int) -> None:
        """So many things happen; then the vendor pays out what it pays out."""
        for _ in range(happenings):
            self.chance.choice(_HAPPENINGS)(self)
        self.desk.vendor.disputes_now = self.disputes
        self._pay_out()

    def minor(self) -> int:
        return self.chance.choice([1, 99, 100, 1000, 2599, self.chance.randint(1, 100_000)])

    def fee(self, minor: int) -> int:
        return self.chance.choice([0, 0, 1, minor * 14 // 1000 + 25])

    def add(self, line: base.SettlementLine, key: str) -> base.SettlementLine:
        self.lines.append((line, key))
        return line

    def attempt(self, **facts: Any) -> Attempt:
        tender = self.chance.choice(["card", "online"])
        made = self.desk.attempt(self.minor(), tender_type=tender, **facts)
        if made.state == "captured":
            self.balances[f"tender:{tender}"] += made.captured_minor
        return made

    def sold(self) -> Attempt:
        """A payment like any other."""
        made = self.attempt()
        line = self.desk.charge(made, fee=self.fee(made.captured_minor))
        self.add(line, f"tender:{made.tender_type}")
        return made

    def gave_back(self) -> None:
        """Some of it goes back, and sometimes fails on the way."""
        made = self.sold()
        minor = self.chance.randint(1, made.captured_minor)
        fails = self.chance.random() < 0.3
        refund = self.desk.refund(made, minor, state="failed" if fails else "succeeded")
        self.balances[f"tender:{made.tender_type}"] -= minor
        self.add(self.desk.back(refund), f"tender:{made.tender_type}")
        if fails:
            back = self.desk.line("refund_failure", minor, source=refund.vendor_id, payment=made.vendor_id)
            self.add(back, f"tender:{made.tender_type}")

    def unheard_of(self) -> None:
        """The vendor took money that nobody here knows, or gave some back."""
        name = f"pay_foreign_{len(self.lines)}"
        if self.chance.random() < 0.5:
            self.add(self.desk.line("charge", self.minor(), fee=7, payment=name), UNEXPLAINED)
            self.expected["missing_here", name] += 1
        else:
            source = name.replace("pay", "ref")
            self.add(self.desk.line("refund", -self.minor(), source=source, payment=name), UNEXPLAINED)
            self.expected["refund_missing_here", source] += 1

    def other_amount(self) -> None:
        """The vendor took more, or less."""
        made = self.attempt()
        gross = made.captured_minor + self.chance.choice([-1, 1, 500])
        self.add(self.desk.charge(made, gross=gross), f"tender:{made.tender_type}")
        self.expected["amount", made.vendor_id] += 1

    def other_state(self) -> None:
        """It came about there, and here nobody knows it."""
        made = self.attempt(state=self.chance.choice(["unknown", "declined", "cancelled"]))
        self.add(self.desk.charge(made, gross=made.amount_minor), UNEXPLAINED)
        self.expected["status", made.vendor_id] += 1

    def not_listed(self) -> None:
        """Taken here, and the vendor knows nothing of it."""
        self.expected["missing_there", self.attempt().vendor_id] += 1

    def strange(self) -> None:
        """A line of a kind nobody knows, or a correction."""
        kind = self.chance.choice(["climate_contribution", "Zz", "other_adjustment"])
        line = self.add(self.desk.line(kind, self.chance.choice([-1, 1]) * self.minor(), fee=3), UNEXPLAINED)
        known = "adjustment" if kind == "other_adjustment" else "unknown_category"
        self.expected[known, line.id] += 1

    def charged(self) -> None:
        """The vendor takes something for itself."""
        self.add(self.desk.line(self.chance.choice(["fee", "network_cost"]), -self.minor()), "fees")

    def objected(self) -> None:
        """A cardholder takes a payment back, and may lose."""
        made = self.sold()
        name = f"dis_{len(self.lines)}"
        won = self.chance.random() < 0.5
        fact = base.DisputeFact(
            id=name,
            payment=made.vendor_id,
            amount_minor=made.captured_minor,
            currency="EUR",
            state="won" if won else "lost",
            opened_at=AT - DAY,
        )
        self.disputes.append(fact)
        taken = {"source": name, "payment": made.vendor_id}
        self.add(self.desk.line("dispute", -made.captured_minor, fee=1500, **taken), "disputes")
        if won:
            self.add(self.desk.line("dispute_reversal", made.captured_minor, **taken), "disputes")

    def _pay_out(self) -> None:
        """Some days later: what is due in a few payouts, the rest not yet; one of them wrong, one by hand."""
        chance = self.chance
        chance.shuffle(self.lines)
        waiting = self.lines[: chance.randint(0, 4)]
        paid = self.lines[len(waiting) :]
        while paid:
            size = chance.randint(1, 12)
            part, paid = paid[:size], paid[size:]
            self._paid(part, off=chance.choice([0, 0, 0, 2, -1]))
        if chance.random() < 0.5:
            minor = self.minor()
            name = self.desk.pays_out(amount=minor, traced=False)
            self.expected["payout_manual", name] += 1
            self._moved("bank", UNEXPLAINED, minor)
        self.desk.waits(*(line for line, _ in waiting))

    def _paid(self, part: list[tuple[base.SettlementLine, str]], *, off: int) -> None:
        total = sum(line.net_minor for line, _ in part) + off
        name = self.desk.pays_out(*(line for line, _ in part), amount=total)
        for line, key in part:
            self._moved("bank", key, line.net_minor)
            self._moved("fees", key, line.fee_minor)
        if off:
            self.expected["payout_sum", name] += 1
            self._moved("bank", UNEXPLAINED, off)

    def _moved(self, debit: str, credit: str, minor: int) -> None:
        self.balances[debit] += minor
        self.balances[credit] -= minor


UNEXPLAINED = "payouts_unexplained"
_HAPPENINGS: list[Callable[[Fortnight], Any]] = [
    Fortnight.sold,
    Fortnight.sold,
    Fortnight.gave_back,
    Fortnight.unheard_of,
    Fortnight.other_amount,
    Fortnight.other_state,
    Fortnight.not_listed,
    Fortnight.strange,
    Fortnight.charged,
    Fortnight.objected,
]
