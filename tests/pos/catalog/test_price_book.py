"""What an order needs to know of variants, in one statement."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from fynlo.core.ids import new_id
from pos.catalog.queries import BookedTax, PricedVariant, price_book
from pos.pricing.engine1.types import TaxClass
from tests.pos.catalog.makers import category, item, tax_class, variant

pytestmark = pytest.mark.django_db


def test_a_variant_is_found_with_its_names_price_and_exact_tax(in_cafe: Any) -> None:
    small, large = variant("ESP-1", "small", 240), variant("ESP-2", "large", 320)
    item("Espresso", small, large, category_id=category(), tax_class_id=tax_class())
    tax = BookedTax(code="standard", name="VAT standard", rate=Fraction(19, 100), inclusive=True)
    assert price_book(variant_ids=[large.id]) == {
        large.id: PricedVariant(
            id=large.id,
            item_name="Espresso",
            variant_name="large",
            sku="ESP-2",
            unit="each",
            price_minor=320,
            tax_class=tax,
            is_active=True,
        )
    }
    assert tax.terms == TaxClass(code="standard", rate=Fraction(19, 100), inclusive=True)
    assert tax.rate_decimal == Decimal("0.19")


def test_the_receipt_name_joins_item_and_variant(in_cafe: Any) -> None:
    small, only = variant("ESP-1", "small"), variant("WAT")
    taxes, place = tax_class(), category()
    item("Espresso", small, category_id=place, tax_class_id=taxes)
    item("Water", only, category_id=place, tax_class_id=taxes)
    book = price_book(variant_ids=[small.id, only.id])
    assert (book[small.id].name, book[only.id].name) == ("Espresso, small", "Water")


def test_a_variant_is_inactive_by_its_own_switch_or_its_items(in_cafe: Any) -> None:
    taxes, place = tax_class(), category()
    on, off, shut = variant("A"), variant("B", is_active=False), variant("C")
    item("On", on, category_id=place, tax_class_id=taxes)
    item("Off", off, category_id=place, tax_class_id=taxes)
    item("Shut", shut, category_id=place, tax_class_id=taxes, is_active=False)
    book = price_book(variant_ids=[on.id, off.id, shut.id])
    assert [book[key].is_active for key in (on.id, off.id, shut.id)] == [True, False, False]


def test_unknown_keys_are_missing(in_cafe: Any) -> None:
    assert price_book(variant_ids=[new_id()]) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_one_statement_for_any_number(in_cafe: Any, count: int, django_assert_num_queries: Any) -> None:
    taxes, place = tax_class(), category()
    wanted = [variant(f"SKU-{number}") for number in range(count)]
    for number, each in enumerate(wanted):
        item(f"Item {number}", each, category_id=place, tax_class_id=taxes)
    with django_assert_num_queries(1):
        assert len(price_book(variant_ids=[each.id for each in wanted])) == count


def test_no_variant_of_another_merchant_is_priced(cafe: Any, grocer: Any) -> None:
    from fynlo.core.tenancy import tenant_context

    theirs = variant("ESP")
    with tenant_context(cafe):
        item("Espresso", theirs, category_id=category(), tax_class_id=tax_class())
    with tenant_context(grocer):
        assert price_book(variant_ids=[theirs.id]) == {}
