"""Changing things in the back office: through services, with a fact in the feed and a line in the log."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils.html import escape

from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from fynlo.events.facts import FeedItem
from payments.tenders.models import TenderType
from pos.catalog.models import Barcode, Category, Item, TaxClass, Variant
from pos.registers.models import Location, Register
from tests.admin.browsing import Browser, cells, office
from tests.admin.trading import Trade, traded
from tests.pos.catalog.makers import category, item, variant

pytestmark = pytest.mark.django_db

NEW_VARIANT = {
    "id": "",
    "name": "",
    "sku": "COCOA",
    "price_minor": "3.20",
    "options": [],
    "is_active": True,
    "barcodes": [
        {"code": "96385074", "unit": "", "multiplier": "1"},
        {"code": "4006381333931", "unit": "", "multiplier": "1"},
    ],
    "scheduled_prices": [],
}


@pytest.fixture
def trade(cafe: Any) -> Trade:
    return traded(cafe)


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


def last_fact() -> FeedItem:
    return log.read_after(log.head() - 1)[0]


def new_item(trade: Trade, *, variant: dict[str, Any] | None = None, **changes: str) -> dict[str, str]:
    """What a browser sends of a new item; `variant` is what is said otherwise of its one variant."""
    facts = {
        "name": "Cocoa",
        "category": str(trade.place),
        "tax_class": str(trade.taxes),
        "unit": "each",
        "description": "",
        "is_active": "on",
        "variants": json.dumps([NEW_VARIANT | (variant or {})]),
    }
    return facts | changes


def changed_rows(browser: Browser, path: str, change: Callable[[list[Any]], None]) -> list[Any]:
    """The variants that the page at `path` shows, after `change`."""
    rows: list[Any] = cells(browser.get(path), "variants")
    change(rows)
    return rows


def errors_of(page: Any) -> str:
    """Every error of the page, which shows all of them."""
    assert page.status_code == 200
    told = [
        sentence
        for each in page.context["errors"]
        for sentence in ([each] if isinstance(each, str) else each)
    ]
    assert all(escape(sentence) in page.content.decode() for sentence in told)
    return " ".join(told)


def test_an_item_is_made_with_its_variant_price_and_barcodes(trade: Trade, browser: Browser) -> None:
    answer = browser.post("/pos/item/add/", new_item(trade, name="  Hot   Cocoa "))
    assert answer.status_code == 302
    with tenant_context(trade.tenant):
        made = Item.objects.get(name="Hot Cocoa")
        only = made.variants.get()
        assert (only.sku, only.price_minor) == ("COCOA", 320)
        assert sorted(only.barcodes.values_list("code", flat=True)) == ["4006381333931", "96385074"]
        fact = last_fact()
        assert fact.t == "catalog.book_published"
        assert fact.data is not None
        assert [(each["kind"], each["id"]) for each in fact.data["entries"]] == [("item", str(made.pk))]
        entry = LogEntry.objects.get()
        assert (entry.object_id, entry.action_flag, entry.user.name) == (str(made.pk), 1, "Owner 7")


def test_price_and_barcodes_of_a_variant_are_changed_and_the_log_names_the_field(
    trade: Trade, browser: Browser
) -> None:
    path = f"/pos/item/{trade.small['pos.item']}/change/"
    code = {"code": "96385074", "unit": "", "multiplier": "24"}
    rows = changed_rows(browser, path, lambda rows: rows[0].update(price_minor="2,60", barcodes=[code]))
    assert browser.submit(path, variants=rows).status_code == 302
    with tenant_context(trade.tenant):
        changed = Variant.objects.get(sku="ONE")
        assert changed.price_minor == 260
        only = changed.barcodes.get()
        assert (only.code, only.multiplier) == ("96385074", Decimal(24))
        entry = LogEntry.objects.get()
        assert entry.get_change_message() == "Changed Variants."


def test_a_variant_is_added_and_others_stay(trade: Trade, browser: Browser) -> None:
    path = f"/pos/item/{trade.large['pos.item']}/change/"
    rows = changed_rows(browser, path, lambda rows: rows.append(NEW_VARIANT | {"name": "Huge"}))
    assert browser.submit(path, variants=rows).status_code == 302
    with tenant_context(trade.tenant):
        found = Item.objects.get(name="Menu")
        assert found.variants.count() == 7
        assert Barcode.objects.filter(code__startswith="PLU").count() == 6


def test_a_barcode_is_taken_away(trade: Trade, browser: Browser) -> None:
    path = f"/pos/item/{trade.large['pos.item']}/change/"
    rows = changed_rows(browser, path, lambda rows: rows[0].update(barcodes=[]))
    browser.submit(path, variants=rows)
    with tenant_context(trade.tenant):
        assert not Barcode.objects.filter(code="PLU0").exists()


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "sku taken": ({"variant": {"sku": "one"}}, "1 · SKU: ONE is the SKU of another variant."),
    "barcode taken": (
        {"variant": {"barcodes": [{"code": "PLU1", "multiplier": "1"}]}},
        "1 · Barcodes 1 · Code: PLU1 is the barcode of MANY-1.",
    ),
    "check digit": (
        {"variant": {"barcodes": [{"code": "4006381333932", "multiplier": "1"}]}},
        "the last digit is 2 but should be 1",
    ),
    "no multiplier": (
        {"variant": {"barcodes": [{"code": "A1", "multiplier": ""}]}},
        "1 · Barcodes 1 · Stands for: This field is required.",
    ),
    "name taken": ({"name": "Espresso"}, "There is another item Espresso in its category."),
    "no price": ({"variant": {"price_minor": ""}}, "1 · Price: This field is required."),
    "too many decimals": ({"variant": {"price_minor": "1.234"}}, "no more than 2 decimal places"),
    "negative price": ({"variant": {"price_minor": "-1"}}, "A number from 0 to"),
    "no number": ({"variant": {"price_minor": "cheap"}}, "A number is expected, such as 2.50."),
    "no sku": ({"variant": {"sku": ""}}, "1 · SKU: This field is required."),
    "control character": ({"name": "Co\x1bcoa"}, "unprintable character U+001B"),
    "text direction": ({"name": "Co\u202ecoa"}, "unprintable character U+202E"),
    "unknown unit": ({"unit": "stone"}, "not one of the available choices"),
    "category of nobody": ({"category": "01900000-0000-7000-8000-000000000000"}, "not one of the available"),
    "no variant": ({"variants": "[]"}, "An item that is sold has at least one variant."),
    "no sheet": ({"variants": "{"}, "This form was not filled in by its page."),
    "no list": ({"variants": "{}"}, "A list is expected."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_saved_is_told_and_stays_in_the_form(
    trade: Trade, browser: Browser, case: str
) -> None:
    changes, sentence = REFUSED[case]
    with tenant_context(trade.tenant):
        before = (log.head(), Item.objects.count(), Variant.objects.count(), Barcode.objects.count())
    page = browser.post("/pos/item/add/", new_item(trade, **changes))
    assert sentence in errors_of(page)
    kept = page.context["adminform"].form
    assert (kept["name"].value(), kept["unit"].value()) == (
        changes.get("name", "Cocoa"),
        changes.get("unit", "each"),
    )
    with tenant_context(trade.tenant):
        after = (log.head(), Item.objects.count(), Variant.objects.count(), Barcode.objects.count())
        assert after == before
        assert not LogEntry.objects.exists()


def test_saving_without_a_change_tells_nobody(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        before = log.head()
    assert browser.submit(f"/pos/item/{trade.small['pos.item']}/change/").status_code == 302
    with tenant_context(trade.tenant):
        assert log.head() == before


def test_the_unit_of_counted_goods_stays(trade: Trade, browser: Browser) -> None:
    page = browser.submit(f"/pos/item/{trade.small['pos.item']}/change/", unit="kg")
    assert "stock movements counted in each" in errors_of(page)


def test_a_reader_of_the_catalogue_changes_nothing(trade: Trade, browser: Browser) -> None:
    from staff.employees.models import Employee

    with tenant_context(trade.tenant):
        role = Employee.objects.get(number="7").role
        role.permissions = ["admin.access", "catalog.read"]
        role.save()
    path = f"/pos/item/{trade.small['pos.item']}/change/"
    assert browser.get(path).status_code == 200
    assert browser.post(path, new_item(trade)).status_code == 403
    assert browser.post("/pos/item/add/", new_item(trade)).status_code == 403


def test_a_category_is_made_moved_and_removed_while_it_is_empty(trade: Trade, browser: Browser) -> None:
    assert (
        browser.post("/pos/category/add/", {"name": "Tea", "parent": "", "position": "3"}).status_code == 302
    )
    with tenant_context(trade.tenant):
        tea = Category.objects.get(name="Tea")
    assert browser.submit(f"/pos/category/{tea.pk}/change/", parent=str(trade.place)).status_code == 302
    with tenant_context(trade.tenant):
        assert Category.objects.get(name="Tea").parent_id == trade.place
    assert browser.post(f"/pos/category/{tea.pk}/delete/", {"post": "yes"}).status_code == 302
    with tenant_context(trade.tenant):
        assert not Category.objects.filter(name="Tea").exists()
        fact = last_fact()
        assert (fact.t, fact.id) == ("catalog.category_changed", tea.pk)


def test_a_category_with_items_is_not_removed(trade: Trade, browser: Browser) -> None:
    browser.post(f"/pos/category/{trade.place}/delete/", {"post": "yes"})
    with tenant_context(trade.tenant):
        assert Category.objects.filter(pk=trade.place).exists()
        assert Item.objects.count() == 2


def test_a_category_is_not_put_into_itself(trade: Trade, browser: Browser) -> None:
    page = browser.submit(f"/pos/category/{trade.place}/change/", parent=str(trade.place))
    assert "cannot be inside itself" in errors_of(page)


def test_categories_are_offered_with_their_path(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        category("Cold", parent_id=trade.place)
    assert "Everything &gt; Cold" in browser.get("/pos/item/add/").content.decode()


def test_a_tax_class_is_written_in_per_cent(trade: Trade, browser: Browser) -> None:
    rule = cells(browser.get("/pos/taxclass/add/"), "rules")[0]
    rule["components"][0] |= {"code": "vat", "name": "VAT 5.5 %", "tax": {"which": "rate", "value": "5.5"}}
    data = {"code": "reduced", "name": "Reduced", "rules": json.dumps([rule])}
    assert browser.post("/pos/taxclass/add/", data).status_code == 302
    with tenant_context(trade.tenant):
        made = TaxClass.objects.get(code="reduced")
        assert made.rules[0]["components"] == [
            {"code": "vat", "name": "VAT 5.5 %", "rate": "0.055", "compound": False}
        ]
    path = f"/pos/taxclass/{made.pk}/change/"
    rules = cells(browser.get(path), "rules")
    assert rules[0]["components"][0]["tax"] == {"which": "rate", "value": "5.5"}
    rules[0]["components"][0]["tax"]["value"] = "7"
    assert browser.submit(path, rules=rules).status_code == 302
    with tenant_context(trade.tenant):
        assert str(TaxClass.objects.get(code="reduced").rate) == "0.070000"
        assert last_fact().t == "catalog.book_published"
    page = browser.post("/pos/taxclass/add/", data)
    assert "reduced" in errors_of(page)


def test_locations_and_registers_are_set_up_and_their_codes_stay(trade: Trade, browser: Browser) -> None:
    place = {
        "code": "stall",
        "name": "Market stall",
        "address": "Market square\n  \n12345 Town ",
        "time_zone": "Europe/Berlin",
        "cut_off": "04:00",
        "is_active": "on",
    }
    assert browser.post("/pos/location/add/", place).status_code == 302
    with tenant_context(trade.tenant):
        made = Location.objects.get(code="stall")
        assert made.address == ["Market square", "12345 Town"]
        assert last_fact().t == "register.location_changed"
    till = {"code": "M1", "name": "Till", "location": str(made.pk), "is_active": "on"}
    assert browser.post("/pos/register/add/", till).status_code == 302
    assert "There is a register M1 already." in errors_of(browser.post("/pos/register/add/", till))
    with tenant_context(trade.tenant):
        register = Register.objects.get(code="M1")
    moved = {"name": "Till 2", "code": "M9", "location": str(trade.shop.location.pk), "is_active": "on"}
    assert browser.post(f"/pos/register/{register.pk}/change/", moved).status_code == 302
    with tenant_context(trade.tenant):
        register = Register.objects.get(pk=register.pk)
        assert (register.code, register.name, register.location_id) == ("M1", "Till 2", made.pk)
        assert last_fact().t == "register.changed"


def test_a_register_is_not_put_out_of_use_with_its_drawer_open(trade: Trade, browser: Browser) -> None:
    page = browser.submit(f"/pos/register/{trade.shop.register.pk}/change/", is_active=None)
    assert "Count and close its drawer first." in errors_of(page)
    with tenant_context(trade.tenant):
        kept = Register.objects.get(pk=trade.shop.register.pk)
        assert (kept.is_active, kept.last_order_number) == (True, 2)


def test_a_way_to_pay_is_renamed_and_keeps_code_and_kind(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        cash = TenderType.objects.get()
    assert browser.submit(f"/payments/tendertype/{cash.pk}/change/", name="Bar").status_code == 302
    with tenant_context(trade.tenant):
        assert TenderType.objects.get().name == "Bar"
        fact = last_fact()
        assert (fact.t, fact.id) == ("payment.tender_type_changed", cash.pk)


def test_limits_of_a_way_to_pay_are_typed_as_people_write_amounts(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        cash = TenderType.objects.get()
    path = f"/payments/tendertype/{cash.pk}/change/"
    assert browser.submit(path, largest_minor="50.05", over="tip").status_code == 302
    with tenant_context(trade.tenant):
        cash.refresh_from_db()
        assert (cash.smallest_minor, cash.largest_minor, cash.over) == (None, 5_005, "tip")
    assert 'value="50.05"' in browser.get(path).content.decode()
    refused = browser.submit(path, smallest_minor="60")
    assert refused.status_code == 200
    assert "The largest amount is below the smallest." in refused.content.decode()


def test_an_item_of_another_merchant_is_not_changed(trade: Trade, grocer: Any) -> None:
    with tenant_context(grocer):
        from tests.pos.catalog.makers import tax_class

        theirs = item("Cheese", variant("CHE"), category_id=category("Deli"), tax_class_id=tax_class())
    browser = office(trade.tenant)
    answer = browser.post(f"/pos/item/{theirs.id}/change/", new_item(trade, name="Stolen"))
    assert answer.status_code == 302
    with tenant_context(grocer):
        assert Item.objects.get().name == "Cheese"
