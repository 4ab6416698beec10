"""X: what a register did since its last Z, at any time; nothing is written."""

import datetime as dt
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import NotFound
from fynlo.core.tenancy import current_tenant
from pos.registers import queries
from pos.registers.blind import shows_cash, without_amounts
from pos.registers.closing_documents import told
from pos.registers.models import Register
from pos.registers.policy import drawer_policy
from pos.registers.queries.reports import Closed, last_closing, report
from pos.registers.services.holding import person


def x_document(*, register_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """The X of a register as figures, as a printer wants them; amounts are None while they would tell of a drawer.

    Raises `NotFound`.
    """
    register = Register.objects.select_related("location", "drawer").filter(pk=register_id).first()
    place = queries.register_place(register_id=register_id)
    if register is None or place is None:
        raise NotFound("There is no such register.")
    session = queries.open_session(register_id=register_id)
    closed = Closed(
        at=at,
        business_date=place.business_date(at),
        employee_name=person(actor),
        session=session,
        drawer=None if session is None else register.drawer,
        moved=() if session is None else queries.moved_by_kind(session_id=session.pk),
    )
    last = last_closing(register_id=register_id, number=register.last_closing_number)
    document = report(register=register, last=last, closed=closed, currency=current_tenant().currency)
    if shows_cash(session=session, actor=actor, policy=drawer_policy()):
        return document
    return {**without_amounts(document), "is_blind": True}


def x_report(*, register_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """The X of a register as the API tells it. Raises `NotFound`."""
    document = x_document(register_id=register_id, actor=actor, at=at)
    said: dict[str, Any] = told({"is_blind": False, **document}, currency=current_tenant().currency)
    return said
