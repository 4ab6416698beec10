"""Variants in a grid, and prices of many items in one: all is saved, or nothing and every reason at its cell."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from pos.catalog.documents.reading import read_documents
from pos.catalog.models import Variant
from pos.catalog.services.documents import save_documents
from staff.employees.models import Employee
from tests.admin.browsing import Browser, office
from tests.admin.trading import Trade, traded
from tests.pos.catalog.makers import AT, EDITOR

pytestmark = pytest.mark.django_db

PRICES = "/pos/prices/"


@pytest.fixture
def trade(cafe: Any) -> Trade:
    return traded(cafe)


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


def grid_of(trade: Trade, size: str = "small") -> str:
    return f"/pos/item/{getattr(trade, size)['pos.item']}/variants/"


def sent(page: Any, **changes: str) -> dict[str, str]:
    """What a browser without JavaScript sends of the grid on `page`."""
    assert page.status_code == 200, page.content[:300]
    data = {"revision": str(page.context["revision"]), "axes": page.context["axes_text"], "rows": ""}
    for place, row in enumerate(page.context["rows"]):
        data[f"key-{place}"] = row.key
        data |= {f"{name}-{place}": text for name, text in row.cells.items()}
        data |= {f"option{axis}-{place}": value for axis, value in enumerate(row.options)}
        if row.active:
            data[f"active-{place}"] = "on"
    return {name: text for name, text in (data | changes).items() if text is not None}


def added(place: int, sku: str, price: str, **said: str) -> dict[str, str]:
    """The fields of a new row."""
    texts = {
        "key": "",
        "sku": sku,
        "name": "",
        "price": price,
        "barcodes": "",
        "scheduled": "",
        "active": "on",
    }
    return {f"{name}-{place}": text for name, text in (texts | said).items()}


def document(trade: Trade, size: str = "small") -> dict[str, Any]:
    key = getattr(trade, size)["pos.item"]
    with tenant_context(trade.tenant):
        return read_documents(kind="item", ids=[key])[key]


def events(trade: Trade) -> int:
    with tenant_context(trade.tenant):
        return log.head()


def test_every_cell_is_saved_in_one_call(trade: Trade, browser: Browser) -> None:
    before = events(trade)
    cells = {
        "name-0": "Single",
        "price-0": "2,60",
        "barcodes-0": "96385074 | 4006381333931 × 24 each",
        "scheduled-0": "2026-12-01 00:00 = 2.80",
    }
    double = added(1, "TWO", "3.40", name="Double")
    page = browser.get(grid_of(trade))
    assert browser.post(grid_of(trade), sent(page, **cells, **double, do="save")).status_code == 302
    first, second = document(trade)["variants"]
    assert (first["id"], first["name"], first["price_minor"]) == (str(trade.one.id), "Single", 260)
    assert first["scheduled_prices"] == [{"starts_at": "2026-12-01T00:00", "price_minor": 280}]
    assert first["barcodes"] == [
        {"code": "4006381333931", "unit": "each", "multiplier": "24"},
        {"code": "96385074", "unit": "", "multiplier": "1"},
    ]
    assert (second["sku"], second["name"], second["price_minor"], second["is_active"]) == (
        "TWO",
        "Double",
        340,
        True,
    )
    assert events(trade) == before + 1
    shown = browser.get(grid_of(trade)).context["rows"][0].cells
    assert shown["barcodes"] == "4006381333931 × 24 each | 96385074"
    assert shown["scheduled"] == "2026-12-01 00:00 = 2.80"


def test_the_pages_script_sends_all_rows_in_one_field(trade: Trade, browser: Browser) -> None:
    page = browser.get(grid_of(trade, "large"))
    rows = [
        {"key": row.key, **row.cells, "price": "9.99", "options": [], "active": place != 2}
        for place, row in enumerate(page.context["rows"])
    ]
    data = {"revision": str(page.context["revision"]), "axes": "", "rows": json.dumps(rows), "do": "save"}
    assert browser.post(grid_of(trade, "large"), data).status_code == 302
    variants = document(trade, "large")["variants"]
    assert {variant["price_minor"] for variant in variants} == {999}
    assert [variant["is_active"] for variant in variants] == [True, True, False, True, True, True]


def test_every_error_is_at_its_cell_and_nothing_is_saved(trade: Trade, browser: Browser) -> None:
    before, head = document(trade, "large"), events(trade)
    wrong = {
        "price-0": "cheap",
        "sku-1": "",
        "barcodes-2": "4006381333932",
        "name-3": "size 1",
        "scheduled-4": "tomorrow",
        "sku-5": "one",
    }
    page = browser.post(
        grid_of(trade, "large"), sent(browser.get(grid_of(trade, "large")), **wrong, do="save")
    )
    assert page.status_code == 200
    errors = [row.errors for row in page.context["rows"]]
    assert [set(each) for each in errors] == [
        {"price"},
        {"sku"},
        {"barcodes"},
        {"name"},
        {"scheduled"},
        {"sku"},
    ]
    assert page.context["problem_count"] == 6
    assert "the last digit is 2 but should be 1" in errors[2]["barcodes"]
    kept = page.context["rows"]
    assert (kept[0].cells["price"], kept[5].cells["sku"]) == ("cheap", "one")
    assert (document(trade, "large"), events(trade)) == (before, head)


def test_what_others_have_already_is_told_at_the_cell(trade: Trade, browser: Browser) -> None:
    wrong = {"sku-0": "many-1", "barcodes-0": "PLU2"}
    page = browser.post(grid_of(trade), sent(browser.get(grid_of(trade)), **wrong, do="save"))
    [row] = page.context["rows"]
    assert set(row.errors) == {"sku", "barcodes"}
    assert document(trade)["variants"][0]["sku"] == "ONE"


def test_missing_combinations_are_offered_and_only_the_chosen_are_made(
    trade: Trade, browser: Browser
) -> None:
    path = grid_of(trade)
    page = browser.post(path, sent(browser.get(path), axes="Size: S, M | Milk: oat, cow", do="axes"))
    assert [text for _, text in page.context["missing"]] == ["S / oat", "S / cow", "M / oat", "M / cow"]
    data = sent(page, **{"option0-0": "S", "option1-0": "oat", "do": "missing"})
    page = browser.post(path, {**data, "combination": ["S|oat", "M|oat", "L|oat"]})
    assert [(row.cells["sku"], row.cells["name"], row.cells["price"]) for row in page.context["rows"]] == [
        ("ONE", "", "2.40"),
        ("ONE-M-OAT", "M / oat", "2.40"),
    ]
    assert browser.post(path, sent(page, do="save")).status_code == 302
    saved = document(trade)
    assert saved["option_axes"] == [
        {"name": "Size", "values": ["S", "M"]},
        {"name": "Milk", "values": ["oat", "cow"]},
    ]
    assert [(each["sku"], each["options"]) for each in saved["variants"]] == [
        ("ONE", ["S", "oat"]),
        ("ONE-M-OAT", ["M", "oat"]),
    ]


def test_an_option_that_there_is_not_is_told_at_its_cell(trade: Trade, browser: Browser) -> None:
    path = grid_of(trade)
    page = browser.post(path, sent(browser.get(path), axes="Size: S, M", do="axes"))
    page = browser.post(path, sent(page, **{"option0-0": "XL", "do": "save"}))
    assert page.context["rows"][0].errors == {"option0": "The values of Size are S, M."}
    page = browser.post(path, sent(page, axes="Size", do="save"))
    assert page.context["axes_error"] == "This needs the values of each option, such as Size: S, M, L."


def test_a_row_is_added_and_a_blank_one_is_not_saved(trade: Trade, browser: Browser) -> None:
    path = grid_of(trade)
    page = browser.post(path, sent(browser.get(path), do="row"))
    assert len(page.context["rows"]) == 2
    assert browser.post(path, sent(page, do="save")).status_code == 302
    assert len(document(trade)["variants"]) == 1


def change_price(trade: Trade, minor: int) -> None:
    """Somebody else changes the only variant of the small item."""
    with tenant_context(trade.tenant):
        key = trade.small["pos.item"]
        item = read_documents(kind="item", ids=[key])[key]
        item["variants"][0]["price_minor"] = minor
        save_documents(documents=[("item", {**item, "name": "Ristretto"})], actor=EDITOR, at=AT, cause="test")


def test_a_stale_grid_is_refused_and_says_what_changed(trade: Trade, browser: Browser) -> None:
    path = grid_of(trade)
    page = browser.get(path)
    change_price(trade, 250)
    page = browser.post(path, sent(page, **{"name-0": "Small", "do": "save"}))
    assert page.context["changes"] == ["name Espresso → Ristretto", "ONE: price 2.40 → 2.50"]
    assert page.context["rows"][0].cells["name"] == "Small"
    assert document(trade)["variants"][0]["name"] == ""
    again = browser.post(path, sent(page, do="save"))
    assert again.context["changes"]
    assert browser.post(path, sent(page, do="overwrite")).status_code == 302
    saved = document(trade)
    assert (saved["name"], saved["variants"][0]["name"]) == ("Ristretto", "Small")
    assert saved["variants"][0]["price_minor"] == 240


@pytest.mark.parametrize(
    "rows",
    [
        "{",
        "[1]",
        '[{"key": 1}]',
        "null",
        json.dumps([{"key": "x", "sku": "", "name": "", "price": "", "barcodes": "", "scheduled": "",
                     "options": [], "active": True}]),
        "[" * 100_000,
    ],
    ids=["broken", "numbers", "no cells", "null", "no key", "deep"],
)  # fmt: skip
def test_rows_that_no_page_sends_are_refused(trade: Trade, browser: Browser, rows: str) -> None:
    before = document(trade)
    answer = browser.post(grid_of(trade), {"axes": "", "rows": rows, "do": "save", "revision": "x"})
    assert answer.status_code == 400
    assert document(trade) == before


def test_a_grid_is_for_those_who_may_change_and_for_items_of_ones_own(
    trade: Trade, grocer: Any, browser: Browser
) -> None:
    data = sent(browser.get(grid_of(trade)), **{"sku-0": "STOLEN", "do": "save"})
    assert browser.get(f"/pos/item/{new_id()}/variants/").status_code == 404
    other = office(grocer)
    assert [other.get(grid_of(trade)).status_code, other.post(grid_of(trade), data).status_code] == [404, 404]
    assert "Espresso" not in other.get(PRICES).content.decode()
    with tenant_context(trade.tenant):
        role = Employee.objects.get(number="7").role
        role.permissions = ["admin.access", "catalog.read"]
        role.save()
    for path in (grid_of(trade), PRICES):
        assert (browser.get(path).status_code, browser.post(path, data).status_code) == (403, 403)
    assert document(trade)["variants"][0]["sku"] == "ONE"


def test_the_statements_of_the_grids_do_not_grow_with_the_rows(trade: Trade, browser: Browser) -> None:
    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    statements(grid_of(trade))
    assert statements(grid_of(trade)) == statements(grid_of(trade, "large"))
    few = statements(PRICES)
    trade.more()
    assert statements(PRICES) == few


def prices_on(page: Any) -> dict[str, str]:
    return {row["variant"].sku: row["typed"] for row in page.context["rows"]}


def prices_sent(page: Any, **changes: str) -> dict[str, str]:
    """What the form of the price grid sends, with `changes` by SKU, and other fields."""
    data = {"do": "save"}
    for row in page.context["rows"]:
        key = row["variant"].pk
        data[f"was-{key}"] = str(row["was_minor"])
        data[f"price-{key}"] = changes.pop(row["variant"].sku.replace("-", "_"), row["typed"])
    return data | changes


def test_prices_are_changed_by_a_share_seen_first_and_saved_in_one_call(
    trade: Trade, browser: Browser
) -> None:
    path = f"{PRICES}?q=espresso"
    page = browser.get(path)
    assert prices_on(page) == {"ONE": "2.40"}
    page = browser.post(path, prices_sent(page, do="preview", by="5", kind="percent", ending="09"))
    assert prices_on(page) == {"ONE": "2.49"}  # 2.52, and the nearest that ends on 9
    assert page.context["changed_count"] == 1
    assert document(trade)["variants"][0]["price_minor"] == 240
    before = events(trade)
    assert browser.post(path, prices_sent(page)).status_code == 302
    assert document(trade)["variants"][0]["price_minor"] == 249
    assert events(trade) == before + 1


def test_prices_of_many_items_are_typed_and_saved_together(trade: Trade, browser: Browser) -> None:
    page = browser.get(PRICES)
    assert len(page.context["rows"]) >= 7
    before = events(trade)
    assert browser.post(PRICES, prices_sent(page, ONE="2,75", MANY_0="0.95")).status_code == 302
    assert document(trade)["variants"][0]["price_minor"] == 275
    assert document(trade, "large")["variants"][0]["price_minor"] == 95
    assert events(trade) == before + 1


def test_a_price_that_is_none_stops_all_and_is_told_at_its_row(trade: Trade, browser: Browser) -> None:
    page = browser.post(PRICES, prices_sent(browser.get(PRICES), ONE="2.50", MANY_0="much", MANY_1="1.001"))
    errors = {row["variant"].sku: row["error"] for row in page.context["rows"] if row["error"]}
    assert errors == {
        "MANY-0": "Not a number.",
        "MANY-1": "Has more decimal places than EUR (2).",
    }
    assert document(trade)["variants"][0]["price_minor"] == 240


def test_prices_that_changed_meanwhile_stop_all_and_say_so(trade: Trade, browser: Browser) -> None:
    page = browser.get(PRICES)
    change_price(trade, 250)
    page = browser.post(PRICES, prices_sent(page, ONE="2.80", MANY_0="0.95"))
    errors = {row["variant"].sku: row["error"] for row in page.context["rows"] if row["error"]}
    assert errors == {"ONE": "Somebody else made it 2.50 meanwhile."}
    assert document(trade, "large")["variants"][0]["price_minor"] == 100
    assert browser.post(PRICES, prices_sent(page)).status_code == 302
    assert document(trade)["variants"][0]["price_minor"] == 280


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"by": "-101", "kind": "percent"}, "No more than 100 % can go."),
        ({"by": "0.001", "kind": "amount"}, "The currency has no such small parts."),
        ({"by": "", "kind": "percent"}, "This field is required."),
        ({"by": "NaN", "kind": "percent"}, "Enter a number."),
        ({"by": "1", "kind": "x"}, "Choose one of these."),
        ({"by": "1", "kind": "percent", "ending": "13"}, "Choose one of these."),
    ],
)
def test_a_change_that_cannot_be_is_told(
    trade: Trade, browser: Browser, said: dict[str, str], sentence: str
) -> None:
    page = browser.post(PRICES, prices_sent(browser.get(PRICES), do="preview", **said))
    assert sentence in page.content.decode()
    assert prices_on(page)["ONE"] == "2.40"


def test_what_is_not_sold_is_shown_when_wanted(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        Variant.objects.filter(sku="ONE").update(is_active=False)
    assert "ONE" not in prices_on(browser.get(PRICES))
    assert "ONE" in prices_on(browser.get(f"{PRICES}?inactive=on&category={trade.place}"))
    for query in ("page=x", "page=-5", "category=x", "q=" + "x" * 999):
        assert browser.get(f"{PRICES}?{query}").status_code == 200
