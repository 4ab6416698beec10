"""Filling in the pages that take entries: what a browser would send of their form."""

import json
from typing import Any

from fynlo.core.tenancy import tenant_context
from staff.employees.models import Role
from tests.admin.browsing import Browser, office, typed_sheets


def filled_entry(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send of the entry form on `page`, with `changes` by field name."""
    assert page.status_code == 200, page.content[:500]
    form, sheets = page.context["form"], typed_sheets(page)
    data: dict[str, Any] = {}
    for field in form:
        value = sheets[field.html_name] if field.html_name in sheets else field.value()
        if value is None and getattr(field.field, "choices", None):
            value = field.field.choices[0][0]  # what a browser shows of a list
        if value not in (None, False):
            data[field.html_name] = str(value)
    for name, value in changes.items():
        data[name] = json.dumps(value) if name in sheets and not isinstance(value, str) else value
    return data


def enter(browser: Browser, path: str, **changes: Any) -> Any:
    """Open the form at `path`, change some of its fields and send it."""
    return browser.post(path, filled_entry(browser.get(path), **changes))


def wrong(page: Any) -> str:
    """Everything the form on `page` says is wrong."""
    assert page.status_code == 200, page.status_code
    return str(dict(page.context["form"].errors))


def reader(tenant: Any) -> Browser:
    """Somebody who may look at stock and do nothing."""
    browser = office(tenant, "owner", number="72")
    with tenant_context(tenant):
        Role.objects.filter(code="owner").update(permissions=["admin.access", "catalog.read", "stock.read"])
    return browser
