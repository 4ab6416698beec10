"""What a file means beside the catalogue there is: pure comparison, exact outcomes."""

from collections.abc import Collection
from copy import deepcopy
from typing import Any

import pytest

from fynlo.core.ids import new_id
from pos.catalog.csv_reading import CatalogFile
from pos.catalog.importing import ImportPlan, Known, plan_import
from pos.catalog.sheets.goods import ITEMS
from pos.catalog.sheets.names import Names, Path
from tests.pos.catalog.csv_files import HEADER, read, row

Document = dict[str, Any]


def item(name: str, *variants: Document, category: Path = ("Getränke", "Heiß"), **said: Any) -> Document:
    """An item's document; `category` is put in its key's place by `known`."""
    facts = {**deepcopy(dict(ITEMS.new or {})), "id": str(new_id()), "name": name, "tax_class": "standard"}
    return {**facts, "category_id": category, "variants": list(variants), **said}


def variant(sku: str, name: str = "", price_minor: int = 240, **said: Any) -> Document:
    facts = {**deepcopy(dict(ITEMS.levels[0].new)), "id": str(new_id()), "name": name, "sku": sku}
    return {**facts, "price_minor": price_minor, **said}


def barcode(code: str) -> Document:
    return {"code": code, "unit": "", "multiplier": "1"}


def known(*items: Document, taxes: Collection[str] = ("standard", "reduced")) -> Known:
    """A catalogue of these items, with their categories."""
    names = Names(currency="EUR")
    for code in taxes:
        names.tax_classes.add(str(new_id()), code)
    documents = {}
    for each in items:
        path = each["category_id"]
        for depth in range(1, len(path) + 1):
            if names.find_category(path[:depth]) is None:
                names.add_category(str(new_id()), path[:depth])
        document = {**each, "category_id": names.category(path)}
        documents[each["id"]] = document
        names.add_item(each["id"], document["category_id"], each["name"])
        for one in each["variants"]:
            names.add_variant(one["id"], each["id"], one["sku"])

    def load(kind: str, ids: Collection[str]) -> dict[str, Document]:
        assert kind == "item"
        return {key: deepcopy(documents[key]) for key in ids}

    return Known(names=names, load=load)


def plan(file: CatalogFile, there: Known | None = None) -> ImportPlan:
    assert file.problems == ()
    return plan_import(file=file, known=there or known())


def outcomes(made: ImportPlan) -> list[tuple[str, str]]:
    return [(each.key, each.outcome) for each in made.rows]


def changes(made: ImportPlan) -> list[tuple[str, str, str]]:
    return [(each.field, each.before, each.after) for line in made.rows for each in line.changes]


def items(made: ImportPlan) -> list[Document]:
    return [document for kind, document in made.documents if kind == "item"]


def skus(document: Document) -> list[str]:
    return [one["sku"] for one in document["variants"]]


def test_into_an_empty_catalogue_everything_is_created_parents_first() -> None:
    made = plan(read(row(sku="A", variant="klein"), row(sku="B", variant="groß"), row(item="Tee", sku="C")))
    assert outcomes(made) == [("A", "created"), ("B", "created"), ("C", "created")]
    assert made.categories == (("Getränke",), ("Getränke", "Heiß"))
    assert [kind for kind, _ in made.documents] == ["category", "category", "item", "item"]
    assert [(each["name"], skus(each)) for each in items(made)] == [("Espresso", ["A", "B"]), ("Tee", ["C"])]
    assert made.problems == ()


def test_the_same_file_again_changes_nothing() -> None:
    there = known(item("Espresso", variant("ESP", barcodes=[barcode("96385074")])))
    made = plan(read(row(barcode="96385074")), there)
    assert outcomes(made) == [("ESP", "unchanged")]
    assert (made.documents, made.categories) == ((), ())


def test_each_field_that_differs_is_told_as_files_write_it() -> None:
    there = known(item("Espresso", variant("esp")))
    file = read(
        row(
            category="Getränke > Kaffee",
            price="2,60",
            tax_class="reduced",
            active="nein",
            barcode="96385074",
            description="Stark",
        )
    )
    made = plan(file, there)
    assert changes(made) == [
        ("category", "Getränke > Heiß", "Getränke > Kaffee"),
        ("tax_class", "standard", "reduced"),
        ("description", "", "Stark"),
        ("sku", "esp", "ESP"),
        ("barcode", "", "96385074"),
        ("price", "2.40", "2.60"),
        ("active", "yes", "no"),
    ]
    assert made.categories == (("Getränke", "Kaffee"),)


def test_an_item_is_renamed_when_its_skus_come_under_another_name() -> None:
    espresso = item("Espresso", variant("ESP"))
    made = plan(read(row(item="Ristretto")), known(espresso))
    assert [(each["id"], each["name"]) for each in items(made)] == [(espresso["id"], "Ristretto")]
    assert changes(made) == [("item", "Espresso", "Ristretto")]


def test_rows_of_a_known_item_with_new_skus_become_its_variants() -> None:
    espresso = item("Espresso", variant("ESP-1", "klein"))
    made = plan(read(row(sku="ESP-2", variant="groß")), known(espresso))
    assert [(each["id"], skus(each)) for each in items(made)] == [(espresso["id"], ["ESP-1", "ESP-2"])]


