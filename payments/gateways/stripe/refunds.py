"""Money that goes back: by the network, or for Interac with the card at a reader. It may fail days later.

Before a refund is sent it is looked for among those of the payment, by our id and its key: so it goes out once,
even when it is sent again after the vendor forgot the key (a day).
"""

from collections.abc import Mapping
from typing import Any, Final

from stripe import StripeClient

from fynlo.core.money import Money
from payments.gateways.base import ReaderTrouble, RefundRequest, RefundState, Refused
from payments.gateways.stripe import intents
from payments.gateways.stripe.answers import identifier
from payments.gateways.stripe.client import plain
from payments.gateways.stripe.errors import Behind, reading, writing

INTERAC: Final = "interac_present"
_AT_READER: Final = "tmr_"
_PENDING: Final = ("pending", "requires_action")
_FAILED: Final = ("failed", "canceled")
_REASONS: Final = {
    "lost_or_stolen_card": "The card was reported lost or stolen.",
    "expired_or_canceled_card": "The card has expired or was cancelled.",
    "insufficient_funds": "There is not enough money in the account at Stripe.",
    "declined": "The bank declined it.",
    "merchant_request": "It was stopped at the merchant's wish.",
}


def refund(client: StripeClient, request: RefundRequest) -> RefundState:
    """Send it, or read what became of it. Raises `Refused`, `ReaderTrouble`, `TryAgain`, `OutcomeUnknown`."""
    if request.vendor_id and not request.vendor_id.startswith(_AT_READER):
        with reading():
            return state_of(plain(client.v1.refunds.retrieve(request.vendor_id)))
    found = _sent_before(client, request)
    if found is not None:
        return found
    if request.vendor_id:
        told = _at_reader(client, request)
        # It may have gone through between the two questions; called failed, it would be sent twice.
        return (_sent_before(client, request) or told) if told.state == "failed" else told
    if request.attempt.details.get("method") == INTERAC:
        return _start_at_reader(client, request)
    try:
        with writing():
            made = client.v1.refunds.create(refund_params(request), intents.options(request.key))
            return state_of(plain(made))
    except Behind as behind:
        raise Refused("This payment cannot be given back at Stripe.", code=behind.code) from None


def refund_params(request: RefundRequest) -> Any:
    """What is sent. The platform's fee goes back in proportion, where there was one. Pure."""
    return {"payment_intent": request.attempt.vendor_id, **_common(request)}


def _common(request: RefundRequest) -> dict[str, Any]:
    amount = Money(request.amount_minor, request.attempt.currency)
    had_fee = bool(request.attempt.details.get("application_fee"))
    return {
        "amount": intents.payable(amount),
        "metadata": {
            "tenant": request.attempt.connection.tenant,
            "attempt": str(request.attempt.id),
            "refund": str(request.id),
            "key": request.key,
        },
        **({"refund_application_fee": True} if had_fee and request.application_fee else {}),
    }


def _sent_before(client: StripeClient, request: RefundRequest) -> RefundState | None:
    params: Any = {"payment_intent": request.attempt.vendor_id, "limit": 100}
    with reading():
        for item in client.v1.refunds.list(params).auto_paging_iter():
            values = plain(item)
            held = values.get("metadata") or {}
            if held.get("refund") == str(request.id) and held.get("key") == request.key:
                return state_of(values)
        return None


def _start_at_reader(client: StripeClient, request: RefundRequest) -> RefundState:
    if not request.reader:
        raise ReaderTrouble("This card gets money back only at a reader.", code="needs_reader")
    params: Any = {"payment_intent": request.attempt.vendor_id, **_common(request)}
    with writing():
        client.v1.terminal.readers.refund_payment(request.reader, params, intents.options(request.key))
    return RefundState(state="pending", vendor_id=request.reader, at_reader=True)


def _at_reader(client: StripeClient, request: RefundRequest) -> RefundState:
    """Nothing was given back yet: as the reader says."""
    with reading():
        action = plain(client.v1.terminal.readers.retrieve(request.vendor_id)).get("action") or {}
        about = action.get("refund_payment") or {}
        is_ours = identifier(about.get("payment_intent")) == request.attempt.vendor_id
        if action.get("type") == "refund_payment" and is_ours and action.get("status") != "failed":
            known = identifier(about.get("refund"))
            return RefundState(state="pending", vendor_id=known or request.vendor_id, at_reader=not known)
        code = str(action.get("failure_code") or "not_on_reader") if is_ours else "not_on_reader"
    text = "The card was not shown at the reader."
    return RefundState(state="failed", failure_code=code[:80], failure_text=text)


def state_of(refund: Mapping[str, Any]) -> RefundState:
    """The vendor's refund in our words; one in a state we do not know is looked at again. Pure."""
    status, vendor_id = str(refund.get("status") or ""), str(refund["id"])
    if status == "succeeded":
        return RefundState(state="succeeded", vendor_id=vendor_id)
    if status in _FAILED:
        reason = str(refund.get("failure_reason") or status)
        text = _REASONS.get(reason, "The bank did not take it.")
        return RefundState(state="failed", vendor_id=vendor_id, failure_code=reason[:80], failure_text=text)
    code = "" if status in _PENDING else f"status:{status}"[:80]
    return RefundState(state="pending", vendor_id=vendor_id, failure_code=code)
