"""Counted drawers and names of registers, for whoever compares money with the books."""

import datetime as dt
from typing import Final
from uuid import UUID

from fynlo.core.clock import business_date
from fynlo.core.tenancy import current_tenant
from payments.reconciliation.ports import DrawerCount
from pos.registers import states
from pos.registers.models import CashSession, Location, Register

_AT_MOST: Final = 500


def counted_drawers(*, since: dt.date, until: dt.date) -> list[DrawerCount]:
    """Drawers closed on these business days, both counted, the newest first; one statement."""
    rows = CashSession.objects.filter(
        state=states.CLOSED, business_date__gte=since, business_date__lte=until, closed_at__isnull=False
    )
    found = rows.select_related("register", "drawer").order_by("-closed_at", "-id")[:_AT_MOST]
    return [_count(session) for session in found]


def trading_day(*, at: dt.datetime) -> dt.date | None:
    """The day of what happens at no register: with several places the earliest of theirs, open as long as any is.

    None while there is no place; one statement.
    """
    open_ones = Location.objects.filter(is_active=True).order_by()
    places = open_ones.values_list("time_zone", "cut_off").distinct()
    days = [business_date(at=at, time_zone=zone, cut_off=cut_off) for zone, cut_off in places]
    return min(days, default=None)


def register_names() -> dict[UUID, str]:
    """The names of registers by their keys, in order of their codes."""
    return dict(Register.objects.order_by("code").values_list("pk", "name"))


def _count(session: CashSession) -> DrawerCount:
    counted = session.counted_minor or 0
    return DrawerCount(
        register_id=session.register_id,
        register_name=(session.drawer or session.register).name,
        business_date=session.business_date,
        closed_at=session.closed_at or session.opened_at,
        expected_minor=counted - (session.variance_minor or 0),
        counted_minor=counted,
        currency=current_tenant().currency,
    )
