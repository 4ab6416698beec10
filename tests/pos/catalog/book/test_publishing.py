"""A change of the catalogue becomes a version of the price book, and a sale finds the one it was made at."""

import datetime as dt

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import read_after, unit_of_work
from pos.catalog.models import BookEntry, CatalogHead, Item, PriceBookVersion, Variant
from pos.catalog.queries.book import NoPriceBook, book_for_sale
from pos.catalog.services.publishing import FIRST_EFFECTIVE, ensure_book, publish, sale_book
from pos.catalog.services.writing import lock_catalog
from tests.factories import Shop

TEN = dt.datetime(2026, 3, 1, 10, 0, tzinfo=dt.UTC)
ELEVEN = dt.datetime(2026, 3, 1, 11, 0, tzinfo=dt.UTC)
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


def reprice(shop: Shop, name: str, price_minor: int, *, at: dt.datetime) -> int:
    """Another price for one of the shop's goods, published."""
    variant = shop.variants[name]
    with unit_of_work():
        lock_catalog()
        Variant.objects.filter(pk=variant.pk).update(price_minor=price_minor)
        return publish(touched={("item", variant.item_id)}, cause="test", by=None, at=at)


def test_first_version_holds_the_whole_catalogue_and_is_in_force_since_2000(here: Shop) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        (version,) = PriceBookVersion.objects.all()
        kinds = list(BookEntry.objects.order_by("kind").values_list("kind", flat=True))
    assert version.effective_at == FIRST_EFFECTIVE
    assert version.entry_count == 10
    assert kinds == ["category", *["item"] * 4, "settings", *["tax_class"] * 4]


def test_sale_of_ten_synchronised_at_noon_finds_the_prices_of_ten(here: Shop) -> None:
    cappuccino = here.variants["cappuccino"]
    with tenant_context(here.tenant):
        ensure_book()
        reprice(here, "cappuccino", 420, at=ELEVEN)
        then = book_for_sale(variant_ids=[cappuccino.pk], at=TEN)
        now = book_for_sale(variant_ids=[cappuccino.pk], at=NOON)
    assert then.book.index.variants[str(cappuccino.pk)].price_minor == 380
    assert now.book.index.variants[str(cappuccino.pk)].price_minor == 420
