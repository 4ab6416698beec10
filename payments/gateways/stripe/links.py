"""A link for one check, drawn as a QR code: a hosted page that ends at a time, and can be ended before.

The page has an id of its own (`cs_…`); the payment behind it exists once the guest pays, and then the attempt goes
by its id (`pi_…`), as everything that comes later does: refunds, disputes, payouts.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from stripe import StripeClient

from payments.gateways import states
from payments.gateways.base import Attempt, Next, PaymentRequest
from payments.gateways.origins import origin
from payments.gateways.stripe import intents
from payments.gateways.stripe.answers import WAITING, UnknownWord, instant, read_intent
from payments.gateways.stripe.client import plain
from payments.gateways.stripe.errors import reading, writing

PREFIX: Final = "cs_"
THANKS: Final = "/pay/thanks"
_GRACE: Final = dt.timedelta(minutes=30)
"""The vendor wants half an hour at least. The page is ended at the attempt's own time; this is the net below."""
_EXPAND: Final = ["payment_intent.latest_charge"]


def is_session(attempt: Attempt) -> bool:
    """Whether it still goes by the id of its page."""
    return attempt.vendor_id.startswith(PREFIX)


def create(client: StripeClient, request: PaymentRequest) -> Attempt:
    """The page of this request; the same key, the same page."""
    params = session_params(request)
    with writing():
        session = client.v1.checkout.sessions.create(params, intents.options(request.key))
        return read_session(intents.started(request), plain(session))


def session_params(request: PaymentRequest) -> Any:
    """What the page asks for: one line, the whole amount. Depends on the request alone."""
    held = intents.metadata(request)
    line = {
        "price_data": {
            "currency": request.amount.currency.lower(),
            "unit_amount": intents.payable(request.amount),
            "product_data": {"name": request.reference},
        },
        "quantity": 1,
    }
    params: dict[str, Any] = {
        "mode": "payment",
        "line_items": [line],
        "client_reference_id": str(request.attempt_id),
        "metadata": held,
        "payment_intent_data": {
            **intents.common_params(request),
            "description": request.reference,
            "metadata": held,
        },
        "success_url": return_url(request),
    }
    if request.expires_at is not None:
        params["expires_at"] = int((request.expires_at + _GRACE).timestamp())
    return params


def return_url(request: PaymentRequest) -> str:
    """Where the guest goes afterwards: where the caller says, or a page of thanks on the merchant's host."""
    return request.return_url or f"{origin(request.connection)}{THANKS}"


def read(client: StripeClient, attempt: Attempt) -> Attempt:
    """The attempt as its page says now, and the payment behind it."""
    with reading():
        params: Any = {"expand": _EXPAND}
        return read_session(attempt, plain(client.v1.checkout.sessions.retrieve(attempt.vendor_id, params)))


def find(client: StripeClient, attempt: Attempt) -> Attempt | None:
    """The attempt whose page was made without our hearing of it, or None when there is none."""
    with reading():
        for session in intents.listed(client.v1.checkout.sessions, attempt):
            if intents.of_attempt(session, attempt.id):
                params: Any = {"expand": _EXPAND}
                found = client.v1.checkout.sessions.retrieve(session.id, params)
                return read_session(attempt, plain(found))
        return None


def expire(client: StripeClient, attempt: Attempt, *, key: str) -> Attempt:
    """End the page. Raises `Behind` when somebody has paid there, or it has ended already."""
    params: Any = {"expand": _EXPAND}
    with writing():
        session = client.v1.checkout.sessions.expire(attempt.vendor_id, params, intents.options(key))
        ended = read_session(attempt, plain(session))
    return dataclasses.replace(ended, state=states.CANCELLED) if ended.state == states.EXPIRED else ended


def read_session(attempt: Attempt, session: Mapping[str, Any]) -> Attempt:
    """The attempt as its page says, or as the payment behind it does once there is one. Pure.

    Raises `UnknownWord` for a status we do not know.
    """
    intent = session.get("payment_intent")
    if isinstance(intent, Mapping) and intent.get("status") not in WAITING:
        return read_intent(_of(attempt, session), intent)
    status = session.get("status")
    known = _of(attempt, session)
    if status == "open":
        shown = Next(kind="show_qr", url=str(session.get("url") or ""), until=_until(attempt, session))
        state = states.PREPARED if attempt.state == states.PREPARED else states.PRESENTED
        return dataclasses.replace(known, state=state, next=shown)
    if status == "expired":
        return dataclasses.replace(known, state=states.EXPIRED, next=Next())
    if status == "complete":
        # Paid, says the page; the payment is not there yet or waits for the bank.
        return dataclasses.replace(known, state=states.PRESENTED, next=Next(kind="wait"))
    raise UnknownWord(str(status))


def _of(attempt: Attempt, session: Mapping[str, Any]) -> Attempt:
    details = {**attempt.details, "session": str(session["id"])}
    return dataclasses.replace(attempt, vendor_id=str(session["id"]), details=details)


def _until(attempt: Attempt, session: Mapping[str, Any]) -> dt.datetime | None:
    return attempt.expires_at or instant(session.get("expires_at"))
