"""Setting Stripe up over HTTP, and the page a guest pays on."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.gateways.guest_pages import digest
from payments.gateways.languages import GERMAN
from payments.gateways.models import Attempt, Connection
from payments.gateways.services import AttemptDraft, drive_attempt, start_attempt
from payments.gateways.stripe.page_script import SCRIPT
from payments.gateways.stripe.pages import POLICY
from payments.tenders.models import TenderType
from staff.employees.roles import PERMISSIONS
from tenants.queries import merchant_of_account
from tests.contracts.stripe import faults
from tests.contracts.stripe.server import StripeServer
from tests.factories import Shop, shop
from tests.factories.tills import TillClient, paired_till, signed_in

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
ACCOUNTS = "POST /v2/core/accounts"


@pytest.fixture
def counter(cafe: Any) -> Shop:
    """The café's."""
    return shop(cafe)


@pytest.fixture
def owner(
    cafe: Any, counter: Shop, stripe_server: StripeServer, platform_key: None, settings: Any
) -> TillClient:
    """The café's owner at a till; the vendor is the fake."""
    settings.FYNLO_STRIPE_API_BASE = stripe_server.url
    device = paired_till(cafe)
    return TillClient(cafe, {**device, **signed_in(cafe, device, role="owner")})


def onboarding(**said: Any) -> dict[str, Any]:
    """A merchant who wants an account."""
    return {
        "id": str(new_id()),
        "name": "Café",
        "email": "owner@cafe.example",
        "country": "DE",
        "return_url": "https://cafe.localhost/admin/",
        **said,
    }


def test_an_account_is_made_once_and_its_form_opened_again(
    owner: TillClient, stripe_server: StripeServer, cafe: Any
) -> None:
    body = onboarding()
    first = owner.post("/payment-connections/stripe", body)
    again = owner.post("/payment-connections/stripe", body)
    assert (first.status_code, again.status_code) == (201, 201)
    account = first.json()["connection"]["account"]
    assert again.json()["connection"]["account"] == account
    assert stripe_server.executed(ACCOUNTS) == 1
    assert stripe_server.executed("POST /v2/core/account_links") == 2
    assert merchant_of_account(gateway="stripe", account=account) == cafe
    with tenant_context(cafe):
        row = Connection.objects.get(pk=body["id"])
        assert (row.account, row.is_live, row.settings) == (account, False, {"country": "DE"})
        assert first.json()["url"] not in json.dumps([row.settings, row.health, row.capabilities])


def test_an_account_whose_answer_was_lost_is_the_same_one(
    owner: TillClient, stripe_server: StripeServer, cafe: Any
) -> None:
    body = onboarding()
    stripe_server.fault(ACCOUNTS, faults.lost_answer(), times=3)
    lost = owner.post("/payment-connections/stripe", body)
    assert (lost.status_code, lost.json()["code"]) == (503, "unavailable")
    other = owner.post("/payment-connections/stripe", onboarding())
    assert (other.status_code, other.json()["connection_id"]) == (409, body["id"])
    assert other.json()["errors"][0]["pointer"] == "/id"
    found = owner.post("/payment-connections/stripe", body)
    assert found.status_code == 201
    assert stripe_server.executed(ACCOUNTS) == 1


def test_a_platform_without_a_key_says_so(owner: TillClient, settings: Any) -> None:
    settings.FYNLO_STRIPE_SECRET_KEY = ""
    answer = owner.post("/payment-connections/stripe", onboarding())
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_connection_lost")
    assert owner.get("/payment-connections").json()["items"] == []


