"""A payment of the simulated vendor in the words of the gateway contract."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from payments.gateways import base, states
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.payments import MOST_INCREMENTS
from payments.gateways.simulator.store import vendor_id

_STATES: Final = MappingProxyType(
    {
        "created": states.PREPARED,
        "presented": states.PRESENTED,
        "authorised": states.AUTHORISED,
        "captured": states.CAPTURED,
        "declined": states.DECLINED,
        "cancelled": states.CANCELLED,
        "expired": states.EXPIRED,
    }
)


class UnknownState(Exception):
    """The vendor names a state that we have never heard of."""


def asked(request: base.PaymentRequest) -> base.Attempt:
    """The attempt of a request, before anything was heard of it."""
    return base.Attempt(
        id=request.attempt_id,
        connection=request.connection,
        currency=request.amount.currency,
        amount_minor=request.amount.minor,
        channel=request.channel,
        state=states.PREPARED,
        capture=request.capture,
        expires_at=request.expires_at,
    )


def answered(*, attempt: base.Attempt, row: SimulatedObject, url: str = "") -> base.Attempt:
    """The attempt as the vendor has it. Raises `UnknownState`."""
    data = row.data
    try:
        state = _STATES[data["state"]]
    except KeyError:
        raise UnknownState(data["state"]) from None
    failure: Mapping[str, str] = data.get("failure") or {}
    is_raisable = data["incremental"] and data["increments"] < MOST_INCREMENTS
    return replace(
        attempt,
        state=state,
        vendor_id=vendor_id(row),
        reader=data["reader"],
        amount_minor=data["amount"],
        tip_minor=data["tip"],
        authorised_minor=data["authorised"],
        captured_minor=data["captured"],
        next=_next(row, url) if state == states.PRESENTED else base.Next(),
        card=base.Card(**data["card"]) if data.get("card") else base.Card(),
        capture_before=_time(data.get("capture_before")),
        can_increment=bool(is_raisable and state == states.AUTHORISED),
        failure_kind="declined" if failure else "",
        failure_code=failure.get("code", ""),
        failure_text=failure.get("text", ""),
    )


def _next(row: SimulatedObject, url: str) -> base.Next:
    data: Mapping[str, Any] = row.data
    if data["channel"] == "present":
        return base.Next(kind="use_reader", reader=data["reader"])
    kind: Any = "show_qr" if data["channel"] == "qr" else "redirect"
    return base.Next(kind=kind, url=url, until=_time(data["expires_at"]))


def _time(stated: str | None) -> dt.datetime | None:
    return None if stated is None else dt.datetime.fromisoformat(stated)
