"""Hiring, changing and letting go in the back office; secrets go in and never come out."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from staff.employees.models import Employee, Role
from staff.employees.pins import pin_hasher
from tests.admin.browsing import Browser, employee, office

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(cafe: Any) -> Browser:
    return office(cafe)


@pytest.fixture
def jonas(cafe: Any) -> Employee:
    email = employee(cafe, "cashier", number="42")
    with tenant_context(cafe):
        return Employee.objects.get(email=email)


def role(tenant: Any, code: str) -> str:
    with tenant_context(tenant):
        return str(Role.objects.get(code=code).pk)


def facts_after(tenant: Any, position: int) -> list[str]:
    with tenant_context(tenant):
        return [fact.t for fact in log.read_after(position)]


def head(tenant: Any) -> int:
    with tenant_context(tenant):
        return log.head()


def errors_of(page: Any) -> str:
    assert page.status_code == 200
    return " ".join(str(each) for each in page.context["errors"])


def test_somebody_is_hired_with_pin_and_password(cafe: Any, browser: Browser) -> None:
    before = head(cafe)
    answer = browser.post(
        "/staff/employee/add/",
        {
            "number": "12",
            "name": "Mareike Özdemir",
            "email": "mareike@cafe.example",
            "role": role(cafe, "manager"),
            "is_active": "on",
            "new_pin": "2947",
            "new_password": "gravel-lamp-twelve",
        },
    )
    assert answer.status_code == 302
    with tenant_context(cafe):
        made = Employee.objects.get(number="12")
        assert pin_hasher().matches(pin="2947", stored=made.pin_hash)
        assert LogEntry.objects.get().object_id == str(made.pk)
    assert facts_after(cafe, before) == ["employee.changed"]
    assert Browser("cafe.localhost").sign_in(made.email, "gravel-lamp-twelve").status_code == 302


def test_another_role_takes_effect_at_once(cafe: Any, browser: Browser, jonas: Employee) -> None:
    there = Browser("cafe.localhost")
    assert there.sign_in(jonas.email).status_code == 200
    path = f"/staff/employee/{jonas.pk}/change/"
    assert browser.submit(path, role=role(cafe, "manager")).status_code == 302
    assert there.sign_in(jonas.email).status_code == 302


def test_pin_and_password_stay_when_the_fields_are_left_empty(
    cafe: Any, browser: Browser, jonas: Employee
) -> None:
    assert browser.submit(f"/staff/employee/{jonas.pk}/change/", name="Jonas P.").status_code == 302
    with tenant_context(cafe):
        after = Employee.objects.get(pk=jonas.pk)
    assert (after.name, after.pin_hash, after.password) == ("Jonas P.", jonas.pin_hash, jonas.password)


def test_a_new_pin_and_a_new_password_are_facts_without_the_secret(
    cafe: Any, browser: Browser, jonas: Employee
) -> None:
    before = head(cafe)
    secrets = {"new_pin": "7193", "new_password": "gravel-lamp-twelve"}
    assert browser.submit(f"/staff/employee/{jonas.pk}/change/", **secrets).status_code == 302
    with tenant_context(cafe):
        told = log.read_after(before)
        assert [fact.t for fact in told] == [
            "employee.changed",
            "employee.credential_changed",
            "employee.credential_changed",
        ]
        written = str([fact.data for fact in told]) + LogEntry.objects.get().change_message
        assert not [secret for secret in secrets.values() if secret in written]
        assert pin_hasher().matches(pin="7193", stored=Employee.objects.get(pk=jonas.pk).pin_hash)


REFUSED = {
    "trivial PIN": ({"new_pin": "1234"}, "among the first that anybody tries"),
    "short password": ({"new_password": "short"}, "10 to 128 characters"),
    "number of another": ({"number": "7"}, "number"),
    "e-mail of another": ({"email": "OWNER7@cafe.example"}, "mail"),
    "number with letters": ({"number": "x1"}, "1 to 8 digits"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_and_nothing_of_it_is_kept(
    cafe: Any, browser: Browser, jonas: Employee, case: str
) -> None:
    changes, word = REFUSED[case]
    before = head(cafe)
    page = browser.submit(f"/staff/employee/{jonas.pk}/change/", **(changes | {"name": "Someone Else"}))
    assert word in errors_of(page)
    for secret in (value for name, value in changes.items() if name.startswith("new_")):
        assert secret not in page.content.decode()
    with tenant_context(cafe):
        assert Employee.objects.get(pk=jonas.pk).name == "Cashier 42"
    assert facts_after(cafe, before) == []


def test_the_last_owner_stays(cafe: Any, browser: Browser) -> None:
    with tenant_context(cafe):
        me = Employee.objects.get(number="7")
    page = browser.submit(f"/staff/employee/{me.pk}/change/", is_active=None)
    assert "owner" in errors_of(page)
    with tenant_context(cafe):
        assert Employee.objects.get(pk=me.pk).is_active


def test_nobody_gives_away_more_than_their_own_rights(cafe: Any, jonas: Employee) -> None:
    browser = office(cafe, "manager", number="8")
    with tenant_context(cafe):
        chief = Role.objects.get(code="manager")
        chief.permissions = [*chief.permissions, "staff.manage"]
        chief.save()
    page = browser.submit(f"/staff/employee/{jonas.pk}/change/", role=role(cafe, "owner"))
    assert "rights that you do not have" in errors_of(page)
    with tenant_context(cafe):
        assert Employee.objects.get(pk=jonas.pk).role.code == "cashier"


def test_nobody_is_deleted(browser: Browser, jonas: Employee) -> None:
    assert browser.post(f"/staff/employee/{jonas.pk}/delete/", {"post": "yes"}).status_code == 403
