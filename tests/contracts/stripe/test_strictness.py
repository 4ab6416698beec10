"""Whatever the fake does not know is a loud 400, accounts are strangers to each other, keys are checked."""

import pytest
import stripe
from stripe import AuthenticationError, InvalidRequestError, StripeClient

from tests.contracts.stripe import faults
from tests.contracts.stripe.calls import HANDLERS
from tests.contracts.stripe.fixtures import KEY
from tests.contracts.stripe.routes import all_routes
from tests.contracts.stripe.selling import Shop, connected, open_shop
from tests.contracts.stripe.server import API_VERSION, StripeServer


def test_every_handler_answers_a_route_of_the_library() -> None:
    assert set(HANDLERS) <= {route.name for route in all_routes()}


def test_the_fake_speaks_the_version_of_the_installed_library() -> None:
    assert stripe.api_version == API_VERSION
    assert stripe.VERSION == "16.1.0"


def test_a_route_the_fake_does_not_know_is_named(client: StripeClient) -> None:
    with pytest.raises(InvalidRequestError, match="The fake does not know GET /v1/subscriptions"):
        client.v1.subscriptions.list()


def test_a_parameter_the_fake_does_not_know_is_named(client: StripeClient) -> None:
    with pytest.raises(
        InvalidRequestError, match="The fake does not know setup_future_usage of POST /v1/payment_int"
    ):
        client.v1.payment_intents.create(
            {"amount": 500, "currency": "usd", "setup_future_usage": "off_session"}
        )


def test_a_parameter_the_vendor_does_not_know_is_named(client: StripeClient) -> None:
    with pytest.raises(
        InvalidRequestError, match="Received unknown parameter: payment_method_types"
    ) as caught:
        client.v1.payment_intents.create({"amount": 500, "currency": "usd", "payment_method_types": ["card"]})  # type: ignore[typeddict-unknown-key]
    assert caught.value.code == "payment_method_types_no_longer_supported"


def test_a_property_that_cannot_be_expanded_is_named(shop: Shop) -> None:
    intent = shop.paid()
    with pytest.raises(
        InvalidRequestError, match=r"This property cannot be expanded \(latest_charge.colour\)"
    ):
        shop.client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge.colour"]})


def test_an_unknown_account_is_403(stripe_server: StripeServer) -> None:
    with pytest.raises(stripe.PermissionError) as caught:
        connected(stripe_server, "acct_stranger").v1.refunds.list()
    assert caught.value.error is not None
    assert caught.value.error.code == "account_invalid"


def test_a_merchant_who_left_is_403(shop: Shop) -> None:
    shop.server.disconnect("acct_cafe")
    with pytest.raises(stripe.PermissionError):
        shop.client.v1.refunds.list()


def test_accounts_do_not_see_each_other(shop: Shop) -> None:
    intent = shop.paid()
    other = open_shop(shop.server, "acct_grocer", country="GB", currency="gbp")
    with pytest.raises(InvalidRequestError, match=f"No such payment intent: '{intent.id}'") as caught:
        other.client.v1.payment_intents.retrieve(intent.id)
    assert caught.value.http_status == 404


def test_two_accounts_may_hold_equal_ids(stripe_server: StripeServer) -> None:
    stripe_server.vendor.equal_ids = True
    cafe, grocer = open_shop(stripe_server, "acct_cafe"), open_shop(stripe_server, "acct_grocer")
    first, second = cafe.intent(1000), grocer.intent(2000)
    assert first.id == second.id
    assert (cafe.look(first).amount, grocer.look(second).amount) == (1000, 2000)


def test_a_revoked_key_is_401(stripe_server: StripeServer, client: StripeClient) -> None:
    stripe_server.revoke_key(KEY)
    with pytest.raises(AuthenticationError):
        client.v1.refunds.list()


def test_another_version_of_the_vendor_is_refused(client: StripeClient) -> None:
    with pytest.raises(
        InvalidRequestError, match="The fake speaks 2026-10-28.endive, the request asks for 2024-06-20"
    ):
        client.v1.refunds.list(options={"stripe_version": "2024-06-20"})


def test_an_answer_the_library_would_not_understand_is_a_500_and_collected(
    stripe_server: StripeServer, client: StripeClient
) -> None:
    customer = client.v1.customers.create({"name": "Ada"})
    stripe_server.vendor.worlds["acct_platform"].get("customer", customer.id)["colour"] = "red"
    with pytest.raises(stripe.APIError, match="colour: unknown field of Customer"):
        client.v1.customers.retrieve(customer.id)
    assert stripe_server.problems == ["GET /v1/customers/{}: colour: unknown field of Customer"]
    stripe_server.problems.clear()


def test_no_body_of_a_whole_day_lacks_a_promised_field(shop: Shop) -> None:
    intent = shop.paid()
    shop.client.v1.refunds.create({"payment_intent": intent.id, "amount": 100})
    shop.server.open_dispute(str(intent.latest_charge))
    shop.server.make_payout("acct_cafe")
    shop.client.v1.balance_transactions.list({"expand": ["data.source"]})
    assert shop.server.vendor.warnings == set()


def test_an_invented_error_code_is_a_problem(stripe_server: StripeServer, client: StripeClient) -> None:
    stripe_server.fault("GET /v1/refunds", faults.refused("an_invention"))
    with pytest.raises(InvalidRequestError):
        client.v1.refunds.list()
    assert stripe_server.problems == ["an_invention: unknown error code"]
    stripe_server.problems.clear()
