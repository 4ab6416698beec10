"""Edits of a shop's catalogue that end as every edit does: published."""

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from fynlo.core.ids import new_id
from fynlo.events.log import unit_of_work
from pos.catalog.documents.reading import read_documents
from pos.catalog.models import KINDS, Barcode, CatalogHead, Category, Item, TaxClass, Variant
from pos.catalog.services.publishing import publish
from pos.catalog.services.writing import lock_catalog
from tests.factories import Shop

TEN = dt.datetime(2026, 3, 1, 10, 0, tzinfo=dt.UTC)
ELEVEN = dt.datetime(2026, 3, 1, 11, 0, tzinfo=dt.UTC)
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)

Key = tuple[str, UUID]


def published(change: Callable[[], Collection[Key]], *, at: dt.datetime = ELEVEN) -> int:
    """Make a change, which returns what it touched, and publish it; returns the revision."""
    with unit_of_work():
        lock_catalog()
        return publish(touched=change(), cause="test", by=None, at=at)


def reprice(shop: Shop, name: str, price_minor: int, *, at: dt.datetime = ELEVEN) -> int:
    """Another price for one of the shop's goods."""
    variant = shop.variants[name]

    def change() -> set[Key]:
        Variant.objects.filter(pk=variant.pk).update(price_minor=price_minor)
        return {("item", variant.item_id)}

    return published(change, at=at)


def round_cash_to(increment: int, *, at: dt.datetime = ELEVEN) -> int:
    """Another house rule: what cash is rounded to."""

    def change() -> set[Key]:
        CatalogHead.objects.update(cash_increment=increment)
        return {("settings", UUID(int=1))}

    return published(change, at=at)


def add_items(count: int, *, at: dt.datetime = ELEVEN) -> list[UUID]:
    """New items, each with one variant, in one version; returns the items' ids."""
    items = [
        Item(category=Category.objects.first(), tax_class=TaxClass.objects.first(), name=f"New {new_id()}")
        for _ in range(count)
    ]

    def change() -> set[Key]:
        Item.objects.bulk_create(items)
        Variant.objects.bulk_create(Variant(item=item, sku=str(item.pk), price_minor=100) for item in items)
        return {("item", item.pk) for item in items}

    published(change, at=at)
    return [item.pk for item in items]


def remove_item(item_id: UUID, *, at: dt.datetime = ELEVEN) -> int:
    """An item that was never sold goes."""

    def change() -> set[Key]:
        Barcode.objects.filter(variant__item=item_id).delete()
        Variant.objects.filter(item=item_id).delete()
        Item.objects.filter(pk=item_id).delete()
        return {("item", item_id)}

    return published(change, at=at)


def rename_category(name: str, *, at: dt.datetime = ELEVEN) -> int:
    """The shop's category is called otherwise."""

    def change() -> set[Key]:
        category = Category.objects.get()
        Category.objects.update(name=name)
        return {("category", category.pk)}

    return published(change, at=at)


def everything() -> dict[tuple[str, str], Any]:
    """All documents as the tables say them now."""
    return {
        (kind, str(key)): document for kind in KINDS for key, document in read_documents(kind=kind).items()
    }
