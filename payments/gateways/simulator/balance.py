"""The merchant's balance at the simulated vendor: lines, payouts of them, and the settlements we read."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from payments.gateways import base
from payments.gateways.simulator.bells import ring
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.store import Desk, add, of, own, vendor_id

_ARRIVES_AFTER: Final = dt.timedelta(days=2)
_CHUNK: Final = 500


def book(
    *,
    desk: Desk,
    category: str,
    source: str,
    gross_minor: int,
    currency: str,
    fee_minor: int = 0,
    payment: str = "",
) -> SimulatedObject:
    """A line of the balance, not paid out yet. Inside a transaction of the vendor's."""
    data = {
        "category": category,
        "source": source,
        "payment": payment,
        "gross": gross_minor,
        "fee": fee_minor,
        "net": gross_minor - fee_minor,
        "currency": currency,
    }
    return add(desk=desk, kind="line", data=data)


def add_line(
    *, desk: Desk, category: str, gross_minor: int, currency: str, fee_minor: int = 0, source: str = ""
) -> None:
    """A line about nothing of ours: a monthly fee, or what nobody has heard of."""
    with own():
        book(
            desk=desk,
            category=category,
            source=source,
            gross_minor=gross_minor,
            fee_minor=fee_minor,
            currency=currency,
        )


def pay_out(*, desk: Desk) -> list[str]:
    """Pay out what stands on the balance, one payout for each currency. Their names."""
    with own():
        lines = list(of(desk=desk, kind="line").select_for_update().filter(about=""))
        currencies = sorted({line.data["currency"] for line in lines})
        return [
            _paid_out(desk, currency, [line for line in lines if line.data["currency"] == currency])
            for currency in currencies
        ]


def _paid_out(desk: Desk, currency: str, lines: list[SimulatedObject]) -> str:
    data = {
        "amount": sum(line.data["net"] for line in lines),
        "currency": currency,
        "state": "paid",
        "arrives_on": (desk.at + _ARRIVES_AFTER).date().isoformat(),
    }
    payout = add(desk=desk, kind="payout", data=data)
    name = vendor_id(payout)
    for line in lines:
        line.about = name
    SimulatedObject.objects.bulk_update(lines, ["about"], batch_size=_CHUNK)
    ring(desk=desk, kind="payout.reconciliation_completed", row=payout)
    return name


def settlements(*, desk: Desk, since: dt.datetime) -> Iterator[base.Settlement]:
    """Payouts made since, the oldest first; at last, for each currency, what is not paid out yet."""
    for payout in of(desk=desk, kind="payout").filter(at__gte=since).order_by("at", "id"):
        data = payout.data
        yield base.Settlement(
            id=vendor_id(payout),
            amount_minor=data["amount"],
            currency=data["currency"],
            state=data["state"],
            arrives_on=dt.date.fromisoformat(data["arrives_on"]),
            created_at=payout.at,
            lines=_lines(desk, vendor_id(payout)),
        )
    waiting = of(desk=desk, kind="line").filter(about="").order_by("data__currency")
    for currency in waiting.values_list("data__currency", flat=True).distinct():
        nets = waiting.filter(data__currency=currency).values_list("data__net", flat=True)
        yield base.Settlement(
            id="",
            amount_minor=sum(nets),
            currency=currency,
            state="pending",
            arrives_on=(desk.at + _ARRIVES_AFTER).date(),
            created_at=desk.at,
            lines=_lines(desk, "", currency),
        )


def _lines(desk: Desk, payout: str, currency: str = "") -> Iterator[base.SettlementLine]:
    rows: Any = of(desk=desk, kind="line").filter(about=payout).order_by("id")
    if currency:
        rows = rows.filter(data__currency=currency)
    for row in rows.iterator(chunk_size=_CHUNK):
        data = row.data
        yield base.SettlementLine(
            id=vendor_id(row),
            category=data["category"],
            source=data["source"],
            gross_minor=data["gross"],
            fee_minor=data["fee"],
            net_minor=data["net"],
            currency=data["currency"],
            at=row.at,
            payment=data["payment"],
        )
