"""What the shop offers to those who compare money and answer disputes: evidence, counted drawers, names."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.gateways.base import Evidence
from payments.reconciliation.ports import drawer_counts, evidence_of, register_names
from pos.registers.models import CashSession
from tests.factories import Shop, TillClient, order_body

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 2)


def test_a_sale_is_spoken_for_by_what_was_sold_and_its_receipt(here: Shop, till: TillClient) -> None:
    body = order_body((here.variants["cappuccino"], "2"), (here.variants["cheese"], "0.25"))
    sold = till.post("/orders", body)
    assert sold.status_code == 201, sold.json()
    with tenant_context(here.tenant):
        found = evidence_of(order_id=sold.json()["id"])
    assert found.texts["order"] == "2 Cappuccino\n0.25 Cheese"
    assert sold.json()["reference"] in found.texts["receipt"]
    name, media_type, content = found.papers["receipt"]
    assert (name, media_type, content[:5]) == ("receipt-K1-1.pdf", "application/pdf", b"%PDF-")


def test_nobody_speaks_for_an_order_that_is_not_there_or_anothers(
    here: Shop, till: TillClient, grocer: Any
) -> None:
    sold = till.post("/orders", order_body((here.variants["cappuccino"], "1"))).json()
    with tenant_context(here.tenant):
        assert evidence_of(order_id=new_id()) == Evidence()
    with tenant_context(grocer):
        assert evidence_of(order_id=sold["id"]) == Evidence()


def test_counted_drawers_are_told_with_what_is_missing(here: Shop, grocer: Any) -> None:
    at = dt.datetime(2026, 3, 2, 20, tzinfo=dt.UTC)
    with tenant_context(here.tenant):
        common: dict[str, Any] = {"register": here.register, "business_date": DAY, "opened_at": at}
        CashSession.objects.create(
            **common, number=1, state="closed", closed_at=at, counted_minor=9_900, variance_minor=-100
        )
        CashSession.objects.create(**common, number=2, state="open")
        [found] = drawer_counts(since=DAY, until=DAY)
        assert (found.expected_minor, found.counted_minor, found.variance_minor) == (10_000, 9_900, -100)
        assert (found.register_id, found.business_date, found.currency) == (here.register.pk, DAY, "EUR")
        assert drawer_counts(since=DAY + dt.timedelta(1), until=DAY + dt.timedelta(9)) == []
        names = register_names()
        assert list(names) == [here.register.pk, here.second_register.pk]
    with tenant_context(grocer):
        assert (drawer_counts(since=DAY, until=DAY), register_names()) == ([], {})
