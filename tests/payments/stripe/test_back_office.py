"""The page on which a merchant sets Stripe up."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Connection, Reader
from tests.admin.browsing import Browser, office
from tests.contracts.stripe.server import StripeServer

pytestmark = pytest.mark.django_db

PAGE = "/payments/stripe/"


@pytest.fixture
def browser(cafe: Any, stripe_server: StripeServer, platform_key: None, settings: Any) -> Browser:
    """The owner at the back office; the vendor is the fake."""
    settings.FYNLO_STRIPE_API_BASE = stripe_server.url
    return office(cafe)


def test_an_account_is_connected_and_a_reader_paired(
    browser: Browser, cafe: Any, stripe_server: StripeServer
) -> None:
    asked = {"do": "onboard", "name": "Café", "email": "owner@cafe.example", "country": "DE"}
    answer = browser.post(PAGE, asked)
    assert "https://connect.stripe.com/setup/" in answer.content.decode()
    with tenant_context(cafe):
        row = Connection.objects.get(gateway="stripe")
    assert "https://connect.stripe.com" not in browser.get(PAGE).content.decode()
    again = browser.post(PAGE, {"do": "go_on", "connection": str(row.pk)})
    assert "https://connect.stripe.com/setup/" in again.content.decode()
    paired = browser.post(
        PAGE,
        {
            "do": "pair",
            "connection": str(row.pk),
            "code": "simulated-wpe",
            "name": "Counter",
            "line1": "Markt 1",
            "postal_code": "10115",
            "city": "Berlin",
            "country": "DE",
        },
    )
    assert "Counter is paired." in paired.content.decode()
    assert "1 readers." in browser.post(PAGE, {"do": "refresh", "connection": str(row.pk)}).content.decode()
    wallets = browser.post(PAGE, {"do": "host", "connection": str(row.pk), "host": "cafe.example"})
    assert "apple_pay" in wallets.content.decode()
    with tenant_context(cafe):
        assert Reader.objects.get().state == "online"
    assert stripe_server.executed("POST /v2/core/accounts") == 1


def test_what_is_refused_is_said(browser: Browser, cafe: Any, settings: Any) -> None:
    wrong = browser.post(PAGE, {"do": "onboard", "name": "Café", "email": "owner", "country": "DE"})
    assert "Enter a valid email address." in wrong.content.decode()
    settings.FYNLO_STRIPE_SECRET_KEY = ""
    asked = {"do": "onboard", "name": "Café", "email": "owner@cafe.example", "country": "DE"}
    assert "This platform has no key for Stripe." in browser.post(PAGE, asked).content.decode()


def test_another_merchants_account_is_not_there(
    browser: Browser, cafe: Any, grocer: Any, stripe_server: StripeServer
) -> None:
    browser.post(PAGE, {"do": "onboard", "name": "Café", "email": "owner@cafe.example", "country": "DE"})
    with tenant_context(cafe):
        row = Connection.objects.get(gateway="stripe")
    other = office(grocer)
    assert row.account not in other.get(PAGE).content.decode()
    for act in ("go_on", "refresh"):
        answer = other.post(PAGE, {"do": act, "connection": str(row.pk)}).content.decode()
        assert row.account not in answer
        assert "connect.stripe.com" not in answer
