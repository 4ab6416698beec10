"""The doors: what is signed is kept once and thanked for; what is not is told nothing."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import override_settings

from fynlo.core import clock
from fynlo.core.tenancy import tenant_context
from payments.gateways import base
from payments.gateways.registry import add_gateway, remove_gateway
from payments.gateways.simulator import Simulator
from payments.gateways.simulator.bells import HEADER, signature
from payments.gateways.simulator.guest import pay
from payments.webhooks.limits import LARGEST_BODY
from payments.webhooks.models import InboundEvent
from payments.webhooks.services import receiving
from tenants.services import VendorAccountTaken, claim_vendor_account, release_vendor_account
from tests.payments.webhooks.bells import DOOR, SECRET, Shop, event, open_shop, post, signed

pytestmark = pytest.mark.django_db


def test_a_signed_call_is_kept_and_thanked_for(shop: Shop) -> None:
    attempt = shop.ask()
    pay(desk=shop.desk, payment=attempt.vendor_id)
    bell = shop.bells()[-1]
    answer = shop.ring(bell)
    assert (answer.status_code, answer.content) == (200, b"")
    with tenant_context(shop.tenant):
        row = InboundEvent.objects.get(event_id=bell.id)
    assert (row.connection_id, row.state, row.tries) == (shop.connection.pk, "stored", 0)
    assert row.next_try_at == row.received_at + dt.timedelta(seconds=60)


def test_the_same_call_again_is_thanked_for_and_kept_once(shop: Shop) -> None:
    body, headers = signed(event())
    assert [post(shop.client, body, headers).status_code for _ in range(3)] == [200, 200, 200]
    with tenant_context(shop.tenant):
        assert InboundEvent.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"simulator-signature": ""},
        {"simulator-signature": "t=1,v1=00"},
        {"simulator-signature": "nonsense"},
    ],
    ids=["none", "empty", "old", "nonsense"],
)
def test_what_is_not_signed_is_told_nothing(shop: Shop, headers: dict[str, str]) -> None:
    answer = post(shop.client, b'{"id": "evt"}', headers)
    assert (answer.status_code, answer.content) == (400, b"")
    with tenant_context(shop.tenant):
        assert not InboundEvent.objects.exists()


def test_another_secret_a_changed_body_and_an_old_call_are_refused(shop: Shop) -> None:
    body, headers = signed(event())
    other, forged = signed(event(), secret="sim_whsec_of_a_thief")
    late = signed(event(), at=clock.now() - dt.timedelta(seconds=301))
    early = signed(event(), at=clock.now() + dt.timedelta(seconds=330))
    asked = [(other, forged), (body + b" ", headers), late, early]
    assert [post(shop.client, *each).status_code for each in asked] == [400, 400, 400, 400]


def test_an_unknown_gateway_answers_like_a_forged_call(shop: Shop) -> None:
    body, headers = signed(event())
    answer = post(shop.client, body, headers, "/payments/webhooks/nobody")
    assert (answer.status_code, answer.content) == (400, b"")


def test_a_connection_without_a_secret_hears_nothing(shop: Shop) -> None:
    with tenant_context(shop.tenant):
        open_shop(shop.tenant, shop.client, account="sim_2", secret="")
        body, headers = signed(event(account="sim_2"), secret="")
    assert post(shop.client, body, headers).status_code == 400


def test_any_of_several_accounts_may_be_meant(shop: Shop) -> None:
    with tenant_context(shop.tenant):
        second = open_shop(shop.tenant, shop.client, account="sim_2", secret="sim_whsec_of_the_second")
    body, headers = signed(event(account="sim_2"), secret="sim_whsec_of_the_second")
    assert post(shop.client, body, headers).status_code == 200
    with tenant_context(shop.tenant):
        assert InboundEvent.objects.get().connection_id == second.connection.pk


def test_a_call_about_another_account_is_not_for_this_one(shop: Shop) -> None:
    body, headers = signed(event(account="sim_of_somebody_else"))
    assert post(shop.client, body, headers).status_code == 400


def test_another_merchants_secret_opens_nothing_here(shop: Shop, grocer: Any, client_for: Any) -> None:
    with tenant_context(grocer):
        open_shop(grocer, client_for(grocer), secret="sim_whsec_of_the_grocer")
    body, headers = signed(event(), secret="sim_whsec_of_the_grocer")
    assert post(shop.client, body, headers).status_code == 400
    assert post(client_for(grocer), body, headers).status_code == 200
    with tenant_context(shop.tenant):
        assert not InboundEvent.objects.exists()


def test_what_is_too_large_is_not_even_read(shop: Shop) -> None:
    body = b"x" * (LARGEST_BODY + 1)
    assert post(shop.client, body, {}).status_code == 413


def test_only_posting_is_known(shop: Shop) -> None:
    assert shop.client.get(DOOR).status_code == 405


def test_whoever_forges_too_often_waits_and_the_genuine_is_never_counted(shop: Shop) -> None:
    body, headers = signed(event())
    assert {post(shop.client, body, headers).status_code for _ in range(70)} == {200}
    answers = [post(shop.client, b"{}", {}) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [400] * 60 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_secrets_in_a_call_are_not_kept(shop: Shop) -> None:
    snapshot = {"client_secret": "pi_secret", "deep": [{"Access_Token": "x", "amount": 5}]}
    data = {"object": "p", "attempt": "", "snapshot": snapshot}
    assert post(shop.client, *signed(event(data=data))).status_code == 200
    with tenant_context(shop.tenant):
        kept = InboundEvent.objects.get().payload["data"]["snapshot"]
    assert kept == {"deep": [{"amount": 5}]}


class Connect(Simulator):
    """The simulator, called at one door for all merchants."""

    code = "connect"


@pytest.fixture
def platform(client_for: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The platform's door for a gateway with two secrets, of which the second is being brought in."""
    add_gateway(Connect())
    monkeypatch.setitem(receiving._PLATFORM_SECRETS, "connect", "FYNLO_CONNECT_SECRETS")
    with override_settings(FYNLO_CONNECT_SECRETS=["platform_whsec_old", "platform_whsec_new"]):
        yield client_for(None)
    remove_gateway("connect")