def test_readers_are_paired_by_code_and_followed(owner: TillClient, counter: Shop) -> None:
    body = onboarding()
    owner.post("/payment-connections/stripe", body)
    base = f"/payment-connections/{body['id']}"
    code = {"id": str(new_id()), "code": "simulated-wpe", "name": "Counter"}
    homeless = owner.post(f"{base}/reader-codes", code)
    assert (homeless.status_code, homeless.json()["code"]) == (422, "payment_provider_refused")
    address = {"line1": "Markt 1", "city": "Berlin", "postal_code": "10115", "country": "DE"}
    paired = owner.post(f"{base}/reader-codes", {**code, "address": address})
    assert (paired.status_code, paired.json()["state"], paired.json()["model"]) == (
        201,
        "online",
        "simulated_wisepos_e",
    )
    second = owner.post(
        f"{base}/reader-codes", {"id": str(new_id()), "code": "simulated-s700", "name": "Bar"}
    )
    assert second.status_code == 201
    wrong = owner.post(f"{base}/reader-codes", {"id": str(new_id()), "code": "nonsense", "name": "Bar"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "payment_provider_refused")
    listed = owner.post(f"{base}/readers/refresh", {})
    assert [row["name"] for row in listed.json()["items"]] == ["Bar", "Counter"]


def test_a_host_learns_whether_wallets_work(owner: TillClient, stripe_server: StripeServer) -> None:
    body = onboarding()
    account = owner.post("/payment-connections/stripe", body).json()["connection"]["account"]
    path = f"/payment-connections/{body['id']}/wallet-hosts"
    good = owner.post(path, {"host": "cafe.example"})
    assert good.json() == {
        "host": "cafe.example",
        "active": ["apple_pay", "google_pay", "link"],
        "problems": {},
    }
    stripe_server.prove_domains(account, "other.example")
    assert "apple_pay" in owner.post(path, {"host": "cafe.example"}).json()["problems"]
    assert owner.post(path, {"host": "http://cafe.example/"}).status_code == 400


def test_a_cashier_sets_nothing_up(owner: TillClient, cafe: Any) -> None:
    device = paired_till(cafe)
    cashier = TillClient(cafe, {**device, **signed_in(cafe, device, role="cashier")})
    assert cashier.post("/payment-connections/stripe", onboarding()).status_code == 403


@pytest.fixture
def online(owner: TillClient, counter: Shop, cafe: Any, stripe_server: StripeServer) -> Callable[[], Attempt]:
    """Asks 19.00 EUR of a guest on a page."""
    body = onboarding()
    account = owner.post("/payment-connections/stripe", body).json()["connection"]["account"]
    stripe_server.set_account(account, "active")

    def make() -> Attempt:
        with tenant_context(cafe):
            TenderType.objects.create(code="online", name="Online", kind="card", connection_id=body["id"])
            draft = AttemptDraft(
                id=new_id(),
                order_id=None,
                purpose="order",
                connection_id=body["id"],  # type: ignore[arg-type]
                tender_type="online",
                channel="remote",
                amount=Money(1900, "EUR"),
                reference="A-17 <b>",
            )
            actor = counter.actor(permissions=frozenset(PERMISSIONS))
            attempt = start_attempt(draft=draft, actor=actor, at=AT)
            return drive_attempt(attempt_id=attempt.pk, at=AT)

    return make


def test_a_guest_is_shown_what_to_pay_and_pays(
    online: Callable[[], Attempt], client_for: Any, cafe: Any, grocer: Any, stripe_server: StripeServer
) -> None:
    attempt = online()
    path = attempt.next["url"]
    client = client_for(cafe)
    page = client.get(path)
    text = page.content.decode()
    assert page.status_code == 200
    assert "19.00 EUR" in text
    assert "A-17 &lt;b&gt;" in text
    assert attempt.vendor_id not in text
    assert page["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert page["Cache-Control"] == "no-store"
    said = client.get(f"{path}/session")
    assert said["Cache-Control"] == "no-store"
    assert said.json()["client_secret"].startswith(attempt.vendor_id)
    assert said.json()["publishable_key"] == "pk_test_fynlo"
    french = client.get(path, headers={"Accept-Language": "fr"}).content.decode()
    for told in (
        '<html lang="fr">',
        "<h1>19,00 EUR</h1>",
        ">Payer</button>",
        "&quot;moment&quot;:&quot;Un instant",
    ):
        assert told in french
    assert digest(SCRIPT) in POLICY
    assert "locale:language" in SCRIPT
    stripe_server.pay_intent(attempt.vendor_id)
    assert client.get(f"{path}/session").json() == {"state": "captured"}
    assert client_for(grocer).get(path).status_code == 404
    assert client.get("/pay/" + "A" * 43).status_code == 404
    assert client.get("/pay/" + "A" * 43 + "/session").json() == {"state": "unknown"}
    thanks = client.get("/pay/thanks", headers={"Accept-Language": "de"})
    assert (thanks.status_code, "Sie können diese Seite schließen." in thanks.content.decode()) == (200, True)
    assert (
        client.get("/pay/" + "A" * 43, headers={"Accept-Language": "de"})
        .content.decode()
        .count("Diese Zahlung gibt es nicht.")
        == 1
    )


def test_a_page_nobody_wants_paid_any_more_asks_nobody_to_pay(
    online: Callable[[], Attempt], owner: TillClient, client_for: Any, cafe: Any
) -> None:
    attempt = online()
    address = attempt.next["url"]
    with tenant_context(cafe):
        Attempt.objects.filter(pk=attempt.pk).update(overridden_at=attempt.at, overridden_by="Ada")
    assert client_for(cafe).get(f"{address}/session").json() == {"state": "cancelled"}
    assert owner.get(f"/payment-attempts/{attempt.pk}").json()["next"]["url"] is None


@pytest.mark.parametrize("state", ["captured", "cancelled", "expired", "refused"])
def test_a_page_opened_when_it_is_over_says_so_and_loads_no_form(
    online: Callable[[], Attempt], client_for: Any, cafe: Any, state: str
) -> None:
    attempt = online()
    with tenant_context(cafe):
        Attempt.objects.filter(pk=attempt.pk).update(state=state, captured_minor=1900 * (state == "captured"))
    page = client_for(cafe).get(attempt.next["url"], headers={"Accept-Language": "de"}).content.decode()
    assert f">{GERMAN.page[state]}</p>" in page
    assert "js.stripe.com" not in page


def test_the_platforms_fee_is_asked_for_with_the_payment_and_nobody_at_the_till_says_so(
    settings: Any, online: Callable[[], Attempt], stripe_server: StripeServer, cafe: Any
) -> None:
    settings.FYNLO_STRIPE_FEE_BASIS_POINTS, settings.FYNLO_STRIPE_FEE_FIXED = 150, {"EUR": 10}
    attempt = online()
    with tenant_context(cafe):
        assert Attempt.objects.get(pk=attempt.pk).application_fee_minor == 39
    (sent,) = stripe_server.engine.named("POST /v1/payment_intents")
    assert sent.params["application_fee_amount"] == 39


def test_a_guest_who_has_paid_goes_where_the_till_said(
    online: Callable[[], Attempt], client_for: Any, cafe: Any, stripe_server: StripeServer
) -> None:
    attempt = online()
    with tenant_context(cafe):
        row = Attempt.objects.get(pk=attempt.pk)
        row.details["asked"]["return_url"] = "https://cafe.example/thanks"
        row.save()
    client, path = client_for(cafe), f"{attempt.next['url']}/session"
    assert "return_url" not in client.get(path).json()
    stripe_server.pay_intent(attempt.vendor_id)
    assert client.get(path).json() == {"state": "captured", "return_url": "https://cafe.example/thanks"}


def test_no_row_and_no_answer_of_the_api_holds_the_secret(
    online: Callable[[], Attempt], owner: TillClient, client_for: Any, cafe: Any
) -> None:
    attempt = online()
    secret = client_for(cafe).get(f"{attempt.next['url']}/session").json()["client_secret"]
    with tenant_context(cafe):
        row = Attempt.objects.values().get(pk=attempt.pk)
        steps = list(Attempt.objects.get(pk=attempt.pk).steps.values())
    told = owner.get(f"/payment-attempts/{attempt.pk}").content.decode()
    assert secret not in f"{row} {steps} {told}"
