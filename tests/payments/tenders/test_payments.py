"""Payments are appended as they were handed over, once."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.db.utils import IntegrityError

from fynlo.core.database import constraint
from fynlo.core.ids import new_id
from fynlo.core.models import HistoryIsAppendOnly
from fynlo.core.tenancy import tenant_context
from payments.tenders.models import Payment
from payments.tenders.queries import PaymentTaken, payments_of, tender_terms
from payments.tenders.services import TenderTaken, take_payments
from payments.tenders.settlement import Share
from tests.factories import TenderTypeFactory

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def tender(tendered: int, amount: int, key: UUID | None = None) -> TenderTaken:
    return TenderTaken(
        id=key or new_id(),
        terms=tender_terms(codes=["cash"])["cash"],
        share=Share(tendered_minor=tendered, amount_minor=amount),
    )


def take(order_id: UUID, *tenders: TenderTaken) -> list[PaymentTaken]:
    return take_payments(
        order_id=order_id,
        tenders=tenders,
        currency="EUR",
        register_id=new_id(),
        employee_id=None,
        at=AT,
        business_date=dt.date(2026, 3, 1),
    )


def test_what_was_taken_is_what_is_read(cafe: Any, grocer: Any) -> None:
    order, other = new_id(), new_id()
    with tenant_context(cafe):
        TenderTypeFactory.create(name="Bar")
        taken = take(order, tender(1000, 940), tender(200, 0))
        take(other, tender(5, 5))
        assert payments_of(order_ids=[order]) == {order: taken}
        assert [(p.tender_name, p.tendered_minor, p.amount_minor, p.change_minor) for p in taken] == [
            ("Bar", 1000, 940, 60),
            ("Bar", 200, 0, 200),
        ]
    with tenant_context(grocer):
        assert payments_of(order_ids=[order, other]) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_orders_payments_are_read_in_one_statement(
    in_cafe: Any, count: int, django_assert_num_queries: Any
) -> None:
    TenderTypeFactory.create()
    orders = [new_id() for _ in range(count)]
    for order in orders:
        take(order, tender(100, 100))
    with django_assert_num_queries(1):
        assert len(payments_of(order_ids=orders)) == count


def test_a_payment_is_taken_once(in_cafe: Any) -> None:
    TenderTypeFactory.create()
    key = new_id()
    take(new_id(), tender(100, 100, key))
    with pytest.raises(IntegrityError) as caught:
        take(new_id(), tender(100, 100, key))
    assert constraint(caught.value) == "payments_payment_pkey"


def test_payments_are_never_changed(in_cafe: Any) -> None:
    TenderTypeFactory.create()
    take(new_id(), tender(100, 100))
    with pytest.raises(HistoryIsAppendOnly):
        Payment.objects.get().save()


def test_ways_to_pay_are_found_by_code_active_or_not(in_cafe: Any) -> None:
    TenderTypeFactory.create()
    TenderTypeFactory.create(code="petty", name="Petty cash", is_active=False)
    found = tender_terms(codes=["cash", "petty", "bitcoin"])
    assert {code: (terms.name, terms.is_active, terms.gives_change) for code, terms in found.items()} == {
        "cash": ("Cash", True, True),
        "petty": ("Petty cash", False, True),
    }
