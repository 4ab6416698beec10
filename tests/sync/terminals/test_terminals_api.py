"""Devices over HTTP."""

import base64
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import tenant_context
from pos.registers.models import Register
from staff.access.models import StaffSession
from sync.terminals.models import PairingCode, Terminal
from sync.terminals.services import create_pairing_code
from tests.factories import RegisterFactory
from tests.redis_server import RedisServer
from tests.sync.tills import PairedTill, hired, paired_till, post_json

KEY = base64.b64encode(bytes(range(32))).decode()
PAIR = "terminals/pair"


@pytest.fixture
def manager(cafe: Any) -> PairedTill:
    """A till of the café with a manager signed in on it."""
    hired(cafe)
    return paired_till(cafe, name="Office").signed_in()


@pytest.fixture
def code(cafe: Any) -> str:
    """A pairing code of register K1 of the café."""
    with tenant_context(cafe):
        register = RegisterFactory.create(code="K1", name="Kasse 1")
        return str(create_pairing_code(register_id=register.pk, actor=SYSTEM, at=clock.now()).code)


@pytest.mark.django_db
def test_pairing_answers_what_a_till_needs(cafe: Any, code: str, client_for: Any) -> None:
    answer = post_json(client_for(cafe), PAIR, {"code": code, "device_name": "Front", "public_key": KEY})
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    with tenant_context(cafe):
        terminal = Terminal.objects.select_related("register__location").get()
    assert body == {
        "terminal_id": str(terminal.pk),
        "epoch": 1,
        "token": body["token"],
        "expires_at": clock.rfc3339(terminal.token_expires_at),
        "register": {"id": str(terminal.register_id), "code": "K1", "name": "Kasse 1"},
        "location": {
            "id": str(terminal.register.location_id),
            "code": terminal.register.location.code,
            "name": terminal.register.location.name,
            "time_zone": "Europe/Berlin",
        },
        "merchant": {"name": "Café Morgenrot", "currency": "EUR", "time_zone": "Europe/Berlin"},
    }
    me = client_for(cafe).get("/api/v1/terminals/me", headers={"Authorization": f"Bearer {body['token']}"})
    assert me.status_code == 200
    assert (me.json()["id"], me.json()["merchant"]) == (body["terminal_id"], body["merchant"])


@pytest.mark.django_db
def test_a_lost_answer_is_given_again_byte_for_byte(cafe: Any, code: str, client_for: Any) -> None:
    body = {"code": code, "device_name": "Front"}
    first = post_json(client_for(cafe), PAIR, body, Idempotency_Key="7d1c")
    again = post_json(client_for(cafe), PAIR, body, Idempotency_Key="7d1c")
    assert (again.status_code, again.content) == (201, first.content)
    other = post_json(client_for(cafe), PAIR, body, Idempotency_Key="7d1d")
    assert (other.status_code, other.json()["code"]) == (422, "pairing_refused")


@pytest.mark.django_db
def test_a_code_of_another_merchant_is_refused_like_any_wrong_one(
    grocer: Any, code: str, client_for: Any
) -> None:
    answers = [
        post_json(client_for(grocer), PAIR, {"code": text, "device_name": "Front"})
        for text in (code, "0000-0000", "nonsense")
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    bodies = [{**answer.json(), "instance": ""} for answer in answers]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["code"] == "pairing_refused"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "pointer", "problem"),
    [
        ({"device_name": "Front"}, "/code", "required"),
        ({"code": 12345678, "device_name": "Front"}, "/code", "invalid"),
        ({"code": "A" * 21, "device_name": "Front"}, "/code", "max_length"),
        ({"code": "ABCD-EFGH"}, "/device_name", "required"),
        ({"code": "ABCD-EFGH", "device_name": " "}, "/device_name", "blank"),
        ({"code": "ABCD-EFGH", "device_name": "x" * 81}, "/device_name", "max_length"),
        ({"code": "ABCD-EFGH", "device_name": "a\u001bb"}, "/device_name", "control_character"),
        ({"code": "ABCD-EFGH", "device_name": "F", "public_key": KEY[:-1]}, "/public_key", "invalid"),
        ({"code": "ABCD-EFGH", "device_name": "F", "public_key": KEY[:-2] + "9="}, "/public_key", "invalid"),
        ({"code": "ABCD-EFGH", "device_name": "F", "public_key": "Ä" * 44}, "/public_key", "invalid"),
        ({"code": "ABCD-EFGH", "device_name": "F", "register": "K1"}, "/register", "unknown_field"),
    ],
)
def test_a_request_of_the_wrong_shape_is_told_where(
    cafe: Any, client_for: Any, body: dict[str, Any], pointer: str, problem: str
) -> None:
    answer = post_json(client_for(cafe), PAIR, body)
    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, problem)]


