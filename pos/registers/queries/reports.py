"""What a register did since its last Z: the figures of an X, and of the Z that follows.

A Z covers the journal's positions after the Z before it, its own entry the last of them, and every number taken
meanwhile. What came late belongs to an earlier Z and is in none of its sums, only named.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fynlo.core.clock import rfc3339
from fynlo.core.tenancy import current_tenant
from pos.registers.closing_documents import DOCUMENT_VERSION, series, taxes_of
from pos.registers.foreign import count_foreign, empty_count
from pos.registers.models import CashSession, Closing, Drawer, Register
from pos.registers.queries import figures
from pos.registers.queries.figures import TICKETS_NAMED, Span
from pos.registers.queries.sessions import MovedOfKind, held_foreign
from pos.registers.traded import between

COUNTED = ("reprint", "drawer_opened", "void", "cancel", "training")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Who closes a register with what: all that is not read from its rows."""

    at: dt.datetime
    business_date: dt.date
    employee_name: str
    session: CashSession | None
    drawer: Drawer | None
    moved: tuple[MovedOfKind, ...] = ()
    shared_with: tuple[str, ...] = ()


def last_closing(*, register_id: UUID, number: int) -> Closing | None:
    """The register's Z with this number."""
    return Closing.objects.filter(register_id=register_id, number=number, late_number=None).first()


def span_of(*, register: Register, last: Closing | None) -> Span:
    """Everything since the Z `last`, up to the register's counters as they are."""
    counted: Mapping[str, Any] = {} if last is None else last.document["numbers"]

    def after(name: str) -> int:
        return int(counted[name]["counter"]) if name in counted else 0

    return Span(
        register_id=register.pk,
        location_id=register.location_id,
        orders_after=after("orders"),
        orders_to=register.last_order_number,
        receipts_after=after("receipts"),
        receipts_to=register.last_receipt_number,
        trainings_after=after("trainings"),
        trainings_to=register.last_training_number,
        positions_after=0 if last is None else last.to_position,
        positions_to=register.last_journal_position,
    )


def report(*, register: Register, last: Closing | None, closed: Closed, currency: str) -> dict[str, Any]:
    """The document of an X: all figures of the register since `last`. `register.location` is loaded."""
    span = span_of(register=register, last=last)
    told = figures.entries(span=span, currency=currency)
    late = figures.late_within(span=span) if "late" in told else []
    numbered = sum(entry["told"].startswith(f"{register.code}-R") for entry in late)
    trade = figures.trade(
        span=span,
        late_ids=[entry["subject_id"] for entry in late if entry["subject_id"]],
        late_receipts=numbered,
        grown=_grown(register, last),
    )
    missing = figures.missing_numbers(
        span=span, receipt_count=trade.sales["count"] + trade.refunds["count"] + numbered
    )
    counts = {kind: told.get(kind, (0, 0)) for kind in COUNTED}
    rounding = sum(tender["rounding_minor"] for tender in trade.tenders)
    refund_rounding = sum(tender["refund_rounding_minor"] for tender in trade.tenders)
    cash = None if closed.session is None else cash_figures(closed)
    return {
        "version": DOCUMENT_VERSION,
        "kind": "x",
        "number": "",
        "register": {"code": register.code, "name": register.name},
        "location": _place(register),
        "drawer": None if closed.drawer is None else {"code": closed.drawer.code, "name": closed.drawer.name},
        "session": None if closed.session is None else _session(closed.session),
        "currency": currency,
        "business_date": closed.business_date.isoformat(),
        "since": None if last is None else rfc3339(last.at),
        "at": rfc3339(closed.at),
        "employee_name": closed.employee_name,
        "positions": {"from": span.positions_after + 1, "to": span.positions_to},
        "sales": {**trade.sales, "rounding_minor": rounding},
        "refunds": {**trade.refunds, "rounding_minor": refund_rounding},
        "taxes": taxes_of(sold=trade.taxes, refunds=trade.refund_taxes),
        "tenders": trade.tenders,
        "cash": cash,
        "voids": {"count": counts["void"][0], "amount_minor": counts["void"][1]},
        "cancels": {"count": counts["cancel"][0], "amount_minor": counts["cancel"][1]},
        "training": {"count": span.trainings_to - span.trainings_after, "total_minor": counts["training"][1]},
        "reprints": counts["reprint"][0],
        "drawer_openings": counts["drawer_opened"][0],
        "open_tickets": _tickets(figures.open_tickets(span=span)),
        "numbers": {
            "orders": series(after=span.orders_after, to=span.orders_to, missing=missing["orders"]),
            "receipts": series(after=span.receipts_after, to=span.receipts_to, missing=missing["receipts"]),
            "trainings": series(after=span.trainings_after, to=span.trainings_to),
        },
        "flags": {"count": trade.flagged_count, "codes": trade.flags},
        "late": _late(late),
        "grand_total_minor": register.grand_total_minor,
        "refund_total_minor": register.refund_total_minor,
    }


