"""What a register did between two moments of its journal, in five statements however much it was.

The limits are numbers, never times: receipts, orders and trainings since the last Z by their dense numbers, entries
by their positions. So a sale is in exactly one Z, whatever any clock says. Ranges are `(after, to]`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.money import exponent
from pos.registers.journal.models import RARE
from pos.registers.traded import FLAGGED, Sums, flags_in, sales_in, taxes_in, tenders_in

TICKETS_NAMED: Final = 200
GAPS_NAMED: Final = 1000

# What was sold and given back, with its taxes and tenders. Rows are found by the unique numbers of receipts. Sales
# are looked at only where running sums cannot say what they come to (`sold_after` is where they begin).
_TRADE = """
WITH sold AS MATERIALIZED (
    SELECT id, net_minor, tax_minor, total_minor, discount_minor, service_charge_minor, tip_minor,
        flags <> '[]' AS flagged
    FROM pos_order
    WHERE COALESCE(receipt_register_id, register_id) = %(register)s
        AND receipt_number > %(sold_after)s AND receipt_number <= %(receipts_to)s
        AND id <> ALL(%(late)s::uuid[])
), back AS MATERIALIZED (
    SELECT id, kind, net_minor, tax_minor, total_minor, tip_minor, amount_minor, rounding_minor, taxes, flags
    FROM pos_refund
    WHERE register_id = %(register)s AND number > %(receipts_after)s AND number <= %(receipts_to)s
        AND id <> ALL(%(late)s::uuid[])
), paid AS (
    SELECT payment.tender_type_id, count(*) AS count, sum(payment.amount_minor) AS amount,
        sum(payment.rounding_minor) AS rounding
    FROM sold JOIN payments_payment AS payment ON payment.order_id = sold.id
    GROUP BY payment.tender_type_id
), given AS (
    SELECT money.tender_type_id, count(*) AS count, sum(money.amount_minor) AS amount,
        sum(money.rounding_minor) AS rounding
    FROM back JOIN payments_refund AS money ON money.refund_id = back.id
    GROUP BY money.tender_type_id
)
SELECT
    (SELECT json_build_object('count', count(*), 'net_minor', COALESCE(sum(net_minor), 0),
        'tax_minor', COALESCE(sum(tax_minor), 0), 'total_minor', COALESCE(sum(total_minor), 0),
        'discount_minor', COALESCE(sum(discount_minor), 0),
        'service_charge_minor', COALESCE(sum(service_charge_minor), 0),
        'tip_minor', COALESCE(sum(tip_minor), 0)) FROM sold),
    (SELECT json_agg(tax ORDER BY tax.code, tax.rate DESC, tax.inclusive) FROM (
        SELECT tax.tax_class_code AS code, min(tax.name) AS name, trim_scale(tax.rate)::text AS rate,
            tax.is_inclusive AS inclusive, sum(tax.net_minor) AS net_minor, sum(tax.tax_minor) AS tax_minor
        FROM sold JOIN pos_ordertax AS tax ON tax.order_id = sold.id
        GROUP BY tax.tax_class_code, tax.rate, tax.is_inclusive
    ) AS tax),
    (SELECT json_agg(tender ORDER BY tender.code) FROM (
        SELECT kind.code, kind.name, kind.kind, COALESCE(paid.count, 0) AS count,
            COALESCE(paid.amount, 0) AS amount_minor, COALESCE(paid.rounding, 0) AS rounding_minor,
            COALESCE(given.count, 0) AS refund_count, COALESCE(given.amount, 0) AS refunded_minor,
            COALESCE(given.rounding, 0) AS refund_rounding_minor
        FROM payments_tendertype AS kind
        LEFT JOIN paid ON paid.tender_type_id = kind.id LEFT JOIN given ON given.tender_type_id = kind.id
        WHERE paid.count > 0 OR given.count > 0 OR kind.code = ANY(%(codes)s)
    ) AS tender),
    (SELECT json_build_object('count', count(*), 'net_minor', COALESCE(sum(net_minor), 0),
        'tax_minor', COALESCE(sum(tax_minor), 0), 'total_minor', COALESCE(sum(total_minor), 0),
        'tip_minor', COALESCE(sum(tip_minor), 0), 'amount_minor', COALESCE(sum(amount_minor), 0)) FROM back),
    (SELECT json_agg(taxes) FROM back WHERE jsonb_array_length(taxes) > 0),
    (SELECT json_object_agg(code, count) FROM (
        SELECT flag ->> 'code' AS code, count(*) AS count FROM (
            SELECT flags FROM sold JOIN pos_order USING (id) WHERE flagged
            UNION ALL SELECT flags FROM back WHERE flags <> '[]'
        ) AS flagged CROSS JOIN jsonb_array_elements(flags) AS flag GROUP BY flag ->> 'code'
    ) AS flag),
    (SELECT count(*) FROM sold WHERE flagged) + (SELECT count(*) FROM back WHERE flags <> '[]')
