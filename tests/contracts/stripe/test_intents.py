"""The fake's payment intents walk Stripe's table, and nothing else."""

import pytest
from stripe import CardError, InvalidRequestError, StripeClient

from tests.contracts.stripe.lives import INTENT
from tests.contracts.stripe.selling import Shop
from tests.contracts.stripe.server import StripeServer


def test_a_hold_is_captured_in_part(shop: Shop) -> None:
    intent = shop.held(1000)
    assert (intent.status, intent.amount_capturable) == ("requires_capture", 1000)
    taken = shop.client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 700})
    assert (taken.status, taken.amount_received, taken.amount_capturable) == ("succeeded", 700, 0)


def test_more_than_the_hold_cannot_be_captured(shop: Shop) -> None:
    intent = shop.held(1000)
    with pytest.raises(InvalidRequestError, match="amount_to_capture is 1001, capturable are 1000") as caught:
        shop.client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1001})
    assert caught.value.code == "amount_too_large"


@pytest.mark.parametrize("verb", ["capture", "cancel", "increment_authorization"])
def test_a_finished_intent_refuses(shop: Shop, verb: str) -> None:
    intent = shop.paid()
    params = {"amount": 2000} if verb == "increment_authorization" else {}
    with pytest.raises(InvalidRequestError) as caught:
        getattr(shop.client.v1.payment_intents, verb)(intent.id, params)
    assert caught.value.code == "payment_intent_unexpected_state"


def test_a_cancelled_hold_is_released(shop: Shop) -> None:
    intent = shop.held()
    gone = shop.client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (gone.status, gone.amount_capturable, gone.cancellation_reason) == ("canceled", 0, "abandoned")
    assert gone.canceled_at is not None


def test_a_declined_card_brings_the_same_intent_back(shop: Shop) -> None:
    intent = shop.intent()
    shop.process(intent)
    shop.server.tap(shop.reader, "insufficient")
    back = shop.look(intent)
    assert back.status == "requires_payment_method"
    assert back.last_payment_error is not None
    assert (back.last_payment_error.code, back.last_payment_error.decline_code) == (
        "card_declined",
        "insufficient_funds",
    )
    shop.process(intent)
    shop.server.tap(shop.reader)
    assert (shop.look(intent).status, shop.look(intent).last_payment_error) == ("requires_capture", None)


def test_a_hold_is_raised_at_most_ten_times(shop: Shop) -> None:
    intent = shop.held(
        1000, payment_method_options={"card_present": {"request_incremental_authorization_support": True}}
    )
    for step in range(10):
        raised = shop.client.v1.payment_intents.increment_authorization(intent.id, {"amount": 1001 + step})
    assert (raised.amount, raised.amount_capturable) == (1010, 1010)
    with pytest.raises(InvalidRequestError, match="maximum number of increments"):
        shop.client.v1.payment_intents.increment_authorization(intent.id, {"amount": 2000})


def test_a_declined_increment_leaves_the_old_hold(shop: Shop) -> None:
    intent = shop.held(
        1000, payment_method_options={"card_present": {"request_incremental_authorization_support": True}}
    )
    shop.server.decline_next_increment(intent.id)
    with pytest.raises(CardError) as caught:
        shop.client.v1.payment_intents.increment_authorization(intent.id, {"amount": 2000})
    assert caught.value.code == "card_declined"
    assert (shop.look(intent).status, shop.look(intent).amount_capturable) == ("requires_capture", 1000)


def test_a_hold_nobody_asked_to_raise_cannot_be_raised(shop: Shop) -> None:
    intent = shop.held()
    with pytest.raises(InvalidRequestError, match="cannot be incremented"):
        shop.client.v1.payment_intents.increment_authorization(intent.id, {"amount": 2000})


def test_a_hold_lapses_after_two_days(shop: Shop) -> None:
    intent = shop.held()
    shop.server.advance_clock(2 * 86_400 - 60)
    assert shop.look(intent).status == "requires_capture"
    shop.server.advance_clock(120)
    assert (shop.look(intent).status, shop.look(intent).cancellation_reason) == ("canceled", "automatic")
    assert "charge.expired" in [bell.kind for bell in shop.server.bells.pending]


