"""Two releases on one schema: the one before writes what it knows, and going back loses no order."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.tenders.models import Payment
from pos.inventory.models import StockMovement
from pos.orders.documents import order_document
from pos.orders.drafts import ComponentDraft, LineDraft
from pos.orders.models import Order, OrderLine, OrderTax
from pos.orders.queries import whole_order
from pos.orders.services import place_order
from tenants.schemas.migrating import migrate_everything, migrate_to
from tests.factories import Shop
from tests.pos.catalog.documents import sheets
from tests.pos.orders.drafts import cash, sale
from tests.pos.orders.menu import serve, stored

AT = dt.datetime(2026, 3, 2, 11, tzinfo=dt.UTC)
BEFORE = (("pos", "0002_catalogue"), ("payments", "0001_initial"))

# What the release before inserts: its columns, named one by one.
_ORDER = """
INSERT INTO pos_order (id, register_id, location_id, session_id, number, fulfilment_state, payment_state, currency,
    net_minor, tax_minor, total_minor, paid_minor, placed_at, business_date, device_id, employee_id, employee_name,
    flags, pricing_engine, rounding_policy, pricing_digest, draft_digest)
VALUES (%(id)s, %(register)s, %(location)s, NULL, 1, 'completed', 'paid', 'EUR', 84, 6, 90, 90, %(at)s,
    '2026-03-02', NULL, NULL, '', '[]', '1', 'per_line half_up', '', '')
"""
_LINE = """
INSERT INTO pos_orderline (id, order_id, position, variant_id, sku, name, unit, quantity, unit_price_minor,
    tax_class_code, tax_rate, is_tax_inclusive, net_minor, tax_minor, total_minor)
VALUES (%(line)s, %(id)s, 0, %(variant)s, 'ROLL', 'Roll', 'each', 2, 45, 'reduced', 0.07, true, 84, 6, 90)
"""
_TAX = """
INSERT INTO pos_ordertax (id, order_id, tax_class_code, name, rate, is_inclusive, net_minor, tax_minor)
VALUES (%(tax)s, %(id)s, 'reduced', 'VAT 7%%', 0.07, true, 84, 6)
"""
_PAYMENT = """
INSERT INTO payments_payment (id, order_id, tender_type_id, amount_minor, tendered_minor, change_minor, currency,
    register_id, employee_id, at, business_date)
VALUES (%(payment)s, %(id)s, %(cash)s, 90, 100, 10, 'EUR', %(register)s, NULL, %(at)s, '2026-03-02')
"""


@pytest.mark.django_db
def test_an_order_of_the_release_before_is_told_in_the_words_of_this_one(here: Shop) -> None:
    roll = here.variants["roll"]
    values = {
        "id": new_id(),
        "line": new_id(),
        "tax": new_id(),
        "payment": new_id(),
        "register": here.register.id,
        "location": here.location.id,
        "variant": roll.id,
        "cash": here.cash.id,
        "at": AT,
    }
    with tenant_context(here.tenant):
        with connection.cursor() as cursor:
            for statement in (_ORDER, _LINE, _TAX, _PAYMENT):
                cursor.execute(statement, values)
        told = order_document(whole_order(order_id=values["id"]))
    assert (told["total"], told["payable"]) == (euro(90), euro(90))
    assert (told["tip"], told["discount"], told["service_charge"]) == (euro(0), euro(0), euro(0))
    assert (told["due"], told["change"], told["rounding"]) == (euro(0), euro(10), euro(0))
    assert (told["price_book"], told["discounts"], told["service_charges"]) == (None, [], [])
    assert (told["context"]["order_type"], told["context"]["coupons"]) == (None, [])
    line = told["lines"][0]
    assert (told["note"], line["note"], line["lot"], line["serial"], line["use_by"]) == (None,) * 5
    assert (line["list_price"], line["base"], line["amount"]) == (euro(45), euro(90), euro(90))
    assert line["taxes"] == [
        {
            "code": "reduced",
            "name": "VAT 7%",
            "rate": "0.07",
            "per_unit": None,
            "is_inclusive": True,
            "net": euro(84),
            "tax": euro(6),
        }
    ]


@pytest.mark.django_db(transaction=True)
def test_going_back_keeps_orders_that_the_release_before_could_not_have_made(
    as_owner: None, here: Shop
) -> None:
    """A tip beyond the total, rounded cash, two rates under one code, two components of one line."""
    place_everything(here)
    assert rows(here) == {"Order": 1, "OrderLine": 2, "OrderTax": 2, "Payment": 1, "StockMovement": 3}
    for target in BEFORE:
        assert [outcome.error for outcome in migrate_to(target=target, only=("cafe",)).failed] == []
    assert [outcome.error for outcome in migrate_everything(at=clock.now()).failed] == []
    assert rows(here) == {"Order": 1, "OrderLine": 2, "OrderTax": 2, "Payment": 1, "StockMovement": 3}


def place_everything(here: Shop) -> None:
    higher = sheets.tax_class("higher", "0.25")
    higher["rules"][0]["components"][0]["code"] = "standard"
    menu = serve(here, ("tax_class", higher), ("settings", sheets.settings(cash_increment=5)))
    cake = sheets.variant("CAKE", price_minor=333)
    item = sheets.item("Cake", cake, category_id=menu.place["id"], tax_class="higher")
    stored(here, ("item", item))
    both = tuple(
        ComponentDraft(slot_id=UUID(slot["id"]), variant_id=UUID(menu.variants[name]["id"]))
        for slot, name in ((menu.food, "bagel"), (menu.drink, "juice"))
    )
    lines = (
        LineDraft(
            id=new_id(),
            variant_id=UUID(menu.variants["breakfast"]["id"]),
            quantity=Decimal(1),
            components=both,
        ),
        LineDraft(id=new_id(), variant_id=UUID(cake["id"]), quantity=Decimal(1)),
    )
    draft = sale(*lines, tenders=(cash(here, 5000),), tip=Money(500, "EUR"), placed_at=AT)
    with tenant_context(here.tenant):
        whole = place_order(draft=draft, actor=here.actor(), at=AT)
        assert (whole.order.paid_minor, whole.rounding_minor) == (740 + 333 + 500, -2)


def rows(here: Shop) -> dict[str, int]:
    models: tuple[Any, ...] = (Order, OrderLine, OrderTax, Payment, StockMovement)
    with tenant_context(here.tenant):
        return {model.__name__: model.objects.count() for model in models}


def euro(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}
