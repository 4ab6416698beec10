"""From documents to rows and back: what is read afterwards is what was stated."""

from typing import Any
from uuid import UUID

import pytest

from fynlo.events import log
from pos.catalog.documents.reading import read_documents
from pos.catalog.models import KINDS, Category, Item, TaxClass, Variant
from pos.catalog.queries import revision
from pos.catalog.services.documents import Saved, save_documents
from tests.factories import LocationFactory
from tests.pos.catalog.documents import sheets
from tests.pos.catalog.makers import AT, EDITOR

pytestmark = pytest.mark.django_db
Stated = list[tuple[str, dict[str, Any]]]


def save(*documents: tuple[str, dict[str, Any]], removed: Any = ()) -> Saved:
    return save_documents(documents=documents, removed=removed, actor=EDITOR, at=AT, cause="test")


def a_whole_catalogue(location: str) -> Stated:
    """At least one document of each kind, each member said."""
    taxes, reduced = sheets.tax_class(), sheets.tax_class("reduced", "0.07")
    eat_in = {**reduced["rules"][0], "when": {"order_types": ["take_away"], "locations": [location]}}
    food = sheets.tax_class("food", rules=[eat_in, taxes["rules"][0]])
    deposit = {"code": "deposit", "name": "Deposit", "per_unit_minor": 25}
    bottle = sheets.tax_class(
        "bottle", rules=[{"when": {}, "inclusive": False, "net_of_contained": False, "components": [deposit]}]
    )
    drinks = sheets.category("Drinks", color="#aa00ff")
    hot = sheets.category("Hot", parent_id=drinks["id"], position=3)
    beans = sheets.group(
        "Beans", sheets.modifier("dark", default_quantity=1), sheets.modifier("light"), max=1
    )
    milk = sheets.modifier("oat", price_minor=50, max_quantity=3, kitchen_name="OAT")
    milks = sheets.group("Milk", sheets.modifier("none", price_minor=-20), milk, min=1, max=3)
    milks["modifiers"][0]["groups"] = [sheets.use(beans, 0, 1)]
    members = sheets.price_list(
        "Members", entries=[{"category_id": drinks["id"], "min_quantity": "2.5", "percent_off": "0.1"}]
    )
    small = sheets.variant(
        "ESP-S", "small", options=["S"], barcodes=[{"code": "PLU1", "unit": "", "multiplier": "1"}]
    )
    large = sheets.variant(
        "ESP-L",
        "large",
        options=["L"],
        price_minor=320,
        scheduled_prices=[{"starts_at": "2026-12-01T00:00", "price_minor": 340}],
        barcodes=[{"code": "4006381333931", "unit": "case", "multiplier": "24"}],
    )
    espresso = sheets.item(
        "Espresso",
        large,
        small,
        category_id=hot["id"],
        description="Short.\nStrong.",
        kitchen_name="ESP",
        units=[{"code": "case", "name": "Case", "numerator": 24, "denominator": 1}],
        tags=["coffee", "hot"],
        allergens=["milk"],
        has_open_price=True,
        option_axes=[{"name": "Size", "values": ["S", "M", "L"]}],
        modifier_groups=[sheets.use(milks, 1, 2), sheets.use(beans)],
        list_prices=[
            {"price_list_id": members["id"], "variant_id": None, "min_quantity": "1", "price_minor": 200},
            {
                "price_list_id": members["id"],
                "variant_id": small["id"],
                "min_quantity": "3",
                "amount_off_minor": 10,
            },
        ],
    )
    milks["modifiers"][1]["prices"] = [
        {"item_id": espresso["id"], "location_id": location, "price_minor": 30}
    ]
    cake = sheets.item("Cake", sheets.variant("CAKE"), category_id=drinks["id"], tax_class="food")
    cake_and_coffee = sheets.item(
        "Coffee and cake",
        sheets.variant("COMBO"),
        category_id=drinks["id"],
        combo={"slots": [sheets.slot("Coffee", small, large), sheets.slot("Cake", cake["variants"][0])]},
    )
    happy = sheets.promotion(
        "Happy hour",
        group="hours",
        when={"weekdays": [1, 5], "times": [["17:00", "19:00"]], "starts_at": "2026-01-01T00:00:30"},
        rule={
            "kind": "buy_get",
            "buy": {"items": [espresso["id"]]},
            "buy_quantity": 1,
            "get": None,
            "get_quantity": 1,
            "percent": "1",
        },
        excluded={"variants": [large["id"]], "tags": ["cold"]},
        cap_minor=1000,
        max_applications=2,
    )
    return [
        (
            "menu",
            sheets.menu(
                "Morning",
                {"category_id": hot["id"]},
                {"item_id": cake["id"]},
                when={"times": [["06:00", "11:00"]]},
            ),
        ),
        ("settings", sheets.settings(cash_increment=5, rounding={"scope": "per_order", "mode": "half_even"})),
        *(("tax_class", each) for each in (taxes, reduced, food, bottle)),
        ("category", hot),
        ("category", drinks),
        ("modifier_group", milks),
        ("modifier_group", beans),
        *(("item", each) for each in (cake_and_coffee, espresso, cake)),
        ("price_list", members),
        ("promotion", happy),
        ("service_charge", sheets.service_charge("Party")),
        ("barcode_pattern", sheets.barcode_pattern("Scale")),
    ]


