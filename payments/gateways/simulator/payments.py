"""Payments as the simulated vendor keeps them: made, shown to a guest, authorised, captured, let go.

Whoever calls these holds a transaction of the vendor's (`store.own`), and locks the payment first.
"""

import datetime as dt
from typing import Any, Final

from payments.gateways import base
from payments.gateways.simulator.balance import book
from payments.gateways.simulator.bells import ring
from payments.gateways.simulator.fees import fee_minor
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.readers import free, occupy
from payments.gateways.simulator.store import Desk, add, change, found, of, vendor_id

MOST_INCREMENTS: Final = 10
_CAPTURE_HOURS: Final = 48
_OPEN: Final = ("created", "presented", "declined")


def made(*, desk: Desk, request: base.PaymentRequest) -> SimulatedObject:
    """A payment for our attempt. Another key makes another one: vendors do not know better."""
    data = {
        "state": "created",
        "attempt": str(request.attempt_id),
        "reference": request.reference,
        "amount": request.amount.minor,
        "currency": request.amount.currency,
        "channel": request.channel,
        "capture": request.capture,
        "application_fee": request.application_fee_minor,
        "tip_on_reader": request.tip_on_reader,
        "tip_eligible": request.tip_eligible_minor,
        "incremental": request.incremental,
        "expires_at": None if request.expires_at is None else request.expires_at.isoformat(),
        "tip": 0,
        "authorised": 0,
        "captured": 0,
        "increments": 0,
        "reader": "",
    }
    return add(desk=desk, kind="payment", data=data, about=str(request.attempt_id))


def looked_up(*, desk: Desk, attempt: base.Attempt) -> SimulatedObject | None:
    """The payment of an attempt, by the vendor's name or else by ours, as time has left it. Locked."""
    if attempt.vendor_id:
        row = found(desk=desk, kind="payment", name=attempt.vendor_id)
    else:
        mine = of(desk=desk, kind="payment").filter(about=str(attempt.id))
        row = mine.select_for_update().first()
    if row is not None:
        aged(desk=desk, row=row)
    return row


def aged(*, desk: Desk, row: SimulatedObject) -> None:
    """What is too old ends by itself, as at any vendor."""
    state, until = row.data["state"], row.data["expires_at"]
    if state == "authorised":
        until = row.data.get("capture_before")
    if state in {*_OPEN, "authorised"} and _past(desk, until):
        end(desk=desk, row=row, state="expired")


def _past(desk: Desk, stated: str | None) -> bool:
    return stated is not None and dt.datetime.fromisoformat(stated) <= desk.at


def present(*, desk: Desk, row: SimulatedObject, at: base.Presentation) -> SimulatedObject:
    """Put it before the guest. Raises `ReaderTrouble`, and `Refused` when it is over."""
    if row.data["state"] not in _OPEN:
        return row
    if row.data["channel"] == "present":
        if not at.reader:
            raise base.Refused("A card at a reader needs a reader.", code="reader_missing")
        if row.data["reader"] not in {"", at.reader}:
            free(desk=desk, row=row)
        occupy(desk=desk, name=at.reader, row=row)
    change(row, state="presented", reader=at.reader, return_url=at.return_url, failure=None)
    return row


def take(*, desk: Desk, row: SimulatedObject, tip_minor: int = 0, card: str = "visa") -> SimulatedObject:
    """The guest's card was good: authorised, or captured at once."""
    authorised = row.data["amount"] + tip_minor
    free(desk=desk, row=row)
    change(row, tip=tip_minor, authorised=authorised, card=_card(row, card), failure=None)
    if row.data["capture"] == "manual" and row.data["state"] not in {"cancelled", "expired"}:
        hours = desk.settings.get("capture_hours", _CAPTURE_HOURS)
        until = desk.at + dt.timedelta(hours=hours)
        change(row, state="authorised", capture_before=until.isoformat())
        ring(
            desk=desk, kind="payment.authorised", row=row, attempt=row.about, amount_minor=row.data["amount"]
        )
        return row
    return captured(desk=desk, row=row, amount_minor=authorised)


def _card(row: SimulatedObject, brand: str) -> dict[str, Any]:
    code = row.id.hex[-6:].upper()
    receipt = {
        "application": brand.upper(),
        "aid": "A0000000031010",
        "authorisation_code": code,
        "response_code": "3030",
        "tvr": "0000008000",
        "tsi": "6800",
        "verification": "none",
    }
    return {"brand": brand, "last4": "4242", "wallet": "", "receipt": receipt}


def refuse_card(*, desk: Desk, row: SimulatedObject, code: str, text: str) -> SimulatedObject:
    """The guest's card was no good, or the guest went away; it can be put before a guest again."""
    free(desk=desk, row=row)
    change(row, state="declined", failure={"code": code, "text": text})
    ring(desk=desk, kind="payment.declined", row=row, attempt=row.about, amount_minor=row.data["amount"])
    return row


def captured(*, desk: Desk, row: SimulatedObject, amount_minor: int) -> SimulatedObject:
    """Money is taken, and stands on the merchant's balance less the fee."""
    tip = min(row.data["tip"], amount_minor)
    change(row, state="captured", captured=amount_minor, tip=tip, capture_before=None)
    name = vendor_id(row)
    fee = fee_minor(settings=desk.settings, amount_minor=amount_minor) + row.data["application_fee"]
    book(
        desk=desk,
        category="charge",
        source=name,
        payment=name,
        gross_minor=amount_minor,
        fee_minor=fee,
        currency=row.data["currency"],
    )
    ring(desk=desk, kind="payment.captured", row=row, attempt=row.about, amount_minor=row.data["amount"])
    return row


def increment(*, row: SimulatedObject, to_minor: int) -> SimulatedObject:
    """Authorise more. Raises `Refused` for what cannot be, after the tenth time too."""
    data = row.data
    if data["state"] != "authorised" or not data["incremental"]:
        raise base.Refused("This payment cannot be raised.", code="increment_not_possible")
    if data["increments"] >= MOST_INCREMENTS or to_minor <= data["authorised"]:
        raise base.Refused("It was raised too often, or not at all.", code="increment_refused")
    amount = to_minor - data["tip"]
    change(row, authorised=to_minor, amount=amount, increments=data["increments"] + 1)
    return row


def capture(*, desk: Desk, row: SimulatedObject, amount_minor: int) -> SimulatedObject:
    """Take what was authorised, or less. One that is over stays as it is. Raises `Refused` for more."""
    if row.data["state"] in {"captured", "cancelled", "expired"}:
        return row
    if row.data["state"] != "authorised" or not 0 < amount_minor <= row.data["authorised"]:
        raise base.Refused("That much cannot be captured.", code="amount_too_large")
    return captured(desk=desk, row=row, amount_minor=amount_minor)


def end(*, desk: Desk, row: SimulatedObject, state: str) -> SimulatedObject:
    """Let it go: `cancelled` or `expired`. What was authorised is released."""
    free(desk=desk, row=row)
    change(row, state=state, authorised=0, tip=0, capture_before=None)
    kind = f"payment.{state}"
    ring(desk=desk, kind=kind, row=row, attempt=row.about, amount_minor=row.data["amount"])
    return row