def test_a_variant_moves_to_the_item_the_file_puts_it_under_with_its_prices() -> None:
    single = variant("ESP")
    price = {"price_list_id": "x", "variant_id": single["id"], "min_quantity": "1", "price_minor": 200}
    espresso, latte = item("Espresso", single, list_prices=[price]), item("Latte", variant("LAT", "klein"))
    file = read(row(item="Latte", sku="LAT", variant="klein"), row(item="Latte", sku="ESP", variant="groß"))
    made = plan(file, known(espresso, latte))
    assert changes(made) == [("item", "Espresso", "Latte"), ("variant", "", "groß")]
    assert made.emptied == (espresso["id"],)
    after = {each["name"]: each for each in items(made)}
    assert (after["Espresso"]["is_active"], after["Espresso"]["variants"]) == (False, [])
    assert (after["Espresso"]["list_prices"], after["Latte"]["list_prices"]) == ([], [price])


def test_an_item_that_is_split_keeps_its_key_with_the_rows_that_kept_its_name() -> None:
    espresso = item("Espresso", variant("A", "klein"), variant("B", "groß"))
    file = read(row(item="Doppio", sku="B"), row(item="Espresso", sku="A", variant="klein"))
    made = plan(file, known(espresso))
    assert outcomes(made) == [("B", "changed"), ("A", "unchanged")]
    assert {each["name"]: each["id"] == espresso["id"] for each in items(made)} == {
        "Doppio": False,
        "Espresso": True,
    }
    assert made.emptied == ()


def test_two_items_may_trade_names() -> None:
    there = known(item("Espresso", variant("A")), item("Latte", variant("B")))
    made = plan(read(row(item="Latte", sku="A"), row(item="Espresso", sku="B")), there)
    assert made.problems == ()
    # the rows go to the items of their names, so the SKUs trade places and no item is renamed
    assert [field for field, _, _ in changes(made)] == ["item", "item"]
    assert made.emptied == ()


@pytest.mark.parametrize("column", ["barcode", "active", "description", "unit", "variant", "tags"])
def test_what_the_file_has_no_column_for_stays(column: str) -> None:
    kept: dict[str, tuple[str, Any]] = {
        "barcode": ("barcodes", [barcode("96385074")]),
        "active": ("is_active", False),
        "description": ("description", "Stark"),
        "unit": ("unit", "kg"),
        "variant": ("name", "klein"),
        "tags": ("tags", ["vegan"]),
    }
    name, value = kept[column]
    on_item = {name: value} if column in ("description", "unit", "tags") else {}
    there = known(item("Espresso", variant("ESP", **({} if on_item else {name: value})), **on_item))
    needed = "category;item;sku;price;tax_class"
    file = read("Getränke > Heiß;Espresso;ESP;2,40;standard", header=needed)
    assert outcomes(plan(file, there)) == [("ESP", "unchanged")]
    with_column = read("Getränke > Heiß;Espresso;ESP;2,40;standard;", header=f"{needed};{column}")
    assert outcomes(plan(with_column, there)) == [("ESP", "changed")]


def test_an_item_that_was_switched_off_comes_back_with_an_active_row() -> None:
    there = known(item("Espresso", variant("ESP"), is_active=False))
    assert changes(plan(read(row(active="ja")), there)) == [("active", "no", "yes")]
    assert outcomes(plan(read(row(active="nein")), there)) == [("ESP", "changed")]


def test_a_column_of_its_own_says_whether_an_item_is_sold_at_all() -> None:
    there = known(item("Espresso", variant("ESP")))
    file = read(f"{row()};no", header=f"{HEADER};item_active")
    made = plan(file, there)
    assert changes(made) == [("item_active", "yes", "no")]
    assert [each["is_active"] for each in items(made)] == [False]


def test_a_category_is_found_whatever_the_case_of_its_letters() -> None:
    made = plan(read(row(category="GETRÄNKE > heiß")), known(item("Espresso", variant("ESP"))))
    assert (outcomes(made), made.categories) == ([("ESP", "unchanged")], ())


def test_a_upc_that_is_known_as_an_ean_is_the_same_code() -> None:
    there = known(item("Espresso", variant("ESP", barcodes=[barcode("0036000291452")])))
    assert outcomes(plan(read(row(barcode="036000291452")), there)) == [("ESP", "unchanged")]


def test_a_barcode_may_move_between_variants_of_the_file() -> None:
    there = known(item("Cola", variant("COLA", barcodes=[barcode("96385074")])))
    made = plan(read(row(item="Cola", sku="COLA"), row(barcode="96385074")), there)
    assert {one["sku"]: one["barcodes"] for each in items(made) for one in each["variants"]} == {
        "COLA": [],
        "ESP": [barcode("96385074")],
    }


def test_two_items_of_one_name_are_told_apart_by_their_category_before_it() -> None:
    warm, cold = item("Tee", variant("WARM")), item("Tee", variant("COLD"), category=("Getränke", "Kalt"))
    rows = [
        row(item="Getränke > Heiß > Tee", sku="WARM", price="3"),
        row(item="Getränke > Kalt > Tee", sku="COLD", category="Getränke > Kalt"),
    ]
    made = plan(read(*rows), known(warm, cold))
    assert outcomes(made) == [("WARM", "changed"), ("COLD", "unchanged")]
    assert [(each["id"], each["name"]) for each in items(made)] == [(warm["id"], "Tee")]


def test_an_unknown_tax_class_names_the_known_ones() -> None:
    def told(*taxes: str) -> list[str]:
        return [str(problem) for problem in plan(read(row()), known(taxes=taxes)).problems]

    assert told("reduced") == [
        "line 2, tax_class: is no tax class; the tax classes are reduced (given: 'standard')"
    ]
    assert told() == ["line 2, tax_class: is no tax class; the tax classes are none yet (given: 'standard')"]


def test_the_columns_of_the_file_are_known_by_their_own_names() -> None:
    assert read(row()).columns == frozenset(HEADER.split(";"))