def everything() -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (kind, str(key)): document for kind in KINDS for key, document in read_documents(kind=kind).items()
    }


def test_a_whole_catalogue_is_read_as_it_was_stated(in_cafe: Any) -> None:
    stated = a_whole_catalogue(str(LocationFactory.create().pk))
    saved = save(*stated)
    assert everything() == {(kind, document["id"]): document for kind, document in stated}
    assert set(saved.changed) == {(kind, UUID(document["id"])) for kind, document in stated}
    assert saved.revision == revision()


def test_what_is_already_so_changes_and_tells_nothing(in_cafe: Any) -> None:
    stated = a_whole_catalogue(str(LocationFactory.create().pk))
    first = save(*stated)
    before = (log.head(), set(Item.objects.values_list("pk", "revision")))
    again = save(*stated)
    assert (again.revision, again.changed) == (first.revision, ())
    assert (log.head(), set(Item.objects.values_list("pk", "revision"))) == before


def test_all_of_it_goes_in_one_step(in_cafe: Any) -> None:
    stated = a_whole_catalogue(str(LocationFactory.create().pk))
    save(*stated)
    gone = [(kind, UUID(document["id"])) for kind, document in stated if kind != "settings"]
    saved = save(removed=gone)
    assert set(saved.changed) == set(gone)
    assert set(everything()) == {("settings", sheets.settings()["id"])}


def test_one_rate_stays_in_its_columns(in_cafe: Any) -> None:
    taxes = sheets.tax_class("reduced", "0.07")
    save(("tax_class", taxes))
    row = TaxClass.objects.get()
    assert (format(row.rate, "f"), row.is_inclusive, row.rules) == ("0.070000", True, [])


def test_names_skus_and_barcodes_change_places(in_cafe: Any) -> None:
    place = sheets.category()
    code = {"code": "PLU1", "unit": "", "multiplier": "1"}
    one = sheets.item("One", sheets.variant("A", barcodes=[code]), category_id=place["id"])
    two = sheets.item("Two", sheets.variant("B"), category_id=place["id"])
    save(("tax_class", sheets.tax_class()), ("category", place), ("item", one), ("item", two))
    one["name"], two["name"] = "Two", "One"
    one["variants"][0].update(sku="B", barcodes=[])
    two["variants"][0].update(sku="A", barcodes=[code])
    save(("item", one), ("item", two))
    assert everything()["item", one["id"]] == one
    assert everything()["item", two["id"]] == two


def test_a_variant_moves_to_another_item_with_both(in_cafe: Any) -> None:
    place, moving = sheets.category(), sheets.variant("B", "b")
    one = sheets.item("One", sheets.variant("A", "a"), moving, category_id=place["id"])
    two = sheets.item("Two", sheets.variant("C"), category_id=place["id"])
    save(("tax_class", sheets.tax_class()), ("category", place), ("item", one), ("item", two))
    one["variants"].remove(moving)
    two["variants"].insert(0, moving)
    save(("item", one), ("item", two))
    assert list(Variant.objects.filter(item=two["id"]).values_list("sku", "position")) == [("B", 0), ("C", 1)]


def test_prices_by_list_leave_with_a_variant_that_moves(in_cafe: Any) -> None:
    place, moving, members = sheets.category(), sheets.variant("B", "b"), sheets.price_list("Members")
    price = {
        "price_list_id": members["id"],
        "variant_id": moving["id"],
        "min_quantity": "1",
        "price_minor": 9,
    }
    one = sheets.item("One", moving, category_id=place["id"], list_prices=[price])
    save(("tax_class", sheets.tax_class()), ("category", place), ("price_list", members), ("item", one))
    two = sheets.item("Two", moving, category_id=place["id"])
    save(("item", two), removed=[("item", UUID(one["id"]))])
    assert everything()["item", two["id"]] == two


def test_a_slot_goes_from_a_combo_that_is_removed_to_another(in_cafe: Any) -> None:
    place, part = sheets.category(), sheets.variant("A")
    base = sheets.item("Part", part, category_id=place["id"])
    combo = {"slots": [sheets.slot("Drink", part)]}
    one = sheets.item("One", sheets.variant("B"), category_id=place["id"], combo=combo)
    save(("tax_class", sheets.tax_class()), ("category", place), ("item", base), ("item", one))
    two = sheets.item("Two", sheets.variant("C"), category_id=place["id"], combo=combo)
    save(("item", two), removed=[("item", UUID(one["id"]))])
    assert everything()["item", two["id"]] == two


def test_what_is_searched_for_follows_the_names(in_cafe: Any) -> None:
    place = sheets.category()
    made = sheets.item("Crème", sheets.variant("CR-1", "groß"), category_id=place["id"])
    save(("tax_class", sheets.tax_class()), ("category", place), ("item", made))
    assert Variant.objects.get().search_text == "creme gross cr 1 cr1"
    save(("item", {**made, "name": "Sahne"}))
    assert Variant.objects.get().search_text == "sahne gross cr 1 cr1"


def test_one_publication_tells_everything(in_cafe: Any) -> None:
    start = log.head()
    place = sheets.category()
    save(("category", place))
    (told,) = log.read_after(start)
    assert told.t == "catalog.book_published"
    assert Category.objects.get().name == "Drinks"
