"""Hiring, changing, letting go."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden, InvalidInput, NotFound
from fynlo.core.ids import new_id
from fynlo.core.tenancy import run_in_tenant, tenant_context
from fynlo.events.log import read_after
from staff.access.models import StaffSession
from staff.employees.errors import (
    EmailTaken,
    EmployeeNumberTaken,
    LastOwner,
    MoreThanOwnRights,
    WeakCredential,
)
from staff.employees.models import Employee, Role
from staff.employees.pins import pin_hasher
from staff.employees.roles import DEVICE_PERMISSIONS, PERMISSIONS, STANDARD_ROLES
from staff.employees.services import (
    EmployeeDraft,
    create_employee,
    seed_roles,
    set_password,
    set_pin,
    update_employee,
)

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
ADA = EmployeeDraft(number="1", name="Ada", role="owner", email="ada@example.com")
BEN = EmployeeDraft(number="2", name="Ben", role="cashier")


@pytest.fixture
def roles(in_cafe: Any) -> list[Role]:
    """The standard roles of the café; the test body runs inside it."""
    return seed_roles()


def hire(draft: EmployeeDraft = ADA, **changes: Any) -> Employee:
    return create_employee(**{"draft": draft, "actor": SYSTEM, "at": NOON} | changes)


def as_actor(employee: Employee) -> Actor:
    return Actor(
        kind="employee",
        id=employee.id,
        name=employee.name,
        employee_id=employee.id,
        permissions=DEVICE_PERMISSIONS | frozenset(employee.role.permissions),
    )


def open_session(employee: Employee) -> StaffSession:
    return StaffSession.objects.create(
        employee=employee,
        device_id=new_id(),
        token_hash=new_id().hex,
        started_at=NOON,
        expires_at=NOON + dt.timedelta(hours=12),
    )


@pytest.mark.django_db
def test_the_standard_roles_hold_what_the_code_says(roles: list[Role]) -> None:
    found = {role.code: set(role.permissions) for role in Role.objects.all()}
    assert found == {code: set(permissions) for code, (_, permissions) in STANDARD_ROLES.items()}
    assert found["owner"] == set(PERMISSIONS)
    assert found["cashier"] < found["manager"] < found["owner"]


@pytest.mark.django_db
def test_seeding_again_mends_a_role_and_keeps_its_row(roles: list[Role]) -> None:
    before = dict(Role.objects.values_list("code", "pk"))
    Role.objects.filter(code="cashier").update(permissions=["admin.access"])
    seed_roles()
    assert dict(Role.objects.values_list("code", "pk")) == before
    assert Role.objects.get(code="cashier").permissions == sorted(DEVICE_PERMISSIONS)


@pytest.mark.django_db
def test_somebody_is_hired_with_pin_and_password(roles: list[Role]) -> None:
    employee = Employee.objects.get(pk=hire(pin="4711", password="a long password").pk)
    assert (employee.number, employee.name, employee.email) == ("1", "Ada", "ada@example.com")
    assert (employee.role.code, employee.is_active) == ("owner", True)
    assert pin_hasher().matches(pin="4711", stored=employee.pin_hash)
    assert employee.check_password("a long password")
    [said] = read_after(0)
    assert (said.t, said.id, said.at) == ("employee.changed", employee.pk, NOON)
    assert said.data == {"role": "owner", "is_active": True}


@pytest.mark.django_db
def test_without_pin_and_password_nothing_opens(roles: list[Role]) -> None:
    employee = hire()
    assert employee.pin_hash == ""
    assert not employee.has_usable_password()


@pytest.mark.django_db
def test_no_fact_about_a_person_carries_their_name(roles: list[Role]) -> None:
    employee = hire()
    set_pin(employee_id=employee.pk, pin="40718263", actor=SYSTEM, at=NOON)
    set_password(employee_id=employee.pk, password="a long password", actor=SYSTEM, at=NOON)
    told = str([item.envelope() for item in read_after(0)])
    assert len(read_after(0)) == 3
    for secret in ("Ada", "ada@", "40718263", "a long password"):
        assert secret not in told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pin", "problem"),
    [
        ("", "pin_form"),
        ("123", "pin_form"),
        ("123456789", "pin_form"),
        ("47a1", "pin_form"),
        (" 4711", "pin_form"),
        ("٤٧١١", "pin_form"),
        ("1234", "pin_trivial"),
        ("4321", "pin_trivial"),
        ("7777", "pin_trivial"),
        ("1212", "pin_trivial"),
        ("67890", "pin_trivial"),
        ("2580", "pin_trivial"),
    ],
)
def test_a_weak_pin_is_refused_without_repeating_it(roles: list[Role], pin: str, problem: str) -> None:
    employee = hire(pin="4711")
    with pytest.raises(WeakCredential) as refused:
        set_pin(employee_id=employee.pk, pin=pin, actor=SYSTEM, at=NOON)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/pin", problem)]
    assert len(pin) < 4 or pin not in refused.value.detail
    assert refused.value.__cause__ is None
    assert pin_hasher().matches(pin="4711", stored=Employee.objects.get().pin_hash)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short", "password_length"),
        ("x" * 129, "password_length"),
        ("abababababab", "password_weak"),
        ("1234567890", "password_weak"),
        (" padded password", "password_characters"),
    ],
)
def test_a_weak_password_is_refused(roles: list[Role], password: str, problem: str) -> None:
    with pytest.raises(WeakCredential) as refused:
        hire(password=password)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/password", problem)]
    assert not Employee.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "123456789", "12a", "-1", "٣", "1 "])
def test_an_employee_number_is_one_to_eight_digits(roles: list[Role], number: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        hire(EmployeeDraft(number=number, name="Ada", role="owner"))
    assert refused.value.errors[0].pointer == "/number"


@pytest.mark.django_db
def test_numbers_and_addresses_are_given_once(roles: list[Role]) -> None:
    hire()
    with pytest.raises(EmployeeNumberTaken):
        hire(EmployeeDraft(number="1", name="Eve", role="cashier"))
    with pytest.raises(EmailTaken):
        hire(EmployeeDraft(number="2", name="Eve", role="cashier", email="ADA@example.com"))
    ben = hire(BEN)
    taken = EmployeeDraft(number="1", name="Ben", role="cashier")
    with pytest.raises(EmployeeNumberTaken):
        update_employee(employee_id=ben.pk, draft=taken, actor=SYSTEM, at=NOON)
    assert sorted(Employee.objects.values_list("number", flat=True)) == ["1", "2"]


@pytest.mark.django_db
def test_two_merchants_have_a_number_one_each(roles: list[Role], grocer: Any) -> None:
    hire()
    with tenant_context(grocer):
        seed_roles()
        hire(EmployeeDraft(number="1", name="Grace", role="owner", email="ada@example.com"))
        assert Employee.objects.get().name == "Grace"
    assert Employee.objects.get().name == "Ada"


@pytest.mark.django_db
def test_an_unknown_role_is_named(roles: list[Role]) -> None:
    with pytest.raises(NotFound) as refused:
        hire(EmployeeDraft(number="1", name="Ada", role="boss"))
    assert refused.value.errors[0].pointer == "/role"


@pytest.mark.django_db
def test_who_is_let_go_is_signed_out_and_stays_so_when_they_come_back(roles: list[Role]) -> None:
    hire()
    ben = hire(BEN)
    open_session(ben)
    gone = EmployeeDraft(number="2", name="Ben", role="cashier", is_active=False)
    update_employee(employee_id=ben.pk, draft=gone, actor=SYSTEM, at=NOON)
    assert StaffSession.objects.get().revoked_at == NOON
    update_employee(employee_id=ben.pk, draft=BEN, actor=SYSTEM, at=NOON)
    assert StaffSession.objects.get().revoked_at == NOON
    assert Employee.objects.get(pk=ben.pk).is_active


@pytest.mark.django_db
@pytest.mark.parametrize(
    "renew",
    [
        lambda employee: set_pin(employee_id=employee.pk, pin="9182", actor=SYSTEM, at=NOON),
        lambda employee: set_password(
            employee_id=employee.pk, password="another one!", actor=SYSTEM, at=NOON
        ),
    ],
)
def test_a_new_pin_or_password_ends_what_the_old_one_opened(
    roles: list[Role], renew: Callable[[Employee], Employee]
) -> None:
    ada, ben = hire(), hire(BEN)
    of_ada, of_ben = open_session(ada), open_session(ben)
    renew(ada)
    of_ada.refresh_from_db()
    of_ben.refresh_from_db()
    assert of_ada.revoked_at == NOON
    assert of_ben.revoked_at is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        EmployeeDraft(number="1", name="Ada", role="manager"),
        EmployeeDraft(number="1", name="Ada", role="owner", is_active=False),
    ],
)
def test_the_last_active_owner_stays(roles: list[Role], change: EmployeeDraft) -> None:
    ada = hire()
    hire(EmployeeDraft(number="3", name="Old", role="owner", is_active=False))
    with pytest.raises(LastOwner):
        update_employee(employee_id=ada.pk, draft=change, actor=SYSTEM, at=NOON)
    hire(EmployeeDraft(number="2", name="Eve", role="owner"))
    update_employee(employee_id=ada.pk, draft=change, actor=SYSTEM, at=NOON)
    assert Employee.objects.filter(role__code="owner", is_active=True).get().name == "Eve"


@pytest.mark.django_db
def test_nobody_reaches_beyond_their_own_rights(roles: list[Role]) -> None:
    ada = hire()
    personnel = Role.objects.create(code="personnel", name="Personnel", permissions=["staff.manage"])
    clerk = hire(EmployeeDraft(number="5", name="Clerk", role="personnel"))
    actor = as_actor(clerk)
    assert personnel.code == clerk.role.code
    with pytest.raises(MoreThanOwnRights):
        hire(EmployeeDraft(number="6", name="Eve", role="owner"), actor=actor)
    with pytest.raises(MoreThanOwnRights):
        update_employee(
            employee_id=clerk.pk, draft=EmployeeDraft("5", "Clerk", "manager"), actor=actor, at=NOON
        )
    with pytest.raises(MoreThanOwnRights):
        set_pin(employee_id=ada.pk, pin="4711", actor=actor, at=NOON)
    with pytest.raises(MoreThanOwnRights):
        set_password(employee_id=ada.pk, password="a long password", actor=actor, at=NOON)
    assert hire(EmployeeDraft(number="7", name="Ben", role="cashier"), actor=actor).role.code == "cashier"


@pytest.mark.django_db
def test_managers_do_not_manage_staff(roles: list[Role]) -> None:
    manager = as_actor(hire(EmployeeDraft(number="4", name="Mia", role="manager")))
    with pytest.raises(Forbidden):
        hire(BEN, actor=manager)
    with pytest.raises(Forbidden):
        set_pin(employee_id=new_id(), pin="4711", actor=manager, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_let_each_other_go_at_once_leave_one(cafe: Any) -> None:
    with tenant_context(cafe):
        seed_roles()
        owners = [hire(EmployeeDraft(number=number, name=number, role="owner")) for number in "12"]
    barrier = threading.Barrier(2)

    def let_go(employee: Employee) -> str:
        draft = EmployeeDraft(number=employee.number, name=employee.name, role="owner", is_active=False)

        def change() -> str:
            try:
                update_employee(employee_id=employee.pk, draft=draft, actor=SYSTEM, at=NOON)
            except LastOwner:
                return "refused"
            return "gone"

        try:
            connection.ensure_connection()
            barrier.wait()
            return run_in_tenant(cafe, change)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(let_go, owners)) == ["gone", "refused"]
    with tenant_context(cafe):
        assert Employee.objects.filter(is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_twin_that_only_looks_for_another_owner_leaves_none(cafe: Any) -> None:
    with tenant_context(cafe):
        seed_roles()
        owners = [hire(EmployeeDraft(number=number, name=number, role="owner")).pk for number in "12"]
    have_looked = threading.Barrier(2)

    def look_then_let_go(employee_id: Any) -> bool:
        def change() -> bool:
            others = Employee.objects.filter(role__code="owner", is_active=True).exclude(pk=employee_id)
            somebody_stays = others.exists()
            have_looked.wait()
            Employee.objects.filter(pk=employee_id).update(is_active=False)
            return somebody_stays

        try:
            return run_in_tenant(cafe, change)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(look_then_let_go, owners)) == [True, True]
    with tenant_context(cafe):
        assert not Employee.objects.filter(is_active=True).exists()
