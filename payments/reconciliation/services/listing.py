"""What the vendor lists is written down line by line, as it comes: never more than a batch of it is in memory."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import connection as database
from django.db.models import Q

from fynlo.core.failpoints import reach
from fynlo.core.ids import new_id
from payments.gateways.base import Settlement, SettlementLine
from payments.gateways.registry import gateway_of
from payments.gateways.services.connecting import connection_facts
from payments.reconciliation import categories
from payments.reconciliation.models import Payout, Reconciliation
from payments.reconciliation.services.claiming import Claim
from payments.reconciliation.services.planning import array_of

BATCH: Final = 1_000
_LONGEST: Final = 120
_COLUMNS: Final = (
    ("id", "uuid"),
    ("vendor_id", "text"),
    ("category", "text"),
    ("about", "text"),
    ("source", "text"),
    ("payment", "text"),
    ("gross_minor", "bigint"),
    ("fee_minor", "bigint"),
    ("net_minor", "bigint"),
    ("currency", "text"),
    ("at", "timestamptz"),
)
_NAMES: Final = ", ".join(name for name, _ in _COLUMNS)
# A line that is as it was is left alone. One that came to a payout, or reads otherwise, is judged again.
_UPSERT: Final = f"""
INSERT INTO payments_settlementline AS line
    (connection_id, payout_id, state, key, booked_as, {_NAMES})
SELECT %(connection)s, %(payout)s, 'new', '', '', new.* FROM unnest({
    ", ".join(f"%({name})s::{kind}[]" for name, kind in _COLUMNS)
}) AS new ({_NAMES})
ON CONFLICT (connection_id, vendor_id) DO UPDATE SET
    payout_id = COALESCE(excluded.payout_id, line.payout_id), state = 'new',
    category = excluded.category, about = excluded.about, source = excluded.source, payment = excluded.payment,
    gross_minor = excluded.gross_minor, fee_minor = excluded.fee_minor, net_minor = excluded.net_minor,
    currency = excluded.currency, at = excluded.at
WHERE (line.payout_id, line.category, line.about, line.source, line.payment, line.gross_minor, line.fee_minor,
    line.net_minor, line.currency)
    IS DISTINCT FROM (COALESCE(excluded.payout_id, line.payout_id), excluded.category, excluded.about,
    excluded.source, excluded.payment, excluded.gross_minor, excluded.fee_minor, excluded.net_minor,
    excluded.currency)
"""  # noqa: S608  our own names
_JUDGE_AGAIN: Final = """
UPDATE payments_settlementline SET state = 'new' WHERE id IN (
    SELECT id FROM payments_settlementline WHERE connection_id = %s AND state = 'listed' AND id > %s
    ORDER BY id LIMIT %s
) RETURNING id
"""


def list_everything(claim: Claim) -> None:
    """Read the vendor's listing since the run's beginning. Payouts that were booked before are not read again."""
    _judge_listed_again(claim)
    facts = connection_facts(connection=claim.connection)
    gateway = gateway_of(claim.connection.gateway)
    for settlement in gateway.settlements(connection=facts, since=claim.since):
        _keep(claim, settlement)
        reach("reconcile.settlement")


def _keep(claim: Claim, settlement: Settlement) -> None:
    """A payout and its lines, a batch at a time; the last one says that all of them are there."""
    if settlement.id and _is_kept(claim, settlement):
        settlement.leave()  # told again as not paid out, its lines stay where they are (`_UPSERT`)
        _write(claim, settlement, [], is_last=False)  # its state may have changed
        return
    rest = _batches(settlement.lines)
    batch = next(rest, [])
    while True:
        following = next(rest, [])
        _write(claim, settlement, batch, is_last=not following)
        reach("reconcile.line_batch")
        if not following:
            return
        batch = following


def _is_kept(claim: Claim, settlement: Settlement) -> bool:
    known = Payout.objects.filter(connection=claim.connection, vendor_id=settlement.id[:_LONGEST])
    return known.filter(Q(posted_at__isnull=False) | Q(listed_run=claim.run_id)).exists()


def _judge_listed_again(claim: Claim) -> None:
    """What did not agree the last time may agree now."""
    last = UUID(int=0)
    while True:
        with claim.batch(), database.cursor() as cursor:
            cursor.execute(_JUDGE_AGAIN, [claim.connection.pk, last, BATCH])
            found = [row[0] for row in cursor.fetchall()]
        if not found:
            return
        last = max(found)


def _payout(claim: Claim, settlement: Settlement, run: Reconciliation, *, is_last: bool) -> Payout:
    facts: dict[str, Any] = {
        "amount_minor": settlement.amount_minor,
        "currency": settlement.currency,
        "state": settlement.state[:20],
        "arrives_on": settlement.arrives_on,
        "vendor_at": settlement.created_at,
        "is_traced": settlement.traced,
        "seen_run": claim.run_id,
    }
    if is_last:
        facts["listed_run"] = claim.run_id
    payout, is_new = Payout.objects.update_or_create(
        connection=claim.connection, vendor_id=settlement.id[:_LONGEST], defaults=facts
    )
    run.counts["payouts"] = run.counts.get("payouts", 0) + is_new
    return payout


def _batches(lines: Iterator[SettlementLine]) -> Iterator[list[SettlementLine]]:
    rest = iter(lines)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _write(claim: Claim, settlement: Settlement, batch: list[SettlementLine], *, is_last: bool) -> None:
    rows = {line.id: _row(line, settlement.id) for line in batch}  # a line that is listed twice is one line
    with claim.batch() as run:
        payout = _payout(claim, settlement, run, is_last=is_last) if settlement.id else None
        if rows:
            _upsert(claim, run, rows.values(), payout)


def _upsert(
    claim: Claim, run: Reconciliation, rows: Iterable[tuple[Any, ...]], payout: Payout | None
) -> None:
    columns: dict[str, Any] = {
        name: array_of(column) for (name, _), column in zip(_COLUMNS, zip(*rows, strict=True), strict=True)
    }
    columns |= {"connection": claim.connection.pk, "payout": None if payout is None else payout.pk}
    with database.cursor() as cursor:
        cursor.execute(_UPSERT, columns)
        run.counts["lines"] = run.counts.get("lines", 0) + cursor.rowcount


def _row(line: SettlementLine, payout: str) -> tuple[Any, ...]:
    """A line as a row. One that does not add up in itself is nothing we know; its net is what counts."""
    about = categories.about(category=line.category, source=line.source, payout=payout)
    if line.gross_minor - line.fee_minor != line.net_minor:
        about = categories.UNKNOWN
    is_payment = about == categories.PAYMENT and not line.payment
    return (
        new_id(),
        line.id[:_LONGEST],
        line.category[:60],
        about,
        line.source[:_LONGEST],
        (line.source if is_payment else line.payment)[:_LONGEST],
        line.net_minor + line.fee_minor,
        line.fee_minor,
        line.net_minor,
        line.currency,
        line.at,
    )
