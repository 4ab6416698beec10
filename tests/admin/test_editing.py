"""Changing things in the back office: through services, with a fact in the feed and a line in the log."""

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
from tests.admin.browsing import Browser, office
from tests.admin.trading import Trade
from tests.pos.catalog.makers import category, item, variant

pytestmark = pytest.mark.django_db

NEW_VARIANT = {
    "variants-TOTAL_FORMS": "1",
    "variants-INITIAL_FORMS": "0",
    "variants-0-name": "",
    "variants-0-sku": "COCOA",
    "variants-0-price": "3.20",
    "variants-0-position": "0",
    "variants-0-is_active": "on",
    "variants-0-barcodes": "96385074  4006381333931",
}


@pytest.fixture
def trade(cafe: Any) -> Trade:
    return Trade(cafe)


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


def last_fact() -> FeedItem:
    return log.read_after(log.head() - 1)[0]


def new_item(trade: Trade, **changes: str) -> dict[str, str]:
    facts = {
        "name": "Cocoa",
        "category": str(trade.place),
        "tax_class": str(trade.taxes),
        "unit": "each",
        "description": "",
        "is_active": "on",
    }
    return facts | NEW_VARIANT | changes


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
        assert (fact.t, fact.id) == ("catalog.item_changed", made.pk)
        assert fact.data is not None
        assert fact.data["change"] == "created"
        entry = LogEntry.objects.get()
        assert (entry.object_id, entry.action_flag, entry.user.name) == (str(made.pk), 1, "Owner 7")


def test_price_and_barcodes_of_a_variant_are_changed_and_the_log_names_the_fields(
    trade: Trade, browser: Browser
) -> None:
    path = f"/pos/item/{trade.small['pos.item']}/change/"
    answer = browser.submit(path, **{"variants-0-price": "2.60", "variants-0-barcodes": "96385074"})
    assert answer.status_code == 302
    with tenant_context(trade.tenant):
        changed = Variant.objects.get(sku="ONE")
        assert changed.price_minor == 260
        assert changed.barcodes.get().code == "96385074"
        entry = LogEntry.objects.get()
        assert entry.get_change_message() == "Changed price and barcodes for variant “ONE”."


def test_a_variant_is_added_and_others_stay(trade: Trade, browser: Browser) -> None:
    path = f"/pos/item/{trade.large['pos.item']}/change/"
    added = {name.replace("-0-", "-6-"): value for name, value in NEW_VARIANT.items() if "-0-" in name}
    answer = browser.submit(
        path, **added | {"variants-TOTAL_FORMS": "7", "variants-6-name": "Huge", "variants-6-position": "9"}
    )
    assert answer.status_code == 302
    with tenant_context(trade.tenant):
        found = Item.objects.get(name="Menu")
        assert found.variants.count() == 7
        assert Barcode.objects.filter(code__startswith="PLU").count() == 6


def test_a_barcode_is_taken_away(trade: Trade, browser: Browser) -> None:
    browser.submit(f"/pos/item/{trade.large['pos.item']}/change/", **{"variants-0-barcodes": ""})
    with tenant_context(trade.tenant):
        assert not Barcode.objects.filter(code="PLU0").exists()


REFUSED = {
    "sku taken": ({"variants-0-sku": "one"}, "is the SKU of another variant"),
    "barcode taken": ({"variants-0-barcodes": "PLU1"}, "is the barcode of MANY-1"),
    "check digit": ({"variants-0-barcodes": "4006381333932"}, "the last digit is 2 but should be 1"),
    "name taken": ({"name": "Espresso"}, "This name is already taken here"),
    "no price": ({"variants-0-price": ""}, "This field is required"),
    "too many decimals": ({"variants-0-price": "1.234"}, "no more than 2 decimal places"),
    "negative price": ({"variants-0-price": "-1"}, "greater than or equal to 0"),
    "no sku": ({"variants-0-sku": ""}, "This field is required"),
    "control character": ({"name": "Co\x1bcoa"}, "unprintable character U+001B"),
    "text direction": ({"name": "Co\u202ecoa"}, "unprintable character U+202E"),
    "unknown unit": ({"unit": "stone"}, "not one of the available choices"),
    "category of nobody": ({"category": "01900000-0000-7000-8000-000000000000"}, "not one of the available"),
    "no variant": ({"variants-TOTAL_FORMS": "0"}, "at least 1 form"),
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
    data = {"code": "reduced", "name": "VAT 5.5 %", "percent": "5.5", "is_inclusive": "on"}
    assert browser.post("/pos/taxclass/add/", data).status_code == 302
    with tenant_context(trade.tenant):
        made = TaxClass.objects.get(code="reduced")
        assert str(made.rate) == "0.055000"
    assert browser.submit(f"/pos/taxclass/{made.pk}/change/", percent="7").status_code == 302
    with tenant_context(trade.tenant):
        assert str(TaxClass.objects.get(code="reduced").rate) == "0.070000"
        assert last_fact().t == "catalog.tax_class_changed"
    page = browser.post("/pos/taxclass/add/", data)
    assert "There is a tax class reduced already." in errors_of(page)


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


def test_an_item_of_another_merchant_is_not_changed(trade: Trade, grocer: Any) -> None:
    with tenant_context(grocer):
        from tests.pos.catalog.makers import tax_class

        theirs = item("Cheese", variant("CHE"), category_id=category("Deli"), tax_class_id=tax_class())
    browser = office(trade.tenant)
    answer = browser.post(f"/pos/item/{theirs.id}/change/", new_item(trade, name="Stolen"))
    assert answer.status_code == 302
    with tenant_context(grocer):
        assert Item.objects.get().name == "Cheese"
