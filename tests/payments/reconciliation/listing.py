"""A vendor that lists payouts: strict about what it is asked, and told by the test what its listing is.

It reads its lines one after the other from what the test gave it, as a vendor's pages are read.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection as database

from fynlo.core.ids import new_id
from payments.gateways import base
from payments.gateways.facts import capabilities_kept
from payments.gateways.models import Attempt, Connection, GatewayRefund
from payments.gateways.registry import add_gateway, remove_gateway
from payments.ledger.services import Posting, record_transfers
from payments.reconciliation.models import Difference, Reconciliation
from payments.reconciliation.services.running import ask_for_run, run_reconciliation

AT = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
OFFERS = base.Capabilities(channels=frozenset({"present"}), settlements=True)


@dataclass(slots=True)
class Listing:
    """The gateway: what it lists is `settlements`; `broken` is raised in the middle of it."""

    code: ClassVar[str] = "listing"
    settlements_now: list[tuple[base.Settlement, list[base.SettlementLine]]] = field(default_factory=list)
    disputes_now: list[base.DisputeFact] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    asked_since: list[dt.datetime] = field(default_factory=list)
    is_revoked: bool = False

    def capabilities(self, *, connection: base.ConnectionFacts) -> base.Capabilities:
        assert connection.gateway == self.code
        if self.is_revoked:
            raise base.NotConnected("Revoked.")
        return OFFERS

    def settlements(
        self, *, connection: base.ConnectionFacts, since: dt.datetime
    ) -> Iterator[base.Settlement]:
        assert connection.gateway == self.code
        self.asked_since.append(since)
        for settlement, lines in self.settlements_now:
            yield replace(settlement, lines=self._lines(lines))

    def disputes(self, *, connection: base.ConnectionFacts, since: dt.datetime) -> Iterator[base.DisputeFact]:
        assert connection.gateway == self.code
        assert since.tzinfo is not None
        yield from self.disputes_now

    def _lines(self, lines: list[base.SettlementLine]) -> Iterator[base.SettlementLine]:
        blocks = [each for each in database.atomic_blocks if not getattr(each, "_from_testcase", False)]
        assert not blocks, "a vendor was read inside a transaction"
        for line in lines:
            self.read.append(line.id)
            yield line
        if self.broken:
            raise self.broken.pop(0)


@contextmanager
def listing_present() -> Iterator[Listing]:
    gateway: Any = Listing()
    add_gateway(gateway)
    try:
        yield gateway
    finally:
        remove_gateway(gateway.code)


@dataclass(slots=True)
class Desk:
    """The café's account there, and what happened at it: ours, theirs, or both."""

    vendor: Listing
    connection: Connection
    numbers: Any = field(default_factory=lambda: count(1))

    def attempt(
        self, minor: int = 1000, *, state: str = "captured", settled: bool = True, **facts: Any
    ) -> Attempt:
        """A payment of ours, booked like a sale when it was captured."""
        is_taken = state == "captured"
        at = facts.pop("at", AT - 3 * DAY)
        row: Attempt = Attempt.objects.create(
            order_id=new_id(),
            purpose="test",
            connection=self.connection,
            tender_type=facts.pop("tender_type", "card"),
            channel=facts.pop("channel", "present"),
            reference="A-1",
            state=state,
            currency="EUR",
            amount_minor=minor,
            authorised_minor=minor if is_taken else 0,
            captured_minor=minor if is_taken else 0,
            vendor_id=facts.pop("vendor_id", f"pay_{next(self.numbers)}"),
            captured_at=at if is_taken else None,
            settled_at=at if is_taken and settled else None,
            at=at,
            business_date=at.date(),
            **facts,
        )
        if is_taken and settled:
            book(f"tender:{row.tender_type}", "sales:food", minor)
        return row

    def refund(self, attempt: Attempt, minor: int, *, state: str = "succeeded") -> GatewayRefund:
        """Money of it on its way back, booked like a refund."""
        number = next(self.numbers)
        Attempt.objects.filter(pk=attempt.pk).update(refunded_minor=minor)
        book("sales:food", f"tender:{attempt.tender_type}", minor)
        made: GatewayRefund = GatewayRefund.objects.create(
            attempt=attempt,
            amount_minor=minor,
            currency="EUR",
            state=state,
            key=f"key-{number}",
            vendor_id=f"ref_{number}",
            at=AT - 2 * DAY,
            done_at=AT - 2 * DAY,
            business_date=(AT - 2 * DAY).date(),
        )
        return made

    def line(self, category: str, gross: int, *, fee: int = 0, **facts: Any) -> base.SettlementLine:
        values: dict[str, Any] = {"source": "", "payment": "", "currency": "EUR", "at": AT - 2 * DAY}
        values |= {"id": f"txn_{next(self.numbers)}", "net_minor": gross - fee} | facts
        return base.SettlementLine(category=category, gross_minor=gross, fee_minor=fee, **values)

    def charge(self, attempt: Attempt, *, gross: int | None = None, fee: int = 0) -> base.SettlementLine:
        minor = attempt.captured_minor if gross is None else gross
        source = attempt.vendor_id.replace("pay", "ch")
        return self.line("charge", minor, fee=fee, source=source, payment=attempt.vendor_id)

    def back(self, refund: GatewayRefund, *, gross: int | None = None) -> base.SettlementLine:
        minor = -refund.amount_minor if gross is None else gross
        return self.line("refund", minor, source=refund.vendor_id, payment=refund.attempt.vendor_id)

    def pays_out(
        self, *lines: base.SettlementLine, amount: int | None = None, name: str = "", **facts: Any
    ) -> str:
        """A payout of these lines; its own line with the sum turned around comes with it, as vendors list it."""
        name = name or f"out_{next(self.numbers)}"
        total = sum(line.net_minor for line in lines) if amount is None else amount
        own = self.line("payout", -total, source=name)
        values: dict[str, Any] = {"state": "paid", "arrives_on": AT.date(), "created_at": AT - DAY} | facts
        settlement = base.Settlement(
            id=name, amount_minor=total, currency=values.pop("currency", "EUR"), lines=iter(()), **values
        )
        self.vendor.settlements_now.append((settlement, [*lines, own]))
        return name

    def waits(self, *lines: base.SettlementLine) -> None:
        """What is not paid out yet."""
        settlement = base.Settlement(
            id="",
            amount_minor=sum(line.net_minor for line in lines),
            currency="EUR",
            state="pending",
            arrives_on=AT.date(),
            created_at=AT,
            lines=iter(()),
        )
        self.vendor.settlements_now.append((settlement, list(lines)))

    def run(self, *, at: dt.datetime = AT) -> Reconciliation:
        """Reconcile to the end."""
        key: UUID = ask_for_run(connection=self.connection, reason="asked", at=at)
        assert run_reconciliation(run_id=key, clock=lambda: at) == "done"
        found: Reconciliation = Reconciliation.objects.get(pk=key)
        return found


