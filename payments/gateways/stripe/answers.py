"""What the vendor's objects say, as an attempt. Pure: plain values in, the attempt with what is known now out.

The intent decides; a reader's action only says why nothing is happening. Every list of the vendor's words is open:
a word we do not know is never a state.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from payments.gateways import states
from payments.gateways.base import Attempt, Card, Next
from payments.gateways.stripe.amounts import from_vendor
from payments.gateways.stripe.errors import DECLINED_TEXT, declined

Values = Mapping[str, Any]

WAITING: Final = ("requires_payment_method", "requires_confirmation", "requires_action")
_METHODS: Final = ("card_present", "interac_present", "card")
_RECEIPT: Final = {
    "application_preferred_name": "application",
    "dedicated_file_name": "aid",
    "authorization_code": "authorisation_code",
    "authorization_response_code": "response_code",
    "account_type": "account_type",
    "cardholder_verification_method": "verification",
    "application_cryptogram": "cryptogram",
    "terminal_verification_results": "tvr",
    "transaction_status_information": "tsi",
}
"""The vendor's names of what a card receipt must show, and ours."""
_NO_FAILURE: Final[dict[str, Any]] = {"failure_kind": "", "failure_code": "", "failure_text": ""}
_ENDED_BY_TIME: Final = ("expired", "automatic")
_READER_TEXTS: Final = {
    "customer_canceled": "The guest cancelled at the reader.",
    "canceled": "It was cancelled at the reader.",
    "terminal_reader_timeout": "Nobody showed a card in time.",
    "card_read_timed_out": "Nobody showed a card in time.",
    "connection_error": "The reader lost its connection.",
}


class UnknownWord(ValueError):
    """A state of the vendor's that we have no word for: nobody can say what it means for the money."""


def read_intent(attempt: Attempt, intent: Values) -> Attempt:
    """The attempt as its PaymentIntent says. Waiting ones stay where they are: a reader or a page knows more.

    Raises `UnknownWord` for a status we do not know.
    """
    known = _known(attempt, intent)
    status = str(intent["status"])
    if status in WAITING:
        return _waiting(known, intent)
    if status == "processing":
        return dataclasses.replace(known, state=states.PRESENTED, next=Next(kind="wait"), **_NO_FAILURE)
    if status == "requires_capture":
        held = from_vendor(int(intent["amount_capturable"]), known.currency)
        return _money(known, state=states.AUTHORISED, authorised=held, captured=0)
    if status == "succeeded":
        taken = from_vendor(int(intent["amount_received"]), known.currency)
        return _money(
            known, state=states.CAPTURED, authorised=max(known.authorised_minor, taken), captured=taken
        )
    if status == "canceled":
        return _ended(known, str(intent.get("cancellation_reason") or ""))
    raise UnknownWord(status)


def _known(attempt: Attempt, intent: Values) -> Attempt:
    """What every status tells: its id, the tip and the card."""
    charge = intent.get("latest_charge")
    charge = charge if isinstance(charge, Mapping) else {}
    tip = from_vendor(tip_of(intent), attempt.currency)
    asked = from_vendor(int(intent["amount"]), attempt.currency) - tip
    method = method_of(charge)
    details = {
        **attempt.details,
        "application_fee": int(intent.get("application_fee_amount") or 0),
        **({"method": method[0]} if method[0] else {}),
        **({"charge": str(charge["id"])} if charge.get("id") else {}),
    }
    return dataclasses.replace(
        attempt,
        vendor_id=str(intent["id"]),
        amount_minor=asked,
        tip_minor=tip,
        card=card_of(*method) if method[0] else attempt.card,
        capture_before=instant(method[1].get("capture_before")) or attempt.capture_before,
        can_increment=bool(
            method[1].get("incremental_authorization_supported")
            or (method[1].get("incremental_authorization") or {}).get("status") == "available"
        ),
        details=details,
    )


def _money(attempt: Attempt, *, state: str, authorised: int, captured: int) -> Attempt:
    if captured == 0 and state == states.CAPTURED:
        raise UnknownWord("succeeded with nothing")
    return dataclasses.replace(
        attempt,
        state=state,
        authorised_minor=authorised,
        captured_minor=captured,
        next=Next(),
        can_increment=attempt.can_increment and state == states.AUTHORISED,
        **_NO_FAILURE,
    )


