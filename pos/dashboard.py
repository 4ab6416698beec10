"""The first page of the back office: what waits, what registers sold today, open drawers, the last sales."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Sum
from django.http import HttpRequest
from django.urls import reverse

from fynlo.core.clock import business_date, now
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from payments.reconciliation.queries.waiting import what_waits
from pos.orders.models import Order
from pos.registers import states
from pos.registers.models import CashSession, Register

LAST_SALES: Final = 8
_WAITS: Final = (
    (
        "lost",
        "1 payment account is not connected",
        "payment accounts are not connected",
        "payments_connection_changelist",
    ),
    ("disputes", "1 dispute wants an answer", "disputes want an answer", "payments_disputes"),
    ("refunds", "1 refund did not arrive", "refunds did not arrive", "payments_waiting"),
    (
        "undecided",
        "1 payment may have been taken, or not",
        "payments may have been taken, or not",
        "payments_waiting",
    ),
    ("unsettled", "1 payment was put to nothing", "payments were put to nothing", "payments_waiting"),
    (
        "differences",
        "1 difference to providers is open",
        "differences to providers are open",
        "payments_differences",
    ),
)
"""What waits: its name in `Waiting`, told once and many times, and the page it stands on; the worst comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterToday:
    """A register's own trading day so far. `opened_at` is None while its drawer is closed."""

    id: UUID
    code: str
    name: str
    location: str
    day: dt.date
    order_count: int
    total_minor: int
    opened_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One of the last sales."""

    id: UUID
    number: int
    register: str
    placed_at: dt.datetime
    total_minor: int


def registers_today(*, at: dt.datetime) -> list[RegisterToday]:
    """Every register in use with its trading day at `at`, in three statements."""
    registers = list(Register.objects.filter(is_active=True).select_related("location").order_by("code"))
    days = {each.pk: _day(each, at) for each in registers}
    sold = _sold(set(days.values()))
    opened = dict(_opened())
    return [
        RegisterToday(
            id=each.pk,
            code=each.code,
            name=each.name,
            location=each.location.name,
            day=days[each.pk],
            order_count=sold.get((each.pk, days[each.pk]), (0, 0))[0],
            total_minor=sold.get((each.pk, days[each.pk]), (0, 0))[1],
            opened_at=opened.get(each.drawer_id or each.pk),
        )
        for each in registers
    ]


def last_sales() -> list[Sale]:
    """The last sales of all registers, newest first, in one statement."""
    rows = Order.objects.order_by("-pk").values_list(
        "pk", "number", "register__code", "placed_at", "total_minor"
    )
    return [
        Sale(id=key, number=number, register=register, placed_at=placed_at, total_minor=total)
        for key, number, register, placed_at, total in rows[:LAST_SALES]
    ]


def waiting_lines(*, at: dt.datetime) -> list[dict[str, Any]]:
    """One line for each kind of thing that waits for somebody, with how many there are and where they stand."""
    found = what_waits(at=at)
    lines = []
    for kind, one, many, page in _WAITS:
        count = getattr(found, kind)
        if count:
            line = {"told": one if count == 1 else f"{count} {many}", "address": reverse(f"admin:{page}")}
            lines.append(line | {"due_at": found.due_at if kind == "disputes" else None})
    return lines


def today(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of it to this person (the theme's `DASHBOARD_CALLBACK`)."""
    if request.user.has_perm("payments.view_attempt"):
        context = {**context, "waiting": waiting_lines(at=now())}
    if not request.user.has_perm("pos.view_order"):
        return context
    rows = registers_today(at=now())
    currency = current_tenant().currency
    return {
        **context,
        "registers": [{"row": row, "total": _shown(row.total_minor, currency)} for row in rows],
        "sales": [{"row": sale, "total": _shown(sale.total_minor, currency)} for sale in last_sales()],
        "order_count": sum(row.order_count for row in rows),
        "total": _shown(sum(row.total_minor for row in rows), currency),
        "open_count": sum(row.opened_at is not None for row in rows),
        "shows_sales": True,
    }


def _opened() -> Iterable[tuple[UUID, dt.datetime]]:
    """The drawers that are not closed, and since when."""
    rows = CashSession.objects.exclude(state=states.CLOSED).values_list(
        "drawer_id", "register_id", "opened_at"
    )
    return ((drawer or register, opened_at) for drawer, register, opened_at in rows)


def _sold(days: Iterable[dt.date]) -> dict[tuple[UUID, dt.date], tuple[int, int]]:
    rows = (
        Order.objects.filter(business_date__in=days)
        .order_by()
        .values_list("register_id", "business_date")
        .annotate(count=Count("pk"), total=Sum("total_minor"))
    )
    return {(register, day): (count, int(total)) for register, day, count, total in rows}


def _day(register: Register, at: dt.datetime) -> dt.date:
    location = register.location
    return business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off)


def _shown(minor: int, currency: str) -> str:
    return f"{format_money(Money(minor, currency))} {currency}"
