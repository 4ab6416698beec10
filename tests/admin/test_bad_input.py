"""Addresses and forms that no page made: never an error of the server's, never a change."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from tests.admin.browsing import Browser, office, platform
from tests.admin.trading import Trade

pytestmark = pytest.mark.django_db

BAD_QUERIES = [
    "/search/?s=a&page=x",
    "/search/?s=a&page=99",
    "/search/?s=a&page=-1",
    "/search/?s=%00",
    "/pos/item/?p=x",
    "/pos/item/?p=-1",
    "/pos/item/?p=99999999999999999999",
    "/pos/item/?o=x.1.99.-",
    "/pos/item/?q=%00",
    "/pos/item/?q=" + "a+" * 500,
    "/pos/item/?all=x",
    "/pos/item/?unit__exact=%00",
    "/pos/item/?category__id__exact=x",
    "/pos/item/?category__id__exact=%00",
    "/pos/item/?category__id__in=x,y",
    "/pos/item/?is_active__exact=7",
    "/pos/item/?is_active__isnull=x",
    "/pos/item/?unit__regex=(",
    "/pos/item/?unit__in=%00",
    "/pos/item/?tax_class__rate__gt=x",
    "/pos/item/?_to_field=name",
    "/pos/item/?_popup=1",
    "/pos/item/add/?category=x",
    "/pos/item/add/?name=%00&category=%00",
    "/pos/order/?business_date__year=x",
    "/pos/order/?business_date__year=99999",
    "/pos/order/?business_date__year=2026&business_date__month=13",
    "/pos/order/?business_date__year=2026&business_date__month=2&business_date__day=30",
    "/pos/order/?business_date__gte=x",
    "/pos/order/?payment_state=%00",
    "/pos/order/?q=99999999999999999999999",
    "/events/event/99999999999999999999999/change/",
    "/events/event/x/change/",
    "/catalog/pick/",
    "/catalog/pick/?kind=x",
    "/catalog/pick/?kind=item&q=%00",
    "/catalog/pick/?kind=variant&q=" + "a+" * 500,
    "/catalog/pick/?kind=tag&q=%F0%9F%94%91",
    "/catalog/images/01900000-0000-7000-8000-000000000000/",
    "/quick-keys/01900000-0000-7000-8000-000000000000/",
    "/autocomplete/?app_label=pos&model_name=item&field_name=category&term=%00",
    "/r/1/x/",
    "/nothing/here/",
    "/%00/",
]


@pytest.fixture
def trade(sold_once: Trade, db: None) -> Trade:
    return sold_once


@pytest.mark.parametrize("path", BAD_QUERIES)
def test_a_bad_address_is_answered_and_is_no_error(trade: Trade, path: str) -> None:
    answer = office(trade.tenant).get(path)
    assert answer.status_code < 500, answer.content[:500]


@pytest.mark.parametrize(
    "path", ["/search/?s=a&page=x", "/tenants/tenant/?q=%00", "/tenants/tenant/?state=%00"]
)
def test_a_bad_address_of_the_platform_is_no_error(db: None, path: str) -> None:
    assert platform().get(path).status_code < 500


BAD_FORMS: list[dict[str, Any]] = [
    {},
    {"name": "\x00"},
    {"variants": "{"},
    {"variants": "[[[[[[]]]]]]"},
    {"variants": "[" * 5_000},
    {"variants": "[null, 1, true, {}]"},
    {"variants": '[{"price_minor": "NaN", "sku": "A"}]'},
    {"variants": '[{"price_minor": "1e999", "sku": "A"}]'},
    {"variants": '[{"price_minor": 1e999, "sku": "A"}]'},
    {"variants": '[{"price_minor": "99999999999999999999", "sku": "A"}]'},
    {"variants": '[{"price_minor": "\u0661\u0662", "sku": "A"}]'},
    {"variants": '[{"price_minor": "1", "sku": "\\ud800"}]'},
    {"variants": '[{"id": "x", "price_minor": "1", "sku": "A"}]'},
    {"modifier_groups": '[{"group_id": "x"}]'},
    {"combo": '{"slots": [{"name": "a", "choices": [{"variant_id": "\\u0000"}]}]}'},
    {"combo": '{"slots": {"name": 1}}'},
    {"list_prices": '[{"effect": {"which": [], "value": {}}}]'},
    {"units": '[{"code": "kg", "numerator": "0"}]'},
    {"image_ids": '["x", null]'},
    {"version": "x"},
    {"name": "x" * 10_000},
    {"description": "\u2028" * 3000},
    {"_saveasnew": "1"},
]


@pytest.mark.parametrize("place", range(len(BAD_FORMS)))
def test_a_bad_form_is_shown_again_and_changes_nothing(trade: Trade, place: int) -> None:
    browser = office(trade.tenant)
    path = f"/pos/item/{trade.small['pos.item']}/change/"
    with tenant_context(trade.tenant):
        before = log.head()
    data = {} if place == 0 else None
    answer = browser.post(path, data) if data is not None else browser.submit(path, **BAD_FORMS[place])
    assert answer.status_code in (200, 302, 400)
    with tenant_context(trade.tenant):
        assert log.head() == before


def test_signing_in_with_strange_fields_is_no_error(cafe: Any) -> None:
    browser = Browser("cafe.localhost")
    for email, password in (("\x00", "\x00"), ("x" * 5000, "y" * 5000), ("ä@ö.example", "🔑" * 50), ("", "")):
        assert browser.sign_in(email, password).status_code == 200
    assert browser.client.post("/admin/login/?next=https://evil.example/", {}).status_code == 200


def test_signing_in_never_leads_to_another_host(cafe: Any) -> None:
    from tests.admin.browsing import PASSWORD, employee

    email = employee(cafe, "owner")
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        browser = Browser("cafe.localhost")
        answer = browser.client.post(
            f"/admin/login/?next={target}", {"username": email, "password": PASSWORD}
        )
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")