def _grown(register: Register, last: Closing | None) -> dict[str, int] | None:
    """By how much the running sums grew since the Z `last`; None when that has none."""
    before = {} if last is None else last.traded
    return None if before is None else between(now=register.traded, before=before)


def cash_figures(closed: Closed) -> dict[str, Any]:
    """What moved in the drawer, by kind, and what a count said of it (None while there is none)."""
    session = closed.session
    if session is None:
        raise ValueError("a register without a session has no cash")
    movements = [
        {"kind": each.kind, "count": each.count, "amount_minor": each.amount_minor}
        for each in closed.moved
        if not each.foreign
    ]
    expected = session.expected_minor
    return {
        "movements": movements,
        "expected_minor": sum(each.amount_minor for each in closed.moved) if expected is None else expected,
        "counted_minor": session.counted_minor,
        "variance_minor": session.variance_minor,
        "denominations": session.counts[-1]["denominations"] if session.counts else [],
        "counts": len(session.counts),
        "approver_name": session.approver_name,
        "flags": [flag["code"] for flag in session.flags],
        "shared_with": list(closed.shared_with),
        "foreign": _foreign(closed, session),
    }


def _foreign(closed: Closed, session: CashSession) -> list[dict[str, Any]]:
    """What moved of each other currency and what it was worth, and what was counted of it (None before that)."""
    held = held_foreign(closed.moved)
    counts = {each["currency"]: each for each in session.foreign_cash}
    for each in count_foreign(held=held, counted=(), rates={}, currency=current_tenant().currency):
        counts.setdefault(each["currency"], each)
    for name in held.keys() - counts.keys():  # moved, and nothing is left of it
        counts[name] = empty_count(name)
    return [_of_currency(counts[name], closed.moved) for name in sorted(counts)]


def _of_currency(kept: Mapping[str, Any], moved: tuple[MovedOfKind, ...]) -> dict[str, Any]:
    name = kept["currency"]
    counted = kept["counted_minor"]

    def money(minor: int | None) -> dict[str, Any]:
        return {"amount_minor": minor, "currency": name}

    return {
        "currency": name,
        "movements": [
            {
                "kind": each.kind,
                "count": each.count,
                "amount": money(each.foreign_minor),
                "worth_minor": each.worth_minor,
            }
            for each in moved
            if each.foreign == name
        ],
        "expected": money(kept["expected_minor"]),
        "expected_worth_minor": kept["expected_worth_minor"],
        "counted": money(counted),
        "variance": money(None if counted is None else counted - kept["expected_minor"]),
        "variance_worth_minor": kept["variance_worth_minor"],
        # With several rates it would say how much there is of each, before it is counted.
        "rate": None if counted is None else kept["rate"],
        "denominations": kept["denominations"],
    }


def _place(register: Register) -> dict[str, Any]:
    location = register.location
    return {
        "code": location.code,
        "name": location.name,
        "address": list(location.tax_address or location.address),
        "tax_number": location.tax_number,
    }


def _session(session: CashSession) -> dict[str, Any]:
    return {
        "number": session.number,
        "opened_at": rfc3339(session.opened_at),
        "responsible_name": session.responsible_name,
    }


def _tickets(tickets: list[figures.Ticket]) -> dict[str, Any]:
    """Open tickets carry over; they are named here so that nobody looks for them."""
    return {
        "count": len(tickets),
        "total_minor": sum(ticket.total_minor for ticket in tickets),
        "paid_minor": sum(ticket.paid_minor for ticket in tickets),
        "due_minor": sum(ticket.due_minor for ticket in tickets),
        "tickets": [
            {
                "number": ticket.number,
                "name": ticket.name,
                "fulfilment": ticket.fulfilment,
                "total_minor": ticket.total_minor,
                "due_minor": ticket.due_minor,
                "opened_at": rfc3339(ticket.opened_at),
            }
            for ticket in tickets[:TICKETS_NAMED]
        ],
    }


def _late(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """What was recorded meanwhile but belongs to earlier closings."""
    return {
        "count": len(entries),
        "total_minor": sum(entry["total_minor"] for entry in entries),
        "numbers": [entry["number"] for entry in entries],
    }