"""
# What the journal tells of: how often, and the amounts of what has no row of its own. Sales are not looked at.
_ENTRIES = """
SELECT kind, count(*), COALESCE(sum(CASE WHEN kind IN ('void', 'cancel', 'training') THEN
    COALESCE(body::jsonb ->> 'total', body::jsonb -> 'line' ->> 'total')::numeric END), 0)
FROM pos_journalentry
WHERE register_id = %s AND kind IN %s AND position > %s AND position <= %s GROUP BY kind
"""
# Numbers there are of each series; which are missing is asked only when one is.
_NUMBERS = """
SELECT count(*) FROM pos_order WHERE register_id = %(register)s
    AND number > %(orders_after)s AND number <= %(orders_to)s
"""
_MISSING_ORDERS = """
SELECT number FROM generate_series(%(orders_after)s + 1, %(orders_to)s) AS number
EXCEPT SELECT number FROM pos_order WHERE register_id = %(register)s
    AND number > %(orders_after)s AND number <= %(orders_to)s
ORDER BY number LIMIT 1000
"""
_MISSING_RECEIPTS = """
SELECT number FROM generate_series(%(receipts_after)s + 1, %(receipts_to)s) AS number
EXCEPT SELECT receipt_number FROM pos_order WHERE COALESCE(receipt_register_id, register_id) = %(register)s
    AND receipt_number > %(receipts_after)s AND receipt_number <= %(receipts_to)s
EXCEPT SELECT number FROM pos_refund WHERE register_id = %(register)s
    AND number > %(receipts_after)s AND number <= %(receipts_to)s
ORDER BY number LIMIT 1000
"""
_TICKETS = """
SELECT number, name, total_minor, tip_minor, paid_minor, fulfilment_state, COALESCE(opened_at, placed_at)
FROM pos_order
WHERE location_id = %(location)s AND register_id = %(register)s
    AND NOT fulfilment_state IN ('completed', 'cancelled')
ORDER BY number
"""
_LATE = """
SELECT document::json FROM pos_closing
WHERE register_id = %s AND late_number IS NOT NULL AND from_position > %s AND from_position <= %s
ORDER BY from_position
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is looked at of one register: each series from after one number to another, as its counter says."""

    register_id: UUID
    location_id: UUID
    orders_after: int
    orders_to: int
    receipts_after: int
    receipts_to: int
    trainings_after: int
    trainings_to: int
    positions_after: int
    positions_to: int

    @property
    def receipt_count(self) -> int:
        """How many numbers of receipts were taken."""
        return self.receipts_to - self.receipts_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Sales, refunds, taxes and tenders as PostgreSQL added them up."""

    sales: dict[str, Any]
    taxes: list[dict[str, Any]]
    tenders: list[dict[str, Any]]
    refunds: dict[str, Any]
    refund_taxes: list[list[dict[str, Any]]]
    flags: dict[str, int]
    flagged_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """An order that is neither completed nor cancelled."""

    number: int
    name: str
    total_minor: int
    paid_minor: int
    due_minor: int
    fulfilment: str
    opened_at: Any


