"""Changing items, categories and tax classes: what is written, what is told, what is refused."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from fynlo.core.errors import DomainError, Forbidden, NotFound, RuleViolation
from fynlo.core.ids import new_id
from fynlo.events import log
from pos.catalog import errors
from pos.catalog.drafts import CategoryDraft, ItemDraft, TaxClassDraft
from pos.catalog.models import Barcode, Category, Item, TaxClass, Variant
from pos.catalog.queries import item_draft, revision
from pos.catalog.services import remove_category, save_category, save_item, save_tax_class
from tests.factories import shop
from tests.pos.catalog.makers import AT, EDITOR, LATER, READER, category, item, tax_class, variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(in_cafe: Any) -> UUID:
    return category()


@pytest.fixture
def taxes(in_cafe: Any) -> UUID:
    return tax_class()


def save(draft: ItemDraft) -> UUID:
    return save_item(draft=draft, actor=EDITOR, at=LATER)


def refusal(draft: ItemDraft) -> DomainError:
    with pytest.raises(DomainError) as caught:
        save(draft)
    return caught.value


def test_an_item_is_made_with_its_variants_and_told_once(place: UUID, taxes: UUID) -> None:
    start, before = log.head(), revision()
    small = variant("ESP-1", "small", 240, barcodes=("4006381333931", "PLU7"))
    draft = item("Espresso", small, category_id=place, tax_class_id=taxes)
    assert item_draft(item_id=draft.id) == draft
    assert (Item.objects.get().revision, revision()) == (before + 1, before + 1)
    published, told = log.read_after(start)
    assert (published.t, published.data["revision"]) == ("catalog.book_published", before + 1)
    assert (told.t, told.id, told.at) == ("catalog.item_changed", draft.id, AT)
    assert told.data == {
        "change": "created",
        "name": "Espresso",
        "category_id": str(place),
        "tax_class": "standard",
        "unit": "each",
        "is_active": True,
        "variants": [
            {
                "id": str(small.id),
                "name": "small",
                "sku": "ESP-1",
                "price_minor": 240,
                "is_active": True,
                "barcodes": ["4006381333931", "PLU7"],
            }
        ],
        "changed_by": str(EDITOR.id),
    }


def test_saving_what_is_already_so_writes_and_tells_nothing(place: UUID, taxes: UUID) -> None:
    draft = item("Espresso", variant("ESP"), category_id=place, tax_class_id=taxes)
    before = (log.head(), revision())
    save(draft)
    assert (log.head(), revision()) == before


def test_a_variant_that_is_not_stated_stays_as_it_is(place: UUID, taxes: UUID) -> None:
    small, large = variant("ESP-1", "small"), variant("ESP-2", "large", 320, barcodes=("96385074",))
    draft = item("Espresso", small, large, category_id=place, tax_class_id=taxes)
    save(replace(draft, variants=(replace(small, price_minor=260),)))
    prices = dict(Variant.objects.values_list("sku", "price_minor"))
    assert prices == {"ESP-1": 260, "ESP-2": 320}
    assert Barcode.objects.get().variant_id == large.id


def test_variants_may_trade_names_and_barcodes(place: UUID, taxes: UUID) -> None:
    one = variant("A", "small", barcodes=("96385074",))
    two = variant("B", "large", barcodes=("PLU1",))
    draft = item("Espresso", one, two, category_id=place, tax_class_id=taxes)
    traded = (
        replace(one, name="large", barcodes=("PLU1",)),
        replace(two, name="small", barcodes=("96385074",)),
    )
    save(replace(draft, variants=traded))
    found = item_draft(item_id=draft.id)
    assert found is not None
    assert {each.sku: (each.name, each.barcodes) for each in found.variants} == {
        "A": ("large", ("PLU1",)),
        "B": ("small", ("96385074",)),
    }


def test_a_sku_belongs_to_one_variant_whatever_its_letters(place: UUID, taxes: UUID) -> None:
    item("Espresso", variant("esp-1"), category_id=place, tax_class_id=taxes)
    other = ItemDraft(
        id=new_id(), category_id=place, tax_class_id=taxes, name="Latte", variants=(variant("ESP-1"),)
    )
    error = refusal(other)
    assert isinstance(error, errors.SkuTaken)
    assert error.errors[0].pointer == "/variants/0/sku"
    assert Item.objects.count() == 1


def test_a_barcode_belongs_to_one_variant_in_every_spelling(place: UUID, taxes: UUID) -> None:
    item("Cola", variant("COLA", barcodes=("036000291452",)), category_id=place, tax_class_id=taxes)
    upc = variant("FAKE", barcodes=("0036000291452",))
    error = refusal(
        ItemDraft(id=new_id(), category_id=place, tax_class_id=taxes, name="Fake", variants=(upc,))
    )
    assert isinstance(error, errors.BarcodeTaken)
    assert error.detail == "0036000291452 is the barcode of COLA."


def test_two_items_of_a_category_have_two_names(place: UUID, taxes: UUID) -> None:
    item("Espresso", variant("A"), category_id=place, tax_class_id=taxes)
    twin = ItemDraft(
        id=new_id(), category_id=place, tax_class_id=taxes, name="Espresso", variants=(variant("B"),)
    )
    assert isinstance(refusal(twin), errors.NameTaken)
    assert not Variant.objects.filter(sku="B").exists()


def test_an_item_without_a_variant_has_no_price_and_is_refused(place: UUID, taxes: UUID) -> None:
    error = refusal(ItemDraft(id=new_id(), category_id=place, tax_class_id=taxes, name="Nothing"))
    assert isinstance(error, RuleViolation)
    assert error.errors[0].pointer == "/variants"


@pytest.mark.parametrize("field", ["category_id", "tax_class_id"])
def test_category_and_tax_class_must_be_there(place: UUID, taxes: UUID, field: str) -> None:
    draft = ItemDraft(
        id=new_id(), category_id=place, tax_class_id=taxes, name="Lost", variants=(variant("LOST"),)
    )
    error = refusal(replace(draft, **{field: new_id()}))
    assert isinstance(error, NotFound)
    assert error.errors[0].pointer == f"/{field}"


def test_a_variant_does_not_wander_to_another_item(place: UUID, taxes: UUID) -> None:
    mine = variant("A")
    item("Espresso", mine, category_id=place, tax_class_id=taxes)
    thief = ItemDraft(id=new_id(), category_id=place, tax_class_id=taxes, name="Thief", variants=(mine,))
    assert isinstance(refusal(thief), RuleViolation)


def test_the_unit_stays_once_goods_were_counted_in_it(cafe: Any) -> None:
    from fynlo.core.tenancy import tenant_context
    from pos.inventory.services import StockChange, record_opening

    here = shop(cafe)
    with tenant_context(cafe):
        cheese = here.variants["cheese"]
        draft = item_draft(item_id=cheese.item_id)
        assert draft is not None
        save(replace(draft, unit="g"))
        from fynlo.events.log import unit_of_work

        with unit_of_work():
            record_opening(
                location_id=here.location.id,
                changes=[StockChange(variant_id=cheese.id, quantity=Decimal("3.5"))],
                employee_id=None,
                at=AT,
                business_date=AT.date(),
            )
        error = refusal(replace(draft, unit="kg"))
        assert isinstance(error, errors.UnitFixed)
        assert error.errors[0].pointer == "/unit"


BAD = {
    "empty name": ({"name": ""}, "/name"),
    "spaces": ({"name": "Espresso "}, "/name"),
    "control character": ({"name": "Esp\x1bresso"}, "/name"),
    "text direction": ({"name": "Esp\u202eresso"}, "/name"),
    "decomposed letters": ({"name": "Cafe\u0301"}, "/name"),
    "long name": ({"name": "x" * 161}, "/name"),
    "unit": ({"unit": "stone"}, "/unit"),
    "negative price": ({"variants": (variant("A", price_minor=-1),)}, "/variants/0/price_minor"),
    "price beyond bounds": ({"variants": (variant("A", price_minor=10**11 + 1),)}, "/variants/0/price_minor"),
    "negative position": ({"variants": (variant("A", position=-1),)}, "/variants/0/position"),
    "position beyond bounds": ({"variants": (variant("A", position=10**6 + 1),)}, "/variants/0/position"),
    "empty sku": ({"variants": (variant(""),)}, "/variants/0/sku"),
    "sku twice": ({"variants": (variant("a", "x"), variant("A", "y"))}, "/variants/1/sku"),
    "name twice": ({"variants": (variant("a", "x"), variant("b", "X"))}, "/variants/1/name"),
    "check digit": ({"variants": (variant("A", barcodes=("4006381333932",)),)}, "/variants/0/barcodes/0"),
    "barcode twice": ({"variants": (variant("A", barcodes=("PLU1", "PLU1")),)}, "/variants/0/barcodes/1"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_field_that_cannot_be_stored_is_pointed_at(place: UUID, taxes: UUID, case: str) -> None:
    change, pointer = BAD[case]
    right = ItemDraft(
        id=new_id(), category_id=place, tax_class_id=taxes, name="Right", variants=(variant("R"),)
    )
    error = refusal(replace(right, **change))
    assert isinstance(error, errors.DraftInvalid)
    assert pointer in [problem.pointer for problem in error.errors]
    assert not Item.objects.exists()


def test_only_who_may_write_the_catalogue_changes_it(place: UUID, taxes: UUID) -> None:
    draft = ItemDraft(id=new_id(), category_id=place, tax_class_id=taxes, name="X", variants=(variant("X"),))
    with pytest.raises(Forbidden):
        save_item(draft=draft, actor=READER, at=AT)
    with pytest.raises(Forbidden):
        save_category(draft=CategoryDraft(id=new_id(), parent_id=None, name="X"), actor=READER, at=AT)
    with pytest.raises(Forbidden):
        remove_category(category_id=place, actor=READER, at=AT)
    assert not Item.objects.exists()


def test_an_empty_category_is_removed_and_a_full_one_is_not(place: UUID, taxes: UUID) -> None:
    item("Espresso", variant("A"), category_id=place, tax_class_id=taxes)
    child = category("Tea", parent_id=place)
    with pytest.raises(errors.CategoryInUse):
        remove_category(category_id=place, actor=EDITOR, at=LATER)
    remove_category(category_id=child, actor=EDITOR, at=LATER)
    assert list(Category.objects.values_list("name", flat=True)) == ["Hot drinks"]
    told = log.read_after(log.head() - 1)[0]
    assert (told.t, told.id, told.data) == (
        "catalog.category_changed",
        child,
        {
            "change": "removed",
            "name": "Tea",
            "parent_id": str(place),
            "position": 0,
            "changed_by": str(EDITOR.id),
        },
    )
    with pytest.raises(NotFound):
        remove_category(category_id=child, actor=EDITOR, at=LATER)


def test_a_category_is_never_inside_itself(in_cafe: Any) -> None:
    top = category("Top")
    middle = category("Middle", parent_id=top)
    bottom = category("Bottom", parent_id=middle)
    for parent in (top, middle, bottom):
        with pytest.raises(errors.CategoryLoop):
            save_category(draft=CategoryDraft(id=top, parent_id=parent, name="Top"), actor=EDITOR, at=LATER)


def test_categories_go_eight_levels_deep(in_cafe: Any) -> None:
    parent = None
    for level in range(8):
        parent = category(f"Level {level}", parent_id=parent)
    with pytest.raises(errors.CategoryLoop):
        category("Level 8", parent_id=parent)


def test_neighbours_differ_by_more_than_the_case_of_letters(in_cafe: Any) -> None:
    category("Tea")
    with pytest.raises(errors.NameTaken):
        category("TEA")


def test_a_tax_class_changes_its_rate_but_not_its_code(taxes: UUID) -> None:
    draft = TaxClassDraft(id=taxes, code="standard", name="VAT 20 %", rate=Decimal("0.2"), is_inclusive=True)
    save_tax_class(draft=draft, actor=EDITOR, at=LATER)
    assert TaxClass.objects.get().rate == Decimal("0.200000")
    told = log.read_after(log.head() - 1)[0]
    assert told.data == {
        "change": "changed",
        "code": "standard",
        "name": "VAT 20 %",
        "rate": "0.2",
        "is_inclusive": True,
        "changed_by": str(EDITOR.id),
    }
    with pytest.raises(errors.CodeFixed):
        save_tax_class(draft=replace(draft, code="other"), actor=EDITOR, at=LATER)
    with pytest.raises(errors.CodeTaken):
        save_tax_class(draft=replace(draft, id=new_id()), actor=EDITOR, at=LATER)


@pytest.mark.parametrize("rate", ["-0.1", "1", "0.1234567", "NaN"])
def test_a_rate_is_a_share_below_one_with_six_places(in_cafe: Any, rate: str) -> None:
    with pytest.raises(errors.DraftInvalid) as caught:
        tax_class("odd", rate)
    assert [problem.pointer for problem in caught.value.errors] == ["/rate"]
