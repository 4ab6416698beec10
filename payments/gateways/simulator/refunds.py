"""Money the simulated vendor gives back: never more than was captured, and sometimes it fails days later."""

from typing import Any

from payments.gateways import base
from payments.gateways.simulator.balance import book
from payments.gateways.simulator.bells import ring
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.store import Desk, add, change, needed, of, own, vendor_id

FAILED_CODE = "lost_or_stolen_card"
_FAILED_TEXT = "The card the money was to go back to is closed."


def given_back(
    *, desk: Desk, row: SimulatedObject, request: base.RefundRequest, fails_later: bool
) -> SimulatedObject:
    """Send money of a captured payment back. Raises `Refused` when that much is not left of it."""
    name = vendor_id(row)
    if row.data["state"] != "captured":
        raise base.Refused("Nothing was captured.", code="charge_not_captured")
    if gone(desk=desk, payment=name) + request.amount_minor > row.data["captured"]:
        raise base.Refused("More than is left of the payment.", code="charge_already_refunded")
    data = {
        "state": "pending" if fails_later else "succeeded",
        "amount": request.amount_minor,
        "currency": row.data["currency"],
        "ours": str(request.id),
        "attempt": row.about,
        "fails": fails_later,
    }
    refund = add(desk=desk, kind="refund", data=data, about=name)
    _book(desk, refund, "refund", -request.amount_minor)
    ring(desk=desk, kind="refund.created", row=refund, attempt=row.about)
    return refund


def gone(*, desk: Desk, payment: str) -> int:
    """What of a payment went back or is on its way."""
    refunds = of(desk=desk, kind="refund").filter(about=payment)
    return sum(each.data["amount"] for each in refunds if each.data["state"] != "failed")


def looked_at(*, desk: Desk, name: str) -> SimulatedObject:
    """The refund as it is by now: one that was going to fail has failed."""
    refund = needed(desk=desk, kind="refund", name=name)
    if refund.data["fails"] and refund.data["state"] == "pending":
        _fail(desk, refund)
    return refund


def fail_refund(*, desk: Desk, name: str) -> None:
    """Days later the money comes back to the merchant. One that failed before stays as it is."""
    with own():
        refund = needed(desk=desk, kind="refund", name=name)
        if refund.data["state"] != "failed":
            _fail(desk, refund)


def _fail(desk: Desk, refund: SimulatedObject) -> None:
    change(refund, state="failed", fails=False, failure={"code": FAILED_CODE, "text": _FAILED_TEXT})
    _book(desk, refund, "refund_failure", refund.data["amount"])
    ring(desk=desk, kind="refund.failed", row=refund, attempt=refund.data["attempt"])


def _book(desk: Desk, refund: SimulatedObject, category: str, gross_minor: int) -> None:
    book(
        desk=desk,
        category=category,
        source=vendor_id(refund),
        payment=refund.about,
        gross_minor=gross_minor,
        currency=refund.data["currency"],
    )


def refund_state(row: SimulatedObject) -> base.RefundState:
    """The refund in our words. Raises `OutcomeUnknown` for a state we do not know."""
    failure: dict[str, Any] = row.data.get("failure") or {}
    return base.RefundState(
        state=row.data["state"],
        vendor_id=vendor_id(row),
        failure_code=failure.get("code", ""),
        failure_text=failure.get("text", ""),
    )
