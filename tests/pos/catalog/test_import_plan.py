"""What a file means beside the catalogue there is: pure comparison, exact outcomes."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from pos.catalog.csv_reading import CatalogFile
from pos.catalog.importing import Catalogue, ImportPlan, ItemState, VariantState, plan_import
from tests.pos.catalog.csv_files import HEADER, read, row

TAXES = frozenset({"standard", "reduced"})


def item(name: str, **said: Any) -> ItemState:
    facts: dict[str, Any] = {
        "id": new_id(),
        "category": ("Getränke", "Heiß"),
        "name": name,
        "tax_class": "standard",
        "unit": "each",
        "description": "",
        "is_active": True,
    }
    return ItemState(**(facts | said))


def variant(of: ItemState, sku: str, name: str = "", price_minor: int = 240, **said: Any) -> VariantState:
    facts: dict[str, Any] = {
        "id": new_id(),
        "item_id": of.id,
        "name": name,
        "sku": sku,
        "price_minor": price_minor,
        "position": 0,
        "is_active": True,
        "barcodes": frozenset(),
    }
    return VariantState(**(facts | said))


def catalogue(items: list[ItemState], variants: list[VariantState]) -> Catalogue:
    return Catalogue(
        categories=frozenset({each.category for each in items} | {each.category[:1] for each in items}),
        items={each.id: each for each in items},
        variants={each.sku.upper(): each for each in variants},
        tax_classes=TAXES,
    )


def plan(file: CatalogFile, known: Catalogue | None = None) -> ImportPlan:
    assert file.problems == ()
    return plan_import(rows=file.rows, columns=file.columns, catalogue=known or Catalogue(tax_classes=TAXES))


def outcomes(made: ImportPlan) -> list[tuple[str, str]]:
    return [(each.sku, each.outcome) for each in made.rows]


def changes(made: ImportPlan) -> list[tuple[str, Any, Any]]:
    return [(each.field, each.before, each.after) for line in made.rows for each in line.changes]


def reasons(made: ImportPlan) -> list[str]:
    return [str(problem) for problem in made.problems]


def test_into_an_empty_catalogue_everything_is_created_parents_first() -> None:
    made = plan(read(row(sku="A", variant="klein"), row(sku="B", variant="groß"), row(item="Tee", sku="C")))
    assert outcomes(made) == [("A", "created"), ("B", "created"), ("C", "created")]
    assert made.categories == (("Getränke",), ("Getränke", "Heiß"))
    assert [each.name for each in made.items] == ["Espresso", "Tee"]
    assert [(each.sku, each.position) for each in made.variants] == [("A", 0), ("B", 1), ("C", 0)]
    assert made.problems == ()


def test_the_same_file_again_changes_nothing() -> None:
    espresso = item("Espresso")
    known = catalogue([espresso], [variant(espresso, "ESP", barcodes=frozenset({"96385074"}))])
    made = plan(read(row(barcode="96385074")), known)
    assert outcomes(made) == [("ESP", "unchanged")]
    assert (made.items, made.variants, made.categories) == ((), (), ())


def test_each_field_that_differs_is_told_with_before_and_after() -> None:
    espresso = item("Espresso")
    known = catalogue([espresso], [variant(espresso, "esp")])
    made = plan(
        read(
            row(
                category="Getränke > Kaffee",
                price="2,60",
                tax_class="reduced",
                active="nein",
                barcode="96385074",
                description="Stark",
            )
        ),
        known,
    )
    assert changes(made) == [
        ("category", ("Getränke", "Heiß"), ("Getränke", "Kaffee")),
        ("tax_class", "standard", "reduced"),
        ("description", "", "Stark"),
        ("sku", "esp", "ESP"),
        ("price", 240, 260),
        ("active", True, False),
        ("barcode", frozenset(), frozenset({"96385074"})),
    ]
    assert made.categories == (("Getränke", "Kaffee"),)


def test_an_item_is_renamed_when_its_skus_come_under_another_name() -> None:
    espresso = item("Espresso")
    known = catalogue([espresso], [variant(espresso, "ESP")])
    made = plan(read(row(item="Ristretto")), known)
    assert [(each.id, each.name) for each in made.items] == [(espresso.id, "Ristretto")]
    assert changes(made) == [("item", "Espresso", "Ristretto")]


def test_rows_of_a_known_item_with_new_skus_become_its_variants() -> None:
    espresso = item("Espresso")
    known = catalogue([espresso], [variant(espresso, "ESP-1", "klein")])
    made = plan(read(row(sku="ESP-2", variant="groß")), known)
    assert [(each.item_id, each.position) for each in made.variants] == [(espresso.id, 1)]
    assert made.items == ()


def test_a_variant_moves_to_the_item_the_file_puts_it_under() -> None:
    espresso, latte = item("Espresso"), item("Latte")
    known = catalogue([espresso, latte], [variant(espresso, "ESP"), variant(latte, "LAT", "klein")])
    made = plan(
        read(row(item="Latte", sku="LAT", variant="klein"), row(item="Latte", sku="ESP", variant="groß")),
        known,
    )
    assert changes(made) == [("item", "Espresso", "Latte"), ("variant", "", "groß")]
    assert made.emptied == (espresso.id,)


def test_an_item_that_is_split_keeps_its_key_with_the_rows_that_kept_its_name() -> None:
    espresso = item("Espresso")
    known = catalogue([espresso], [variant(espresso, "A", "klein"), variant(espresso, "B", "groß")])
    made = plan(read(row(item="Doppio", sku="B"), row(item="Espresso", sku="A", variant="klein")), known)
    assert outcomes(made) == [("B", "changed"), ("A", "unchanged")]
    assert [each.name for each in made.items] == ["Doppio"]
    assert made.items[0].id != espresso.id
    assert made.emptied == ()


def test_two_items_may_trade_names() -> None:
    espresso, latte = item("Espresso"), item("Latte")
    known = catalogue([espresso, latte], [variant(espresso, "A"), variant(latte, "B")])
    made = plan(read(row(item="Latte", sku="A"), row(item="Espresso", sku="B")), known)
    assert made.problems == ()
    # the rows go to the items of their names, so the SKUs trade places and no item is renamed
    assert [field for field, _, _ in changes(made)] == ["item", "item"]


@pytest.mark.parametrize("column", ["barcode", "active", "description", "unit", "variant"])
def test_what_the_file_has_no_column_for_stays(column: str) -> None:
    kept = {
        "barcode": ("barcodes", frozenset({"96385074"})),
        "active": ("is_active", False),
        "description": ("description", "Stark"),
        "unit": ("unit", "kg"),
        "variant": ("name", "klein"),
    }
    name, value = kept[column]
    on_item = column in ("description", "unit")
    espresso = item("Espresso", **({name: value} if on_item else {}))
    known = catalogue([espresso], [variant(espresso, "ESP", **({} if on_item else {name: value}))])
    file = read("Getränke > Heiß;Espresso;ESP;2,40;standard", header="category;item;sku;price;tax_class")
    assert outcomes(plan(file, known)) == [("ESP", "unchanged")]
    with_column = plan(read(row()), known)
    assert outcomes(with_column) == [("ESP", "changed")]


def test_an_item_that_was_switched_off_comes_back_with_an_active_row() -> None:
    espresso = item("Espresso", is_active=False)
    known = catalogue([espresso], [variant(espresso, "ESP")])
    assert changes(plan(read(row(active="ja")), known)) == [("active", False, True)]
    assert outcomes(plan(read(row(active="nein")), known)) == [("ESP", "changed")]


def test_a_category_is_found_whatever_the_case_of_its_letters() -> None:
    espresso = item("Espresso")
    known = catalogue([espresso], [variant(espresso, "ESP")])
    made = plan(read(row(category="GETRÄNKE > heiß")), known)
    assert (outcomes(made), made.categories) == ([("ESP", "unchanged")], ())


def test_a_upc_that_is_known_as_an_ean_is_the_same_code() -> None:
    cola = item("Espresso")
    known = catalogue([cola], [variant(cola, "ESP", barcodes=frozenset({"0036000291452"}))])
    assert outcomes(plan(read(row(barcode="036000291452")), known)) == [("ESP", "unchanged")]


def test_a_barcode_of_a_variant_outside_the_file_is_refused_with_its_sku() -> None:
    cola = item("Cola")
    known = catalogue([cola], [variant(cola, "COLA", barcodes=frozenset({"96385074"}))])
    assert reasons(plan(read(row(barcode="96385074")), known)) == [
        "line 2, barcode: is already the barcode of SKU COLA (given: '96385074')"
    ]


def test_a_barcode_may_move_between_variants_of_the_file() -> None:
    cola = item("Cola")
    known = catalogue([cola], [variant(cola, "COLA", barcodes=frozenset({"96385074"}))])
    made = plan(read(row(item="Cola", sku="COLA"), row(barcode="96385074")), known)
    assert made.problems == ()
    assert {each.sku: each.barcodes for each in made.variants} == {
        "COLA": frozenset(),
        "ESP": frozenset({"96385074"}),
    }


def test_a_variant_name_that_the_item_already_has_is_refused() -> None:
    espresso = item("Espresso")
    known = catalogue([espresso], [variant(espresso, "OLD", "klein")])
    assert reasons(plan(read(row(sku="NEW", variant="klein")), known)) == [
        "line 2, variant: the item already has this variant (SKU OLD) (given: 'klein')"
    ]
    nameless = catalogue([espresso], [variant(espresso, "OLD")])
    assert reasons(plan(read(row(sku="NEW")), nameless)) == [
        "line 2, variant: the item already has a variant without a name (SKU OLD)"
    ]


def test_a_name_that_another_item_of_the_category_has_is_refused() -> None:
    espresso, tea = item("Espresso"), item("Tee", category=("Tee",))
    known = catalogue([espresso, tea], [variant(espresso, "ESP"), variant(tea, "TEE")])
    made = plan(read(row(category="Tee", item="Tee", sku="ESP")), known)
    assert reasons(made) == [
        "line 2, item: the category already has another item of this name (SKU TEE) (given: 'Tee')"
    ]


def test_an_unknown_tax_class_names_the_known_ones() -> None:
    known = Catalogue(tax_classes=frozenset({"reduced"}))
    assert reasons(plan(read(row()), known)) == [
        "line 2, tax_class: is no tax class; the tax classes are reduced (given: 'standard')"
    ]
    assert reasons(plan(read(row()), Catalogue())) == [
        "line 2, tax_class: is no tax class; the tax classes are none yet (given: 'standard')"
    ]


def test_the_columns_of_the_file_are_known_by_their_own_names() -> None:
    assert read(row()).columns == frozenset(HEADER.split(";"))