def ring_platform(client: Any, said: dict[str, Any], secret: str = "platform_whsec_new") -> Any:
    return post(client, *signed(said, secret=secret), "/payments/webhooks/connect")


def connected(tenant: Any, account: str) -> None:
    from payments.gateways.models import Connection

    claim_vendor_account(gateway="connect", account=account, tenant=tenant, at=clock.now())
    with tenant_context(tenant):
        Connection.objects.create(gateway="connect", name="Connect", account=account, created_at=clock.now())


def test_at_the_platforms_door_the_account_picks_the_merchant(platform: Any, cafe: Any, grocer: Any) -> None:
    connected(cafe, "acct_cafe")
    connected(grocer, "acct_grocer")
    said = event("evt_1", account="acct_grocer", tenant="cafe", metadata={"tenant": "cafe"})
    assert ring_platform(platform, said).status_code == 200
    assert ring_platform(platform, {**said, "id": "evt_2"}, "platform_whsec_old").status_code == 200
    kept = {}
    for tenant in (cafe, grocer):
        with tenant_context(tenant):
            kept[tenant.slug] = sorted(InboundEvent.objects.values_list("event_id", flat=True))
    assert kept == {"cafe": [], "grocer": ["evt_1", "evt_2"]}


def test_an_account_nobody_has_yet_makes_the_vendor_call_again(platform: Any, cafe: Any) -> None:
    said = event(account="acct_soon")
    assert ring_platform(platform, said).status_code == 404
    connected(cafe, "acct_soon")
    assert ring_platform(platform, said).status_code == 200
    release_vendor_account(gateway="connect", account="acct_soon", tenant=cafe)
    assert ring_platform(platform, said).status_code == 404


def test_the_platforms_own_account_is_nobodys(platform: Any) -> None:
    assert ring_platform(platform, event(account="")).status_code == 200


def test_the_platforms_door_knows_only_the_platforms_secrets(platform: Any, cafe: Any) -> None:
    connected(cafe, "acct_cafe")
    assert ring_platform(platform, event(account="acct_cafe"), "whsec_of_a_thief").status_code == 400


def test_an_account_belongs_to_one_merchant(cafe: Any, grocer: Any) -> None:
    claim_vendor_account(gateway="connect", account="acct_1", tenant=cafe, at=clock.now())
    claim_vendor_account(gateway="connect", account="acct_1", tenant=cafe, at=clock.now())
    with pytest.raises(VendorAccountTaken):
        claim_vendor_account(gateway="connect", account="acct_1", tenant=grocer, at=clock.now())


def test_an_event_says_nothing_of_its_secrets_in_a_repr() -> None:
    inbound = base.ConnectionFacts(
        id=receiving._NOBODY, gateway="x", tenant="", secrets={"webhook_secret": "whsec_x"}
    )
    assert "whsec_x" not in repr(inbound)


_SAID = json.dumps(event("sim_evt_odd")).encode()
_ODD = {
    "deep": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep list": _SAID[:-1] + b', "more": ' + b"[" * 200 + b"]" * 200 + b"}",
    "an instant far away": json.dumps(event(created=10**40)).encode(),
    "a year beyond the last": json.dumps(event(created=10**12)).encode(),
    "an id that is a number": json.dumps(event() | {"id": 7}).encode(),
    "an id that is a list": json.dumps(event() | {"id": ["sim_evt_1"]}).encode(),
    "a type that is none": json.dumps(event() | {"type": None}).encode(),
    "a type that is an object": json.dumps(event() | {"type": {}}).encode(),
    "no character": json.dumps(event("sim_evt_\0")).encode(),
    "no character inside": json.dumps(event(more={"a": ["b\0"]})).encode(),
    "no character in a name": json.dumps(event(more={"\0": 1})).encode(),
    "half a character": json.dumps(event(more="\ud800")).encode(),
    "no number": _SAID[:-1] + b', "more": NaN}',
    "a number without end": _SAID[:-1] + b', "more": 1e999}',
    "a list": b"[]",
    "no text": b"\xff\xfe",
}


@pytest.mark.parametrize("body", _ODD.values(), ids=_ODD.keys())
def test_what_is_signed_and_is_no_event_is_refused_like_a_forgery(shop: Shop, body: bytes) -> None:
    headers = {HEADER: signature(body=body, secret=SECRET, at=clock.now())}
    answer = post(shop.client, body, headers)
    assert (answer.status_code, answer.content) == (400, b"")
    with tenant_context(shop.tenant):
        assert not InboundEvent.objects.exists()
