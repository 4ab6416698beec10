"""Tokens at the door: who is let in, and that a refusal tells nothing, neither by its body nor by its work."""

import dataclasses
import datetime as dt
import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import tenant_context
from staff.access.models import StaffSession
from staff.access.tokens import new_token, token_hash
from staff.employees.roles import DEVICE_PERMISSIONS
from sync.terminals.authentication import device_actor
from sync.terminals.models import Terminal
from sync.terminals.services import revoke_terminal
from tests.sync.tills import PairedTill, hired, paired_till

ME = "/api/v1/terminals/me"
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def host_of(tenant: Any) -> str:
    return f"{tenant.slug}.localhost"


def ask(tenant: Any, **headers: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(HTTP_HOST=host_of(tenant), SERVER_NAME=host_of(tenant)).get(ME, headers=given)


def expired(till: PairedTill) -> str:
    with tenant_context(till.tenant):
        Terminal.objects.filter(pk=till.terminal.pk).update(token_expires_at=LONG_AGO)
    return f"Bearer {till.token}"


def revoked(till: PairedTill) -> str:
    with tenant_context(till.tenant):
        revoke_terminal(terminal_id=till.terminal.pk, actor=SYSTEM, at=clock.now())
    return f"Bearer {till.token}"


WRONG_WAYS: dict[str, Callable[[PairedTill, PairedTill], str | None]] = {
    "missing": lambda own, foreign: None,
    "empty": lambda own, foreign: "",
    "wrong": lambda own, foreign: f"Bearer {new_token('fyd_')}",
    "another merchant's": lambda own, foreign: f"Bearer {foreign.token}",
    "expired": lambda own, foreign: expired(own),
    "revoked": lambda own, foreign: revoked(own),
    "no token": lambda own, foreign: "Bearer ",
    "another scheme": lambda own, foreign: f"Basic {own.token}",
    "two tokens": lambda own, foreign: f"Bearer {own.token} {own.token}",
    "its hash": lambda own, foreign: f"Bearer {token_hash(own.token)}",
    "a session's": lambda own, foreign: f"Bearer {own.session}",
    "a NUL and beyond": lambda own, foreign: "Bearer \x00\xff'--",
    "very long": lambda own, foreign: "Bearer " + "x" * 10_000,
}


@pytest.fixture
def tills(cafe: Any, grocer: Any) -> tuple[PairedTill, PairedTill]:
    """A till of the café with somebody signed in on it, and one of the grocer."""
    hired(cafe)
    return paired_till(cafe).signed_in(), paired_till(grocer)


@pytest.mark.django_db
def test_the_right_token_is_the_device_at_its_register(tills: tuple[PairedTill, PairedTill]) -> None:
    own, _ = tills
    answer = dataclasses.replace(own, session=None).get("terminals/me")
    assert answer.status_code == 200
    assert answer.json()["id"] == str(own.terminal.pk)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Vary"] == "Authorization, Staff-Session"


@pytest.mark.django_db
@pytest.mark.parametrize("way", WRONG_WAYS)
def test_a_wrong_token_gets_the_same_401_after_the_same_work(
    way: str, tills: tuple[PairedTill, PairedTill], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, foreign = tills
    expected = refusal(own.tenant, f"Bearer {new_token('fyd_')}", monkeypatch)
    header = WRONG_WAYS[way](own, foreign)
    assert refusal(own.tenant, header, monkeypatch) == expected
    assert expected["status"] == 401
    assert expected["challenge"] == "Bearer"
    assert expected["hashes"] == 1
    assert len(expected["statements"]) == 1


def refusal(tenant: Any, header: str | None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Everything an outsider could compare: the answer, the statements in the tenant, the hashes."""
    hashes = 0
    sha256 = hashlib.sha256

    def counting(*args: Any, **kwargs: Any) -> Any:
        nonlocal hashes
        hashes += 1
        return sha256(*args, **kwargs)

    headers = {} if header is None else {"Authorization": header}
    with monkeypatch.context() as patched, CaptureQueriesContext(connection) as captured:
        patched.setattr("staff.access.tokens.hashlib.sha256", counting)
        answer = ask(tenant, **headers)
    body = answer.json()
    assert re.fullmatch(r"[0-9a-f-]{36}", body.pop("instance"))
    statements = [re.sub(r"'[0-9a-f]{64}'", "<hash>", query["sql"]) for query in captured]
    return {
        "status": answer.status_code,
        "challenge": answer.headers["WWW-Authenticate"],
        "names": sorted(answer.headers),
        "body": body,
        "length": answer.headers["Content-Length"],
        "hashes": hashes,
        "statements": [sql for sql in statements if "sync_terminal" in sql or "staff_" in sql],
        "all": len(statements),
    }


@pytest.mark.django_db
def test_a_token_opens_nothing_at_another_merchant_and_nothing_on_the_platform(
    tills: tuple[PairedTill, PairedTill], client_for: Any
) -> None:
    own, foreign = tills
    for stranger, host in ((own, foreign.tenant), (foreign, own.tenant)):
        answer = ask(host, Authorization=f"Bearer {stranger.token}")
        assert answer.status_code == 401
        assert str(stranger.terminal.pk) not in answer.content.decode()
    with_token = client_for(None).get(ME, headers=own.headers)
    without = client_for(None).get(ME)
    assert (with_token.status_code, without.status_code) == (404, 404)
    assert with_token.json() | {"instance": ""} == without.json() | {"instance": ""}


@pytest.mark.django_db
def test_the_scheme_is_read_in_any_case(tills: tuple[PairedTill, PairedTill]) -> None:
    own, _ = tills
    assert ask(own.tenant, Authorization=f"bEARER {own.token}").status_code == 200


@pytest.mark.django_db
def test_a_device_may_what_devices_may(tills: tuple[PairedTill, PairedTill]) -> None:
    own, _ = tills
    with tenant_context(own.tenant):
        row = Terminal.objects.select_related("register").get(pk=own.terminal.pk)
        actor = device_actor(row, at=clock.now())
    assert actor is not None
    assert (actor.kind, actor.id, actor.device_id) == ("device", row.pk, row.pk)
    assert (actor.register_id, actor.location_id) == (row.register_id, row.register.location_id)
    assert actor.permissions == DEVICE_PERMISSIONS
    assert actor.employee_id is None


@pytest.mark.django_db
def test_an_employee_on_the_device_may_what_both_may(tills: tuple[PairedTill, PairedTill]) -> None:
    own, _ = tills
    alone, together = dataclasses.replace(own, session=None), own
    assert alone.get("terminals").status_code == 403
    assert together.get("terminals").status_code == 200


def another_devices(own: PairedTill, other: PairedTill) -> str:
    return str(other.session)


def over(own: PairedTill, other: PairedTill) -> str:
    StaffSession.objects.filter(token_hash=token_hash(str(own.session))).update(expires_at=LONG_AGO)
    return str(own.session)


def ended(own: PairedTill, other: PairedTill) -> str:
    StaffSession.objects.filter(token_hash=token_hash(str(own.session))).update(revoked_at=LONG_AGO)
    return str(own.session)


def of_somebody_let_go(own: PairedTill, other: PairedTill) -> str:
    session = StaffSession.objects.select_related("employee").get(token_hash=token_hash(str(own.session)))
    session.employee.is_active = False
    session.employee.save(update_fields=["is_active"])
    return str(own.session)


WRONG_SESSIONS: dict[str, Callable[[PairedTill, PairedTill], str]] = {
    "unknown": lambda own, other: str(new_token("fys_")),
    "empty": lambda own, other: "",
    "the device's token": lambda own, other: own.token,
    "another device's": another_devices,
    "over": over,
    "ended": ended,
    "of somebody let go": of_somebody_let_go,
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", WRONG_SESSIONS)
def test_a_wrong_session_is_a_wrong_credential_also_on_the_right_device(
    way: str, tills: tuple[PairedTill, PairedTill]
) -> None:
    own, _ = tills
    other = paired_till(own.tenant).signed_in()
    with tenant_context(own.tenant):
        session = WRONG_SESSIONS[way](own, other)
    with CaptureQueriesContext(connection) as captured:
        answer = ask(own.tenant, Authorization=f"Bearer {own.token}", Staff_Session=session)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
    looked_up = [
        query["sql"] for query in captured if "sync_terminal" in query["sql"] or "staff_" in query["sql"]
    ]
    assert len(looked_up) == 2


@pytest.mark.django_db
def test_a_right_session_beside_a_wrong_token_is_looked_up_all_the_same(
    tills: tuple[PairedTill, PairedTill],
) -> None:
    own, _ = tills
    with CaptureQueriesContext(connection) as captured:
        answer = ask(own.tenant, Authorization="Bearer wrong", Staff_Session=str(own.session))
    assert answer.status_code == 401
    assert len([query for query in captured if "token_hash" in query["sql"]]) == 2


@pytest.mark.django_db
def test_a_token_in_use_does_not_run_out(cafe: Any) -> None:
    till = paired_till(cafe, at=clock.now() - dt.timedelta(days=91))
    before = till.terminal.token_expires_at
    assert till.get("terminals/me").status_code == 200
    with tenant_context(cafe):
        after = Terminal.objects.get(pk=till.terminal.pk).token_expires_at
    assert before - clock.now() < dt.timedelta(days=90)
    assert after - clock.now() > dt.timedelta(days=179)


@pytest.mark.django_db
def test_a_token_with_time_left_is_left_alone(cafe: Any) -> None:
    till = paired_till(cafe)
    with CaptureQueriesContext(connection) as captured:
        assert till.get("terminals/me").status_code == 200
    assert not [query for query in captured if query["sql"].startswith("UPDATE")]


@pytest.mark.django_db
def test_a_device_silent_for_half_a_year_has_to_be_paired_again(cafe: Any) -> None:
    till = paired_till(cafe, at=clock.now() - dt.timedelta(days=180))
    assert till.get("terminals/me").status_code == 401


@pytest.mark.django_db
def test_no_token_shows_in_a_repr_or_in_the_database(tills: tuple[PairedTill, PairedTill]) -> None:
    own, _ = tills
    with tenant_context(own.tenant):
        terminal = Terminal.objects.get(pk=own.terminal.pk)
        session = StaffSession.objects.get(token_hash=token_hash(str(own.session)))
        stored = repr(Terminal.objects.values()) + repr(StaffSession.objects.values())
    assert repr(new_token("fyd_")) == "'********'"
    for secret in (own.token, str(own.session)):
        assert secret not in repr(terminal) + repr(session) + stored
    assert re.fullmatch(r"fyd_[A-Za-z0-9_-]{43}", own.token)
    assert re.fullmatch(r"fys_[A-Za-z0-9_-]{43}", str(own.session))
