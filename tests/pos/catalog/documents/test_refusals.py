"""What is wrong with documents beside what else there is: every reason by name and place, all of them at once."""

import itertools
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from fynlo.core.errors import DomainError, FieldProblem, Forbidden
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from fynlo.events.log import unit_of_work
from pos.catalog.documents.reading import read_documents
from pos.catalog.errors import DocumentInUse, DocumentsRefused
from pos.catalog.models import Item
from pos.catalog.services.documents import save_documents
from pos.inventory.services import StockChange, record_opening
from tests.factories import shop
from tests.pos.catalog.documents import sheets
from tests.pos.catalog.makers import AT, EDITOR, READER

pytestmark = pytest.mark.django_db
Document = dict[str, Any]
Said = Callable[[Document], Any]


def code(text: str) -> Document:
    return {"code": text, "unit": "", "multiplier": "1"}


def put(member: str, value: Any) -> Said:
    return lambda document: document.update({member: value})


def save(*documents: tuple[str, Document], removed: Any = ()) -> Any:
    return save_documents(documents=documents, removed=removed, actor=EDITOR, at=AT, cause="test")


def refused(*documents: tuple[str, Document], removed: Any = ()) -> DomainError:
    before = log.head()
    with pytest.raises(DomainError) as caught:
        save(*documents, removed=removed)
    assert log.head() == before
    return caught.value


def named(error: DomainError) -> set[tuple[str, str]]:
    return {(problem.pointer, problem.code) for problem in error.errors}


class Stock:
    """A catalogue to be in the way of others."""

    def __init__(self) -> None:
        self.taxes, self.place = sheets.tax_class(), sheets.category()
        self.cola = sheets.item(
            "Cola", sheets.variant("COLA", barcodes=[code("036000291452")]), category_id=self.place["id"]
        )
        self.chips = sheets.item("Chips", sheets.variant("CHIPS"), category_id=self.place["id"])
        self.milk = sheets.group("Milk", sheets.modifier("oat"), sheets.modifier("soy"))
        self.lunch = sheets.item(
            "Lunch",
            sheets.variant("LUNCH"),
            category_id=self.place["id"],
            combo={"slots": [sheets.slot("Drink", self.cola["variants"][0])]},
        )
        save(
            ("tax_class", self.taxes),
            ("category", self.place),
            ("modifier_group", self.milk),
            ("item", self.cola),
            ("item", self.chips),
            ("item", self.lunch),
        )

    def item(self, name: str, *variants: Document, **said: Any) -> Document:
        return sheets.item(name, *variants, **{"category_id": self.place["id"], **said})


@pytest.fixture
def stock(in_cafe: Any) -> Stock:
    return Stock()


def test_every_problem_of_every_document_is_told_at_once(stock: Stock) -> None:
    rows = [("item", stock.item(f"Item {n}", sheets.variant(f"NEW-{n}"))) for n in range(6)]
    rows[1][1]["variants"][0]["sku"] = "cola"
    rows[2][1]["variants"][0]["price_minor"] = -1
    rows[3][1]["variants"][0]["barcodes"] = [code("0036000291452")]
    rows[4][1]["category_id"] = sheets.key()
    rows[5][1]["variants"][0]["sku"] = "new-0"
    error = refused(*rows)
    assert isinstance(error, DocumentsRefused)
    assert named(error) == {
        ("/1/variants/0/sku", "sku_taken"),
        ("/2/variants/0/price_minor", "number_out_of_range"),
        ("/3/variants/0/barcodes/0/code", "barcode_taken"),
        ("/4/category_id", "unknown_reference"),
        ("/5/variants/0/sku", "sku_taken"),
    }
    assert Item.objects.count() == 3


@pytest.mark.parametrize(
    ("kind", "change", "pointer"),
    [
        ("item", put("tax_class", "luxury"), "/0/tax_class"),
        ("item", put("category_id", str(new_id())), "/0/category_id"),
        ("item", put("image_ids", [str(new_id())]), "/0/image_ids/0"),
        ("item", put("modifier_groups", [{"group_id": str(new_id())}]), "/0/modifier_groups/0/group_id"),
        (
            "item",
            put("list_prices", [{"price_list_id": str(new_id()), "price_minor": 1}]),
            "/0/list_prices/0/price_list_id",
        ),
        (
            "item",
            put("combo", {"slots": [sheets.slot("S", sheets.variant("X"))]}),
            "/0/combo/slots/0/choices/0/variant_id",
        ),
    ],
    ids=["tax class", "category", "image", "group", "price list", "component"],
)
def test_what_an_item_refers_to_is_there(stock: Stock, kind: str, change: Said, pointer: str) -> None:
    document = deepcopy(stock.chips)
    change(document)
    assert named(refused((kind, document))) == {(pointer, "unknown_reference")}