def desk_at(vendor: Listing) -> Desk:
    connection = Connection.objects.create(
        gateway="listing",
        name="Cards",
        account="acct_1",
        capabilities=capabilities_kept(OFFERS),
        created_at=AT - 30 * DAY,
    )
    return Desk(vendor, connection)


def book(debit: str, credit: str, minor: int, *, register_id: UUID | None = None) -> None:
    """A sale or a refund in the books."""
    posting = Posting(debit=debit, credit=credit, amount_minor=minor, kind="sale")
    record_transfers(
        postings=[posting],
        currency="EUR",
        order_id=None,
        at=AT,
        business_date=AT.date(),
        register_id=register_id,
    )


def balances(*codes: str) -> dict[str, int]:
    """Debits less credits of these posting keys; all that are not zero when none is named."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT key, sum(minor) FROM (SELECT debit_key AS key, amount_minor AS minor FROM payments_transfer "
            "UNION ALL SELECT credit_key, -amount_minor FROM payments_transfer) AS side GROUP BY key"
        )
        found = {key: int(minor) for key, minor in cursor.fetchall() if minor}
    return {code: found.get(code, 0) for code in codes} if codes else found


def differences(state: str = "open") -> list[tuple[str, str]]:
    """Kinds and subjects."""
    return sorted(Difference.objects.filter(state=state).values_list("kind", "subject"))
