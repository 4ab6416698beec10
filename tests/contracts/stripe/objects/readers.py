"""Terminal: locations, simulated readers, and the one action a reader works on at a time."""

import stripe

from tests.contracts.stripe import responses
from tests.contracts.stripe.calls import PAGING, Call, handles, page, put_metadata
from tests.contracts.stripe.lives import INTENT
from tests.contracts.stripe.objects.refunds import allowed_amount, charge_of
from tests.contracts.stripe.objects.units import must_have_unit
from tests.contracts.stripe.world import Body, Refusal

DEVICES = {
    "simulated-wpe": "simulated_wisepos_e",
    "simulated-s700": "simulated_stripe_s700",
    "simulated-s710": "simulated_stripe_s710",
}
Action = stripe.terminal.Reader.Action
SOFTWARE = "2.42.0.0"


@handles("POST /v1/terminal/locations", knows="display_name address phone")
def create_location(call: Call) -> Body:
    """A shop's address; readers belong to one."""
    for name in ("display_name", "address"):
        if name not in call.params:
            raise Refusal(f"Missing required param: {name}.", param=name, code="parameter_missing")
    address = responses.blank(stripe.terminal.Location.Address) | call.params["address"]
    fields = {"display_name": call.params["display_name"], "address": address, "phone": call.get("phone")}
    location = call.world.add("tml", stripe.terminal.Location, **fields)
    put_metadata(location, call)
    return location


@handles("GET /v1/terminal/locations/{}")
def retrieve_location(call: Call) -> Body:
    """One location."""
    return call.world.get("terminal.location", call.key)


@handles("GET /v1/terminal/locations", knows=" ".join(PAGING))
def list_locations(call: Call) -> Body:
    """Newest first."""
    return page(call, call.world.all("terminal.location"))


@handles("POST /v1/terminal/readers", knows="registration_code label location")
def create_reader(call: Call) -> Body:
    """Registers a simulated reader by Stripe's own codes."""
    code = call.params["registration_code"]
    if code not in DEVICES:
        raise Refusal(f"No such reader with registration code: {code}", param="registration_code")
    if "location" not in call.params:
        raise Refusal("Missing required param: location.", param="location", code="parameter_missing")
    location = call.world.get("terminal.location", call.params["location"], param="location")
    reader = call.world.add(
        "tmr",
        stripe.terminal.Reader,
        device_type=DEVICES[code],
        device_sw_version=SOFTWARE,
        ip_address="127.0.0.1",
        last_seen_at=call.world.now() * 1000,
        location=location["id"],
        status="online",
    )
    reader["serial_number"] = f"simulated-{reader['id']}"
    reader["label"] = call.get("label") or reader["serial_number"]
    put_metadata(reader, call)
    return reader


@handles("GET /v1/terminal/readers/{}")
def retrieve_reader(call: Call) -> Body:
    """The reader and its latest action."""
    return call.world.get("terminal.reader", call.key)


@handles(
    "GET /v1/terminal/readers",
    knows=" ".join((*PAGING, "location", "status", "device_type", "serial_number")),
)
def list_readers(call: Call) -> Body:
    """Newest first."""
    rows = call.world.all("terminal.reader")
    for name in ("location", "status", "device_type", "serial_number"):
        if wanted := call.get(name):
            rows = [row for row in rows if row[name] == wanted]
    return page(call, rows)


@handles("POST /v1/terminal/readers/{}", knows="label")
def update_reader(call: Call) -> Body:
    """Its label and metadata."""
    reader = call.world.get("terminal.reader", call.key)
    reader["label"] = call.get("label") or reader["label"]
    put_metadata(reader, call)
    return reader


@handles("DELETE /v1/terminal/readers/{}")
def delete_reader(call: Call) -> Body:
    """Gone from the account."""
    reader = call.world.get("terminal.reader", call.key)
    del call.world.tables["terminal.reader"][reader["id"]]
    return {"id": reader["id"], "object": "terminal.reader", "deleted": True}


CONFIG = " ".join(
    f"process_config.{name}"
    for name in ("enable_customer_cancellation", "skip_tipping", "tipping.amount_eligible")
)


@handles("POST /v1/terminal/readers/{}/process_payment_intent", knows=f"payment_intent {CONFIG}")
def process_payment_intent(call: Call) -> Body:
    """Hands the intent to the reader and returns at once; the customer's card decides later."""
    reader = _free(call)
    intent = call.world.get("payment_intent", call.params["payment_intent"], param="payment_intent")
    if not {"card_present", "interac_present"} & set(intent["payment_method_types"]):
        text = "The PaymentIntent does not allow card_present, a reader cannot process it."
        raise Refusal(text, param="payment_intent", code="payment_intent_incompatible_payment_method")
    try:
        INTENT.must_allow(intent, "process")
    except Refusal as refusal:
        raise Refusal(str(refusal), code="intent_invalid_state", payment_intent=intent) from refusal
    if eligible := call.get("process_config.tipping.amount_eligible"):
        must_have_unit(eligible, intent["currency"], param="process_config[tipping][amount_eligible]")
    config = responses.blank(Action.ProcessPaymentIntent.ProcessConfig) | call.get("process_config", {})
    doing = responses.blank(Action.ProcessPaymentIntent)
    doing |= {"payment_intent": intent["id"], "process_config": config}
    return _start(reader, "process_payment_intent", doing)


@handles(
    "POST /v1/terminal/readers/{}/refund_payment",
    knows="amount charge payment_intent refund_application_fee refund_payment_config.enable_customer_cancellation",
)
def refund_payment(call: Call) -> Body:
    """Asks for the card that paid; the refund exists once it was held to the reader."""
    reader = _free(call)
    charge = charge_of(call)
    amount = allowed_amount(call.world, charge, call.get("amount"))
    doing = responses.blank(Action.RefundPayment) | {"amount": amount, "metadata": call.get("metadata", {})}
    doing |= {name: call.get(name) for name in ("charge", "payment_intent", "refund_application_fee")}
    if config := call.get("refund_payment_config"):
        doing["refund_payment_config"] = config
    call.world.hidden[reader["id"]]["refund"] = call
    return _start(reader, "refund_payment", doing)


def _free(call: Call) -> Body:
    """The reader, if it can be reached and does nothing else."""
    reader = call.world.get("terminal.reader", call.key)
    if reader["status"] == "offline":
        text = "Reader is currently offline, please ensure the reader is powered on and connected."
        raise Refusal(text, code="terminal_reader_offline")
    if reader["action"] and reader["action"]["status"] == "in_progress":
        raise Refusal("Reader is currently busy processing another request.", code="terminal_reader_busy")
    return reader


def _start(reader: Body, kind: str, doing: Body) -> Body:
    reader["action"] = responses.blank(Action) | {"type": kind, "status": "in_progress", kind: doing}
    return reader


@handles("POST /v1/terminal/readers/{}/cancel_action")
def cancel_action(call: Call) -> Body:
    """Clears what the reader shows; refused once the card is being processed."""
    reader = call.world.get("terminal.reader", call.key)
    hidden = call.world.hidden[reader["id"]]
    if reader["status"] == "offline":
        text = "Reader is currently offline, please ensure the reader is powered on and connected."
        raise Refusal(text, code="terminal_reader_offline")
    action = reader["action"]
    if action and action["status"] == "in_progress":
        if hidden.get("card_is_in"):
            raise Refusal("Reader is currently busy processing another request.", code="terminal_reader_busy")
        hidden["cancelled"], reader["action"] = action, None
    return reader
