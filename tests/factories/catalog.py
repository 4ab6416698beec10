"""What is sold: a category, an item, a variant with a price, and its tax class."""

import datetime as dt
from decimal import Decimal

import factory

from fynlo.events.log import unit_of_work
from pos.catalog.documents.reading import SETTINGS_ID, read_documents
from pos.catalog.models import KINDS, Barcode, Category, Item, TaxClass, Variant
from pos.catalog.services.publishing import publish


class TaxClassFactory(factory.django.DjangoModelFactory[TaxClass]):
    """19 %, contained in the price."""

    class Meta:
        model = TaxClass

    code = factory.Sequence(lambda n: f"tax{n}")
    name = factory.LazyAttribute(lambda tax_class: f"VAT {tax_class.rate:%}")
    rate = Decimal("0.19")
    is_inclusive = True


class CategoryFactory(factory.django.DjangoModelFactory[Category]):
    """A category at the top of the tree."""

    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n}")


class ItemFactory(factory.django.DjangoModelFactory[Item]):
    """An item sold by the piece."""

    class Meta:
        model = Item

    category = factory.SubFactory(CategoryFactory)
    tax_class = factory.SubFactory(TaxClassFactory)
    name = factory.Sequence(lambda n: f"Item {n}")
    unit = "each"


class VariantFactory(factory.django.DjangoModelFactory[Variant]):
    """A variant at 1.00."""

    class Meta:
        model = Variant

    item = factory.SubFactory(ItemFactory)
    sku = factory.Sequence(lambda n: f"SKU{n:05}")
    price_minor = 100


class BarcodeFactory(factory.django.DjangoModelFactory[Barcode]):
    """A barcode of its own variant."""

    class Meta:
        model = Barcode

    variant = factory.SubFactory(VariantFactory)
    code = factory.Sequence(lambda n: f"{2_000_000_000_000 + n}")


def published(*, at: dt.datetime = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)) -> int:
    """Publish what tests wrote into the catalogue past its services, in force from `at`; the new revision."""
    documents = [(kind, key) for kind in KINDS for key in read_documents(kind=kind)]
    with unit_of_work():
        return publish(touched=[("settings", SETTINGS_ID), *documents], cause="test", by=None, at=at)
