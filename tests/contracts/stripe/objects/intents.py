"""Payment intents: created, confirmed, authorised, captured in whole or part, raised, cancelled, found again."""

import re

import stripe

from tests.contracts.stripe import responses
from tests.contracts.stripe.calls import PAGING, Call, handles, page, put_metadata, search
from tests.contracts.stripe.lives import INTENT
from tests.contracts.stripe.objects import cards, charges
from tests.contracts.stripe.objects.cards import ADVICE, Card
from tests.contracts.stripe.objects.units import must_be_chargeable, must_have_unit
from tests.contracts.stripe.world import PLATFORM, Body, Refusal, World

HOLD_PRESENT, HOLD_ONLINE = 2 * 86_400, 7 * 86_400  # seconds a hold lasts
OPTIONS = (
    "payment_method_options.card_present payment_method_options.card payment_method_options.interac_present"
)
WORDS = "description receipt_email statement_descriptor statement_descriptor_suffix"


@handles(
    "POST /v1/payment_intents",
    knows="amount currency allowed_payment_method_types automatic_payment_methods capture_method customer confirm "
    f"payment_method application_fee_amount return_url {WORDS} {OPTIONS}",
)
def create(call: Call) -> Body:
    """A new intent; with `confirm` and one of Stripe's test methods it is paid at once."""
    _must_be_sane(call)
    types = call.get("allowed_payment_method_types")
    automatic = call.get("automatic_payment_methods", {"enabled": True} if types is None else None)
    intent = call.world.add(
        "pi",
        stripe.PaymentIntent,
        allowed_payment_method_types=types,
        amount=call.params["amount"],
        amount_capturable=0,
        amount_details={"tip": {}},
        amount_received=0,
        application="ca_fake" if call.world.account != PLATFORM else None,
        automatic_payment_methods=automatic,
        capture_method=call.get("capture_method", "automatic_async"),
        confirmation_method="automatic",
        currency=call.params["currency"],
        payment_method_options=_options(call),
        payment_method_types=types or ["card", "link"],
        status="requires_payment_method",
        **{name: call.get(name) for name in ("application_fee_amount", "customer", *WORDS.split())},
    )
    intent["client_secret"] = f"{intent['id']}_secret_fake"
    put_metadata(intent, call)
    call.world.tell("payment_intent.created", intent)
    if call.get("confirm"):
        _confirm(call, intent)
    return intent


def _must_be_sane(call: Call) -> None:
    amount, currency = call.params["amount"], call.params["currency"]
    if not re.fullmatch(r"[a-z]{3}", currency):
        raise Refusal(f"Invalid currency: {currency}", param="currency")
    must_be_chargeable(amount, currency)
    if call.get("allowed_payment_method_types") and call.get("automatic_payment_methods"):
        raise Refusal("allowed_payment_method_types and automatic_payment_methods exclude each other")
    types = call.get("allowed_payment_method_types", [])
    if "interac_present" in types and (call.world.country, currency) != ("CA", "cad"):
        raise Refusal(
            "interac_present is for Canadian dollars in Canada", param="allowed_payment_method_types"
        )
    _fee_must_fit(call, amount)


def _fee_must_fit(call: Call, amount: int) -> None:
    fee = call.get("application_fee_amount")
    if fee is not None and call.world.account == PLATFORM:
        raise Refusal(
            "Can only apply an application_fee_amount on a connected account", param="application_fee_amount"
        )
    if fee is not None and not 0 <= fee <= amount:
        raise Refusal("The application fee cannot exceed the amount", param="application_fee_amount")
    if fee is not None:
        must_have_unit(fee, call.get("currency", "eur"), param="application_fee_amount")


def _options(call: Call) -> Body:
    """As sent; the card block gains what Stripe always states."""
    given = dict(call.get("payment_method_options", {}))
    if "card" in given:
        given["card"] = responses.blank(stripe.PaymentIntent.PaymentMethodOptions.Card) | given["card"]
    return given


def is_manual(intent: Body) -> bool:
    """Whether a yes only holds the money; the reader's own option wins."""
    present = (intent["payment_method_options"] or {}).get("card_present", {})
    return intent["capture_method"] == "manual" or present.get("capture_method", "").startswith("manual")


def approve(world: World, intent: Body, card: Card, details: Body) -> Body:
    """The issuer said yes: held or captured."""
    held = is_manual(intent) and not card.interac  # Interac knows no separate capture
    INTENT.walk(intent, "authorise" if held else "pay")
    intent["last_payment_error"] = intent["next_action"] = None
    charge = charges.make_charge(world, intent, card, details)
    if intent["status"] == "requires_capture":
        intent["amount_capturable"] = intent["amount"]
        world.hidden[intent["id"]]["capture_before"] = details[details["type"]].get("capture_before")
        world.tell("payment_intent.amount_capturable_updated", intent)
    else:
        _take(world, intent, charge, amount=intent["amount"])
    return charge


def decline(world: World, intent: Body, card: Card, details: Body) -> Body:
    """The issuer said no: back to the start, with the reason on the intent. Returns Stripe's error object."""
    INTENT.walk(intent, "decline")
    charge = charges.make_charge(world, intent, card, details)
    error = responses.blank(stripe.PaymentIntent.LastPaymentError) | {
        "charge": charge["id"],
        "code": "card_declined",
        "decline_code": card.declined,
        "advice_code": ADVICE.get(card.declined or ""),
        "message": "Your card was declined.",
        "payment_method_type": details["type"],
        "type": "card_error",
    }
    intent["last_payment_error"] = error
    world.tell("payment_intent.payment_failed", intent)
    return error


