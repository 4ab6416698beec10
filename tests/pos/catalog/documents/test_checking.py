"""What is wrong with a document by itself: every reason by name and place."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from pos.catalog.documents.checking import check_documents
from pos.catalog.documents.limits import ALLERGENS
from tests.pos.catalog.documents import sheets

Document = dict[str, Any]
Said = Callable[[Document], Any]


def complaints(kind: str, document: Any) -> set[tuple[str, str]]:
    _, problems = check_documents(documents=[(kind, document)], pointers=[""])
    return {(problem.pointer, problem.code) for problem in problems}


def an_item() -> Document:
    """An item that has one of everything that can be wrong in it."""
    large = sheets.variant("L", "large", options=["L"], barcodes=[code("PLU1")])
    price = {"price_list_id": sheets.key(), "variant_id": None, "min_quantity": "1", "price_minor": 100}
    return sheets.item(
        "Tee",
        sheets.variant("S", "small", options=["S"], scheduled_prices=[scheduled(300)]),
        large,
        category_id=sheets.key(),
        option_axes=[{"name": "Size", "values": ["S", "L"]}],
        units=[{"code": "box", "name": "Box", "numerator": 10, "denominator": 1}],
        list_prices=[price],
        modifier_groups=[{"group_id": sheets.key(), "min": 0, "max": 1}],
        combo={"slots": [sheets.slot("Drink", sheets.variant("D"))]},
        image_ids=[sheets.key()],
    )


def code(text: str, **said: Any) -> Document:
    return {"code": text, "unit": "", "multiplier": "1", **said}


def scheduled(price: int) -> Document:
    return {"starts_at": "2026-12-01T00:00", "price_minor": price}


def put(path: str, value: Any) -> Said:
    """Sets one member: `variants/0/sku`."""

    def change(document: Document) -> None:
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        target: Any = document
        for step in steps:
            target = target[step]
        target[last] = value

    return change


def again(path: str, **said: Any) -> Said:
    """Repeats the first element of a list."""

    def change(document: Document) -> None:
        target: Any = document
        for step in path.split("/"):
            target = target[int(step) if step.isdigit() else step]
        target.append({**deepcopy(target[0]), **said} if isinstance(target[0], dict) else target[0])

    return change


def many(path: str, make: Callable[[int], Any], count: int) -> Said:
    return put(path, [make(number) for number in range(count)])


ITEM: dict[str, tuple[Said, str, str]] = {
    "unknown member": (put("colour", "red"), "/colour", "unknown_member"),
    "unknown member of a variant": (put("variants/0/ean", "1"), "/variants/0/ean", "unknown_member"),
    "no name": (put("name", ""), "/name", "text"),
    "control character": (put("name", "Te\x07e"), "/name", "text"),
    "long name": (put("name", "x" * 161), "/name", "text"),
    "name of another type": (put("name", 7), "/name", "wrong_type"),
    "no list": (put("variants", {}), "/variants", "wrong_type"),
    "no object": (put("variants/0", "S"), "/variants/0", "wrong_type"),
    "id of another form": (put("id", "7"), "/id", "id"),
    "no variant": (put("variants", []), "/variants", "no_variant"),
    "501 variants": (
        many("variants", lambda n: sheets.variant(f"V{n}", f"{n}", options=["S"]), 501),
        "/variants",
        "too_many",
    ),
    "four axes": (
        many("option_axes", lambda n: {"name": f"{n}", "values": ["a"]}, 4),
        "/option_axes",
        "too_many",
    ),
    "axis twice": (again("option_axes", values=["x"]), "/option_axes/1/name", "repeated"),
    "axis without values": (put("option_axes/0/values", []), "/option_axes/0/values", "empty"),
    "value twice": (put("option_axes/0/values", ["S", "s", "L"]), "/option_axes/0/values/1", "repeated"),
    "no option": (put("variants/0/options", []), "/variants/0/options", "options"),
    "unknown option": (put("variants/0/options", ["XL"]), "/variants/0/options/0", "options"),
    "options twice": (put("variants/1/options", ["S"]), "/variants/1/options", "repeated"),
    "sku twice": (put("variants/1/sku", "s"), "/variants/1/sku", "repeated"),
    "variant name twice": (put("variants/1/name", "SMALL"), "/variants/1/name", "repeated"),
    "negative price": (put("variants/0/price_minor", -1), "/variants/0/price_minor", "number_out_of_range"),
    "price beyond bounds": (
        put("variants/0/price_minor", 10**11 + 1),
        "/variants/0/price_minor",
        "number_out_of_range",
    ),
    "price as text": (put("variants/0/price_minor", "250"), "/variants/0/price_minor", "wrong_type"),
    "price as truth": (put("variants/0/price_minor", True), "/variants/0/price_minor", "wrong_type"),
    "scheduled twice": (
        again("variants/0/scheduled_prices"),
        "/variants/0/scheduled_prices/1/starts_at",
        "repeated",
    ),
    "scheduled at no time": (
        put("variants/0/scheduled_prices/0/starts_at", "2026-02-30T00:00"),
        "/variants/0/scheduled_prices/0/starts_at",
        "invalid_value",
    ),
    "21 barcodes": (
        many("variants/0/barcodes", lambda n: code(f"PLU{n}x"), 21),
        "/variants/0/barcodes",
        "too_many",
    ),
    "check digit": (
        put("variants/1/barcodes/0/code", "4006381333932"),
        "/variants/1/barcodes/0/code",
        "barcode",
    ),
    "barcode twice": (again("variants/1/barcodes"), "/variants/1/barcodes/1/code", "repeated"),
    "barcode's unit": (
        put("variants/1/barcodes/0/unit", "case"),
        "/variants/1/barcodes/0/unit",
        "unknown_unit",
    ),
    "multiplier of nothing": (
        put("variants/1/barcodes/0/multiplier", "0"),
        "/variants/1/barcodes/0/multiplier",
        "number_out_of_range",
    ),
    "multiplier as a number": (
        put("variants/1/barcodes/0/multiplier", 24),
        "/variants/1/barcodes/0/multiplier",
        "decimal",
    ),
    "multiplier too fine": (
        put("variants/1/barcodes/0/multiplier", "0.0000001"),
        "/variants/1/barcodes/0/multiplier",
        "decimal",
    ),
    "unit": (put("unit", "stone"), "/unit", "unknown_word"),
    "own unit twice": (again("units"), "/units/1/code", "repeated"),
    "own unit that is known": (
        lambda document: document.update(
            unit="kg", units=[{"code": "g", "name": "", "numerator": 1, "denominator": 1}]
        ),
        "/units/0/code",
        "unit_known",
    ),
    "own unit of nothing": (put("units/0/numerator", 0), "/units/0/numerator", "number_out_of_range"),
    "allergen": (put("allergens", ["wheat"]), "/allergens/0", "unknown_allergen"),
    "long tag": (put("tags", ["x" * 41]), "/tags/0", "text"),
    "image twice": (again("image_ids"), "/image_ids/1", "repeated"),
    "group twice": (again("modifier_groups"), "/modifier_groups/1/group_id", "repeated"),
    "use from 2 to 1": (put("modifier_groups/0/min", 2), "/modifier_groups/0/max", "range"),
    "combo without slots": (put("combo/slots", []), "/combo/slots", "empty"),
    "slot without choices": (put("combo/slots/0/choices", []), "/combo/slots/0/choices", "empty"),
    "slot's name twice": (again("combo/slots"), "/combo/slots/1/name", "repeated"),
    "choice twice": (
        again("combo/slots/0/choices", is_default=False),
        "/combo/slots/0/choices/1/variant_id",
        "repeated",
    ),
    "two defaults": (
        again("combo/slots/0/choices", variant_id=sheets.key()),
        "/combo/slots/0/choices",
        "defaults",
    ),
    "upcharge below nothing": (
        put("combo/slots/0/choices/0/upcharge_minor", -1),
        "/combo/slots/0/choices/0/upcharge_minor",
        "number_out_of_range",
    ),
    "list price twice": (again("list_prices"), "/list_prices/1", "repeated"),
    "list price of another's variant": (
        put("list_prices/0/variant_id", sheets.key()),
        "/list_prices/0/variant_id",
        "unknown_reference",
    ),
    "list price with two effects": (
        put("list_prices/0/percent_off", "0.1"),
        "/list_prices/0",
        "one_of_expected",
    ),
    "list price above all": (
        lambda document: document["list_prices"][0].update(price_minor=None, percent_off="1.1"),
        "/list_prices/0/percent_off",
        "number_out_of_range",
    ),
}


@pytest.mark.parametrize("case", ITEM)
def test_what_is_wrong_with_an_item_is_named(case: str) -> None:
    change, pointer, name = ITEM[case]
    document = an_item()
    change(document)
    assert complaints("item", document) >= {(pointer, name)}


def test_the_item_itself_is_right() -> None:
    assert complaints("item", an_item()) == set()


def test_the_fourteen_allergens_of_the_union_are_known() -> None:
    """Regulation (EU) No 1169/2011, Annex II."""
    assert len(ALLERGENS) == 14
    assert complaints("item", {**an_item(), "allergens": list(ALLERGENS)}) == set()


def a_group() -> Document:
    price = {"item_id": sheets.key(), "location_id": None, "price_minor": 10}
    return sheets.group(
        "Milk",
        sheets.modifier("oat", prices=[price]),
        sheets.modifier("soy", default_quantity=1),
        min=1,
        max=2,
    )


def a_tax_class() -> Document:
    made = sheets.tax_class()
    made["rules"].insert(0, {**deepcopy(made["rules"][0]), "when": {"order_types": ["take_away"]}})
    return made


OTHERS: dict[str, tuple[str, Document, Said, str, str]] = {
    "modifier's name twice": (
        "modifier_group",
        a_group(),
        again("modifiers", id=sheets.key()),
        "/modifiers/2/name",
        "repeated",
    ),
    "more defaults than max_quantity": (
        "modifier_group",
        a_group(),
        put("modifiers/1/default_quantity", 2),
        "/modifiers/1/default_quantity",
        "defaults",
    ),
    "more defaults than the most": (
        "modifier_group",
        a_group(),
        lambda group: [put("max", 1)(group), put("modifiers/0/default_quantity", 1)(group)],
        "/max",
        "defaults",
    ),
    "least above most": ("modifier_group", a_group(), put("min", 3), "/max", "range"),
    "least above what there is": (
        "modifier_group",
        a_group(),
        lambda group: group.update(min=3, max=None),
        "/min",
        "range",
    ),
    "modifier's price twice": (
        "modifier_group",
        a_group(),
        again("modifiers/0/prices"),
        "/modifiers/0/prices/1",
        "repeated",
    ),
    "modifier's price nowhere": (
        "modifier_group",
        a_group(),
        put("modifiers/0/prices/0/item_id", None),
        "/modifiers/0/prices/0",
        "missing_member",
    ),
    "no rules": ("tax_class", a_tax_class(), put("rules", []), "/rules", "default_rule_missing"),
    "no default rule": (
        "tax_class",
        a_tax_class(),
        put("rules/1/when", {"exempt": True}),
        "/rules/1/when",
        "default_rule_missing",
    ),
    "rate of ten": (
        "tax_class",
        a_tax_class(),
        put("rules/1/components/0/rate", "10"),
        "/rules/1/components/0/rate",
        "tax_rate_out_of_range",
    ),
    "second rule's condition": (
        "tax_class",
        a_tax_class(),
        put("rules/0/when", {"weekdays": [8]}),
        "/rules/0/when/weekdays/0",
        "number_out_of_range",
    ),
    "component twice": (
        "tax_class",
        a_tax_class(),
        again("rules/1/components"),
        "/rules/1/components/1/code",
        "duplicate_id",
    ),
    "category's separator": ("category", sheets.category(), put("name", "A > B"), "/name", "separator"),
    "category's colour": ("category", sheets.category(), put("color", "red"), "/color", "color"),
    "unknown condition": (
        "price_list",
        sheets.price_list("M"),
        put("when", {"moon": "full"}),
        "/when/moon",
        "unknown_member",
    ),
    "entry twice": (
        "price_list",
        sheets.price_list("M", entries=[{"category_id": None, "min_quantity": "1", "price_minor": 1}]),
        again("entries"),
        "/entries/1",
        "repeated",
    ),
    "unknown rule": (
        "promotion",
        sheets.promotion("P"),
        put("rule", {"kind": "gift"}),
        "/rule/kind",
        "invalid_value",
    ),
    "selector of nothing": (
        "promotion",
        sheets.promotion("P"),
        put("rule/select", {}),
        "/rule/select",
        "one_of_expected",
    ),
    "excluded nothing": (
        "promotion",
        sheets.promotion("P"),
        put("excluded", {}),
        "/excluded",
        "one_of_expected",
    ),
    "percent above all": (
        "promotion",
        sheets.promotion("P"),
        put("rule/percent", "1.5"),
        "/rule/percent",
        "percent_out_of_range",
    ),
    "two charges": (
        "service_charge",
        sheets.service_charge("S"),
        put("amount_minor", 5),
        "",
        "one_of_expected",
    ),
    "taxed after taxes": (
        "service_charge",
        sheets.service_charge("S"),
        put("phase", "after_tax"),
        "/taxable",
        "after_tax",
    ),
    "untaxed with a class": (
        "service_charge",
        sheets.service_charge("S"),
        put("taxable", False),
        "/tax_class",
        "not_taxable",
    ),
    "entry of two": (
        "menu",
        sheets.menu("M", {"category_id": sheets.key()}),
        put("entries/0/item_id", sheets.key()),
        "/entries/0",
        "one_of_expected",
    ),
    "window of three": (
        "menu",
        sheets.menu("M"),
        put("when", {"times": [["06:00", "07:00", "08:00"]]}),
        "/when/times/0",
        "invalid_value",
    ),
    "pattern without article": (
        "barcode_pattern",
        sheets.barcode_pattern("B"),
        put("pattern", "21WWWWW"),
        "/pattern",
        "pattern",
    ),
    "rounding": (
        "settings",
        sheets.settings(),
        put("rounding/mode", "down"),
        "/rounding/mode",
        "unknown_word",
    ),
    "increment": ("settings", sheets.settings(), put("cash_increment", 3), "/cash_increment", "unknown_word"),
    "other settings": ("settings", sheets.settings(), put("id", sheets.key()), "/id", "id"),
    "unknown kind": ("discount", {}, lambda _: None, "", "unknown_kind"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_what_is_wrong_with_a_document_is_named(case: str) -> None:
    kind, right, change, pointer, name = OTHERS[case]
    document = deepcopy(right)
    change(document)
    assert complaints(kind, document) >= {(pointer, name)}


@pytest.mark.parametrize("case", [case for case in OTHERS if case != "unknown kind"])
def test_without_the_fault_it_is_right(case: str) -> None:
    kind, right, *_ = OTHERS[case]
    assert complaints(kind, right) == set()


def test_texts_of_tax_components_are_kept_in_their_one_form() -> None:
    component = {"code": "a" + " " * 100 + "b", "name": "Cafe\u0301\ttax", "rate": "0.05", "compound": False}
    rule = {"when": {}, "inclusive": True, "net_of_contained": False, "components": [component]}
    [checked], problems = check_documents(
        documents=[("tax_class", {"id": sheets.key(), "code": "t", "name": "T", "rules": [rule]})],
        pointers=[""],
    )
    assert problems == []
    made = checked.document["rules"][0]["components"][0]
    assert (made["code"], made["name"]) == ("a b", "Café tax")
