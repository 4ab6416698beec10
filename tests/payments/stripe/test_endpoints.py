"""The endpoint by which Stripe calls us: made once, corrected, replaced with its secret, and never shown."""

import datetime as dt
import re
from collections.abc import Callable
from io import StringIO
from typing import Any, get_args

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings
from stripe.params._webhook_endpoint_create_params import WebhookEndpointCreateParams

from fynlo.core import clock
from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden
from fynlo.core.ids import new_id
from fynlo.core.sealing import is_sealed_anew
from fynlo.core.tenancy import connection as place_of
from fynlo.core.tenancy import platform_context, tenant_context
from payments.gateways.models import Connection
from payments.gateways.services import ConnectionDraft, connection_facts, save_connection
from payments.gateways.stripe.endpoints import API_VERSION
from payments.gateways.stripe.subscribing import PlatformPlace, keep_endpoint
from payments.gateways.stripe.webhooks import SUBSCRIBED
from payments.webhooks.models import InboundEvent
from payments.webhooks.services import handle_event
from tenants.models import VendorSecret
from tenants.services import resume_tenant, suspend_tenant
from tenants.vendor_secrets import vendor_secrets
from tests.contracts.stripe import faults
from tests.contracts.stripe.server import StripeServer
from tests.contracts.stripe.world import PLATFORM, Body
from tests.payments.stripe.conftest import theirs

pytestmark = pytest.mark.django_db
Run = Callable[..., str]
MADE = "POST /v1/webhook_endpoints"
ACCOUNT = "acct_cafe"
DOOR = "/payments/webhooks/stripe"


@pytest.fixture
def run(stripe_server: StripeServer, platform_key: None, settings: Any, cafe: Any) -> Run:
    """The command, whose vendor is the fake."""
    settings.FYNLO_STRIPE_API_BASE = stripe_server.url

    def do(*said: str) -> str:
        told = StringIO()
        call_command("stripe_webhook_endpoint", *(said or ("--platform",)), stdout=told)
        return told.getvalue()

    return do


def there(server: StripeServer) -> list[Body]:
    """The vendor's endpoints, the newest first."""
    return server.vendor.worlds[PLATFORM].all("webhook_endpoint")


def secret_of(server: StripeServer, endpoint: str) -> str:
    return str(server.vendor.worlds[PLATFORM].hidden[endpoint]["secret"])


@pytest.fixture
def rings(stripe_server: StripeServer, run: Run, client_for: Any, cafe: Any) -> Callable[[str, str], int]:
    """Something happens at the café's account, and is told at a door signed with a secret: the door's answer."""
    stripe_server.connect(ACCOUNT)
    theirs(ACCOUNT, cafe)

    def ring(secret: str, door: str = "platform") -> int:
        stripe_server.set_account(ACCOUNT, "active")
        bell = stripe_server.bells.take("account.updated")[-1]
        body, headers = stripe_server.bells.request(bell, secrets=[secret])
        here = place_of.place()
        client = client_for(None if door == "platform" else cafe)
        answer = client.post(DOOR, data=body, content_type="application/json", headers=headers)
        place_of.go_to(here)
        return int(answer.status_code)

    return ring


def own_account(cafe: Any, **secrets: str) -> Connection:
    """The café's account with a key of its own."""
    draft = ConnectionDraft(
        id=new_id(),
        gateway="stripe",
        name="Own",
        account=ACCOUNT,
        secrets={"secret_key": "sk_test_own", **secrets},
    )
    with tenant_context(cafe):
        return save_connection(draft=draft, actor=SYSTEM, at=clock.now())


def wanted_kinds() -> set[str]:
    """What the contracts say is subscribed, stars spelt out by the library's own list of kinds."""
    said = """payment_intent.{succeeded,payment_failed,canceled,amount_capturable_updated}
        charge.{captured,expired,updated} refund.* charge.dispute.* terminal.reader.action_* payout.*
        account.updated account.application.deauthorized capability.updated"""
    hint = WebhookEndpointCreateParams.__annotations__["enabled_events"]
    known = [kind for kind in re.findall(r"'([a-z0-9_.]+)'", str(get_args(hint) or hint)) if kind != "*"]
    found: set[str] = set()
    for word in said.split():
        head, _, rest = word.partition("{")
        pattern = re.escape(head).replace(r"\*", ".*") + (
            f"({'|'.join(rest[:-1].split(','))})" if rest else ""
        )
        matching = {kind for kind in known if re.fullmatch(pattern, kind)}
        assert matching, word
        found |= matching
    return found


def test_we_subscribe_to_what_the_contracts_say_and_to_the_pages_behind_qr_codes() -> None:
    ours = {"payment_intent.processing"} | {
        f"checkout.session.{step}"
        for step in ("completed", "expired", "async_payment_succeeded", "async_payment_failed")
    }
    assert set(SUBSCRIBED) == wanted_kinds() | ours
    assert len(SUBSCRIBED) == len(set(SUBSCRIBED))