def _take(world: World, intent: Body, charge: Body, *, amount: int) -> None:
    charges.capture(world, charge, amount=amount)
    intent["amount_received"], intent["amount_capturable"] = amount, 0
    world.tell("payment_intent.succeeded", intent)


def pay_online(world: World, intent: Body, card: Card, *, wallet: str | None) -> None:
    """The customer confirmed in hosted fields, or with a test method."""
    before = world.now() + HOLD_ONLINE if is_manual(intent) else None
    asked = (intent["payment_method_options"] or {}).get("card", {})
    grows = asked.get("request_incremental_authorization") == "if_available" and card.increments
    details = cards.online_details(card, wallet=wallet, amount=intent["amount"], before=before, grows=grows)
    (approve if card.declined is None else decline)(world, intent, card, details)


def _confirm(call: Call, intent: Body) -> Body:
    INTENT.must_allow(intent, "confirm")
    method = call.get("payment_method")
    if method not in cards.TEST_METHODS:
        raise Refusal(f"No such PaymentMethod: '{method}'", code="resource_missing", param="payment_method")
    pay_online(call.world, intent, cards.CARDS[cards.TEST_METHODS[method]], wallet=None)
    if error := intent["last_payment_error"]:
        named = {name: error[name] for name in ("decline_code", "charge", "advice_code")}
        raise Refusal(
            error["message"],
            status=402,
            kind="card_error",
            code="card_declined",
            payment_intent=intent,
            **named,
        )
    return intent


@handles("POST /v1/payment_intents/{}/confirm", knows="payment_method return_url")
def confirm(call: Call) -> Body:
    """With one of Stripe's test methods; 402 when the issuer says no."""
    return _confirm(call, call.world.get("payment_intent", call.key))


@handles("GET /v1/payment_intents/{}")
def retrieve(call: Call) -> Body:
    """The vendor's truth."""
    return call.world.get("payment_intent", call.key)


@handles("POST /v1/payment_intents/{}", knows=f"amount application_fee_amount {WORDS} {OPTIONS}")
def update(call: Call) -> Body:
    """Words at any time; money only before a card was held to it."""
    intent = call.world.get("payment_intent", call.key)
    INTENT.must_allow(intent, "update")
    money = {name: call.params[name] for name in ("amount", "application_fee_amount") if name in call.params}
    if money and intent["status"] != "requires_payment_method":
        text = f"The amount cannot be updated in status {intent['status']}"
        raise Refusal(text, code="payment_intent_unexpected_state", payment_intent=intent)
    if "amount" in money:
        must_be_chargeable(money["amount"], intent["currency"])
    _fee_must_fit(call, int(money.get("amount") or intent["amount"]))
    intent.update(money | {name: call.params[name] for name in WORDS.split() if name in call.params})
    if "payment_method_options" in call.params:
        intent["payment_method_options"] = {**intent["payment_method_options"], **_options(call)}
    put_metadata(intent, call)
    return intent


@handles(
    "POST /v1/payment_intents/{}/capture",
    knows="amount_to_capture application_fee_amount statement_descriptor",
)
def capture(call: Call) -> Body:
    """The whole hold or less; the rest is released."""
    intent = call.world.get("payment_intent", call.key)
    INTENT.must_allow(intent, "capture")
    amount: int = call.get("amount_to_capture", intent["amount_capturable"])
    if not 0 < amount <= intent["amount_capturable"]:
        text = f"amount_to_capture is {amount}, capturable are {intent['amount_capturable']}"
        raise Refusal(text, code="amount_too_large", param="amount_to_capture")
    must_have_unit(amount, intent["currency"], param="amount_to_capture")
    _fee_must_fit(call, amount)
    charge = call.world.get("charge", intent["latest_charge"])
    if "application_fee_amount" in call.params:
        intent["application_fee_amount"] = charge["application_fee_amount"] = call.params[
            "application_fee_amount"
        ]
    INTENT.walk(intent, "capture")
    put_metadata(intent, call)
    _take(call.world, intent, charge, amount=amount)
    call.world.tell("charge.captured", charge)
    return intent


@handles("POST /v1/payment_intents/{}/cancel", knows="cancellation_reason")
def cancel(call: Call) -> Body:
    """Releases a hold; refused once money moved or the intent is gone."""
    intent = call.world.get("payment_intent", call.key)
    release(call.world, intent, reason=call.get("cancellation_reason"))
    return intent


def release(world: World, intent: Body, *, reason: str | None) -> None:
    """Cancelled by us, or by time when `reason` is `automatic`."""
    held = intent["status"] == "requires_capture"
    INTENT.walk(intent, "cancel")
    intent.update(canceled_at=world.now(), cancellation_reason=reason, amount_capturable=0)
    if held:
        charge = world.get("charge", intent["latest_charge"])
        charge.update(amount_refunded=charge["amount"], refunded=True)
        world.tell("charge.expired" if reason == "automatic" else "charge.refunded", charge)
    world.tell("payment_intent.canceled", intent)


@handles("GET /v1/payment_intents", knows=" ".join((*PAGING, "customer")))
def list_intents(call: Call) -> Body:
    """Newest first; by time for those who look for what never rang."""
    rows = call.world.all("payment_intent")
    wanted = call.get("customer")
    return page(call, [row for row in rows if wanted in (None, row["customer"])])


@handles("GET /v1/payment_intents/search", knows="query limit")
def search_intents(call: Call) -> Body:
    """By metadata: `metadata['attempt']:'…'`."""
    return search(call, call.world.all("payment_intent"))
