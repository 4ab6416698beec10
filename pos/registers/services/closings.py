"""Z: what a register did since the one before, written down once, under the next number.

The caller holds the register's row, so the counters it reads cannot move before COMMIT. The Z's own entry is the
last position it covers: every entry of the journal is in exactly one Z.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.errors import NotFound
from fynlo.core.inserts import insert_rows
from fynlo.core.locks import lock_rows
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from pos.events import RegisterClosed
from pos.registers import queries
from pos.registers.closing_documents import digest_of
from pos.registers.errors import DrawerOpen, OtherRegister
from pos.registers.journal.bodies import Moment, closing_entry
from pos.registers.journal.services import append_entries
from pos.registers.models import CashSession, Closing, Drawer, Register
from pos.registers.policy import drawer_policy
from pos.registers.queries import MovedOfKind
from pos.registers.queries.closings import closing_document, closing_head
from pos.registers.queries.reports import Closed, last_closing, report
from pos.registers.services.holding import person


def close_register(*, register_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Write the Z of a register that has no open drawer: a till for cards only, or one that sold after its close.

    Raises `NotFound`, `OtherRegister`, and `DrawerOpen`, because closing the drawer writes the Z itself.
    """
    if actor.register_id not in (None, register_id):
        raise OtherRegister("A till closes itself only.")

    def write() -> dict[str, Any]:
        with unit_of_work():
            held = lock_rows(Register.objects.select_related("location"), [register_id])
            if not held:
                raise NotFound("There is no such register.")
            opened = queries.open_session_id(register_id=register_id)
            if opened is not None:
                raise DrawerOpen("Count and close its drawer; that writes the Z.", session_id=opened)
            closing = write_closing(register=held[0], session=None, drawer=None, actor=actor, at=at)
            return closing_document(closing, late=[])

    return run_transaction(write)


def write_closing(
    *,
    register: Register,
    session: CashSession | None,
    drawer: Drawer | None,
    actor: Actor,
    at: dt.datetime,
    moved: Sequence[MovedOfKind] = (),
    shared_with: Sequence[str] = (),
) -> Closing:
    """Write the register's next Z with its journal entry. The caller holds the register and what is closed."""
    register.refresh_from_db()
    currency = current_tenant().currency
    place = queries.register_place(register_id=register.pk)
    if place is None:
        raise NotFound("There is no such register.")
    closed = Closed(
        at=at,
        business_date=place.business_date(at) if session is None else session.business_date,
        employee_name=person(actor),
        session=session,
        drawer=drawer,
        moved=tuple(moved),
        shared_with=tuple(shared_with),
    )
    last = last_closing(register_id=register.pk, number=register.last_closing_number)
    number = register.last_closing_number + 1
    document = report(register=register, last=last, closed=closed, currency=currency)
    document |= {
        "kind": "z",
        "number": f"{register.code}-Z{number}",
        "positions": {**document["positions"], "to": register.last_journal_position + 1},
        "remarks": _remarks(document),
    }
    closing = Closing(
        register=register,
        number=number,
        session=session,
        from_position=document["positions"]["from"],
        to_position=document["positions"]["to"],
        document=document,
        traded=register.traded,
        digest=digest_of(document),
        grand_total_minor=register.grand_total_minor,
        refund_total_minor=register.refund_total_minor,
        employee_id=actor.employee_id,
        employee_name=closed.employee_name,
        at=at,
        business_date=closed.business_date,
    )
    insert_rows([closing])
    Register.objects.filter(pk=register.pk).update(last_closing_number=number)
    append_entries(register_id=register.pk, drafts=[_entry(closing, currency)], recorded_at=at)
    append(RegisterClosed(entity_id=closing.pk, at=at, state=closing_head(closing)))
    return closing


def _remarks(document: dict[str, Any]) -> list[str]:
    """What somebody should look at: gaps, and open tickets where the merchant wants them remarked."""
    numbers = document["numbers"]
    remarks = [f"gap_in_{name}" for name in numbers if numbers[name]["gaps"]]
    if document["open_tickets"]["count"] and drawer_policy().open_tickets == "flag":
        remarks.append("open_tickets")
    return remarks


def _entry(closing: Closing, currency: str) -> Any:
    document = closing.document
    cash = document["cash"] or {}
    named = ("expected_minor", "counted_minor", "variance_minor")
    totals = {name.removesuffix("_minor"): cash[name] for name in named if cash.get(name) is not None}
    return closing_entry(
        moment=Moment(at=closing.at, business_date=closing.business_date, employee=closing.employee_name),
        number=document["number"],
        from_position=closing.from_position,
        to_position=closing.to_position,
        digest=closing.digest,
        currency=currency,
        grand_total_minor=closing.grand_total_minor,
        refund_total_minor=closing.refund_total_minor,
        totals={
            "sales": document["sales"]["total_minor"],
            "refunds": document["refunds"]["total_minor"],
            "tips": document["sales"]["tip_minor"],
            **totals,
        },
        foreign={
            each["currency"]: each["counted"]["amount_minor"]
            for each in cash.get("foreign", ())
            if each["counted"]["amount_minor"] is not None
        },
    )
