"""The fake's hosted pages, links, wallets and accounts."""

from typing import Any

import pytest
from stripe import InvalidRequestError, StripeClient

from tests.contracts.stripe.selling import Shop, connected
from tests.contracts.stripe.server import StripeServer

NOW = 1_800_000_000
CHECK = [
    {"quantity": 2, "price_data": {"currency": "eur", "unit_amount": 450, "product_data": {"name": "Coffee"}}}
]


@pytest.fixture
def still(shop: Shop) -> Shop:
    """The shop, its clock standing still."""
    shop.server.vendor.clock.freeze(at=NOW)
    return shop


def page(shop: Shop, **params: Any) -> Any:
    given = {"mode": "payment", "success_url": "https://example.org/thanks", "line_items": CHECK, **params}
    return shop.client.v1.checkout.sessions.create(given)  # type: ignore[arg-type]


def test_a_page_is_paid_with_a_wallet(still: Shop) -> None:
    session = page(still, payment_intent_data={"metadata": {"attempt": "7"}, "application_fee_amount": 9})
    assert (session.status, session.payment_status, session.amount_total, session.payment_intent) == (
        "open",
        "unpaid",
        900,
        None,
    )
    still.server.pay_session(session.id, wallet="apple_pay")
    done = still.client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge", "line_items"]}
    )
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert done.line_items is not None
    assert [item.amount_total for item in done.line_items.data] == [900]
    paid: Any = done.payment_intent
    assert (paid.metadata.to_dict(), paid.application_fee_amount) == ({"attempt": "7"}, 9)
    assert paid.latest_charge.payment_method_details.card.wallet.type == "apple_pay"


def test_a_declined_card_leaves_the_page_open(still: Shop) -> None:
    session = page(still)
    still.server.pay_session(session.id, "declined")
    assert still.client.v1.checkout.sessions.retrieve(session.id).status == "open"
    intent = still.server.pay_session(session.id)
    assert still.client.v1.checkout.sessions.retrieve(session.id).payment_intent == intent["id"]
    assert len(still.client.v1.payment_intents.list().data) == 1


@pytest.mark.parametrize("seconds", [60, 24 * 3600 + 1], ids=["a minute", "more than a day"])
def test_a_page_lives_half_an_hour_to_a_day(still: Shop, seconds: int) -> None:
    with pytest.raises(InvalidRequestError, match="between 30 minutes and 24 hours"):
        page(still, expires_at=NOW + seconds)


def test_a_page_expires_by_time_and_by_us(still: Shop) -> None:
    first, second = page(still, expires_at=NOW + 1800), page(still)
    still.client.v1.checkout.sessions.expire(second.id)
    still.server.advance_clock(1800)
    statuses = [still.client.v1.checkout.sessions.retrieve(one.id).status for one in (first, second)]
    assert statuses == ["expired", "expired"]
    with pytest.raises(InvalidRequestError, match="You cannot expire this Checkout Session"):
        still.client.v1.checkout.sessions.expire(first.id)


@pytest.mark.parametrize(("arrived", "status"), [(True, "paid"), (False, "unpaid")], ids=["arrives", "fails"])
def test_announced_money_comes_later(still: Shop, arrived: bool, status: str) -> None:
    session = page(still)
    intent = still.server.pay_session(session.id, later=True)
    assert still.client.v1.payment_intents.retrieve(intent["id"]).status == "processing"
    still.server.settle_session(session.id, arrived=arrived)
    assert still.client.v1.checkout.sessions.retrieve(session.id).payment_status == status


def test_a_link_closes_after_its_limit(still: Shop) -> None:
    link = still.client.v1.payment_links.create(
        {
            "line_items": CHECK,  # type: ignore[typeddict-item]
            "metadata": {"order": "1"},
            "restrictions": {"completed_sessions": {"limit": 1}},
        }
    )
    session = still.server.visit_link(link.id)
    still.server.pay_session(session["id"])
    assert still.client.v1.payment_links.retrieve(link.id).active is False
    (found,) = still.client.v1.checkout.sessions.list({"payment_link": link.id}).data
    assert (found.id, found.payment_status) == (session["id"], "paid")


def test_an_intent_is_paid_in_the_payment_element(still: Shop) -> None:
    intent = still.client.v1.payment_intents.create(
        {"amount": 900, "currency": "eur", "automatic_payment_methods": {"enabled": True}}
    )
    still.server.pay_intent(intent.id, "declined")
    still.server.pay_intent(intent.id, wallet="google_pay")
    assert still.look(intent).status == "succeeded"


def test_a_domain_has_a_status_per_wallet(still: Shop) -> None:
    still.server.prove_domains("acct_cafe")
    domain = still.client.v1.payment_method_domains.create({"domain_name": "cafe.example.org"})
    assert (domain.apple_pay.status, domain.google_pay.status) == ("inactive", "active")
    still.server.prove_domains("acct_cafe", "cafe.example.org")
    assert still.client.v1.payment_method_domains.validate(domain.id).apple_pay.status == "active"
    again = still.client.v1.payment_method_domains.create({"domain_name": "cafe.example.org"})
    assert again.id == domain.id


def test_an_account_is_made_through_v2_and_onboarded(
    stripe_server: StripeServer, client: StripeClient
) -> None:
    account = client.v2.core.accounts.create(
        {
            "contact_email": "owner@example.org",
            "display_name": "Café",
            "identity": {"country": "de"},
            "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
            "include": ["configuration.merchant"],
        }
    )
    assert account.configuration is not None
    merchant: Any = account.configuration.merchant
    assert merchant.capabilities.card_payments.status == "pending"
    link = client.v2.core.account_links.create(
        {
            "account": account.id,
            "use_case": {
                "type": "account_onboarding",
                "account_onboarding": {"refresh_url": "https://example.org/again"},
            },
        }
    )
    assert link.url == f"https://connect.stripe.com/setup/{account.id}"
    assert client.v1.accounts.capabilities.retrieve(account.id, "card_payments").status == "pending"
    stripe_server.set_account(account.id, "active")
    assert client.v1.accounts.retrieve(account.id).charges_enabled is True
    assert client.v2.core.accounts.retrieve(account.id).configuration is None
    assert connected(stripe_server, account.id).v1.payment_intents.list().data == []


def test_a_restricted_account_says_why(shop: Shop, client: StripeClient) -> None:
    shop.server.set_account("acct_cafe", "restricted", code="requirements_past_due")
    account = client.v2.core.accounts.retrieve("acct_cafe", {"include": ["configuration.merchant"]})
    card_payments: Any = account.configuration.merchant.capabilities.card_payments  # type: ignore[union-attr]
    assert (card_payments.status, card_payments.status_details[0].code) == (
        "restricted",
        "requirements_past_due",
    )
    assert [bell.event["account"] for bell in shop.server.bells.take("capability.updated")] == ["acct_cafe"]
