"""Checkout sessions: a hosted page with an end; the money's intent exists once the customer pays."""

import stripe

from tests.contracts.stripe import responses
from tests.contracts.stripe.calls import PAGING, Call, handles, page, put_metadata
from tests.contracts.stripe.lives import INTENT, SESSION
from tests.contracts.stripe.objects import intents, items
from tests.contracts.stripe.objects.cards import CARDS
from tests.contracts.stripe.world import PLATFORM, Body, Refusal, World

SHORTEST, LONGEST = 30 * 60, 24 * 3600  # seconds a page may live
Session = stripe.checkout.Session
DATA = " ".join(
    f"payment_intent_data.{name}"
    for name in ("application_fee_amount", "capture_method", "description", "metadata", "receipt_email")
)


@handles(
    "POST /v1/checkout/sessions",
    knows="mode success_url cancel_url return_url ui_mode client_reference_id customer_email expires_at locale "
    f"allowed_payment_method_types submit_type {items.KNOWN} {DATA}",
)
def create(call: Call) -> Body:
    """A page to pay on, open until `expires_at` (30 minutes to 24 hours, in seconds)."""
    if call.get("mode", "payment") != "payment":
        raise Refusal("The fake only knows mode=payment", param="mode", code="fake_unknown_parameter")
    ends = call.get("expires_at", call.world.now() + LONGEST)
    if not SHORTEST <= ends - call.world.now() <= LONGEST:
        text = "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation."
        raise Refusal(text, param="expires_at")
    if call.get("ui_mode", "hosted_page") == "hosted_page" and "success_url" not in call.params:
        raise Refusal("Missing required param: success_url.", param="success_url", code="parameter_missing")
    session = opened(call.world, items.lines_of(call.world, call.get("line_items")), ends=ends)
    names = [
        "success_url",
        "cancel_url",
        "return_url",
        "client_reference_id",
        "customer_email",
        "locale",
        "submit_type",
        "ui_mode",
    ]
    session.update({name: call.params[name] for name in names if name in call.params})
    session["allowed_payment_method_types"] = call.get("allowed_payment_method_types")
    call.world.hidden[session["id"]]["data"] = call.get("payment_intent_data", {})
    put_metadata(session, call)
    return session


def opened(world: World, lines: list[Body], *, ends: int) -> Body:
    """The page itself."""
    total = sum(line["amount_total"] for line in lines)
    session = world.add(
        "cs_test",
        Session,
        amount_subtotal=total,
        amount_total=total,
        automatic_tax={"enabled": False, "liability": None, "provider": None, "status": None},
        currency=lines[0]["currency"],
        custom_fields=[],
        custom_text=responses.blank(Session.CustomText),
        expires_at=ends,
        mode="payment",
        payment_method_types=["card", "link"],
        payment_status="unpaid",
        shipping_options=[],
        status="open",
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        ui_mode="hosted_page",
    )
    del session["line_items"]  # sent only when asked for
    session["url"] = f"https://checkout.stripe.com/c/pay/{session['id']}"
    world.hidden[session["id"]] = {"lines": lines, "data": {}}
    return session


def pay(world: World, session: Body, *, card: str, wallet: str | None, later: bool) -> Body:
    """The customer pays; `later` with a bank method whose money is announced but not there. Returns the intent."""
    SESSION.must_allow(session, "complete")
    data = world.hidden[session["id"]]["data"]
    intent = world.hidden[session["id"]].get("intent") or _intent(world, session, data)
    world.hidden[session["id"]]["intent"] = intent
    if later:
        INTENT.walk(intent, "wait")
        world.tell("payment_intent.processing", intent)
    else:
        intents.pay_online(world, intent, CARDS[card], wallet=wallet)
        if intent["last_payment_error"]:
            return intent  # the page stays open, the customer may try another card
    SESSION.walk(session, "complete")
    session.update(payment_intent=intent["id"], payment_status="unpaid" if later else "paid", url=None)
    world.tell("checkout.session.completed", session)
    return intent


def _intent(world: World, session: Body, data: Body) -> Body:
    intent = world.add(
        "pi",
        stripe.PaymentIntent,
        amount=session["amount_total"],
        amount_capturable=0,
        amount_details={"tip": {}},
        amount_received=0,
        application="ca_fake" if world.account != PLATFORM else None,
        application_fee_amount=data.get("application_fee_amount"),
        capture_method=data.get("capture_method", "automatic_async"),
        confirmation_method="automatic",
        currency=session["currency"],
        description=data.get("description"),
        metadata=dict(data.get("metadata", {})),
        payment_method_options={},
        payment_method_types=["card", "link"],
        receipt_email=data.get("receipt_email"),
        status="requires_payment_method",
    )
    intent["client_secret"] = f"{intent['id']}_secret_fake"
    world.tell("payment_intent.created", intent)
    return intent


def settle(world: World, session: Body, *, arrived: bool) -> None:
    """The announced money came, or did not."""
    intent = world.get("payment_intent", session["payment_intent"])
    intents.pay_online(world, intent, CARDS["visa" if arrived else "declined"], wallet=None)
    if arrived:
        session["payment_status"] = "paid"
    ending = "succeeded" if arrived else "failed"
    world.tell(f"checkout.session.async_payment_{ending}", session)


def end(world: World, session: Body) -> None:
    """Nobody can pay on it any more."""
    SESSION.walk(session, "expire")
    session["url"] = None
    if intent := world.hidden[session["id"]].get("intent"):
        intents.release(world, intent, reason="automatic")
    world.tell("checkout.session.expired", session)


@handles("POST /v1/checkout/sessions/{}/expire")
def expire(call: Call) -> Body:
    """By us: the check was paid otherwise."""
    session = call.world.get("checkout.session", call.key)
    end(call.world, session)
    return session


@handles("GET /v1/checkout/sessions/{}")
def retrieve(call: Call) -> Body:
    """One page; its items when `expand` asks for them."""
    session = call.world.get("checkout.session", call.key)
    if "line_items" in call.get("expand", []):
        lines = call.world.hidden[session["id"]]["lines"]
        return session | {
            "line_items": items.listed(lines, url=f"/v1/checkout/sessions/{session['id']}/line_items")
        }
    return session


@handles("GET /v1/checkout/sessions/{}/line_items", knows="limit")
def list_items(call: Call) -> Body:
    """What is paid for."""
    session = call.world.get("checkout.session", call.key)
    return items.listed(call.world.hidden[session["id"]]["lines"], url=call.route.path)


@handles("GET /v1/checkout/sessions", knows=" ".join((*PAGING, "payment_intent", "payment_link", "status")))
def list_sessions(call: Call) -> Body:
    """Newest first."""
    rows = call.world.all("checkout.session")
    for name in ("payment_intent", "payment_link", "status"):
        if wanted := call.get(name):
            rows = [row for row in rows if row[name] == wanted]
    return page(call, rows)
