"""Twenty wrong PINs at once are counted exactly: five are compared. The twin that counts afterwards lets all in."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.ids import new_id
from fynlo.core.tenancy import run_in_tenant, tenant_context
from staff.access.delays import FREE_TRIES
from staff.access.errors import SignInDelayed, SignInRefused
from staff.access.models import SignInTry, StaffSession
from staff.access.services import sign_in
from staff.access.tries import take_slot
from staff.employees.services import EmployeeDraft, create_employee, seed_roles, update_employee

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
AT_ONCE = 20
PIN = "4711"


def at_once(tenant: Any, call: Callable[[], str]) -> list[str]:
    """What `call` returns in twenty threads that start together."""
    barrier = threading.Barrier(AT_ONCE)

    def one() -> str:
        try:
            connection.ensure_connection()
            barrier.wait()
            return run_in_tenant(tenant, call)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [future.result() for future in [pool.submit(one) for _ in range(AT_ONCE)]]


@pytest.fixture
def device(cafe: Any) -> Actor:
    """A till of the café; Ada has number 1, Olga (2) is the owner."""
    with tenant_context(cafe):
        seed_roles()
        for number, name, role in (("1", "Ada", "manager"), ("2", "Olga", "owner")):
            draft = EmployeeDraft(number=number, name=name, role=role)
            create_employee(draft=draft, pin=PIN, actor=SYSTEM, at=NOON)
    device_id = new_id()
    return Actor(kind="device", id=device_id, name="Till", device_id=device_id)


def outcome_of(device: Actor, pin: str) -> str:
    try:
        sign_in(employee_number="1", pin=pin, device=device, at=NOON)
    except SignInDelayed:
        return "delayed"
    except SignInRefused:
        return "refused"
    return "opened"


@pytest.mark.django_db(transaction=True)
def test_of_twenty_wrong_pins_at_once_five_are_compared(cafe: Any, device: Actor) -> None:
    outcomes = at_once(cafe, lambda: outcome_of(device, "9999"))
    assert outcomes.count("refused") == FREE_TRIES
    assert outcomes.count("delayed") == AT_ONCE - FREE_TRIES
    with tenant_context(cafe):
        row = SignInTry.objects.get()
        assert (row.failures, row.blocked_until) == (FREE_TRIES, NOON + dt.timedelta(seconds=30))


@pytest.mark.django_db(transaction=True)
def test_of_twenty_first_tries_at_once_five_get_a_slot(cafe: Any, device: Actor) -> None:
    def take() -> str:
        try:
            take_slot(device_id=device.device_id, employee_number="99", at=NOON)
        except SignInDelayed:
            return "delayed"
        return "taken"

    assert at_once(cafe, take).count("taken") == FREE_TRIES


@pytest.mark.django_db(transaction=True)
def test_the_twin_that_counts_after_comparing_lets_twenty_compare(cafe: Any, device: Actor) -> None:
    with tenant_context(cafe):
        SignInTry.objects.create(device_id=device.device_id, employee_number="1", tried_at=NOON)
    have_compared = threading.Barrier(AT_ONCE)

    def compare_then_count() -> str:
        row = SignInTry.objects.get()
        if row.failures >= FREE_TRIES:
            return "delayed"
        have_compared.wait()
        SignInTry.objects.update(failures=F("failures") + 1)
        return "refused"

    assert at_once(cafe, compare_then_count).count("refused") == AT_ONCE


@pytest.mark.django_db(transaction=True)
def test_whoever_is_let_go_while_signing_in_has_no_session_left(cafe: Any, device: Actor) -> None:
    with tenant_context(cafe):
        ada = create_employee(
            draft=EmployeeDraft(number="3", name="Ada", role="cashier"), pin=PIN, actor=SYSTEM, at=NOON
        )
    turns = iter(range(AT_ONCE))
    lock = threading.Lock()

    def sign_in_or_let_go() -> str:
        with lock:
            turn = next(turns)
        if turn == AT_ONCE // 2:
            gone = EmployeeDraft(number="3", name="Ada", role="cashier", is_active=False)
            update_employee(employee_id=ada.pk, draft=gone, actor=SYSTEM, at=NOON)
            return "let go"
        each = Actor(kind="device", id=new_id(), name="Till", device_id=new_id())
        try:
            sign_in(employee_number="3", pin=PIN, device=each, at=NOON)
        except SignInRefused:
            return "refused"
        return "opened"

    outcomes = at_once(cafe, sign_in_or_let_go)
    assert outcomes.count("let go") == 1
    assert outcomes.count("opened") + outcomes.count("refused") == AT_ONCE - 1
    with tenant_context(cafe):
        assert StaffSession.objects.count() == outcomes.count("opened")
        assert not StaffSession.objects.filter(revoked_at__isnull=True).exists()
