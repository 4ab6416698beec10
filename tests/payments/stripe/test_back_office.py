"""The page on which a merchant sets Stripe up."""

import re
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Connection, Reader
from tests.admin.browsing import Browser, office
from tests.contracts.stripe import faults
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
    wrong = browser.post(PAGE, {"do": "onboard", "name": "Café", "email": "owner", "country": "Germany"})
    page = wrong.content.decode()
    for said in (
        '<span class="bad">Enter a valid email address.</span>',
        '<span class="bad">Write two letters, such as DE or FR.</span>',
        'name="name" value="Café"',
        'name="email" value="owner"',
    ):
        assert said in page
    with tenant_context(cafe):
        assert Connection.objects.count() == 0
    settings.FYNLO_STRIPE_SECRET_KEY = ""
    asked = {"do": "onboard", "name": "Café", "email": "owner@cafe.example", "country": "DE"}
    assert (
        "This platform has no key for Stripe: connect an account by its own key."
        in browser.post(PAGE, asked).content.decode()
    )


def test_a_reader_or_a_host_that_is_refused_stays_in_its_form(browser: Browser, cafe: Any) -> None:
    for name in ("Café", "Bar"):
        browser.post(PAGE, {"do": "onboard", "name": name, "email": "owner@cafe.example", "country": "de"})
    with tenant_context(cafe):
        row = Connection.objects.get(name="Bar")
        assert row.settings["country"] == "DE"
    typed = {"code": "nonsense", "name": "Terrace", "line1": "Markt 1", "city": "Berlin", "country": "DE"}
    page = browser.post(PAGE, {"do": "pair", "connection": str(row.pk), **typed, "postal_code": "10115"})
    text = page.content.decode()
    assert text.count('value="nonsense"') == 1
    assert text.index('value="nonsense"') > text.index("Bar <span")
    assert text.count('<p class="bad" role="alert">') == 1
    kept = page.context["rows"][1]["reader_form"]
    assert {name: kept[name].value() for name in typed} == typed
    asked = {"do": "host", "connection": str(row.pk), "host": "https://cafe.example/"}
    text = browser.post(PAGE, asked).content.decode()
    assert text.count("Write the name alone, such as cafe.example") == 1
    assert text.count('value="https://cafe.example/"') == 1


def test_accounts_with_keys_of_their_own_leave_room_for_one_that_is_onboarded(
    browser: Browser, cafe: Any, stripe_server: StripeServer
) -> None:
    owned = {"gateway": "stripe", "is_active": "on", "settings": "{}"}
    stripe_server.revoke_key("sk_test_mine1")
    stripe_server.fault("GET /v1/account", faults.server_error(), times=3)
    for number in (2, 1):
        typed = {**owned, "name": f"Mine {number}", "secrets": f"secret_key=sk_test_mine{number}"}
        assert browser.post("/payments/connection/add/", typed).status_code == 302
    listed = browser.get("/payments/connection/").content.decode()
    assert "The payment provider does not answer." in listed
    assert "Mine 1 is not connected: " in listed
    page = browser.get(PAGE).content.decode()
    assert re.findall(r"<h2>(.*) <span class=\"fy-tag\">(.*)</span></h2>", page) == [
        ("Mine 2", "Not asked yet"),
        ("Mine 1", "Not connected"),
    ]
    nameless = {**owned, "name": "None", "secrets": ""}
    browser.post("/payments/connection/add/", nameless)
    again = browser.post("/payments/connection/add/", nameless)
    assert again.context["adminform"].form.errors == {
        "account": [
            "An account without a name at this provider is there already. Give each account a name of its own."
        ]
    }
    asked = {"do": "onboard", "name": "Café", "email": "owner@cafe.example", "country": "DE"}
    assert "https://connect.stripe.com/setup/" in browser.post(PAGE, asked).content.decode()
    with tenant_context(cafe):
        kept = Connection.objects.order_by("name").values_list("name", "account")
        assert [(name, account[:5]) for name, account in kept] == [
            ("Café", "acct_"),
            ("Mine 1", ""),
            ("Mine 2", ""),
        ]


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
