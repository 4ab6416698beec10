"""Who may enter which admin, and what others learn: nothing."""

import copy
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from staff.employees.models import Employee
from tenants import states
from tenants.models import PlatformAudit
from tests.admin.browsing import (
    OPERATOR,
    OPERATOR_PASSWORD,
    PASSWORD,
    Browser,
    employee,
    office,
    platform,
)

pytestmark = pytest.mark.django_db
SIGN_IN = "/admin/login/?next=/admin/"


def at(tenant: Any) -> Browser:
    return Browser(f"{tenant.slug}.localhost")


def enters(browser: Browser) -> bool:
    answer = browser.get("/")
    if answer.status_code == 302:
        assert answer["Location"] == SIGN_IN
        return False
    assert answer.status_code == 200
    return True


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_owners_and_managers_enter(cafe: Any, role: str) -> None:
    assert enters(office(cafe, role))


def test_the_sign_in_page_leads_to_the_first_page_when_nothing_else_was_asked_for(cafe: Any) -> None:
    browser, email = at(cafe), employee(cafe, "owner")
    answer = browser.post("/login/", {"username": email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_without_signing_in_every_page_leads_to_the_sign_in(cafe: Any) -> None:
    browser = at(cafe)
    assert not enters(browser)
    assert browser.get("/pos/item/")["Location"] == "/admin/login/?next=/admin/pos/item/"


def test_nothing_tells_a_wrong_password_from_a_wrong_address_or_a_missing_right(
    cafe: Any, grocer: Any
) -> None:
    owner = employee(cafe, "owner", number="1")
    cashier = employee(cafe, "cashier", number="2")
    there = employee(grocer, "owner", number="3")
    with tenant_context(cafe):
        gone = employee(cafe, "manager", number="4")
        Employee.objects.filter(email=gone).update(is_active=False)
    tries = [
        (owner, "wrong-password-1"),
        ("nobody@cafe.example", PASSWORD),
        (cashier, PASSWORD),
        (there, PASSWORD),
        (gone, PASSWORD),
        (OPERATOR, OPERATOR_PASSWORD),
    ]
    pages = set()
    for email, password in tries:
        browser = at(cafe)
        answer = browser.sign_in(email, password)
        assert answer.status_code == 200
        assert not enters(browser)
        pages.add(answer.content.decode().replace(email, "…").partition("<form")[0])
    assert len(pages) == 1
    assert "do not belong together" in pages.pop()


def test_an_employee_does_not_enter_the_platform_with_any_password(cafe: Any) -> None:
    browser = Browser("localhost")
    assert browser.sign_in(employee(cafe, "owner")).status_code == 200
    assert not enters(browser)


def test_a_session_of_one_merchant_is_nothing_at_another_or_on_the_platform(cafe: Any, grocer: Any) -> None:
    here = office(cafe)
    employee(grocer, "owner")
    for other in (at(grocer), Browser("localhost")):
        other.client.cookies = copy.deepcopy(here.client.cookies)
        assert not enters(other)
    assert enters(here)


def test_who_is_let_go_is_out_at_once(cafe: Any) -> None:
    browser = office(cafe)
    with tenant_context(cafe):
        Employee.objects.update(is_active=False)
    assert not enters(browser)


def test_signing_out_ends_the_session(cafe: Any) -> None:
    browser = office(cafe)
    assert browser.post("/logout/", {}).status_code == 200
    assert not enters(browser)


def test_no_cache_keeps_a_page_and_nothing_foreign_is_loaded(cafe: Any) -> None:
    browser = office(cafe)
    for path in ("/", "/login/", "/pos/item/", "/pos/item/add/", "/password_change/"):
        answer = browser.get(path)
        assert "no-store" in answer.get("Cache-Control", "none"), path
    answer = browser.get("/")
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert "http://" not in answer.content.decode().replace("http://www.w3.org/2000/svg", "")


def test_the_eighth_wrong_password_was_the_last_for_a_while(cafe: Any) -> None:
    email, browser = employee(cafe, "owner"), at(cafe)
    for _ in range(8):
        assert browser.sign_in(email, "wrong-password").status_code == 200
    refused = browser.sign_in(email)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 300
    assert "Too many tries" in refused.content.decode()
    assert not enters(browser)


def test_others_and_other_merchants_are_not_slowed_down(cafe: Any, grocer: Any) -> None:
    email = employee(cafe, "owner", number="1")
    for _ in range(9):
        at(cafe).sign_in(email, "wrong-password")
    assert enters(office(cafe, "manager", number="2"))
    assert enters(office(grocer, "owner", number="1"))


def test_right_passwords_are_not_counted(cafe: Any) -> None:
    email = employee(cafe, "owner")
    for _ in range(10):
        assert at(cafe).sign_in(email).status_code == 302


def test_a_merchant_who_may_only_read_signs_in_and_changes_nothing(cafe: Any, as_read_only: None) -> None:
    browser = office(cafe)
    assert enters(browser)
    answer = browser.post("/pos/taxclass/add/", {"code": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "tenant_read_only")


@pytest.fixture
def as_read_only(cafe: Any) -> None:
    from fynlo.core.tenancy import platform_context

    with platform_context():
        type(cafe).objects.filter(pk=cafe.pk).update(state=states.READ_ONLY)


def test_ones_own_password_is_changed_with_the_old_one(cafe: Any) -> None:
    browser = office(cafe)
    form = {
        "old_password": PASSWORD,
        "new_password1": "quarry-lamp-thirty",
        "new_password2": "quarry-lamp-thirty",
    }
    wrong = browser.post("/password_change/", {**form, "old_password": "not-this-one"})
    assert wrong.status_code == 200
    weak = browser.post("/password_change/", {**form, "new_password1": "short", "new_password2": "short"})
    assert "10 to 128 characters" in weak.content.decode()
    assert browser.post("/password_change/", form).status_code == 302
    assert enters(browser)
    assert at(cafe).sign_in("owner7@cafe.example").status_code == 200
    assert at(cafe).sign_in("owner7@cafe.example", "quarry-lamp-thirty").status_code == 302
    with tenant_context(cafe):
        assert log.read_after(log.head() - 1)[0].t == "employee.credential_changed"


def test_an_operators_own_password_is_changed_and_noted() -> None:
    browser = platform()
    form = {"old_password": OPERATOR_PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert "at least 12 characters" in browser.post("/password_change/", form).content.decode()
    form |= {"new_password1": "quarry-lamp-thirty", "new_password2": "quarry-lamp-thirty"}
    assert browser.post("/password_change/", form).status_code == 302
    assert enters(browser)
    from fynlo.core.tenancy import platform_context

    with platform_context():
        entry = PlatformAudit.objects.get(action="operator.password_changed")
    assert (entry.actor, entry.data) == ("operator:Anna", {"operator": OPERATOR})