def test_selectors_conditions_and_menus_name_what_is_there(stock: Stock) -> None:
    nobody = sheets.key()
    rule = {"kind": "percent_off", "select": {"items": [nobody], "categories": ["drinks"]}, "percent": "0.1"}
    error = refused(
        (
            "promotion",
            sheets.promotion("P", rule=rule, when={"locations": [nobody]}, excluded={"variants": [nobody]}),
        ),
        ("menu", sheets.menu("M", {"item_id": nobody})),
    )
    assert named(error) == {
        ("/0/rule/select/items/0", "unknown_reference"),
        ("/0/rule/select/categories/0", "unknown_reference"),
        ("/0/when/locations/0", "unknown_reference"),
        ("/0/excluded/variants/0", "unknown_reference"),
        ("/1/entries/0/item_id", "unknown_reference"),
    }


def test_names_are_unique_where_people_choose_by_them(stock: Stock) -> None:
    error = refused(
        ("item", stock.item("Cola", sheets.variant("C2"))),
        ("category", sheets.category("DRINKS")),
        ("modifier_group", sheets.group("Milk")),
        ("menu", sheets.menu("Same")),
        ("menu", sheets.menu("Same")),
    )
    assert named(error) == {
        ("/0/name", "name_taken"),
        ("/1/name", "name_taken"),
        ("/2/name", "name_taken"),
        ("/4/name", "name_taken"),
    }


def test_a_tax_class_keeps_its_code_and_has_it_alone(stock: Stock) -> None:
    changed = {**stock.taxes, "code": "other"}
    assert named(refused(("tax_class", changed))) == {("/0/code", "code_fixed")}
    assert named(refused(("tax_class", sheets.tax_class()))) == {("/0/code", "code_taken")}


def test_variants_modifiers_and_slots_belong_to_one(stock: Stock) -> None:
    stolen = stock.item("Thief", {**stock.cola["variants"][0], "sku": "T", "barcodes": []})
    combo = {"slots": [{**stock.lunch["combo"]["slots"][0]}]}
    error = refused(
        ("item", stolen),
        ("item", stock.item("Menu", sheets.variant("M"), combo=combo)),
        ("modifier_group", sheets.group("Other", {**stock.milk["modifiers"][0]})),
    )
    assert named(error) == {
        ("/0/variants/0/id", "other_item"),
        ("/1/combo/slots/0/id", "other_item"),
        ("/2/modifiers/0/id", "other_group"),
    }


def test_groups_are_nested_three_deep_and_never_in_a_circle(stock: Stock) -> None:
    chain = [sheets.group(f"G{n}", sheets.modifier("m")) for n in range(4)]
    for outer, inner in itertools.pairwise(chain):
        outer["modifiers"][0]["groups"] = [sheets.use(inner)]
    assert ("/0/modifiers/0/groups/0/group_id", "nested") in named(
        refused(*(("modifier_group", each) for each in chain))
    )
    save(*(("modifier_group", each) for each in chain[1:]))
    assert named(refused(("modifier_group", chain[0]))) == {("/0/modifiers/0/groups/0/group_id", "nested")}
    circle = deepcopy(chain[3])
    circle["modifiers"][0]["groups"] = [sheets.use(chain[1])]
    assert ("/0/modifiers/0/groups/0/group_id", "nested") in named(refused(("modifier_group", circle)))


def test_ranges_of_uses_can_be_chosen_wherever_the_group_is_offered(stock: Stock) -> None:
    offered = {**stock.chips, "modifier_groups": [sheets.use(stock.milk, 3, None)]}
    assert named(refused(("item", offered))) == {("/0/modifier_groups/0", "range")}
    save(("item", {**offered, "modifier_groups": [sheets.use(stock.milk, 2, None)]}))
    smaller = {**stock.milk, "modifiers": stock.milk["modifiers"][:1]}
    error = refused(("modifier_group", smaller))
    assert named(error) == {("/0/min", "range")}
    assert "as Chips offers it" in error.detail