def test_the_platforms_endpoint_is_made_once_and_believed(
    run: Run, stripe_server: StripeServer, rings: Callable[..., int], cafe: Any
) -> None:
    with tenant_context(cafe):
        Connection.objects.create(gateway="stripe", name="C", account=ACCOUNT, created_at=clock.now())
    said = run()
    (endpoint,) = there(stripe_server)
    (made,) = stripe_server.engine.named(MADE)
    assert (made.params["connect"], made.params["api_version"]) == (True, API_VERSION)
    assert sorted(made.params["enabled_events"]) == sorted(SUBSCRIBED)
    assert endpoint["url"] == "https://localhost/payments/webhooks/stripe"
    secret = secret_of(stripe_server, endpoint["id"])
    assert secret not in said
    assert "tenants_vendorsecret" in said
    assert vendor_secrets(gateway="stripe") == {endpoint["id"]: secret}
    with platform_context():
        assert secret not in VendorSecret.objects.get().sealed
    assert "unchanged" in run()
    assert stripe_server.executed(MADE) == 1
    assert (rings(secret), rings("whsec_guessed")) == (200, 400)


def test_a_thin_event_makes_us_ask_the_account_itself(
    run: Run, stripe_server: StripeServer, rings: Callable[..., int], cafe: Any, client_for: Any
) -> None:
    """It says nothing of what changed, so the vendor is asked."""
    with tenant_context(cafe):
        Connection.objects.create(
            gateway="stripe", name="C", account=ACCOUNT, state="restricted", created_at=clock.now()
        )
    run()
    secret = secret_of(stripe_server, there(stripe_server)[0]["id"])
    stripe_server.set_account(ACCOUNT, "active", thin=True)
    (bell,) = stripe_server.bells.take()
    assert bell.event["object"] == "v2.core.event"
    body, headers = stripe_server.bells.request(bell, secrets=[secret])
    here = place_of.place()
    answer = client_for(None).post(DOOR, data=body, content_type="application/json", headers=headers)
    place_of.go_to(here)
    assert answer.status_code == 200
    with tenant_context(cafe):
        assert handle_event(event_id=InboundEvent.objects.get().pk, at=clock.now()) == "handled"
        row = Connection.objects.get()
    assert (row.state, row.capabilities["settlements"]) == ("active", True)


def test_one_that_was_changed_is_corrected(run: Run, stripe_server: StripeServer) -> None:
    run()
    (endpoint,) = there(stripe_server)
    endpoint.update(enabled_events=["payout.paid"], status="disabled")
    assert "corrected" in run("--platform", "--url", "https://pos.example/payments/webhooks/stripe")
    (endpoint,) = there(stripe_server)
    assert (endpoint["status"], endpoint["url"]) == (
        "enabled",
        "https://pos.example/payments/webhooks/stripe",
    )
    assert sorted(endpoint["enabled_events"]) == sorted(SUBSCRIBED)
    assert "unchanged" in run("--platform", "--url", "https://pos.example/payments/webhooks/stripe")


def test_a_new_secret_is_believed_beside_the_old_one_until_that_is_retired(
    run: Run, stripe_server: StripeServer, rings: Callable[..., int], cafe: Any
) -> None:
    with tenant_context(cafe):
        Connection.objects.create(gateway="stripe", name="C", account=ACCOUNT, created_at=clock.now())
    run()
    said = run("--platform", "--roll")
    new, old = there(stripe_server)
    secrets = [secret_of(stripe_server, each["id"]) for each in (new, old)]
    assert f"{old['id']} is still heard" in said
    assert [rings(secret) for secret in secrets] == [200, 200]
    assert f"{old['id']} is still heard" in run()
    assert f"{old['id']} removed" in run("--platform", "--retire")
    assert [each["id"] for each in there(stripe_server)] == [new["id"]]
    assert [rings(secret) for secret in secrets] == [200, 400]


def test_an_old_one_goes_when_nothing_is_repeated_any_more(run: Run, stripe_server: StripeServer) -> None:
    run()
    run("--platform", "--roll")
    new, old = there(stripe_server)
    for days, removed in ((2, ()), (4, (old["id"],))):
        kept = keep_endpoint(
            place=PlatformPlace(), url=new["url"], actor=SYSTEM, at=clock.now() + dt.timedelta(days=days)
        )
        assert (kept.endpoint.id, kept.did, kept.removed) == (new["id"], "unchanged", removed)
    assert list(vendor_secrets(gateway="stripe")) == [new["id"]]


def test_another_version_of_the_library_is_another_endpoint(run: Run, stripe_server: StripeServer) -> None:
    run()
    there(stripe_server)[0]["api_version"] = "2025-09-30.clover"
    assert "made" in run()
    assert [each["api_version"] for each in there(stripe_server)] == [API_VERSION, "2025-09-30.clover"]


