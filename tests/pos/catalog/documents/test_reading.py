"""Reading documents: the form, its canonical order, and a number of statements that does not grow."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from pos.catalog.documents.reading import SETTINGS_ID, read_documents
from pos.catalog.models import KINDS
from tests.pos.catalog.makers import category, item, tax_class, variant

pytestmark = pytest.mark.django_db

STATEMENTS = {
    "settings": 1,
    "tax_class": 1,
    "category": 1,
    "modifier_group": 4,
    "item": 9,
    "price_list": 2,
    "promotion": 1,
    "service_charge": 1,
    "menu": 1,
    "barcode_pattern": 1,
}


def test_a_plain_item_as_a_document(in_cafe: Any) -> None:
    taxes, place = tax_class(), category()
    small = variant("ESP-1", "small", 240, barcodes=("PLU7", "4006381333931"))
    draft = item("Espresso", small, category_id=place, tax_class_id=taxes)
    assert read_documents(kind="item", ids=[draft.id, new_id()]) == {
        draft.id: {
            "id": str(draft.id),
            "name": "Espresso",
            "description": "",
            "kitchen_name": "",
            "category_id": str(place),
            "tax_class": "standard",
            "unit": "each",
            "units": [],
            "tags": [],
            "allergens": [],
            "has_open_price": False,
            "is_active": True,
            "option_axes": [],
            "image_ids": [],
            "modifier_groups": [],
            "combo": None,
            "list_prices": [],
            "variants": [
                {
                    "id": str(small.id),
                    "name": "small",
                    "sku": "ESP-1",
                    "price_minor": 240,
                    "scheduled_prices": [],
                    "options": [],
                    "is_active": True,
                    "barcodes": [
                        {"code": "4006381333931", "unit": "", "multiplier": "1"},
                        {"code": "PLU7", "unit": "", "multiplier": "1"},
                    ],
                }
            ],
        }
    }


def test_a_class_with_a_rate_is_told_as_its_one_rule(in_cafe: Any) -> None:
    made = tax_class("reduced", "0.07")
    assert read_documents(kind="tax_class")[made] == {
        "id": str(made),
        "code": "reduced",
        "name": "VAT reduced",
        "rules": [
            {
                "when": {},
                "inclusive": True,
                "net_of_contained": False,
                "components": [{"code": "reduced", "name": "VAT reduced", "rate": "0.07", "compound": False}],
            }
        ],
    }


def test_the_settings_are_one_document(in_cafe: Any) -> None:
    assert read_documents(kind="settings") == {
        SETTINGS_ID: {
            "id": "00000000-0000-0000-0000-000000000001",
            "rounding": {"scope": "per_line", "mode": "half_up"},
            "cash_increment": 1,
        }
    }


@pytest.mark.parametrize("kind", KINDS)
def test_statements_do_not_grow_with_what_is_read(in_cafe: Any, kind: str) -> None:
    taxes, place = tax_class(), category()
    made: list[UUID] = []
    for number in range(3):
        draft = item(f"Item {number}", variant(f"S{number}"), category_id=place, tax_class_id=taxes)
        made.append(draft.id)
        for ids in (None, [SETTINGS_ID, taxes, place, *made]):
            with CaptureQueriesContext(connection) as queries:
                read_documents(kind=kind, ids=ids)
            assert len(queries) == STATEMENTS[kind]


def test_nothing_asked_is_nothing_read(in_cafe: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert read_documents(kind="item", ids=[]) == {}
    assert len(queries) == 0


def test_an_exact_multiplier_is_plain_text(in_cafe: Any) -> None:
    from pos.catalog.models import Barcode

    taxes, place = tax_class(), category()
    draft = item("Cola", variant("COLA"), category_id=place, tax_class_id=taxes)
    Barcode.objects.create(
        variant_id=draft.variants[0].id, code="CASE", unit="case", multiplier=Decimal("24.500000")
    )
    (found,) = read_documents(kind="item").values()
    assert found["variants"][0]["barcodes"] == [{"code": "CASE", "unit": "case", "multiplier": "24.5"}]