@pytest.mark.django_db
def test_an_unreadable_idempotency_key_is_refused_before_the_code_is_tried(
    cafe: Any, code: str, client_for: Any
) -> None:
    body = {"code": code, "device_name": "Front"}
    answer = post_json(client_for(cafe), PAIR, body, Idempotency_Key="k" * 256)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "Idempotency-Key"
    with tenant_context(cafe):
        assert PairingCode.objects.get().tries == 0


@pytest.mark.django_db
def test_an_address_has_thirty_wrong_tries_in_ten_minutes_and_others_are_not_affected(
    cafe: Any, grocer: Any, code: str, client_for: Any
) -> None:
    client = client_for(cafe)
    wrong = {"code": "0000-0000", "device_name": "Front"}
    statuses = [post_json(client, PAIR, wrong).status_code for _ in range(30)]
    assert statuses == [422] * 30
    stopped = post_json(client, PAIR, {"code": code, "device_name": "Front"})
    assert (stopped.status_code, stopped.json()["code"]) == (429, "too_many_requests")
    assert 590 <= int(stopped.headers["Retry-After"]) <= 600
    client.defaults["REMOTE_ADDR"] = "203.0.113.7"
    assert post_json(client, PAIR, {"code": code, "device_name": "Front"}).status_code == 201
    assert post_json(client_for(grocer), PAIR, wrong).status_code == 422


@pytest.mark.django_db
def test_right_codes_are_not_counted_against_the_address(
    cafe: Any, code: str, client_for: Any, own_redis: RedisServer
) -> None:
    post_json(client_for(cafe), PAIR, {"code": "0000-0000", "device_name": "Front"})
    post_json(client_for(cafe), PAIR, {"code": code, "device_name": "Front"})
    assert own_redis.client.get("t_cafe:limit:pair:127.0.0.1") == b"1"


@pytest.mark.django_db
def test_without_redis_a_till_is_paired_and_the_code_still_counts(
    cafe: Any, code: str, client_for: Any, no_redis: None
) -> None:
    client = client_for(cafe)
    for _ in range(4):
        wrong = {"code": code[:4] + "-0000", "device_name": "Front"}
        assert post_json(client, PAIR, wrong).status_code == 422
    with tenant_context(cafe):
        assert PairingCode.objects.get().tries == 4
    assert post_json(client, PAIR, {"code": code, "device_name": "Front"}).status_code == 201


@pytest.mark.django_db
def test_a_manager_gets_a_code_that_pairs(manager: PairedTill, client_for: Any) -> None:
    register = str(manager.terminal.register_id)
    answer = manager.post("terminals/pairing-codes", {"register_id": register})
    assert answer.status_code == 201
    assert sorted(answer.json()) == ["code", "expires_at", "id", "register"]
    assert answer.json()["register"]["id"] == register
    body = {"code": answer.json()["code"], "device_name": "Second"}
    paired = post_json(client_for(manager.tenant), PAIR, body)
    assert paired.status_code == 201
    with tenant_context(manager.tenant):
        row = PairingCode.objects.get(pk=answer.json()["id"])
        assert str(row.created_by_id) == manager.get("employees/me").json()["employee"]["id"]
        assert str(row.terminal_id) == paired.json()["terminal_id"]


@pytest.mark.django_db
def test_a_code_for_a_device_installed_anew_names_it(manager: PairedTill, client_for: Any) -> None:
    old = paired_till(manager.tenant)
    wanted = {"register_id": str(old.terminal.register_id), "terminal_id": str(old.terminal.pk)}
    code = manager.post("terminals/pairing-codes", wanted).json()["code"]
    paired = post_json(client_for(manager.tenant), PAIR, {"code": code, "device_name": "Front"}).json()
    assert paired["epoch"] == 2
    assert paired["terminal_id"] != str(old.terminal.pk)
    assert old.get("terminals/me").status_code == 401


@pytest.mark.django_db
def test_only_who_may_pair_gets_a_code(cafe: Any) -> None:
    hired(cafe, role="cashier")
    till = paired_till(cafe)
    wanted = {"register_id": str(till.terminal.register_id)}
    for asker in (till, till.signed_in()):
        answer = asker.post("terminals/pairing-codes", wanted)
        assert (answer.status_code, answer.json()["permission"]) == (403, "terminals.pair")