def _waiting(attempt: Attempt, intent: Values) -> Attempt:
    """Asked for and not paid: with the decline of the last card, if there was one."""
    error = intent.get("last_payment_error")
    if not isinstance(error, Mapping):
        return attempt
    failure = declined(error)
    return dataclasses.replace(
        attempt, failure_kind=failure.kind, failure_code=failure.code[:80], failure_text=failure.text
    )


def _ended(attempt: Attempt, reason: str) -> Attempt:
    state = states.EXPIRED if reason in _ENDED_BY_TIME else states.CANCELLED
    return dataclasses.replace(attempt, state=state, next=Next(), can_increment=False, authorised_minor=0)


def read_action(attempt: Attempt, reader: Values) -> Attempt:
    """A waiting attempt at a reader, as the reader's action says: still asking, failed, or not asking at all."""
    action = action_for(attempt.vendor_id, reader)
    if action is None:
        text = "The reader is not asking for a card any more."
        return _not_taken(attempt, kind="reader_trouble", code="not_on_reader", text=text)
    status = action.get("status")
    if status == "in_progress":
        using = Next(kind="use_reader", reader=str(reader["id"]))
        return dataclasses.replace(attempt, state=states.PRESENTED, next=using, **_NO_FAILURE)
    if status == "failed":
        return _failed(attempt, action)
    return dataclasses.replace(attempt, state=states.PRESENTED, next=Next(kind="wait"))


def _failed(attempt: Attempt, action: Values) -> Attempt:
    """Readers before software 2.42 only give `failure_code`, later ones the whole error."""
    error = action.get("api_error")
    error = error if isinstance(error, Mapping) else {}
    if error.get("type") == "card_error" or error.get("decline_code"):
        failure = declined(error)
        return _not_taken(attempt, kind=failure.kind, code=failure.code, text=failure.text)
    code = str(error.get("code") or action.get("failure_code") or "action_failed")
    if attempt.failure_kind == "declined" and code in ("action_failed", "card_declined"):
        return _not_taken(attempt, kind="declined", code=attempt.failure_code, text=attempt.failure_text)
    if code == "card_declined":
        return _not_taken(attempt, kind="declined", code=code, text=DECLINED_TEXT)
    text = _READER_TEXTS.get(code, "The reader could not take the payment.")
    return _not_taken(attempt, kind="reader_trouble", code=code, text=text)


def _not_taken(attempt: Attempt, *, kind: str, code: str, text: str) -> Attempt:
    return dataclasses.replace(
        attempt,
        state=states.DECLINED,
        next=Next(),
        failure_kind=kind,
        failure_code=code[:80],
        failure_text=text,
    )


def action_for(intent: str, reader: Values) -> Values | None:
    """The reader's action if it is about this intent."""
    action = reader.get("action")
    if not isinstance(action, Mapping) or action.get("type") != "process_payment_intent":
        return None
    about = identifier((action.get("process_payment_intent") or {}).get("payment_intent"))
    return action if about == intent else None


def method_of(charge: Values) -> tuple[str, Values]:
    """How it was paid and what is known of it: (`card_present`, …)."""
    details = charge.get("payment_method_details")
    if not isinstance(details, Mapping):
        return "", {}
    kind = str(details.get("type") or "")
    inner = details.get(kind)
    return kind, inner if isinstance(inner, Mapping) else {}


def card_of(kind: str, method: Values) -> Card:
    """What may be kept of a card, never its number; other ways to pay are a brand of their own."""
    if kind not in _METHODS:
        return Card(brand=kind)
    wallet = method.get("wallet")
    receipt = method.get("receipt")
    receipt = receipt if isinstance(receipt, Mapping) else {}
    return Card(
        brand=str(method.get("brand") or ""),
        last4=str(method.get("last4") or ""),
        wallet=str(wallet.get("type") or "") if isinstance(wallet, Mapping) else "",
        receipt={ours: str(receipt[theirs]) for theirs, ours in _RECEIPT.items() if receipt.get(theirs)},
    )


def tip_of(intent: Values) -> int:
    """What the guest added at the reader, in the vendor's unit."""
    tip = (intent.get("amount_details") or {}).get("tip") or {}
    return int(tip.get("amount") or 0)


def identifier(value: Any) -> str:
    """The id of something that may have been expanded; empty for nothing."""
    return str(value.get("id") or "") if isinstance(value, Mapping) else str(value or "")


def instant(seconds: Any) -> dt.datetime | None:
    """A moment of the vendor's, which counts seconds."""
    return None if seconds is None else dt.datetime.fromtimestamp(int(seconds), dt.UTC)
