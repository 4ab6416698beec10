"""Many documents at once: a number of statements that does not grow, ten thousand items, rivals."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.errors import DomainError
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.catalog.documents.planning import plan_documents
from pos.catalog.documents.reading import read_documents
from pos.catalog.models import Barcode, Item, PriceBookVersion, Variant
from pos.catalog.services.documents import apply_documents, save_documents
from tests.pos.catalog.documents import sheets
from tests.pos.catalog.makers import AT, EDITOR
from tests.pos.catalog.test_rivals import at_once

Stated = list[tuple[str, dict[str, Any]]]
RIVALS = 4
ONE_CODE = ("036000291452", "0036000291452", "00036000291452")
"""A UPC-A, the EAN-13 and the GTIN-14 that are the same."""


def house() -> tuple[Stated, str]:
    """A tax class, a category and a price list; the category's id."""
    place = sheets.category()
    return [("tax_class", sheets.tax_class()), ("category", place)], place["id"]


def items(count: int, place: str, group: dict[str, Any], prices: dict[str, Any]) -> Stated:
    """Items that have something of everything."""
    made: Stated = []
    for number in range(count):
        code = {"code": f"CODE{number}", "unit": "", "multiplier": "2"}
        own = sheets.variant(f"SKU-{number}", barcodes=[code])
        entry = {
            "price_list_id": prices["id"],
            "variant_id": own["id"],
            "min_quantity": "1",
            "price_minor": 1,
        }
        made.append(
            (
                "item",
                sheets.item(
                    f"Item {number}",
                    own,
                    category_id=place,
                    modifier_groups=[sheets.use(group)],
                    list_prices=[entry],
                ),
            )
        )
    return made


def changed(stated: Stated) -> Stated:
    """The same items under other names, with other codes."""
    made: Stated = []
    for kind, document in stated:
        own = {**document["variants"][0], "price_minor": 300, "barcodes": []}
        made.append(
            (kind, {**document, "name": document["name"] + "!", "variants": [own], "list_prices": []})
        )
    return made


def save(documents: Stated, removed: Any = ()) -> Any:
    return save_documents(documents=documents, removed=removed, actor=EDITOR, at=AT, cause="test")


def keys(stated: Stated) -> list[tuple[str, UUID]]:
    return [(kind, UUID(document["id"])) for kind, document in stated]


@pytest.mark.django_db
def test_applying_takes_as_many_statements_for_one_as_for_many(in_cafe: Any) -> None:
    base, place = house()
    group, prices = sheets.group("Milk", sheets.modifier("oat")), sheets.price_list("Members")
    save([*base, ("modifier_group", group), ("price_list", prices)])
    counts = []
    for size in (1, 40):
        stated = items(size, place, group, prices)
        steps: tuple[tuple[Stated, Any], ...] = (
            (stated, ()),
            (changed(stated), ()),
            ([], keys(stated)),
        )
        for documents, removed in steps:
            with unit_of_work(), CaptureQueriesContext(connection) as queries:
                apply_documents(documents=documents, removed=removed)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert max(counts) < 80


@pytest.mark.django_db
def test_ten_thousand_items_are_saved_changed_and_removed(in_cafe: Any) -> None:
    base, place = house()
    group, prices = sheets.group("Milk", sheets.modifier("oat")), sheets.price_list("Members")
    save([*base, ("modifier_group", group), ("price_list", prices)])
    stated = items(10_000, place, group, prices)
    assert len(save(stated).changed) == 10_000
    assert {str(key): found for key, found in read_documents(kind="item").items()} == {
        document["id"]: document for _, document in stated
    }
    assert len(save(changed(stated)).changed) == 10_000
    assert not Barcode.objects.exists()
    save([], removed=keys(stated))
    assert (Item.objects.count(), Variant.objects.count()) == (0, 0)
    assert PriceBookVersion.objects.count() == 4


@pytest.mark.django_db
def test_five_hundred_broken_of_many_are_all_named(in_cafe: Any) -> None:
    base, place = house()
    group, prices = sheets.group("Milk", sheets.modifier("oat")), sheets.price_list("Members")
    save([*base, ("modifier_group", group), ("price_list", prices)])
    stated = items(5_000, place, group, prices)
    for number in range(0, 5_000, 10):
        stated[number][1]["variants"][0]["price_minor"] = -1
    plan = plan_documents(documents=stated)
    assert [problem.pointer for problem in plan.problems] == [
        f"/{number}/variants/0/price_minor" for number in range(0, 5_000, 10)
    ]


@pytest.mark.django_db(transaction=True)
def test_one_barcode_in_three_spellings_goes_to_one_of_many(cafe: Any) -> None:
    makers = _rival_items(cafe)
    results = at_once(cafe, *(_saving(document) for document in makers))
    assert sum(isinstance(each, DomainError) for each in results) == len(makers) - 1
    assert {problem.code for each in results if isinstance(each, DomainError) for problem in each.errors} == {
        "barcode_taken"
    }
    with tenant_context(cafe):
        assert Barcode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twin_without_the_lock_every_spelling_finds_a_variant(cafe: Any) -> None:
    makers = _rival_items(cafe)
    written = threading.Barrier(len(makers))

    def unlocked(document: dict[str, Any]) -> Callable[[], Any]:
        def work() -> None:
            with unit_of_work():
                apply_documents(documents=[("item", document)])
                written.wait(timeout=30)

        return work

    assert at_once(cafe, *(unlocked(document) for document in makers)) == [None] * len(makers)
    with tenant_context(cafe):
        assert Barcode.objects.count() == len(makers)


@pytest.mark.django_db(transaction=True)
def test_one_sku_goes_to_one_of_many_documents(cafe: Any) -> None:
    base, place = house()
    with tenant_context(cafe):
        save(base)
    rivals = [
        sheets.item(f"Item {number}", sheets.variant("same" if number % 2 else "SAME"), category_id=place)
        for number in range(RIVALS)
    ]
    results = at_once(cafe, *(_saving(document) for document in rivals))
    assert sum(isinstance(each, DomainError) for each in results) == RIVALS - 1
    with tenant_context(cafe):
        assert Variant.objects.count() == 1


def _rival_items(cafe: Any) -> list[dict[str, Any]]:
    """Items that want one code, each in another spelling."""
    base, place = house()
    with tenant_context(cafe):
        save(base)
    return [
        sheets.item(
            f"Item {number}",
            sheets.variant(f"S{number}", barcodes=[{"code": code, "unit": "", "multiplier": "1"}]),
            category_id=place,
        )
        for number, code in enumerate(ONE_CODE)
    ]


def _saving(document: dict[str, Any]) -> Callable[[], Any]:
    return lambda: save([("item", document)])