def trade(*, span: Span, late_ids: Sequence[str], late_receipts: int, grown: Sums | None) -> Trade:
    """What was sold and given back within `span`, without what belongs to earlier closings.

    `grown` is by how much the running sums grew, None where the last closing has none; `late_receipts` is how many
    numbers went to what came late. One statement when the sums account for every number, else one more, which adds
    the rows up.
    """
    if grown is not None:
        summed = _with_sums(
            _added_up(span, late_ids, sold_after=span.receipts_to, codes=tenders_in(grown)), grown
        )
        if summed.sales["count"] + summed.refunds["count"] + late_receipts == span.receipt_count:
            return summed
    return _added_up(span, late_ids, sold_after=span.receipts_after)


def _with_sums(back: Trade, grown: Sums) -> Trade:
    """What was given back, and beside it the sales of the running sums."""
    paid = tenders_in(grown)
    tenders = [{**tender, **paid.get(tender["code"], {})} for tender in back.tenders]
    flags = Counter(back.flags) + Counter(flags_in(grown))
    return replace(
        back,
        sales=sales_in(grown),
        taxes=taxes_in(grown),
        tenders=tenders,
        flags=dict(flags),
        flagged_count=back.flagged_count + grown.get(FLAGGED, 0),
    )


def _added_up(span: Span, late_ids: Sequence[str], *, sold_after: int, codes: Iterable[str] = ()) -> Trade:
    """The rows of refunds and of the sales after `sold_after`; tenders of `codes` are told in any case."""
    facts: dict[str, Any] = {
        "register": span.register_id,
        "receipts_after": span.receipts_after,
        "receipts_to": span.receipts_to,
        "sold_after": sold_after,
        "late": list(late_ids),
        "codes": list(codes),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TRADE, facts)
        sales, taxes, tenders, refunds, refund_taxes, flags, flagged = cursor.fetchone()
    return Trade(
        sales=sales,
        taxes=[tax for tax in taxes or [] if tax["net_minor"] or tax["tax_minor"]],
        tenders=tenders or [],
        refunds=refunds,
        refund_taxes=refund_taxes or [],
        flags=flags or {},
        flagged_count=flagged,
    )


def entries(*, span: Span, currency: str) -> dict[str, tuple[int, int]]:
    """How many entries of each rare kind the journal has, and what voids, cancellations and trainings come to."""
    scale = 10 ** exponent(currency)
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [span.register_id, RARE, span.positions_after, span.positions_to])
        return {kind: (count, int(total * scale)) for kind, count, total in cursor.fetchall()}


def missing_numbers(*, span: Span, receipt_count: int) -> dict[str, list[int]]:
    """Numbers of orders and receipts that no row has, at most a thousand of each. One statement when none is.

    `receipt_count` is how many sales and refunds there are with a number of `span`.
    """
    facts: dict[str, Any] = {
        "register": span.register_id,
        "orders_after": span.orders_after,
        "orders_to": span.orders_to,
        "receipts_after": span.receipts_after,
        "receipts_to": span.receipts_to,
    }
    missing: dict[str, list[int]] = {"orders": [], "receipts": []}
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, facts)
        (orders,) = cursor.fetchone()
        if orders < span.orders_to - span.orders_after:
            cursor.execute(_MISSING_ORDERS, facts)
            missing["orders"] = [number for (number,) in cursor.fetchall()]
        if receipt_count < span.receipts_to - span.receipts_after:
            cursor.execute(_MISSING_RECEIPTS, facts)
            missing["receipts"] = [number for (number,) in cursor.fetchall()]
    return missing


def open_tickets(*, span: Span) -> list[Ticket]:
    """What is open at the register, by its numbers."""
    with connection.cursor() as cursor:
        cursor.execute(_TICKETS, {"location": span.location_id, "register": span.register_id})
        return [
            Ticket(
                number=number,
                name=name,
                total_minor=total,
                paid_minor=paid,
                due_minor=total + tip - paid,
                fulfilment=fulfilment,
                opened_at=opened_at,
            )
            for number, name, total, tip, paid, fulfilment, opened_at in cursor.fetchall()
        ]


def late_within(*, span: Span) -> list[dict[str, Any]]:
    """Documents of the late entries that the journal has within `span`; they belong to earlier closings."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE, [span.register_id, span.positions_after, span.positions_to])
        return [document for (document,) in cursor.fetchall()]
