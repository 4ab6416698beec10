"""Charges: made when a card says yes or no, captured, released; their money goes to the balance on capture."""

import stripe

from tests.contracts.stripe import responses
from tests.contracts.stripe.calls import PAGING, Call, handles, page, put_metadata, search
from tests.contracts.stripe.objects import balance
from tests.contracts.stripe.objects.cards import ADVICE, Card
from tests.contracts.stripe.world import PLATFORM, Body, World


def make_charge(world: World, intent: Body, card: Card, details: Body) -> Body:
    """The attempt on an intent: `succeeded` and not yet captured, or `failed` with the issuer's reason."""
    approved = card.declined is None
    charge = world.add(
        "ch",
        stripe.Charge,
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        application_fee_amount=intent["application_fee_amount"],
        billing_details=responses.blank(stripe.Charge.BillingDetails)
        | {"address": responses.blank(stripe.Charge.BillingDetails.Address)},
        captured=False,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        metadata=dict(intent["metadata"]),
        outcome=_outcome(card),
        paid=approved,
        payment_intent=intent["id"],
        payment_method=None if details["type"].endswith("_present") else "pm_000000fake",
        payment_method_details=details,
        refunded=False,
        status="succeeded" if approved else "failed",
    )
    del charge["refunds"]  # sent only when asked for
    intent["latest_charge"] = charge["id"]
    if not approved:
        charge["failure_code"], charge["failure_message"] = "card_declined", "Your card was declined."
    world.tell("charge.succeeded" if approved else "charge.failed", charge)
    return charge


def _outcome(card: Card) -> Body:
    approved = card.declined is None
    return responses.blank(stripe.Charge.Outcome) | {
        "advice_code": ADVICE.get(card.declined or ""),
        "network_status": "approved_by_network" if approved else "declined_by_network",
        "reason": card.declined,
        "risk_level": "normal",
        "seller_message": "Payment complete." if approved else "The bank did not return any further details.",
        "type": "authorized" if approved else "issuer_declined",
    }


def capture(world: World, charge: Body, *, amount: int) -> None:
    """Takes the money (or a part, the rest is released) and books it."""
    charge["captured"], charge["amount_captured"] = True, amount
    kind = charge["payment_method_details"]["type"]
    ours = min(charge["application_fee_amount"] or 0, amount)
    fees = {"application_fee": ours, "stripe_fee": balance.fee_for(amount, kind=kind)}
    line = balance.book(
        world, source=charge["id"], amount=amount, fees=fees, kind="charge", currency=charge["currency"]
    )
    charge["balance_transaction"] = line["id"]
    if ours and world.account != PLATFORM:
        _earn(world, charge, ours)


def _earn(world: World, charge: Body, amount: int) -> None:
    """The application fee arrives on the platform's own balance."""
    platform = world.vendor.worlds[PLATFORM]
    fee = platform.add(
        "fee",
        stripe.ApplicationFee,
        account=world.account,
        amount=amount,
        amount_refunded=0,
        application="ca_fake",
        charge=charge["id"],
        currency=charge["currency"],
        originating_transaction=charge["id"],
        refunded=False,
        refunds={"object": "list", "data": [], "has_more": False, "url": "/v1/application_fees"},
    )
    line = balance.book(
        platform,
        source=fee["id"],
        amount=amount,
        kind="application_fee",
        category="platform_earning",
        currency=charge["currency"],
    )
    fee["balance_transaction"] = line["id"]
    charge["application_fee"] = fee["id"]


@handles("GET /v1/charges", knows=" ".join((*PAGING, "payment_intent", "customer")))
def list_charges(call: Call) -> Body:
    """Newest first."""
    rows = call.world.all("charge")
    for name in ("payment_intent", "customer"):
        if wanted := call.get(name):
            rows = [row for row in rows if row[name] == wanted]
    return page(call, rows)


@handles("GET /v1/charges/search", knows="query limit")
def search_charges(call: Call) -> Body:
    """By metadata, amount or status."""
    return search(call, call.world.all("charge"))


@handles("GET /v1/charges/{}")
def retrieve_charge(call: Call) -> Body:
    """One charge; its refunds when `expand` asks for them."""
    charge = call.world.get("charge", call.key)
    if "refunds" in call.get("expand", []):
        rows = [row for row in call.world.all("refund") if row["charge"] == charge["id"]]
        url = f"/v1/charges/{charge['id']}/refunds"
        return charge | {"refunds": {"object": "list", "data": rows, "has_more": False, "url": url}}
    return charge


@handles("POST /v1/charges/{}", knows="description receipt_email")
def update_charge(call: Call) -> Body:
    """Words only."""
    charge = call.world.get("charge", call.key)
    charge.update(
        {name: call.params[name] for name in ("description", "receipt_email") if name in call.params}
    )
    put_metadata(charge, call)
    call.world.tell("charge.updated", charge)
    return charge
