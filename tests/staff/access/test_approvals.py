"""Approvals: who needs one, who may give one, and what one is good for."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import read_after
from staff.access.errors import ApprovalInvalid, ApprovalRequired, SignInDelayed, SignInRefused
from staff.access.models import Approval, SignInTry
from staff.access.services.approvals import (
    ApprovalDraft,
    Approved,
    Approver,
    approver_for,
    give_approval,
    use_approval,
)
from staff.access.tokens import token_hash
from staff.employees.errors import MoreThanOwnRights
from staff.employees.limits import STANDARD_LIMITS
from staff.employees.models import Employee
from staff.employees.roles import DEVICE_PERMISSIONS
from staff.employees.services import EmployeeDraft, create_employee, seed_roles

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
ADA, BEN, OLGA = "4711", "9182", "6038"
ORDER = new_id()


def at(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


def a_device(**changes: Any) -> Actor:
    device_id = new_id()
    device = Actor(
        kind="device",
        id=device_id,
        name="Till",
        device_id=device_id,
        permissions=DEVICE_PERMISSIONS,
        limits=STANDARD_LIMITS["cashier"],
    )
    return dataclasses.replace(device, **changes)


def staff() -> None:
    seed_roles()
    people = (("1", "Ada", "manager", ADA), ("2", "Ben", "cashier", BEN), ("3", "Olga", "owner", OLGA))
    for number, name, role, pin in people:
        draft = EmployeeDraft(number=number, name=name, role=role)
        create_employee(draft=draft, pin=pin, actor=SYSTEM, at=NOON)


@pytest.fixture
def device(in_cafe: Any) -> Actor:
    """A till of the café; Ada (1) is manager, Ben (2) cashier, Olga (3) owner. The body runs in the café."""
    staff()
    return a_device()


def approved(
    device: Actor, number: str = "1", pin: str = ADA, *, seconds: float = 0, **what: Any
) -> Approved:
    stated = {"action": "refund", "subject_id": ORDER, "amount_minor": 9_000} | what
    draft = ApprovalDraft(employee_number=number, pin=pin, **stated)
    return give_approval(draft=draft, device=device, at=at(seconds))


def used(device: Actor, token: str, *, seconds: float = 0, **what: Any) -> Approver:
    stated = {"action": "refund", "subject_id": ORDER, "amount_minor": 9_000} | what
    return use_approval(token=token, actor=device, at=at(seconds), **stated)


def asked(actor: Actor, token: str | None = None, **what: Any) -> Approver | None:
    stated = {
        "limit": "refund_minor",
        "permission": "orders.refund",
        "action": "refund",
        "subject_id": ORDER,
        "amount_minor": 5_000,
    } | what
    return approver_for(actor=actor, token=token, at=NOON, **stated)


@pytest.mark.django_db
def test_an_approval_names_who_gave_it_and_is_told_to_the_feed(device: Actor) -> None:
    given = approved(device)
    ada = Employee.objects.get(number="1")
    assert given.approver == Approver(ada.pk, "Ada")
    assert given.expires_at == at(300)
    row = Approval.objects.get()
    assert (row.action, row.subject_id, row.amount_minor, row.percent) == ("refund", ORDER, 9_000, 0)
    assert (row.approver_id, row.device_id, row.used_at) == (ada.pk, device.device_id, None)
    assert row.token_hash == token_hash(given.token)
    said = read_after(0)[-1]
    assert (said.t, said.id) == ("approval.given", row.pk)
    assert said.data == {
        "approver_id": str(ada.pk),
        "device_id": str(device.device_id),
        "action": "refund",
        "subject_id": str(ORDER),
        "amount_minor": 9_000,
        "percent": 0,
    }
    assert not SignInTry.objects.exists()


@pytest.mark.django_db
def test_an_approval_is_good_once(device: Actor) -> None:
    given = approved(device)
    assert used(device, given.token, seconds=299).name == "Ada"
    row = Approval.objects.get()
    assert (row.used_at, row.used_by) == (at(299), device.id)
    with pytest.raises(ApprovalInvalid):
        used(device, given.token, seconds=299)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({"action": "void"}, 0),
        ({"action": "receiptless"}, 0),
        ({"subject_id": new_id()}, 0),
        ({"amount_minor": 9_001}, 0),
        ({"percent": 1}, 0),
        ({}, 300),
    ],
    ids=["action", "neighbouring action", "subject", "amount", "percent", "too late"],
)
def test_an_approval_is_good_for_nothing_else(device: Actor, changes: dict[str, Any], seconds: float) -> None:
    given = approved(device)
    with pytest.raises(ApprovalInvalid):
        used(device, given.token, seconds=seconds, **changes)
    assert Approval.objects.get().used_at is None


@pytest.mark.django_db
def test_an_approval_is_good_on_its_device_and_at_its_merchant_only(device: Actor, grocer: Any) -> None:
    given = approved(device)
    with pytest.raises(ApprovalInvalid):
        used(a_device(), given.token)
    with pytest.raises(ApprovalInvalid):
        used(dataclasses.replace(device, device_id=None), given.token)
    with tenant_context(grocer), pytest.raises(ApprovalInvalid):
        used(device, given.token)
    for wrong in ("", "fya_", given.token[:-1], given.token + "x", "\ud800", token_hash(given.token)):
        with pytest.raises(ApprovalInvalid):
            used(device, wrong)


@pytest.mark.django_db
def test_less_than_what_was_approved_is_approved(device: Actor) -> None:
    assert used(device, approved(device).token, amount_minor=1).name == "Ada"


@pytest.mark.django_db
def test_the_approval_of_somebody_let_go_meanwhile_is_void(device: Actor) -> None:
    given = approved(device)
    Employee.objects.filter(number="1").update(is_active=False)
    with pytest.raises(ApprovalInvalid):
        used(device, given.token)


@pytest.mark.django_db
def test_who_may_not_approve_cannot_and_nobody_beyond_their_own_limits(device: Actor) -> None:
    with pytest.raises(Forbidden):
        approved(device, "2", BEN)
    with pytest.raises(MoreThanOwnRights):
        approved(device, amount_minor=200_001)
    with pytest.raises(MoreThanOwnRights):
        approved(device, action="discount", percent=51, amount_minor=100)
    with pytest.raises(MoreThanOwnRights):
        approved(device, action="override", percent=51)
    assert not Approval.objects.exists()
    assert approved(device, amount_minor=200_000).approver.name == "Ada"
    assert approved(device, "3", OLGA, amount_minor=10**12).approver.name == "Olga"
    assert approved(device, "3", OLGA, action="variance", amount_minor=10**6).approver.name == "Olga"


@pytest.mark.django_db
def test_wrong_pins_count_and_wait_as_those_of_signing_in(device: Actor) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            approved(device, pin="0000")
    with pytest.raises(SignInDelayed) as delayed:
        approved(device)
    assert delayed.value.retry_after == 30
    assert SignInTry.objects.get().failures == 5
    assert approved(device, seconds=30).approver.name == "Ada"
    assert not SignInTry.objects.exists()


@pytest.mark.django_db
def test_within_ones_own_limit_no_approval_is_needed_and_none_is_spent(device: Actor) -> None:
    given = approved(device)
    assert asked(device, given.token) is None
    assert Approval.objects.get().used_at is None
    assert asked(SYSTEM, amount_minor=10**12) is None
    assert asked(dataclasses.replace(device, limits={}), amount_minor=10**12) is None


@pytest.mark.django_db
def test_beyond_ones_limit_or_without_the_permission_somebody_has_to_approve(device: Actor) -> None:
    with pytest.raises(ApprovalRequired) as refused:
        asked(device, amount_minor=5_001)
    assert refused.value.data == {"action": "refund", "limit": "refund_minor", "asked": 5_001}
    assert (refused.value.status, refused.value.code) == (403, "approval_required")
    with pytest.raises(ApprovalRequired) as refused:
        asked(device, permission="orders.approve", limit=None)
    assert refused.value.data == {"action": "refund", "limit": None, "asked": 5_000}
    by_whom = asked(device, approved(device).token, amount_minor=5_001)
    assert by_whom is not None
    assert by_whom.name == "Ada"


@pytest.mark.django_db
def test_a_limit_in_percent_is_compared_with_the_percentage(device: Actor) -> None:
    what = {"limit": "discount_percent", "permission": "orders.place", "action": "discount"}
    assert asked(device, percent=10, amount_minor=10**6, **what) is None
    with pytest.raises(ApprovalRequired) as refused:
        asked(device, percent=11, **what)
    assert refused.value.data["asked"] == 11


@pytest.mark.django_db
def test_no_pin_and_no_token_is_shown_or_logged(device: Actor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "fynlo.access")
    given = approved(device)
    draft = ApprovalDraft(action="refund", subject_id=ORDER, employee_number="1", pin="40718263")
    shown = f"{draft!r} {given!r} {Approval.objects.get()!r} {caplog.text}"
    assert [record.msg["event"] for record in caplog.records] == ["approval_given"]
    for secret in ("40718263", str(given.token), token_hash(given.token)):
        assert secret not in shown
    assert given.token.startswith("fya_")
    assert len(given.token) == 47