def test_a_combo_is_made_of_items_that_are_none(stock: Stock) -> None:
    own = sheets.variant("OWN")
    itself = stock.item("Itself", own, combo={"slots": [sheets.slot("S", own)]})
    of_combo = stock.item(
        "Big", sheets.variant("BIG"), combo={"slots": [sheets.slot("S", stock.lunch["variants"][0])]}
    )
    becomes = {**stock.cola, "combo": {"slots": [sheets.slot("S", stock.chips["variants"][0])]}}
    error = refused(("item", itself), ("item", of_combo), ("item", becomes))
    assert named(error) == {
        ("/0/combo/slots/0/choices/0/variant_id", "combo"),
        ("/1/combo/slots/0/choices/0/variant_id", "combo"),
        ("/2/combo", "combo"),
    }


def test_categories_are_no_circle_and_eight_deep(stock: Stock) -> None:
    chain = [sheets.category(f"C{n}") for n in range(9)]
    for above, below in itertools.pairwise(chain):
        below["parent_id"] = above["id"]
    error = refused(*(("category", each) for each in chain))
    assert ("/8/parent_id", "category_loop") in named(error)
    save(*(("category", each) for each in chain[:8]))
    circle = {**chain[0], "parent_id": chain[3]["id"]}
    assert ("/0/parent_id", "category_loop") in named(refused(("category", circle)))


def test_a_document_is_said_once(stock: Stock) -> None:
    error = refused(("item", {**stock.chips, "name": "A"}), ("item", {**stock.chips, "name": "B"}))
    assert ("/1/id", "repeated") in named(error)
    error = refused(("item", {**stock.chips, "name": "A"}), removed=[("item", UUID(stock.chips["id"]))])
    assert named(error) == {("/removed/0", "repeated")}
    assert named(refused(removed=[("settings", UUID(int=1))])) == {("/removed/0", "settings")}


def test_what_is_needed_stays_and_what_needs_it_is_named(stock: Stock) -> None:
    happy = sheets.promotion(
        "Happy",
        rule={"kind": "percent_off", "select": {"categories": [stock.place["id"]]}, "percent": "0.1"},
    )
    members = sheets.price_list("Members")
    price = {"price_list_id": members["id"], "variant_id": None, "min_quantity": "1", "price_minor": 1}
    chips = {**stock.chips, "list_prices": [price], "modifier_groups": [sheets.use(stock.milk)]}
    save(("promotion", happy), ("price_list", members), ("item", chips))
    expected = {
        (
            "tax_class",
            stock.taxes["id"],
        ): "Tax class VAT standard is used by item Chips, item Cola, item Lunch.",
        ("category", stock.place["id"]): (
            "Category Drinks is used by item Chips, item Cola, item Lunch, promotion Happy."
        ),
        ("modifier_group", stock.milk["id"]): "Modifier group Milk is used by item Chips.",
        ("price_list", members["id"]): "Price list Members is used by item Chips.",
        ("item", stock.cola["id"]): "Variant COLA is used by item Lunch.",
    }
    for (kind, key), detail in expected.items():
        error = refused(removed=[(kind, UUID(key))])
        assert isinstance(error, DocumentInUse)
        assert error.errors == (FieldProblem("/removed/0", "in_use", detail),)


def test_a_component_is_not_taken_out_of_its_item(stock: Stock) -> None:
    without = {**stock.cola, "variants": [sheets.variant("NEW")]}
    assert named(refused(("item", without))) == {("/0/variants", "in_use")}


def test_what_was_sold_or_counted_is_deactivated_instead(cafe: Any) -> None:
    here = shop(cafe)
    with tenant_context(cafe):
        cheese = here.variants["cheese"]
        with unit_of_work():
            record_opening(
                location_id=here.location.id,
                changes=[StockChange(variant_id=cheese.id, quantity=Decimal(3))],
                employee_id=None,
                at=AT,
                business_date=AT.date(),
            )
        error = refused(removed=[("item", cheese.item_id)])
        assert named(error) == {("/removed/0", "sold_before")}
        document = read_documents(kind="item")[cheese.item_id]
        save(("item", {**document, "is_active": False}))
        assert named(refused(("item", {**document, "unit": "g"}))) == {("/0/unit", "unit_fixed")}


def test_only_who_may_write_the_catalogue_does(stock: Stock) -> None:
    with pytest.raises(Forbidden):
        save_documents(documents=[("item", stock.chips)], actor=READER, at=AT, cause="test")
