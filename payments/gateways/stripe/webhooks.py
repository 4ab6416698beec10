"""Bells: is it Stripe's signature, of now; and what does it say to look at.

A header may hold two signatures while a secret is replaced, and we may hold two secrets: any pair may match. The
library refuses only what is too old, so what comes from the future is refused here.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from stripe import SignatureVerificationError, StripeClient, WebhookSignature

from payments.gateways.base import BadSignature, Fact, Inbound, VerifiedEvent
from payments.gateways.stripe.answers import identifier
from payments.gateways.stripe.client import webhook_secrets

TOLERANCE: Final = dt.timedelta(seconds=300)
SUBSCRIBED: Final = (
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "payment_intent.amount_capturable_updated",
    "payment_intent.processing",
    "checkout.session.completed",
    "checkout.session.expired",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "charge.captured",
    "charge.expired",
    "charge.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "terminal.reader.action_succeeded",
    "terminal.reader.action_failed",
    "terminal.reader.action_updated",
    "payout.created",
    "payout.updated",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
    "payout.reconciliation_completed",
    "account.updated",
    "account.application.deauthorized",
    "capability.updated",
)
"""What an endpoint is told of; `interpret` knows each."""
_THIN: Final = "v2.core.event"
_ACCOUNT: Final = "v2.core.account"
_NO_KEY: Final = "none"  # reading an event asks nobody
_TIMESTAMP: Final = re.compile(r"(?:^|,)t=(\d{1,12})(?:,|$)")


def verify(inbound: Inbound) -> VerifiedEvent:
    """The event, if one of our secrets signed these bytes at about `received_at`. Raises `BadSignature`."""
    header = inbound.headers.get("stripe-signature", "")
    at = _TIMESTAMP.search(header)
    if at is None:
        raise BadSignature("There is no signature.")
    if abs(inbound.received_at.timestamp() - int(at[1])) > TOLERANCE.total_seconds():
        raise BadSignature("It was signed too long ago, or in the future.")
    if not any(_matches(inbound.body, header, secret) for secret in webhook_secrets(inbound.connection)):
        raise BadSignature("The signature is not Stripe's.")
    try:
        payload = json.loads(inbound.body)
        return _thin_event(inbound.body, payload) if payload["object"] == _THIN else _event(payload)
    except (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError):
        raise BadSignature("What was signed is no event.") from None


def _matches(body: bytes, header: str, secret: str) -> bool:
    try:
        return bool(WebhookSignature.verify_header(body, header, secret))
    except (SignatureVerificationError, UnicodeDecodeError):
        return False


def _event(payload: Mapping[str, Any]) -> VerifiedEvent:
    """A snapshot (v1), whose account stands on its envelope."""
    return VerifiedEvent(
        id=str(payload["id"]),
        kind=str(payload["type"]),
        account=str(payload.get("account") or ""),
        at=dt.datetime.fromtimestamp(int(payload["created"]), dt.UTC),
        payload=payload,
    )


def _thin_event(body: bytes, payload: Mapping[str, Any]) -> VerifiedEvent:
    """A thin one (v2): it names what changed, and says nothing of it. An account's own news are that account's."""
    told = StripeClient(_NO_KEY).parse_event_notification_without_verification(body)
    context = "" if told.context is None else str(told.context).rpartition("/")[2]
    about = getattr(told, "related_object", None)
    its_own = about.id if about is not None and about.type == _ACCOUNT else ""
    return VerifiedEvent(
        id=told.id,
        kind=told.type,
        account=context or str(its_own),
        at=dt.datetime.fromisoformat(told.created),
        payload=payload,
    )


def interpret(event: VerifiedEvent) -> Sequence[Fact]:
    """What to look at. Kinds we do not know say nothing. Pure."""
    if event.payload.get("object") == _THIN:
        return _thin(event)
    data = event.payload.get("data")
    item = data.get("object") if isinstance(data, Mapping) else None
    if not isinstance(item, Mapping):
        return ()
    for prefix, facts in _KINDS:
        if event.kind.startswith(prefix):
            return tuple(fact for fact in facts(event, item) if fact.vendor_id or fact.attempt_id)
    return ()


def _thin(event: VerifiedEvent) -> Sequence[Fact]:
    is_account = event.kind.startswith(_ACCOUNT) and event.account
    return (Fact(about="connection", vendor_id=event.account),) if is_account else ()


def _attempt(_event: VerifiedEvent, item: Mapping[str, Any]) -> list[Fact]:
    return [_marked("attempt", str(item.get("id") or ""), item)]


def _charge(_event: VerifiedEvent, item: Mapping[str, Any]) -> list[Fact]:
    intent = identifier(item.get("payment_intent"))
    return [_marked("attempt", intent, item)] if intent else []


def _refund(_event: VerifiedEvent, item: Mapping[str, Any]) -> list[Fact]:
    return [_marked("refund", str(item.get("id") or ""), item)]


def _marked(about: str, vendor_id: str, item: Mapping[str, Any]) -> Fact:
    """All that we make carries our key; what carries none, somebody else made in the same account."""
    ours = attempt_id(item)
    refund = _given_back(item, "refund") if about == "refund" else None
    return Fact(about=about, vendor_id=vendor_id, attempt_id=ours, refund_id=refund, is_ours=ours is not None)


def _reader(_event: VerifiedEvent, item: Mapping[str, Any]) -> list[Fact]:
    """The reader, and what it was working for. A refund has no id before the card was shown, but it has ours."""
    action = item.get("action")
    action = action if isinstance(action, Mapping) else {}
    paid = action.get("process_payment_intent") or {}
    back = action.get("refund_payment") or {}
    return [
        Fact(about="reader", vendor_id=str(item.get("id") or "")),
        Fact(about="attempt", vendor_id=identifier(paid.get("payment_intent")), is_ours=False),
        _marked("refund", identifier(back.get("refund")), back),
    ]


def _connection(event: VerifiedEvent, item: Mapping[str, Any]) -> list[Fact]:
    """Whose account it is, is said by the envelope and nothing else."""
    own = str(item.get("id") or "") if item.get("object") == "account" else identifier(item.get("account"))
    return [Fact(about="connection", vendor_id=event.account or own)]


def _named(about: str) -> Any:
    def facts(_event: VerifiedEvent, item: Mapping[str, Any]) -> list[Fact]:
        return [Fact(about=about, vendor_id=str(item.get("id") or ""))]

    return facts


def attempt_id(item: Mapping[str, Any]) -> UUID | None:
    """Our id, as the vendor gave it back."""
    return _given_back(item, "attempt")


def _given_back(item: Mapping[str, Any], name: str) -> UUID | None:
    held = item.get("metadata")
    given = held.get(name) if isinstance(held, Mapping) else None
    try:
        return UUID(str(given)) if given else None
    except ValueError:
        return None


# The first prefix that fits speaks: disputes and refunds are charges' too by name.
_KINDS: Final = (
    ("payment_intent.", _attempt),
    ("checkout.session.", _attempt),
    ("charge.dispute.", _named("dispute")),
    ("charge.refund.", _refund),
    ("refund.", _refund),
    ("charge.", _charge),
    ("terminal.reader.action_", _reader),
    ("payout.", _named("payout")),
    ("account.", _connection),
    ("capability.", _connection),
)
