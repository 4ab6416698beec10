"""What is sold: a category, an item, a variant with a price, and its tax class."""

from decimal import Decimal

import factory

from pos.catalog.models import Barcode, Category, Item, TaxClass, Variant


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
