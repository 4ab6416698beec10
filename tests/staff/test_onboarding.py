"""Onboarding makes roles and people from the merchant's file, and again without harm."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head
from staff.configuration import StaffSection
from staff.employees.models import Employee, Role
from staff.employees.pins import pin_hasher
from staff.employees.roles import STANDARD_ROLES
from staff.employees.services import EmployeeDraft, set_pin, update_employee
from staff.onboarding import ROLES_VERSION, _version_of, make_employees, make_roles
from tenants.configuration.sections import Configuration
from tenants.onboarding.steps import registered

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
ADA = {
    "number": "1",
    "name": "Ada",
    "role": "owner",
    "email": "ada@example.com",
    "initial_password": "a long password",
    "initial_pin": "4711",
}
BEN = {"number": "2", "name": "Ben", "role": "cashier", "initial_pin": "9182"}


def config(*people: dict[str, str]) -> Configuration:
    return Configuration(sections={"staff": StaffSection.model_validate({"employees": people})})


def onboard(tenant: Any, *people: dict[str, str]) -> dict[str, int]:
    make_roles(tenant=tenant, config=config(*people), at=NOON)
    return dict(make_employees(tenant=tenant, config=config(*people), at=NOON))


def roles_of_all() -> dict[str, str]:
    return dict(Employee.objects.values_list("number", "role__code"))


def test_the_steps_are_registered_in_order_before_everybody_elses() -> None:
    steps = [(step.name, step.order, step.reads) for step in registered() if step.name.startswith("staff.")]
    assert steps == [
        ("staff.roles", 200, ("merchant.slug", "staff.limits")),
        ("staff.employees", 210, ("staff",)),
    ]


def test_other_roles_in_the_code_make_the_step_run_again() -> None:
    assert _version_of(STANDARD_ROLES) == ROLES_VERSION
    fewer = {**STANDARD_ROLES, "cashier": ("Cashier", frozenset({"orders.place"}))}
    assert _version_of(fewer) != ROLES_VERSION


@pytest.mark.django_db
def test_people_start_with_their_first_pin_and_password(in_cafe: Any) -> None:
    assert onboard(in_cafe, BEN, ADA) == {"created": 2, "changed": 0, "kept": 0}
    assert set(Role.objects.values_list("code", flat=True)) == {"cashier", "manager", "owner"}
    ada, ben = Employee.objects.get(number="1"), Employee.objects.get(number="2")
    assert (ada.name, ada.email, ada.role.code) == ("Ada", "ada@example.com", "owner")
    assert ada.check_password("a long password")
    assert pin_hasher().matches(pin="4711", stored=ada.pin_hash)
    assert pin_hasher().matches(pin="9182", stored=ben.pin_hash)
    assert not ben.has_usable_password()


@pytest.mark.django_db
def test_a_second_run_changes_nothing_and_says_nothing(in_cafe: Any) -> None:
    onboard(in_cafe, ADA, BEN)
    before, said = list(Employee.objects.order_by("pk").values()), head()
    assert onboard(in_cafe, ADA, BEN) == {"created": 0, "changed": 0, "kept": 2}
    assert list(Employee.objects.order_by("pk").values()) == before
    assert head() == said


@pytest.mark.django_db
def test_first_pins_and_passwords_are_used_once(in_cafe: Any) -> None:
    onboard(in_cafe, ADA, BEN)
    ben = Employee.objects.get(number="2")
    set_pin(employee_id=ben.pk, pin="6038", actor=SYSTEM, at=NOON)
    onboard(in_cafe, ADA, BEN | {"name": "Benjamin", "initial_pin": "7261"})
    ben = Employee.objects.get(number="2")
    assert ben.name == "Benjamin"
    assert pin_hasher().matches(pin="6038", stored=ben.pin_hash)


@pytest.mark.django_db
def test_names_addresses_and_roles_follow_the_file_and_nobody_is_removed(in_cafe: Any) -> None:
    onboard(in_cafe, ADA, BEN)
    eve = {"number": "3", "name": "Eve", "role": "manager"}
    outcome = onboard(in_cafe, ADA | {"email": "office@example.com"}, eve)
    assert outcome == {"created": 1, "changed": 1, "kept": 0}
    assert roles_of_all() == {"1": "owner", "2": "cashier", "3": "manager"}
    assert Employee.objects.get(number="1").email == "office@example.com"


@pytest.mark.django_db
def test_the_owner_may_change_from_one_person_to_another(in_cafe: Any) -> None:
    onboard(in_cafe, ADA, BEN)
    onboard(in_cafe, ADA | {"role": "cashier"}, BEN | {"role": "owner"})
    assert roles_of_all() == {"1": "cashier", "2": "owner"}


@pytest.mark.django_db
def test_who_was_let_go_stays_let_go(in_cafe: Any) -> None:
    onboard(in_cafe, ADA, BEN)
    ben = Employee.objects.get(number="2")
    gone = EmployeeDraft(number="2", name="Ben", role="cashier", is_active=False)
    update_employee(employee_id=ben.pk, draft=gone, actor=SYSTEM, at=NOON)
    onboard(in_cafe, ADA, BEN | {"name": "Benjamin"})
    ben.refresh_from_db()
    assert (ben.name, ben.is_active) == ("Benjamin", False)


@pytest.mark.django_db
def test_each_merchant_has_their_own_people(cafe: Any, grocer: Any) -> None:
    with tenant_context(cafe):
        onboard(cafe, ADA, BEN)
    with tenant_context(grocer):
        onboard(grocer, ADA | {"name": "Grace"})
        assert list(Employee.objects.values_list("name", flat=True)) == ["Grace"]
    with tenant_context(cafe):
        assert sorted(Employee.objects.values_list("name", flat=True)) == ["Ada", "Ben"]
