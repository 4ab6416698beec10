"""Signing in with a PIN: who gets in, who waits, and that a refusal tells nothing."""

import dataclasses
import datetime as dt
from typing import Any

import argon2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import read_after
from staff.access.errors import SignInDelayed, SignInRefused
from staff.access.models import SignInTry, StaffSession
from staff.access.services import SignedIn, sign_in
from staff.access.tokens import token_hash
from staff.employees.models import Employee
from staff.employees.roles import DEVICE_PERMISSIONS
from staff.employees.services import EmployeeDraft, create_employee, seed_roles

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
PIN = "4711"


def a_device() -> Actor:
    device_id = new_id()
    return Actor(
        kind="device", id=device_id, name="Till", device_id=device_id, permissions=DEVICE_PERMISSIONS
    )


def at(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


@pytest.fixture
def device(in_cafe: Any) -> Actor:
    """A till of the café; Ada (1, manager) and Ben (2, cashier) work there. The body runs in the café."""
    staff()
    return a_device()


def staff() -> None:
    seed_roles()
    for number, name, role in (("1", "Ada", "manager"), ("2", "Ben", "cashier")):
        draft = EmployeeDraft(number=number, name=name, role=role)
        create_employee(draft=draft, pin=PIN, actor=SYSTEM, at=NOON)


def signs_in(device: Actor, number: str = "1", pin: str = PIN, *, seconds: float = 0) -> SignedIn:
    return sign_in(employee_number=number, pin=pin, device=device, at=at(seconds))


def wrong(device: Actor, number: str = "1", *, times: int = 1, seconds: float = 0) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            signs_in(device, number, "9999", seconds=seconds)


def wait_of(device: Actor, number: str = "1", *, seconds: float = 0) -> int:
    with pytest.raises(SignInDelayed) as delayed:
        signs_in(device, number, seconds=seconds)
    return delayed.value.retry_after


@pytest.mark.django_db
def test_the_right_pin_opens_a_session_of_twelve_hours_on_this_device(device: Actor) -> None:
    before = len(read_after(0))
    opened = signs_in(device)
    session = StaffSession.objects.select_related("employee").get()
    assert (session.employee.name, session.device_id, session.started_at) == ("Ada", device.device_id, NOON)
    assert session.expires_at == opened.expires_at == NOON + dt.timedelta(hours=12)
    assert session.token_hash == token_hash(opened.token)
    assert session.revoked_at is None
    [said] = read_after(0)[before:]
    assert (said.t, said.id) == ("employee.signed_in", session.employee_id)
    assert said.data == {"device_id": str(device.device_id)}


@pytest.mark.django_db
def test_signing_in_again_ends_the_session_before_on_the_same_device_only(device: Actor) -> None:
    other = a_device()
    first, elsewhere, of_ben = signs_in(device), signs_in(other), signs_in(device, "2")
    second = signs_in(device, seconds=60)
    ended = dict(StaffSession.objects.values_list("token_hash", "revoked_at"))
    assert ended == {
        token_hash(first.token): at(60),
        token_hash(elsewhere.token): None,
        token_hash(of_ben.token): None,
        token_hash(second.token): None,
    }


@pytest.mark.django_db
def test_signing_in_needs_a_device(device: Actor) -> None:
    with pytest.raises(Forbidden):
        signs_in(dataclasses.replace(device, device_id=None))


@pytest.mark.django_db
def test_unknown_wrong_gone_and_without_pin_are_refused_alike(
    device: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_employee(
        draft=EmployeeDraft("3", "Old", "cashier", is_active=False), pin=PIN, actor=SYSTEM, at=NOON
    )
    create_employee(draft=EmployeeDraft("4", "New", "cashier"), actor=SYSTEM, at=NOON)
    compared: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counting(self: argon2.PasswordHasher, stored: str, secret: bytes) -> bool:
        compared.append(stored.split("$")[3])
        return verify(self, stored, secret)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counting)
    seen = set()
    for number, pin in (("1", "9999"), ("99", PIN), ("3", PIN), ("4", PIN), ("3", "9999")):
        compared.clear()
        with CaptureQueriesContext(connection) as captured, pytest.raises(SignInRefused) as refused:
            signs_in(device, number, pin)
        statements = tuple(query["sql"].split(" ")[0] for query in captured)
        error = refused.value
        seen.add((error.status, error.code, error.detail, error.errors, statements, tuple(compared)))
    assert len(seen) == 1
    [(status, code, _, _, statements, hashes)] = seen
    assert (status, code) == (401, "sign_in_refused")
    assert hashes == ("m=8,t=1,p=1",)
    assert [word for word in statements if word in {"INSERT", "SELECT", "UPDATE"}] == [
        "INSERT",
        "SELECT",
        "UPDATE",
        "SELECT",
    ]


@pytest.mark.django_db
def test_five_wrong_tries_are_free_then_the_wait_doubles(device: Actor) -> None:
    wrong(device, times=5)
    assert wait_of(device) == 30
    assert wait_of(device, seconds=29.2) == 1
    clock = 0.0
    for wait in (30, 60, 120, 240, 480, 960, 1920, 3600, 3600):
        assert wait_of(device, seconds=clock) == wait
        clock += wait
        wrong(device, seconds=clock)
    assert SignInTry.objects.get().failures == 14


@pytest.mark.django_db
def test_waiting_is_no_try(device: Actor) -> None:
    wrong(device, times=5)
    for _ in range(10):
        wait_of(device, seconds=10)
    assert SignInTry.objects.get().failures == 5
    assert signs_in(device, seconds=30).employee.name == "Ada"


@pytest.mark.django_db
def test_the_right_pin_after_the_wait_starts_the_count_again(device: Actor) -> None:
    wrong(device, times=5)
    signs_in(device, seconds=30)
    assert not SignInTry.objects.exists()
    wrong(device, times=5, seconds=31)
    assert wait_of(device, seconds=31) == 30


@pytest.mark.django_db
def test_nobody_else_waits(device: Actor, grocer: Any) -> None:
    wrong(device, times=5)
    assert signs_in(device, "2").employee.name == "Ben"
    assert signs_in(a_device()).employee.name == "Ada"
    with tenant_context(grocer):
        staff()
        assert signs_in(device).employee.name == "Ada"
    assert wait_of(device) == 30


@pytest.mark.django_db
def test_a_number_that_nobody_has_waits_alike(device: Actor) -> None:
    wrong(device, "99", times=5)
    assert wait_of(device, "99") == 30


@pytest.mark.django_db
def test_wrong_tries_are_forgotten_after_a_day_without_one(device: Actor) -> None:
    wrong(device, times=4)
    wrong(device, times=5, seconds=24 * 3600)
    assert wait_of(device, seconds=24 * 3600) == 30


@pytest.mark.django_db
def test_a_wrong_try_is_counted_although_its_request_fails(device: Actor) -> None:
    wrong(device)
    row = SignInTry.objects.get()
    assert (row.device_id, row.employee_number, row.failures, row.tried_at) == (
        device.device_id,
        "1",
        1,
        NOON,
    )


@pytest.mark.django_db
def test_a_pin_hashed_with_other_parameters_is_hashed_anew_when_it_is_right(
    device: Actor, settings: Any
) -> None:
    before = Employee.objects.get(number="1").pin_hash
    settings.FYNLO_PIN_HASHING = {"time_cost": 2, "memory_cost": 16, "parallelism": 1}
    wrong(device)
    assert Employee.objects.get(number="1").pin_hash == before
    signs_in(device)
    after = Employee.objects.get(number="1").pin_hash
    assert after.startswith("$argon2id$v=19$m=16,t=2,p=1$")
    assert signs_in(device).employee.name == "Ada"


@pytest.mark.django_db
def test_no_pin_no_token_and_no_typed_number_is_logged(
    device: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "fynlo.access")
    right, other, number = "40718263", "93518264", "58213746"  # long enough to be in no id by chance
    create_employee(draft=EmployeeDraft(number, "Eve", "cashier"), pin=right, actor=SYSTEM, at=NOON)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            signs_in(device, number, other)
    wait_of(device, number)
    opened = signs_in(device, number, right, seconds=30)
    events = [record.msg["event"] for record in caplog.records]
    assert events == ["sign_in_refused"] * 5 + ["sign_in_delayed", "signed_in"]
    assert number not in caplog.text
    for secret in (right, other, str(opened.token)):
        assert secret not in caplog.text + repr(opened)
