"""Twenty uses of one approval at once: one wins. The twin that looks before it writes lets all of them through."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.ids import new_id
from fynlo.core.tenancy import run_in_tenant, tenant_context
from staff.access.errors import ApprovalInvalid
from staff.access.models import Approval
from staff.access.services.approvals import ApprovalDraft, give_approval, use_approval
from staff.employees.services import EmployeeDraft, create_employee, seed_roles

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
AT_ONCE = 20
PIN = "4711"
ORDER = new_id()


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
def device() -> Actor:
    """A till."""
    device_id = new_id()
    return Actor(kind="device", id=device_id, name="Till", device_id=device_id)


@pytest.fixture
def token(cafe: Any, device: Actor) -> str:
    """Ada's approval of a refund of 90.00, given on the till."""
    with tenant_context(cafe):
        seed_roles()
        ada = EmployeeDraft(number="1", name="Ada", role="manager")
        create_employee(draft=ada, pin=PIN, actor=SYSTEM, at=NOON)
        draft = ApprovalDraft(
            action="refund", subject_id=ORDER, amount_minor=9_000, employee_number="1", pin=PIN
        )
        return str(give_approval(draft=draft, device=device, at=NOON).token)


def use(token: str, device: Actor) -> str:
    try:
        use_approval(
            token=token, action="refund", subject_id=ORDER, amount_minor=9_000, actor=device, at=NOON
        )
    except ApprovalInvalid:
        return "invalid"
    return "used"


@pytest.mark.django_db(transaction=True)
def test_of_twenty_uses_at_once_one_wins(cafe: Any, device: Actor, token: str) -> None:
    def once() -> str:
        with transaction.atomic():
            return use(token, device)

    outcomes = at_once(cafe, once)
    assert (outcomes.count("used"), outcomes.count("invalid")) == (1, AT_ONCE - 1)


@pytest.mark.django_db(transaction=True)
def test_the_twin_that_looks_before_it_writes_is_used_twenty_times(
    cafe: Any, device: Actor, token: str
) -> None:
    have_looked = threading.Barrier(AT_ONCE)

    def look_then_write() -> str:
        with transaction.atomic():
            row = Approval.objects.get()
            if row.used_at is not None:
                return "invalid"
            have_looked.wait()
            row.used_at = NOON
            row.save(update_fields=["used_at"])
            return "used"

    assert at_once(cafe, look_then_write).count("used") == AT_ONCE


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_gives_its_approval_back(cafe: Any, device: Actor, token: str) -> None:
    class Broken(Exception):
        """The sale's own failure."""

    def fails() -> None:
        with transaction.atomic():
            assert use(token, device) == "used"
            raise Broken

    with tenant_context(cafe):
        with pytest.raises(Broken):
            fails()
        assert use(token, device) == "used"
        assert use(token, device) == "invalid"
