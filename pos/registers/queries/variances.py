"""How far counts were from what should have been there, person by person, over time."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fynlo.core.clock import rfc3339
from pos.registers import states
from pos.registers.models import CashSession


def drawer_variances(
    *, first: dt.date, last: dt.date, location_id: UUID | None, currency: str
) -> list[dict[str, Any]]:
    """Closed drawers from `first` to `last` (both included) by who answered for them, in one statement.

    Each person has the sums, and the drawers in the order of their days, with the sum up to each: a trend.
    """
    rows = CashSession.objects.filter(state=states.CLOSED, business_date__gte=first, business_date__lte=last)
    if location_id is not None:
        rows = rows.filter(register__location_id=location_id)
    people: dict[UUID | None, list[CashSession]] = {}
    for session in rows.select_related("register", "drawer").order_by("closed_at", "id"):
        people.setdefault(session.responsible_id, []).append(session)
    ordered = sorted(people.items(), key=lambda each: (each[1][-1].responsible_name, str(each[0])))
    return [_person(key, sessions, currency) for key, sessions in ordered]


def _person(key: UUID | None, sessions: Iterable[CashSession], currency: str) -> dict[str, Any]:
    def money(minor: int) -> dict[str, Any]:
        return {"amount_minor": minor, "currency": currency}

    running, over, short, drawers, name = 0, 0, 0, [], ""
    for session in sessions:
        variance = session.variance_minor or 0
        running += variance
        over += max(variance, 0)
        short += min(variance, 0)
        name = session.responsible_name
        drawer = session.drawer or session.register
        drawers.append(
            {
                "session_id": str(session.pk),
                "drawer": drawer.code,
                "number": session.number,
                "business_date": session.business_date.isoformat(),
                "closed_at": rfc3339(session.closed_at) if session.closed_at else None,
                "counted": money(session.counted_minor or 0),
                "variance": money(variance),
                "running": money(running),
                "flags": [flag["code"] for flag in session.flags],
            }
        )
    return {
        "responsible_id": None if key is None else str(key),
        "responsible_name": name,
        "count": len(drawers),
        "variance": money(running),
        "over": money(over),
        "short": money(short),
        "drawers": drawers,
    }
