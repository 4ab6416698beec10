"""Refunds: never more than was captured; they may fail days later, and Interac wants the card on the reader."""

import stripe

from tests.contracts.stripe.calls import PAGING, Call, handles, page, put_metadata
from tests.contracts.stripe.lives import REFUND
from tests.contracts.stripe.objects import balance
from tests.contracts.stripe.objects.units import must_have_unit
from tests.contracts.stripe.world import PLATFORM, Body, Refusal, World


def charge_of(call: Call) -> Body:
    """The charge a refund names directly or through its intent."""
    if key := call.get("charge"):
        return call.world.get("charge", key, param="charge")
    if not (key := call.get("payment_intent")):
        raise Refusal("One of the following params should be provided: payment_intent or charge.")
    intent = call.world.get("payment_intent", key, param="payment_intent")
    if intent["status"] != "succeeded":
        text = f"This PaymentIntent ({key}) does not have a successful charge to refund."
        raise Refusal(
            text, code="payment_intent_unexpected_state", param="payment_intent", payment_intent=intent
        )
    return call.world.get("charge", intent["latest_charge"])


def allowed_amount(world: World, charge: Body, wanted: int | None) -> int:
    """What may be given back now, or the refusal with Stripe's code."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    if world.hidden[charge["id"]].get("charged_back"):
        raise Refusal(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if left <= 0:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = left if wanted is None else wanted
    if amount <= 0:
        raise Refusal(
            f"Invalid positive integer: amount is {amount}", param="amount", code="parameter_invalid_integer"
        )
    if amount > left:
        raise Refusal(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    must_have_unit(amount, charge["currency"])
    return amount


def give_back(world: World, charge: Body, *, amount: int, call: Call) -> Body:
    """The refund itself, its line in the books, and our fee returned in proportion when asked."""
    pending = world.hidden.get(charge["id"], {}).get("refunds_pend", False)
    kind = charge["payment_method_details"]["type"]
    refund = world.add(
        "re",
        stripe.Refund,
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason=call.get("reason"),
        status="pending" if pending else "succeeded",
        destination_details={"type": kind} | ({kind: {}} if kind == "paypal" else {}),
    )
    put_metadata(refund, call)
    ours = _fee_back(world, charge, amount) if call.get("refund_application_fee") else 0
    fees = {"application_fee": -ours}
    line = balance.book(
        world, source=refund["id"], amount=-amount, fees=fees, kind="refund", currency=charge["currency"]
    )
    refund["balance_transaction"] = line["id"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    world.tell("refund.created", refund)
    world.tell("charge.refunded", charge)
    return refund


def _fee_back(world: World, charge: Body, amount: int) -> int:
    """Our share of the fee, rounded down; booked out of the platform's balance."""
    if not charge["application_fee"]:
        raise Refusal("This charge has no application fee to refund", param="refund_application_fee")
    platform = world.vendor.worlds[PLATFORM]
    fee = platform.get("application_fee", charge["application_fee"])
    share = min(fee["amount"] * amount // charge["amount_captured"], fee["amount"] - fee["amount_refunded"])
    fee["amount_refunded"] += share
    fee["refunded"] = fee["amount_refunded"] == fee["amount"]
    balance.book(
        platform,
        source=fee["id"],
        amount=-share,
        kind="application_fee_refund",
        category="platform_earning_refund",
        currency=charge["currency"],
    )
    return share


def fail(world: World, refund: Body, *, reason: str) -> None:
    """The bank sent it back: the money is on the account again and the charge owes it still."""
    REFUND.walk(refund, "fail")
    line = balance.book(
        world,
        source=refund["id"],
        amount=refund["amount"],
        kind="refund_failure",
        category="refund_failure",
        currency=refund["currency"],
    )
    refund.update(failure_reason=reason, failure_balance_transaction=line["id"])
    charge = world.get("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    for kind in ("refund.failed", "refund.updated", "charge.refund.updated"):
        world.tell(kind, refund)


def settle(world: World, refund: Body) -> None:
    """A pending refund arrived."""
    REFUND.walk(refund, "succeed")
    world.tell("refund.updated", refund)
    world.tell("charge.refund.updated", refund)


@handles("POST /v1/refunds", knows="amount charge payment_intent reason refund_application_fee")
def create(call: Call) -> Body:
    """Whole or in parts."""
    charge = charge_of(call)
    if charge["payment_method_details"]["type"] == "interac_present":
        raise Refusal(
            "Interac charges can only be refunded with the card present, on a reader.", param="charge"
        )
    return give_back(
        call.world, charge, amount=allowed_amount(call.world, charge, call.get("amount")), call=call
    )


@handles("GET /v1/refunds", knows=" ".join((*PAGING, "charge", "payment_intent")))
def list_refunds(call: Call) -> Body:
    """Newest first."""
    rows = call.world.all("refund")
    for name in ("charge", "payment_intent"):
        if wanted := call.get(name):
            rows = [row for row in rows if row[name] == wanted]
    return page(call, rows)


@handles("GET /v1/refunds/{}")
def retrieve(call: Call) -> Body:
    """One refund."""
    return call.world.get("refund", call.key)


@handles("POST /v1/refunds/{}")
def update(call: Call) -> Body:
    """Metadata only."""
    refund = call.world.get("refund", call.key)
    put_metadata(refund, call)
    return refund


@handles("POST /v1/refunds/{}/cancel")
def cancel(call: Call) -> Body:
    """Only while the customer still has to do something."""
    refund = call.world.get("refund", call.key)
    REFUND.walk(refund, "cancel")
    return refund
