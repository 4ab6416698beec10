"""Price books out of JSON.

Items, variants, modifier groups, modifiers and categories of a served book carry more than pricing needs
(descriptions, barcodes, images): what is not pricing's there is passed over. Everywhere else an unknown member
is refused.
"""

from typing import Any

from pos.pricing.book import Book, Category
from pos.pricing.errors import UnknownTaxClass
from pos.pricing.reading.charges import read_service_charge
from pos.pricing.reading.items import read_item
from pos.pricing.reading.members import Members, refuse_duplicates
from pos.pricing.reading.modifiers import read_group
from pos.pricing.reading.price_lists import read_price_list
from pos.pricing.reading.promotions import read_promotion
from pos.pricing.reading.taxes import read_tax_class
from pos.pricing.reading.values import identifier, text


def read_book(value: Any, pointer: str = "") -> Book:
    """A whole price book, or the part of it that a cart needs: raises an error of `pos.pricing.errors`."""
    members = Members(value, pointer)
    book = Book(
        categories=members.many("categories", _category),
        tax_classes=members.many("tax_classes", read_tax_class),
        items=members.many("items", read_item),
        modifier_groups=members.many("modifier_groups", read_group),
        price_lists=members.many("price_lists", read_price_list),
        promotions=members.many("promotions", read_promotion),
        service_charges=members.many("service_charges", read_service_charge),
    )
    members.close()
    _check_ids(book, pointer)
    _check_tax_classes(book, pointer)
    return book


def _category(value: Any, pointer: str) -> Category:
    members = Members(value, pointer)
    return Category(
        id=members.required("id", identifier),
        parent_id=members.nullable("parent_id", identifier),
        name=members.optional("name", text, ""),
    )


def _check_ids(book: Book, pointer: str) -> None:
    """Every id names one thing of its kind; variants and modifiers are known by theirs alone."""
    for name, ids in (
        ("categories", [category.id for category in book.categories]),
        ("items", [item.id for item in book.items]),
        ("modifier_groups", [group.id for group in book.modifier_groups]),
        ("price_lists", [price_list.id for price_list in book.price_lists]),
        ("promotions", [promotion.id for promotion in book.promotions]),
        ("service_charges", [charge.id for charge in book.service_charges]),
    ):
        refuse_duplicates((key, f"{pointer}/{name}/{place}/id") for place, key in enumerate(ids))
    refuse_duplicates(
        (tax_class.code, f"{pointer}/tax_classes/{place}/code")
        for place, tax_class in enumerate(book.tax_classes)
    )
    refuse_duplicates(
        (variant.id, f"{pointer}/items/{place}/variants/{inner}/id")
        for place, item in enumerate(book.items)
        for inner, variant in enumerate(item.variants)
    )
    refuse_duplicates(
        (modifier.id, f"{pointer}/modifier_groups/{place}/modifiers/{inner}/id")
        for place, group in enumerate(book.modifier_groups)
        for inner, modifier in enumerate(group.modifiers)
    )


def _check_tax_classes(book: Book, pointer: str) -> None:
    known = book.index.tax_classes
    for place, item in enumerate(book.items):
        if item.tax_class not in known:
            at = f"{pointer}/items/{place}/tax_class"
            raise UnknownTaxClass(f"there is no tax class {item.tax_class!r}", pointer=at)
    for place, charge in enumerate(book.service_charges):
        if charge.tax_class is not None and charge.tax_class not in known:
            at = f"{pointer}/service_charges/{place}/tax_class"
            raise UnknownTaxClass(f"there is no tax class {charge.tax_class!r}", pointer=at)
