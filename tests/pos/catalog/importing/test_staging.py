"""A file on its way: looked at, applied, taken back. Everything wrong in one pass, nothing half done."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from fynlo.core.errors import Forbidden, NotFound
from fynlo.core.states import IllegalTransition
from fynlo.events import log
from pos.catalog.csv_reading import CsvForm
from pos.catalog.errors import ChangedSince, ImportRefused
from pos.catalog.models import CatalogImport, Category, Item, Variant
from pos.catalog.queries.export import export_catalog
from pos.catalog.queries.lists import revision
from pos.importing.errors import ImportNotReady, ImportOutdated
from pos.importing.queries import find_import, import_rows
from pos.importing.services import (
    apply_import,
    discard_import,
    look_at_import,
    revert_import,
    stage_import,
)
from pos.importing.states import IMPORT
from tests.factories import LocationFactory
from tests.pos.catalog.csv_files import HEADER, row
from tests.pos.catalog.importing.many import broken_lines, many_rows
from tests.pos.catalog.importing.sheets import WHOLE, packed
from tests.pos.catalog.makers import AT, EDITOR, LATER, READER, category, item, tax_class, variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(in_cafe: Any) -> Any:
    tax_class("standard", "0.19")
    tax_class("reduced", "0.07")
    return LocationFactory.create(code="main")


def stage(data: bytes | str, *, at: dt.datetime = AT, look: bool = True, **said: Any) -> UUID:
    content = data.encode() if isinstance(data, str) else data
    key = stage_import(data=content, file_name="liste.csv", form=CsvForm(), actor=EDITOR, at=at, **said)
    if look:
        look_at_import(import_id=key, actor=EDITOR, at=at)
    return key


def lines(*rows: str) -> str:
    return "\n".join((HEADER, *rows))


def summary(key: UUID) -> dict[str, Any]:
    found: dict[str, Any] = find_import(import_id=key).summary
    return found


def everything() -> tuple[bytes, int, int]:
    return export_catalog(file_format="csv")[0], revision(), log.head()


def test_every_state_of_the_table_is_one_the_database_knows() -> None:
    assert set(IMPORT.states) == {"staged", "applied", "discarded", "reverted"}


def test_looking_at_a_file_tells_what_it_would_do_and_does_nothing(shop: Any) -> None:
    apply_import(import_id=stage(lines(row(sku="A"))), actor=EDITOR, at=AT)
    before = everything()
    key = stage(
        lines(row(sku="A", price="9"), row(sku="B", item="Tee", category="Kalt"), row(sku="C", item="C"))
    )
    told = summary(key)
    assert {name: told[name] for name in ("row_count", "created", "changed", "unchanged", "can_apply")} == {
        "row_count": 3,
        "created": 2,
        "changed": 1,
        "unchanged": 0,
        "can_apply": True,
    }
    assert told["categories"] == ["Kalt"]
    changed, following = import_rows(import_id=key, outcome="changed", page=0)
    assert following is None
    assert [(each["line"], each["key"], each["changes"]) for each in changed] == [
        (2, "A", [{"column": "price", "before": "2.40", "after": "9.00"}])
    ]
    assert everything() == before


def test_two_thousand_rows_with_fifty_broken_are_all_named_then_imported_then_as_before(shop: Any) -> None:
    stift = variant("STIFT", barcodes=("4006381333931",))
    item("Stift", stift, category_id=category("Papier"), tax_class_id=tax_class("other"))
    apply_import(import_id=stage(lines(*many_rows(10, prefix="old"))), actor=EDITOR, at=AT)
    before, books = export_catalog(file_format="csv")[0], revision()

    rows, broken = broken_lines(many_rows(2_000), every=40)
    key = stage(lines(*rows))
    assert summary(key)["problem_count"] == len(broken) == 50
    problems, _ = import_rows(import_id=key, outcome="problem", page=0)
    assert [(each["line"], each["column"]) for each in problems] == broken
    assert all(each["reason"] for each in problems)
    with pytest.raises(ImportRefused) as caught:
        apply_import(import_id=key, actor=EDITOR, at=LATER)
    assert [(each.line, each.column) for each in caught.value.problems] == broken
    assert (export_catalog(file_format="csv")[0], revision()) == (before, books)

    right = stage(lines(*many_rows(2_000)))
    report = apply_import(import_id=right, actor=EDITOR, at=LATER)
    assert report.catalog.count("created") == 2_000
    assert Variant.objects.count() == 2_011
    assert find_import(import_id=right).state == "applied"

    restored = revert_import(import_id=right, actor=EDITOR, at=LATER)
    assert restored.kept == ()
    assert export_catalog(file_format="csv")[0] == before
    assert Variant.objects.count() == 11


def test_an_import_of_every_sheet_over_another_catalogue_is_taken_back_byte_for_byte(in_cafe: Any) -> None:
    LocationFactory.create(code="main")
    apply_import(import_id=stage(packed(WHOLE)), actor=EDITOR, at=AT)
    before = export_catalog(file_format="xlsx")[0]
    other = {
        **WHOLE,
        "settings": WHOLE["settings"].replace("per_rate", "per_line"),
        "items": WHOLE["items"].replace("2,40", "2,70").replace("9,90", "8,80").replace("warm", "kalt"),
        "modifier_groups": WHOLE["modifier_groups"] + "\nNeu;;0;;Eins;;1;;;",
        "menus": WHOLE["menus"] + "\nAbends;2;18:00-22:00;item: Kuchen;ja",
        "promotions": WHOLE["promotions"].replace("0.10", "0.20"),
        "combos": WHOLE["combos"].replace("0,50", "0,70"),
    }
    key = stage(packed(other))
    assert {name: summary(key)[name] for name in ("created", "changed")} == {"created": 2, "changed": 5}
    apply_import(import_id=key, actor=EDITOR, at=LATER)
    assert export_catalog(file_format="xlsx")[0] != before
    assert revert_import(import_id=key, actor=EDITOR, at=LATER).kept == ()
    assert export_catalog(file_format="xlsx")[0] == before


def test_what_changed_since_is_named_and_only_taken_back_by_force(shop: Any) -> None:
    first = stage(lines(row(sku="A"), row(sku="B", item="Tee")))
    apply_import(import_id=first, actor=EDITOR, at=AT)
    apply_import(import_id=stage(lines(row(sku="B", item="Tee", price="7"))), actor=EDITOR, at=AT)
    before = everything()
    with pytest.raises(ChangedSince) as caught:
        revert_import(import_id=first, actor=EDITOR, at=LATER)
    assert caught.value.detail == "Something else changed since: item Tee."
    assert everything() == before
    revert_import(import_id=first, actor=EDITOR, at=LATER, force=True)
    assert (Item.objects.count(), Category.objects.count()) == (0, 0)


def test_goods_that_were_counted_stay_switched_off_and_are_told(shop: Any) -> None:
    key = stage(lines(row(sku="A", opening_stock="3"), row(sku="B", item="Tee")))
    apply_import(import_id=key, actor=EDITOR, at=AT)
    restored = revert_import(import_id=key, actor=EDITOR, at=LATER)
    assert restored.kept == ("item Espresso", "category Heiß", "category Getränke")
    assert list(Variant.objects.values_list("sku", "is_active", "item__is_active")) == [("A", False, False)]
    assert find_import(import_id=key).summary["kept"] == list(restored.kept)


def test_a_variant_added_to_an_item_and_counted_stays_switched_off(shop: Any) -> None:
    apply_import(import_id=stage(lines(row(sku="A", variant="klein"))), actor=EDITOR, at=AT)
    key = stage(lines(row(sku="B", variant="groß", opening_stock="3")))
    apply_import(import_id=key, actor=EDITOR, at=AT)
    assert revert_import(import_id=key, actor=EDITOR, at=LATER).kept == ("variant B",)
    assert dict(Variant.objects.values_list("sku", "is_active")) == {"A": True, "B": False}


def test_a_file_that_would_now_do_something_else_is_looked_at_again(shop: Any) -> None:
    key = stage(lines(row(sku="A")))
    apply_import(import_id=stage(lines(row(sku="A", price="5"))), actor=EDITOR, at=AT)
    with pytest.raises(ImportOutdated):
        apply_import(import_id=key, actor=EDITOR, at=LATER)
    assert (summary(key)["created"], summary(key)["changed"]) == (0, 1)
    apply_import(import_id=key, actor=EDITOR, at=LATER)
    assert Variant.objects.get().price_minor == 240


def test_a_file_is_applied_reverted_and_discarded_once(shop: Any) -> None:
    key = stage(lines(row(sku="A")))
    with pytest.raises(IllegalTransition):
        revert_import(import_id=key, actor=EDITOR, at=AT)
    apply_import(import_id=key, actor=EDITOR, at=AT)
    for again in (
        lambda: apply_import(import_id=key, actor=EDITOR, at=AT),
        lambda: discard_import(import_id=key, actor=EDITOR),
    ):
        with pytest.raises(IllegalTransition):
            again()
    revert_import(import_id=key, actor=EDITOR, at=AT)
    with pytest.raises(IllegalTransition):
        revert_import(import_id=key, actor=EDITOR, at=AT)


def test_a_discarded_file_is_gone(shop: Any) -> None:
    key = stage(lines(row(sku="A")))
    discard_import(import_id=key, actor=EDITOR)
    assert CatalogImport.objects.get(pk=key).content is None
    with pytest.raises(NotFound):
        import_rows(import_id=key, outcome="created", page=0)


def test_nothing_is_applied_before_it_was_looked_at(shop: Any) -> None:
    key = stage(lines(row(sku="A")), look=False)
    with pytest.raises(ImportNotReady):
        apply_import(import_id=key, actor=EDITOR, at=AT)


def test_a_file_that_changes_nothing_can_be_applied_and_reverted(shop: Any) -> None:
    apply_import(import_id=stage(lines(row(sku="A"))), actor=EDITOR, at=AT)
    before = everything()
    key = stage(lines(row(sku="A")))
    apply_import(import_id=key, actor=EDITOR, at=AT)
    revert_import(import_id=key, actor=EDITOR, at=AT)
    assert everything() == before


def test_only_who_may_write_the_catalogue_does_any_of_it(shop: Any) -> None:
    key = stage(lines(row(sku="A")))
    for forbidden in (
        lambda: stage_import(data=b"x", file_name="x", form=CsvForm(), actor=READER, at=AT),
        lambda: apply_import(import_id=key, actor=READER, at=AT),
        lambda: discard_import(import_id=key, actor=READER),
        lambda: revert_import(import_id=key, actor=READER, at=AT),
    ):
        with pytest.raises(Forbidden):
            forbidden()
