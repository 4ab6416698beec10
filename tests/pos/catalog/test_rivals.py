"""Rivals in the catalogue: changes come one after the other, and a sale waits for none of them."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from fynlo.core.tenancy import run_in_tenant, tenant_context
from fynlo.events import log
from fynlo.events.log import unit_of_work
from pos.catalog.csv_reading import CsvForm
from pos.catalog.errors import NameTaken, SkuTaken
from pos.catalog.models import Category, Item, Variant
from pos.catalog.queries import revision
from pos.importing.files import import_file
from pos.orders.services import place_order
from tests.factories import shop
from tests.pos.catalog.csv_files import HEADER, row
from tests.pos.catalog.makers import EDITOR, LATER, category, item, tax_class, variant
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS = 6


def at_once(tenant: Any, *work: Callable[[], Any]) -> list[Any]:
    """Run `work` in threads that start together; returns each one's result or exception."""
    start = threading.Barrier(len(work))
    results: list[Any] = [None] * len(work)

    def go(place: int, function: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = run_in_tenant(tenant, function)
        except Exception as error:  # noqa: BLE001  the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=each) for each in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_same_file_from_many_is_imported_once(cafe: Any) -> None:
    with tenant_context(cafe):
        tax_class()
        before = (log.head(), revision())
    data = "\n".join((HEADER, *(row(item=f"Item {n}", sku=f"S{n}") for n in range(50)))).encode()

    def bring() -> tuple[int, int]:
        report = import_file(data=data, form=CsvForm(), location_code=None, actor=EDITOR, at=LATER)
        return report.catalog.count("created"), report.catalog.count("unchanged")

    results = at_once(cafe, *[bring] * RIVALS)
    assert sorted(results) == [(0, 50)] * (RIVALS - 1) + [(50, 0)]
    with tenant_context(cafe):
        assert (Item.objects.count(), Variant.objects.count(), Category.objects.count()) == (50, 50, 2)
        assert (log.head(), revision()) == (before[0] + 2, before[1] + 1)


def test_one_sku_goes_to_one_of_many(cafe: Any) -> None:
    with tenant_context(cafe):
        taxes, place = tax_class(), category()

    def make(number: int) -> Callable[[], Any]:
        return lambda: item(f"Item {number}", variant("SAME"), category_id=place, tax_class_id=taxes)

    results = at_once(cafe, *(make(number) for number in range(RIVALS)))
    assert sum(isinstance(each, SkuTaken) for each in results) == RIVALS - 1
    with tenant_context(cafe):
        assert Variant.objects.filter(sku="SAME").count() == 1
        assert Item.objects.count() == 1


def test_one_name_goes_to_one_of_many(cafe: Any) -> None:
    results = at_once(cafe, *[lambda: category("Tea")] * RIVALS)
    assert sum(isinstance(each, NameTaken) for each in results) == RIVALS - 1
    with tenant_context(cafe):
        assert Category.objects.count() == 1


def test_a_sale_goes_on_while_a_file_is_being_imported(cafe: Any) -> None:
    here = shop(cafe)
    file = "\n".join(
        (HEADER, row(item="Cappuccino", sku="CAPPUCCINO", variant="groß", price="9,90", category="Neu"))
    )
    written, sold_meanwhile = threading.Event(), threading.Event()

    def bring() -> None:
        with unit_of_work():
            import_file(data=file.encode(), form=CsvForm(), location_code=None, actor=EDITOR, at=LATER)
            written.set()
            assert sold_meanwhile.wait(timeout=30)

    def sell() -> int:
        assert written.wait(timeout=30)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        draft = sale(sold(here, "cappuccino", "1"), tenders=(cash(here, 1_000),))
        try:
            return place_order(draft=draft, actor=here.actor(), at=LATER).order.total_minor
        finally:
            sold_meanwhile.set()

    assert at_once(cafe, bring, sell) == [None, 380]
    with tenant_context(cafe):
        changed = Variant.objects.get(sku="CAPPUCCINO")
        assert (changed.name, changed.price_minor) == ("groß", 990)