def test_a_paid_intent_keeps_its_amount_and_takes_metadata(shop: Shop) -> None:
    intent = shop.paid(metadata={"order": "1"})
    with pytest.raises(InvalidRequestError, match="amount cannot be updated"):
        shop.client.v1.payment_intents.update(intent.id, {"amount": 5000})
    told = shop.client.v1.payment_intents.update(intent.id, {"metadata": {"attempt": "7", "order": ""}})
    assert told.metadata.to_dict() == {"attempt": "7"}


def test_an_intent_is_found_by_metadata_and_by_time(shop: Shop) -> None:
    shop.server.vendor.clock.freeze(at=1_800_000_000)
    shop.intent(metadata={"attempt": "a"})
    shop.server.advance_clock(60)
    wanted = shop.intent(metadata={"attempt": "b"})
    found = shop.client.v1.payment_intents.search({"query": "metadata['attempt']:'b' AND currency:'eur'"})
    later = shop.client.v1.payment_intents.list({"created": {"gt": 1_800_000_000}})
    assert ([row.id for row in found.data], [row.id for row in later.data]) == ([wanted.id], [wanted.id])


def test_pages_are_walked_to_their_end(shop: Shop) -> None:
    made = [shop.intent(100 + n).id for n in range(7)]
    walked = [row.id for row in shop.client.v1.payment_intents.list({"limit": 3}).auto_paging_iter()]
    assert walked == list(reversed(made))


def test_a_test_method_confirms_at_once_and_a_bad_card_is_402(client: StripeClient) -> None:
    paid = client.v1.payment_intents.create(
        {"amount": 500, "currency": "usd", "confirm": True, "payment_method": "pm_card_visa"}
    )
    assert paid.status == "succeeded"
    with pytest.raises(CardError) as caught:
        client.v1.payment_intents.create(
            {
                "amount": 500,
                "currency": "usd",
                "confirm": True,
                "payment_method": "pm_card_visa_chargeDeclined",
            }
        )
    assert (caught.value.http_status, caught.value.code) == (402, "card_declined")


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"amount": 20, "currency": "eur"}, "at least 50 cents"),
        ({"amount": 500, "currency": "EUR"}, "Invalid currency: EUR"),
        ({"amount": 500, "currency": "usd", "application_fee_amount": 5}, "on a connected account"),
        (
            {"amount": 500, "currency": "usd", "allowed_payment_method_types": ["interac_present"]},
            "interac_present is for Canadian dollars in Canada",
        ),
    ],
    ids=["too small", "currency in capitals", "fee without account", "interac abroad"],
)
def test_what_stripe_refuses_is_refused(client: StripeClient, params: dict[str, object], text: str) -> None:
    with pytest.raises(InvalidRequestError, match=text):
        client.v1.payment_intents.create(params)  # type: ignore[arg-type]


def test_the_table_has_no_way_out_of_the_ends() -> None:
    moves = {(status, verb): to for (status, verb), to in INTENT.table.items() if status != to}
    assert {status for status, _verb in moves} == {
        "requires_payment_method",
        "requires_action",
        "processing",
        "requires_capture",
    }


def test_a_hold_online_is_raised_where_it_was_asked_for(shop: Shop) -> None:
    intent = shop.client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "eur",
            "capture_method": "manual",
            "payment_method_options": {"card": {"request_incremental_authorization": "if_available"}},
        }
    )
    shop.server.pay_intent(intent.id)
    assert shop.client.v1.payment_intents.increment_authorization(intent.id, {"amount": 1500}).amount == 1500


def test_a_bank_may_ask_who_is_there(client: StripeClient, stripe_server: StripeServer) -> None:
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    stripe_server.challenge(intent.id)
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_action"
    stripe_server.pay_intent(intent.id)
    passed = client.v1.payment_intents.retrieve(intent.id)
    assert (passed.status, passed.next_action) == ("succeeded", None)


def test_metadata_has_its_limits(client: StripeClient) -> None:
    with pytest.raises(InvalidRequestError, match="Metadata: key of 1 and value of 501 characters"):
        client.v1.payment_intents.create({"amount": 500, "currency": "usd", "metadata": {"a": "x" * 501}})
