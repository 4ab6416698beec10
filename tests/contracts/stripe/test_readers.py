"""The fake's readers: one action at a time, cards that come late, tips, Interac."""

import pytest
from stripe import InvalidRequestError

from tests.contracts.stripe import faults
from tests.contracts.stripe.selling import Shop, open_shop
from tests.contracts.stripe.server import StripeServer


def code_of(shop: Shop, verb: str, **params: object) -> str | None:
    with pytest.raises(InvalidRequestError) as caught:
        getattr(shop.client.v1.terminal.readers, verb)(shop.reader, params)
    return caught.value.code


@pytest.mark.parametrize(
    ("code", "device"),
    [("simulated-wpe", "simulated_wisepos_e"), ("simulated-s700", "simulated_stripe_s700")],
)
def test_a_simulated_reader_registers(shop: Shop, code: str, device: str) -> None:
    location = shop.client.v1.terminal.locations.list().data[0]
    reader = shop.client.v1.terminal.readers.create(
        {"registration_code": code, "location": location.id, "label": "Till 2"}
    )
    assert (reader.device_type, reader.label, reader.status, reader.action) == (
        device,
        "Till 2",
        "online",
        None,
    )
    assert [one.id for one in shop.client.v1.terminal.readers.list({"location": location.id}).data] == [
        reader.id,
        shop.reader,
    ]


def test_an_unknown_registration_code_is_refused(shop: Shop) -> None:
    with pytest.raises(InvalidRequestError, match="No such reader with registration code: tasty-red-fish"):
        shop.client.v1.terminal.readers.create({"registration_code": "tasty-red-fish"})


def test_processing_answers_at_once_and_the_card_decides(shop: Shop) -> None:
    intent = shop.intent()
    shop.process(intent)
    before = shop.client.v1.terminal.readers.retrieve(shop.reader)
    shop.server.tap(shop.reader)
    after = shop.client.v1.terminal.readers.retrieve(shop.reader)
    assert before.action is not None
    assert after.action is not None
    assert (before.action.status, after.action.status) == ("in_progress", "succeeded")
    assert shop.look(intent).status == "requires_capture"


def test_a_tip_raises_the_amount_and_is_named(shop: Shop) -> None:
    intent = shop.intent(1000)
    shop.process(intent, tipping={"amount_eligible": 900})
    shop.server.tap(shop.reader, tip=150)
    held = shop.look(intent)
    assert held.amount_details is not None
    assert held.amount_details.tip is not None
    assert (held.amount, held.amount_capturable, held.amount_details.tip.amount) == (1150, 1150, 150)


def test_a_declined_tip_is_forgotten(shop: Shop) -> None:
    intent = shop.intent(1000)
    shop.process(intent)
    shop.server.tap(shop.reader, "declined", tip=150)
    assert shop.look(intent).amount == 1000


def test_a_busy_reader_refuses_a_second_action(shop: Shop) -> None:
    shop.process(shop.intent())
    assert code_of(shop, "process_payment_intent", payment_intent=shop.intent().id) == "terminal_reader_busy"


def test_an_offline_reader_refuses(shop: Shop) -> None:
    shop.server.set_reader(shop.reader, "offline")
    assert (
        code_of(shop, "process_payment_intent", payment_intent=shop.intent().id) == "terminal_reader_offline"
    )
    assert code_of(shop, "cancel_action") == "terminal_reader_offline"


def test_a_finished_intent_is_not_processed(shop: Shop) -> None:
    assert code_of(shop, "process_payment_intent", payment_intent=shop.paid().id) == "intent_invalid_state"


def test_a_cancelled_action_leaves_the_intent_open(shop: Shop) -> None:
    intent = shop.intent()
    shop.process(intent)
    reader = shop.client.v1.terminal.readers.cancel_action(shop.reader)
    assert (reader.action, shop.look(intent).status) == (None, "requires_payment_method")


def test_cancelling_comes_too_late_once_the_card_is_in(shop: Shop) -> None:
    intent = shop.intent()
    shop.process(intent)
    shop.server.insert_card(shop.reader)
    assert code_of(shop, "cancel_action") == "terminal_reader_busy"
    shop.server.tap(shop.reader)
    assert shop.look(intent).status == "requires_capture"


def test_a_card_may_succeed_after_a_cancel_that_was_accepted(shop: Shop) -> None:
    intent = shop.intent()
    shop.process(intent)
    shop.client.v1.terminal.readers.cancel_action(shop.reader)
    shop.server.tap(shop.reader, late=True)
    assert shop.look(intent).status == "requires_capture"


def test_a_tap_on_a_cancelled_intent_fails_the_action(shop: Shop) -> None:
    intent = shop.intent()
    shop.process(intent)
    shop.client.v1.payment_intents.cancel(intent.id)
    shop.server.tap(shop.reader)
    action = shop.client.v1.terminal.readers.retrieve(shop.reader).action
    assert action is not None
    assert (action.status, action.failure_code) == ("failed", "intent_invalid_state")


def test_a_customer_who_gives_up_charges_nothing(shop: Shop) -> None:
    intent = shop.intent()
    shop.process(intent)
    shop.server.fail_action(shop.reader, "customer_canceled")
    assert shop.look(intent).latest_charge is None
    assert (
        shop.server.bells.take("terminal.reader.action_failed")[0].event["data"]["object"]["id"]
        == shop.reader
    )


@pytest.mark.parametrize(
    ("acted", "shown"), [(True, "in_progress"), (False, None)], ids=["acted", "not acted"]
)
def test_a_reader_timeout_says_nothing_about_the_reader(shop: Shop, acted: bool, shown: str | None) -> None:
    intent = shop.intent()
    route = "POST /v1/terminal/readers/{}/process_payment_intent"
    shop.server.fault(route, faults.reader_timeout(acted=acted))
    assert code_of(shop, "process_payment_intent", payment_intent=intent.id) == "terminal_reader_timeout"
    action = shop.client.v1.terminal.readers.retrieve(shop.reader).action
    assert (action.status if action else None) == shown


def test_interac_is_refunded_on_the_reader_only(stripe_server: StripeServer) -> None:
    shop = open_shop(stripe_server, "acct_maple", country="CA", currency="cad")
    intent = shop.paid(
        1000, "interac", currency="cad", allowed_payment_method_types=["card_present", "interac_present"]
    )
    with pytest.raises(InvalidRequestError, match="only be refunded with the card present"):
        shop.client.v1.refunds.create({"payment_intent": intent.id})
    shop.client.v1.terminal.readers.refund_payment(shop.reader, {"payment_intent": intent.id, "amount": 400})
    assert shop.client.v1.refunds.list().data == []
    shop.server.tap(shop.reader, "interac")
    (refund,) = shop.client.v1.refunds.list({"payment_intent": intent.id}).data
    assert (refund.amount, refund.status) == (400, "succeeded")


@pytest.mark.parametrize(("card", "status"), [("interac", "succeeded"), ("visa", "requires_capture")])
def test_manual_where_the_card_knows_it(stripe_server: StripeServer, card: str, status: str) -> None:
    shop = open_shop(stripe_server, "acct_maple", country="CA", currency="cad")
    intent = shop.paid(
        1000,
        card,
        currency="cad",
        allowed_payment_method_types=["card_present", "interac_present"],
        payment_method_options={"card_present": {"capture_method": "manual_preferred"}},
    )
    assert intent.status == status
