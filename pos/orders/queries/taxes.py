"""What is owed of each tax: sales less refunds, by tax, rate and period; and what the books have of it.

Two statements, however long the period. Sales count on the business day of their order, refunds on the day they
were made; what was paid in full, given back and then cancelled is both. `booked` is what the ledger credited under
the tax's posting key, on the days it was booked: it is the same, unless a placed order was changed or cancelled on
another day than its own (then the books have the difference on that day).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from payments.ledger.accounts import tax_key
from payments.ledger.queries import Period
from pos.orders import states

BY: Final = ("day", "month", "period")

_MADE: Final = """
SELECT part.period, part.code, part.rate, max(part.name), sum(part.sold_net), sum(part.sold_tax),
    sum(part.back_net), sum(part.back_tax)
FROM (
    SELECT CASE %(by)s WHEN 'day' THEN sold.business_date
            WHEN 'month' THEN date_trunc('month', sold.business_date)::date END AS period,
        tax.tax_class_code AS code, CASE WHEN tax.per_unit_minor IS NULL THEN tax.rate END AS rate, tax.name,
        tax.net_minor AS sold_net, tax.tax_minor AS sold_tax, 0 AS back_net, 0 AS back_tax
    FROM pos_order AS sold JOIN pos_ordertax AS tax ON tax.order_id = sold.id
    WHERE (sold.fulfilment_state <> ALL(%(not_sold)s) OR sold.receipt_number IS NOT NULL)
        AND (%(since)s::date IS NULL OR sold.business_date >= %(since)s::date)
        AND (%(until)s::date IS NULL OR sold.business_date <= %(until)s::date)
        AND (%(location_id)s::uuid IS NULL OR sold.location_id = %(location_id)s::uuid)
    UNION ALL
    SELECT CASE %(by)s WHEN 'day' THEN back.business_date
            WHEN 'month' THEN date_trunc('month', back.business_date)::date END,
        tax.code, CASE WHEN tax.per_unit_minor IS NULL THEN tax.rate END, tax.name, 0, 0, tax.net_minor,
        tax.tax_minor
    FROM pos_refund AS back, jsonb_to_recordset(back.taxes) AS tax
        (code text, name text, rate numeric, per_unit_minor bigint, net_minor bigint, tax_minor bigint)
    WHERE (%(since)s::date IS NULL OR back.business_date >= %(since)s::date)
        AND (%(until)s::date IS NULL OR back.business_date <= %(until)s::date)
        AND (%(location_id)s::uuid IS NULL OR back.location_id = %(location_id)s::uuid)
) AS part
GROUP BY part.period, part.code, part.rate
ORDER BY part.period, part.code, part.rate
"""
_BOOKED: Final = """
SELECT part.period, part.key, sum(part.amount)
FROM (
    SELECT CASE %(by)s WHEN 'day' THEN moved.business_date
            WHEN 'month' THEN date_trunc('month', moved.business_date)::date END AS period,
        side.key, side.sign * moved.amount_minor AS amount
    FROM payments_transfer AS moved
    CROSS JOIN LATERAL (VALUES (moved.credit_key, 1), (moved.debit_key, -1)) AS side (key, sign)
    LEFT JOIN pos_order AS sold ON sold.id = moved.order_id
    LEFT JOIN pos_register AS till ON till.id = moved.register_id
    WHERE side.key LIKE 'tax:%%'
        AND (%(since)s::date IS NULL OR moved.business_date >= %(since)s::date)
        AND (%(until)s::date IS NULL OR moved.business_date <= %(until)s::date)
        AND (%(location_id)s::uuid IS NULL OR COALESCE(sold.location_id, till.location_id) = %(location_id)s::uuid)
) AS part
GROUP BY part.period, part.key
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """One tax at one rate (None: per unit) in one period, in minor units. `period` is its first day, or None."""

    period: dt.date | None
    code: str
    name: str
    rate: Decimal | None
    sold_net_minor: int
    sold_tax_minor: int
    refunded_net_minor: int
    refunded_tax_minor: int
    booked_minor: int

    @property
    def net_minor(self) -> int:
        """What the tax is owed on."""
        return self.sold_net_minor - self.refunded_net_minor

    @property
    def tax_minor(self) -> int:
        """What is owed."""
        return self.sold_tax_minor - self.refunded_tax_minor


def tax_report(*, period: Period, by: str, location_id: UUID | None) -> list[TaxRow]:
    """Every tax that was sold, refunded or booked in the period, by `day`, `month`, or the whole `period`."""
    asked: dict[str, Any] = {
        "by": by,
        "since": period.since,
        "until": period.until,
        "location_id": location_id,
        "not_sold": [states.DRAFT, states.CANCELLED],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MADE, asked)
        made = cursor.fetchall()
        cursor.execute(_BOOKED, asked)
        booked = {(day, key): int(amount) for day, key, amount in cursor.fetchall()}
    rows = []
    for day, code, rate, name, *sums in made:
        rows.append(_row(day, code, name, rate, sums, booked.pop((day, tax_key(code, rate)), 0)))
    rows += [_only_booked(day, key, amount) for (day, key), amount in booked.items() if amount]
    return sorted(rows, key=lambda row: (row.period or dt.date.min, row.code, row.rate or -1))


def _row(
    day: dt.date | None, code: str, name: str, rate: Decimal | None, sums: list[Any], booked: int
) -> TaxRow:
    sold_net, sold_tax, back_net, back_tax = map(int, sums)
    return TaxRow(
        period=day,
        code=code,
        name=name,
        rate=rate,
        sold_net_minor=sold_net,
        sold_tax_minor=sold_tax,
        refunded_net_minor=back_net,
        refunded_tax_minor=back_tax,
        booked_minor=booked,
    )


def _only_booked(day: dt.date | None, key: str, amount: int) -> TaxRow:
    """What was booked where nothing was sold: a change or a cancellation of an order of another day."""
    plain, _, rate = key.partition("@")
    code = plain.removeprefix("tax:")
    return _row(day, code, code, Decimal(rate) if rate else None, [0, 0, 0, 0], amount)
