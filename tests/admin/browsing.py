"""A person at a browser: signs in, opens pages, fills in the forms they see."""

import json
import re
from html import unescape
from typing import Any, Final

from django.test import Client

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import tenant_context
from staff.employees.services import EmployeeDraft, create_employee, seed_roles

PASSWORD = "morning-harbour-nine"
OPERATOR, OPERATOR_PASSWORD = "anna@platform.example", "lantern-gravel-seven"
"""As `tests.build_template` made them."""

_SHEET: Final = re.compile(r'<textarea class="sh-source" name="(\w+)"[^>]*>\n(.*?)</textarea>', re.DOTALL)


class Browser:
    """A browser with its cookies, at one host."""

    def __init__(self, host: str) -> None:
        self.client = Client(SERVER_NAME=host, HTTP_HOST=host, enforce_csrf_checks=False)

    def get(self, path: str) -> Any:
        """The page at `/admin<path>`."""
        return self.client.get(f"/admin{path}")

    def post(self, path: str, data: dict[str, Any]) -> Any:
        """Send a form to `/admin<path>`."""
        return self.client.post(f"/admin{path}", data)

    def sign_in(self, email: str, password: str = PASSWORD) -> Any:
        """Fill in the sign-in page."""
        return self.post("/login/?next=/admin/", {"username": email, "password": password})

    def submit(self, path: str, **changes: Any) -> Any:
        """Open the form at `path`, change some of its fields and send it."""
        return self.post(path, filled(self.get(path), **changes))


def filled(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send of the form on `page`, with `changes` by field name."""
    assert page.status_code == 200, page.content[:500]
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sheets = typed_sheets(page)
    data: dict[str, Any] = {}
    for form in forms:
        for field in form:
            value = sheets[field.html_name] if field.html_name in sheets else field.value()
            if isinstance(value, list):
                data |= {field.html_name: value} if value else {}
            elif value is not None and value is not False:
                data[field.html_name] = str(value)
    unknown = set(changes) - {field.html_name for form in forms for field in form} - {"_saveasnew"}
    assert not unknown or page.context["inline_admin_formsets"], unknown
    data |= {
        name: json.dumps(value) if name in sheets and not isinstance(value, str) else value
        for name, value in changes.items()
    }
    return {name: value for name, value in data.items() if value is not None}


def typed_sheets(page: Any) -> dict[str, str]:
    """What the sheets of the form on `page` say, by the names of their text areas."""
    return {name: unescape(text) for name, text in _SHEET.findall(page.content.decode())}


def cells(page: Any, name: str) -> Any:
    """What the sheet `name` of the form on `page` shows, as its script reads it."""
    return json.loads(typed_sheets(page)[name])


def employee(tenant: Any, role: str, *, number: str = "7", password: str | None = PASSWORD) -> str:
    """Hire somebody with a password; returns their e-mail address."""
    email = f"{role}{number}@{tenant.slug}.example"
    with tenant_context(tenant):
        seed_roles()
        draft = EmployeeDraft(number=number, name=f"{role.title()} {number}", role=role, email=email)
        create_employee(draft=draft, password=password, actor=SYSTEM, at=clock.now())
    return email


def office(tenant: Any, role: str = "owner", *, number: str = "7") -> Browser:
    """A browser in the merchant's back office, signed in as somebody new with `role`."""
    browser = Browser(f"{tenant.slug}.localhost")
    answer = browser.sign_in(employee(tenant, role, number=number))
    assert answer.status_code == 302, answer.content[:300]
    return browser


def platform() -> Browser:
    """A browser in the platform's admin, signed in as the operator whom the template has."""
    browser = Browser("localhost")
    answer = browser.sign_in(OPERATOR, OPERATOR_PASSWORD)
    assert answer.status_code == 302, answer.content[:300]
    return browser
