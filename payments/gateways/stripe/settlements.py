"""Payouts with their lines, as the merchant's balance at Stripe tells them.

Lines are read page by page while somebody takes them, so memory stays flat. A payout's own line, which takes its
sum from the balance, is left out: the nets of the others add up to the payout. Only automatic payouts can be
traced; one by hand has no lines and says so. While the vendor still works out which lines an automatic one has, it
is `reconciling`: none are read, and nobody books it yet, however soon the bank has it.

What is not paid out yet comes last. The vendor cannot be asked for that, so the whole balance since the day asked
for is read, without what stood in the payouts; of those only the ids are remembered. A payout whose lines somebody
has already (`leave`) is not read for that: nine tenths of an account's lines would come over the line twice.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from stripe import StripeClient

from payments.gateways.base import ConnectionFacts, Settlement, SettlementLine
from payments.gateways.stripe.amounts import from_vendor
from payments.gateways.stripe.answers import identifier, instant
from payments.gateways.stripe.client import client_of, plain
from payments.gateways.stripe.errors import reading

_SOURCE: Final = ["data.source"]
_OWN: Final = "payout"
_PAGE: Final = 100
_PAID: Final = "paid"
RECONCILING: Final = "reconciling"
"""The state of a payout that arrived before the vendor said which lines it has."""


def settlements(*, connection: ConnectionFacts, since: dt.datetime) -> Iterator[Settlement]:
    """Payouts made since then, the oldest first, and at last one without an id for each currency still there.

    Raises `NotConnected`, `TryAgain`, also while lines are taken.
    """
    seen: set[str] = set()
    with client_of(connection) as client:
        for payout in _payouts(client, since):
            has_lines = _is_traced(payout) and not _is_worked_out(payout)
            lines = _noted(_lines(client, {"payout": payout["id"]}), seen) if has_lines else iter(())
            left: set[str] = set()
            yield replace(payout_of(payout, lines), leave=partial(left.add, payout["id"]))
            if left:
                continue
            # Whoever did not want the lines of this one must not see them again as not paid out.
            for _left in lines:
                pass
        for currency, amount in _balances(client).items():
            yield _open(client, currency=currency, amount=amount, since=since, seen=seen)


def _payouts(client: StripeClient, since: dt.datetime) -> list[dict[str, Any]]:
    """One a day at most, so they fit into memory; the vendor gives the newest first."""
    params: Any = {"created": {"gte": int(since.timestamp())}, "limit": _PAGE}
    with reading():
        found = [plain(item) for item in client.v1.payouts.list(params).auto_paging_iter()]
    return found[::-1]


def _is_traced(payout: Mapping[str, Any]) -> bool:
    return bool(payout.get("automatic"))


def _is_worked_out(payout: Mapping[str, Any]) -> bool:
    """Whether the vendor does not know all of its lines yet."""
    return _is_traced(payout) and payout.get("reconciliation_status") == "in_progress"


def payout_of(payout: Mapping[str, Any], lines: Iterator[SettlementLine]) -> Settlement:
    """The vendor's payout in our words. Pure."""
    status = str(payout["status"])
    currency = str(payout["currency"]).upper()
    return Settlement(
        id=str(payout["id"]),
        amount_minor=from_vendor(int(payout["amount"]), currency),
        currency=currency,
        state=RECONCILING if _is_worked_out(payout) and status == _PAID else status,
        arrives_on=_moment(payout["arrival_date"]).date(),
        created_at=_moment(payout["created"]),
        lines=lines,
        traced=_is_traced(payout),
    )


def _balances(client: StripeClient) -> dict[str, int]:
    """What stands on the balance, by currency, paid out any day now or later."""
    with reading():
        balance = plain(client.v1.balance.retrieve())
    sums: dict[str, int] = {}
    for row in [*balance.get("available", []), *balance.get("pending", [])]:
        currency = str(row["currency"]).upper()
        sums[currency] = sums.get(currency, 0) + from_vendor(int(row["amount"]), currency)
    return dict(sorted(sums.items()))


def _open(
    client: StripeClient, *, currency: str, amount: int, since: dt.datetime, seen: set[str]
) -> Settlement:
    """The lines of what stands there, as far back as was asked for."""
    params = {"created": {"gte": int(since.timestamp())}, "currency": currency.lower()}
    lines = (line for line in _lines(client, params) if line.id not in seen)
    return Settlement(
        id="",
        amount_minor=amount,
        currency=currency,
        state="open",
        arrives_on=since.date(),
        created_at=since,
        lines=lines,
    )


def _lines(client: StripeClient, params: Mapping[str, Any]) -> Iterator[SettlementLine]:
    asked: Any = {**params, "limit": _PAGE, "expand": _SOURCE}
    with reading():
        for item in client.v1.balance_transactions.list(asked).auto_paging_iter():
            line = line_of(plain(item))
            if line.category != _OWN:
                yield line


def _noted(lines: Iterator[SettlementLine], seen: set[str]) -> Iterator[SettlementLine]:
    for line in lines:
        seen.add(line.id)
        yield line


def line_of(transaction: Mapping[str, Any]) -> SettlementLine:
    """A balance transaction in our words; categories are the vendor's, new ones too. Pure."""
    currency = str(transaction["currency"]).upper()

    def minor(name: str) -> int:
        return from_vendor(int(transaction[name]), currency)

    source = transaction.get("source")
    return SettlementLine(
        id=str(transaction["id"]),
        category=str(transaction.get("reporting_category") or transaction.get("type") or ""),
        source=identifier(source),
        gross_minor=minor("amount"),
        fee_minor=minor("fee"),
        net_minor=minor("net"),
        currency=currency,
        at=_moment(transaction["created"]),
        payment=_payment(source),
    )


def _payment(source: Any) -> str:
    """The payment behind a charge, a refund or a dispute; nothing behind a fee."""
    return identifier(source.get("payment_intent")) if isinstance(source, Mapping) else ""


def _moment(seconds: Any) -> dt.datetime:
    at = instant(seconds)
    if at is None:
        raise ValueError("a payout without a time")
    return at
