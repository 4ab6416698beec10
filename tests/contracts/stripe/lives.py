"""One transition table per object of the fake, and the one function that walks them."""

from dataclasses import dataclass
from typing import Any

from tests.contracts.stripe.world import Refusal


@dataclass(frozen=True)
class Life:
    """`table` maps (status, verb) to the next status; anything else is refused, with Stripe's code if any."""

    noun: str
    code: str | None
    table: dict[tuple[str, str], str]

    def walk(self, body: dict[str, Any], verb: str) -> None:
        """Moves the object on, or refuses: the state does not allow the verb."""
        self.must_allow(body, verb)
        body["status"] = self.table[body["status"], verb]

    def must_allow(self, body: dict[str, Any], verb: str) -> None:
        """Refuses without moving."""
        if (body["status"], verb) not in self.table:
            allowed = ", ".join(dict.fromkeys(status for status, name in self.table if name == verb))
            text = f"You cannot {verb} this {self.noun} because it has a status of {body['status']}."
            extra: dict[str, Any] = {"payment_intent": body} if body["object"] == "payment_intent" else {}
            raise Refusal(f"{text} Only a {self.noun} with one of: {allowed}.", code=self.code, **extra)


INTENT = Life(
    "PaymentIntent",
    "payment_intent_unexpected_state",
    {
        ("requires_payment_method", "update"): "requires_payment_method",
        ("requires_payment_method", "confirm"): "requires_payment_method",
        ("requires_payment_method", "process"): "requires_payment_method",
        ("requires_payment_method", "authorise"): "requires_capture",
        ("requires_payment_method", "pay"): "succeeded",
        ("requires_payment_method", "wait"): "processing",
        ("requires_payment_method", "challenge"): "requires_action",
        ("requires_payment_method", "decline"): "requires_payment_method",
        ("requires_payment_method", "cancel"): "canceled",
        ("requires_action", "update"): "requires_action",
        ("requires_action", "authorise"): "requires_capture",
        ("requires_action", "pay"): "succeeded",
        ("requires_action", "decline"): "requires_payment_method",
        ("requires_action", "cancel"): "canceled",
        ("processing", "update"): "processing",
        ("processing", "pay"): "succeeded",
        ("processing", "decline"): "requires_payment_method",
        ("requires_capture", "update"): "requires_capture",
        ("requires_capture", "increment"): "requires_capture",
        ("requires_capture", "capture"): "succeeded",
        ("requires_capture", "cancel"): "canceled",
        ("succeeded", "update"): "succeeded",
        ("canceled", "update"): "canceled",
    },
)

REFUND = Life(
    "refund",
    None,
    {
        ("pending", "succeed"): "succeeded",
        ("pending", "fail"): "failed",
        ("succeeded", "fail"): "failed",
        ("requires_action", "cancel"): "canceled",
        ("requires_action", "succeed"): "succeeded",
    },
)

SESSION = Life(
    "Checkout Session",
    None,
    {("open", "complete"): "complete", ("open", "expire"): "expired"},
)

DISPUTE = Life(
    "dispute",
    None,
    {
        ("warning_needs_response", "update"): "warning_needs_response",
        ("warning_needs_response", "submit"): "warning_under_review",
        ("warning_needs_response", "prevent"): "prevented",
        ("warning_under_review", "expire"): "warning_closed",
        ("needs_response", "update"): "needs_response",
        ("needs_response", "submit"): "under_review",
        ("needs_response", "close"): "lost",
        ("needs_response", "win"): "won",
        ("needs_response", "lose"): "lost",
        ("under_review", "win"): "won",
        ("under_review", "lose"): "lost",
    },
)

PAYOUT = Life(
    "payout",
    None,
    {
        ("pending", "send"): "in_transit",
        ("pending", "cancel"): "canceled",
        ("in_transit", "arrive"): "paid",
        ("in_transit", "fail"): "failed",
        ("paid", "fail"): "failed",
    },
)

ACTION = Life(
    "reader action",
    None,
    {("in_progress", "succeed"): "succeeded", ("in_progress", "fail"): "failed"},
)