def test_one_whose_secret_did_not_get_as_far_as_us_is_made_anew(
    run: Run, stripe_server: StripeServer
) -> None:
    run()
    with platform_context():
        VendorSecret.objects.all().delete()
    (lost,) = there(stripe_server)
    assert f"{lost['id']} removed" in run()
    (endpoint,) = there(stripe_server)
    assert list(vendor_secrets(gateway="stripe")) == [endpoint["id"]]


def test_an_answer_that_is_lost_makes_one_endpoint(run: Run, stripe_server: StripeServer) -> None:
    stripe_server.fault(MADE, faults.lost_answer())
    run()
    (endpoint,) = there(stripe_server)
    assert vendor_secrets(gateway="stripe") == {endpoint["id"]: secret_of(stripe_server, endpoint["id"])}


def test_one_that_was_deleted_at_the_vendor_is_made_anew_and_its_secret_forgotten(
    run: Run, stripe_server: StripeServer
) -> None:
    run()
    stripe_server.vendor.worlds[PLATFORM].tables["webhook_endpoint"].clear()
    run()
    (endpoint,) = there(stripe_server)
    assert list(vendor_secrets(gateway="stripe")) == [endpoint["id"]]


def test_one_that_people_made_is_left_alone_and_told(run: Run, stripe_server: StripeServer) -> None:
    run()
    there(stripe_server)[0]["metadata"] = {}
    assert "is not ours and leads to the same address" in run()
    assert len(there(stripe_server)) == 2


def test_a_merchants_endpoint_is_heard_at_their_own_door(
    run: Run, stripe_server: StripeServer, rings: Callable[..., int], cafe: Any
) -> None:
    row = own_account(cafe, webhook_secret="whsec_typed")
    said = run("cafe")
    (endpoint,) = there(stripe_server)
    secret = secret_of(stripe_server, endpoint["id"])
    (made,) = stripe_server.engine.named(MADE)
    assert (made.params["connect"], endpoint["metadata"]) == (False, {"fynlo_endpoint": f"cafe:{row.pk}"})
    assert endpoint["url"] == "https://cafe.localhost/payments/webhooks/stripe"
    assert secret not in said
    with tenant_context(cafe):
        kept = connection_facts(connection=Connection.objects.get()).secrets
    assert kept == {
        "secret_key": "sk_test_own",
        "webhook_secret": "whsec_typed",
        f"webhook_secret:{endpoint['id']}": secret,
    }
    assert vendor_secrets(gateway="stripe") == {}
    assert [rings(each, "cafe") for each in (secret, "whsec_typed", "whsec_x")] == [200, 200, 400]
    assert "unchanged" in run("cafe", "--connection", str(row.pk))
    suspend_tenant(slug="cafe", reason="unpaid", actor=SYSTEM, at=clock.now())
    run("cafe", "--roll", "--retire")
    resume_tenant(slug="cafe", actor=SYSTEM, at=clock.now())
    assert rings(secret, "cafe") == 400


def test_an_account_the_platform_acts_for_has_no_endpoint_of_its_own(run: Run, cafe: Any) -> None:
    with tenant_context(cafe):
        row = Connection.objects.create(gateway="stripe", name="C", account=ACCOUNT, created_at=clock.now())
    with pytest.raises(CommandError, match="No payment account at Stripe with a key of its own"):
        run("cafe")
    with pytest.raises(CommandError, match="heard of at the platform's endpoint"):
        run("cafe", "--connection", str(row.pk))
    with pytest.raises(CommandError, match="There is no merchant nobody"):
        run("nobody")


def test_what_the_vendor_refuses_is_told(run: Run, settings: Any) -> None:
    with pytest.raises(CommandError, match="Invalid URL"):
        run("--platform", "--url", "ftp://pos.example")
    settings.FYNLO_STRIPE_SECRET_KEY = ""
    with pytest.raises(CommandError, match="no key"):
        run()


def test_who_may_not_connect_makes_no_endpoint() -> None:
    nobody = Actor(kind="employee", id=None, name="Eve")
    with pytest.raises(Forbidden):
        keep_endpoint(place=PlatformPlace(), url="https://x.example", actor=nobody, at=clock.now())


def test_the_platforms_secrets_are_sealed_anew_with_the_others(run: Run, cafe: Any) -> None:
    with override_settings(FYNLO_SEALING_KEYS=["the old secret of the platform"]):
        run()
    told = StringIO()
    with override_settings(
        FYNLO_SEALING_KEYS=["the new secret of the platform", "the old secret of the platform"]
    ):
        call_command("rotate_payment_secrets", stdout=told)
        with platform_context():
            assert is_sealed_anew(VendorSecret.objects.get().sealed)
    assert told.getvalue().splitlines()[0] == "platform: 1 of 1 endpoints sealed anew"
    with override_settings(FYNLO_SEALING_KEYS=["another secret altogether"]):
        assert vendor_secrets(gateway="stripe") == {}
        with pytest.raises(CommandError, match="platform: a sealed secret cannot be opened"):
            call_command("rotate_payment_secrets", stdout=StringIO())