@pytest.mark.django_db
def test_a_register_of_another_merchant_does_not_exist(manager: PairedTill, grocer: Any) -> None:
    with tenant_context(grocer):
        foreign = RegisterFactory.create()
    answer = manager.post("terminals/pairing-codes", {"register_id": str(foreign.pk)})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert str(foreign.pk) not in answer.content.decode()


@pytest.mark.django_db
def test_devices_are_listed_in_pages_with_a_fixed_number_of_statements(
    manager: PairedTill, grocer: Any
) -> None:
    counts = []
    for _ in range(2):
        paired_till(manager.tenant)
        with CaptureQueriesContext(connection) as captured:
            page = manager.get("terminals?limit=10").json()
        counts.append(len(captured))
    paired_till(grocer)
    assert counts[0] == counts[1]
    assert len(page["items"]) == 3
    assert page["next_cursor"] is None
    assert page["items"][0]["name"] == "Office"
    assert sorted(page["items"][0]) == [
        "epoch",
        "id",
        "location",
        "name",
        "paired_at",
        "register",
        "revoked_at",
        "token_expires_at",
    ]
    assert "token_hash" not in str(page)


@pytest.mark.django_db
def test_a_revoked_device_is_out_at_once_with_everybody_on_it(manager: PairedTill) -> None:
    lost = paired_till(manager.tenant, name="Lost").signed_in()
    path = f"terminals/{lost.terminal.pk}/revoke"
    answer = manager.post(path, None, Idempotency_Key="1")
    assert answer.status_code == 200
    assert answer.json()["revoked_at"] is not None
    assert int(answer.headers["Feed-Position"]) > 0
    assert lost.get("terminals/me").status_code == 401
    assert manager.get("terminals/me").status_code == 200
    with tenant_context(manager.tenant):
        assert not StaffSession.objects.filter(device_id=lost.terminal.pk, revoked_at=None).exists()


@pytest.mark.django_db
def test_revoking_twice_changes_nothing_and_says_nothing_to_the_feed(manager: PairedTill) -> None:
    lost = paired_till(manager.tenant)
    path = f"terminals/{lost.terminal.pk}/revoke"
    first = manager.post(path, None, Idempotency_Key="1")
    second = manager.post(path, None, Idempotency_Key="2")
    assert second.json() == first.json()
    assert "Feed-Position" not in second.headers
    assert manager.post(path, None).json()["code"] == "idempotency_key_missing"


@pytest.mark.django_db
def test_only_who_may_revoke_revokes_and_only_here(manager: PairedTill, grocer: Any) -> None:
    foreign = paired_till(grocer)
    answer = manager.post(f"terminals/{foreign.terminal.pk}/revoke", None, Idempotency_Key="1")
    assert answer.status_code == 404
    device = paired_till(manager.tenant)
    answer = device.post(f"terminals/{manager.terminal.pk}/revoke", None, Idempotency_Key="1")
    assert (answer.status_code, answer.json()["permission"]) == (403, "terminals.revoke")
    assert foreign.get("terminals/me").status_code == 200


@pytest.mark.django_db
def test_a_merchant_who_may_only_read_can_revoke_but_not_pair(manager: PairedTill) -> None:
    tenant = manager.tenant
    lost = paired_till(tenant)
    read_only(tenant)
    wanted = {"register_id": str(manager.terminal.register_id)}
    assert manager.post("terminals/pairing-codes", wanted).json()["code"] == "tenant_read_only"
    assert manager.post(f"terminals/{lost.terminal.pk}/revoke", None, Idempotency_Key="1").status_code == 200
    assert manager.post("employees/sign-out").status_code == 204


def read_only(tenant: Any) -> None:
    from fynlo.core.tenancy import platform_context
    from tenants.models import Tenant

    with platform_context():
        Tenant.objects.filter(pk=tenant.pk).update(state="read_only")


@pytest.mark.django_db
def test_a_register_out_of_use_is_not_paired(manager: PairedTill) -> None:
    with tenant_context(manager.tenant):
        Register.objects.filter(pk=manager.terminal.register_id).update(is_active=False)
    answer = manager.post("terminals/pairing-codes", {"register_id": str(manager.terminal.register_id)})
    assert (answer.status_code, answer.json()["code"]) == (409, "register_inactive")
    assert answer.json()["errors"][0]["pointer"] == "/register_id"
