"""Raising a hold: only where the card allows it, at most ten times, and a no leaves the old amount."""

from tests.contracts.stripe.calls import Call, handles, put_metadata
from tests.contracts.stripe.lives import INTENT
from tests.contracts.stripe.objects.units import must_be_chargeable
from tests.contracts.stripe.world import Body, Refusal

ATTEMPTS = 10


def may_grow(card: Body) -> bool:
    """At a reader and online the card says so in different words."""
    online: Body = card.get("incremental_authorization") or {}
    return bool(card.get("incremental_authorization_supported")) or online.get("status") == "available"


@handles(
    "POST /v1/payment_intents/{}/increment_authorization", knows="amount application_fee_amount description"
)
def increment(call: Call) -> Body:
    """`amount` is the new whole, not the difference."""
    intent = call.world.get("payment_intent", call.key)
    INTENT.must_allow(intent, "increment")
    amount, hidden = call.params["amount"], call.world.hidden[intent["id"]]
    charge = call.world.get("charge", intent["latest_charge"])
    details = charge["payment_method_details"]
    card = details[details["type"]]
    if not may_grow(card):
        raise Refusal("This PaymentIntent cannot be incremented", code="payment_intent_invalid_parameter")
    if amount <= intent["amount"]:
        text = f"amount is {amount} and must be greater than the authorised {intent['amount']}"
        raise Refusal(text, param="amount", code="amount_too_small")
    must_be_chargeable(amount, intent["currency"])
    if hidden.get("increments", 0) >= ATTEMPTS:
        raise Refusal("You have exceeded the maximum number of increments")
    hidden["increments"] = hidden.get("increments", 0) + 1
    if hidden.pop("next_increment_declined", False):
        text = "Your card was declined."
        raise Refusal(
            text,
            status=402,
            kind="card_error",
            code="card_declined",
            decline_code="insufficient_funds",
            charge=charge["id"],
            payment_intent=intent,
        )
    intent.update(amount=amount, amount_capturable=amount)
    charge["amount"] = card["amount_authorized"] = amount
    if "application_fee_amount" in call.params:
        intent["application_fee_amount"] = charge["application_fee_amount"] = call.params[
            "application_fee_amount"
        ]
    put_metadata(intent, call)
    call.world.tell("payment_intent.amount_capturable_updated", intent)
    return intent
