"""What the shop offers to whoever reconciles: papers of a sale, names of registers, counted drawers."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.gateways.base import Evidence
from payments.reconciliation.ports import business_day, drawer_counts, evidence_of, register_names
from pos.registers.models import CashSession, Location
from tests.factories import TillClient, order_body, paired_till, shop

pytestmark = pytest.mark.django_db


def test_the_papers_of_a_sale_speak_for_it(cafe: Any) -> None:
    here = shop(cafe)
    till = TillClient(cafe, paired_till(cafe))
    order = till.post("/orders", order_body((here.variants["roll"], "2"), cash=(100, "EUR"))).json()
    with tenant_context(cafe):
        evidence = evidence_of(order_id=order["id"])
    name, media_type, content = evidence.papers["receipt"]
    assert evidence.texts["order"].startswith("2 ")
    assert evidence.texts["order"].split(" ", 1)[1] in evidence.texts["receipt"]
    assert (name.endswith(".pdf"), media_type, content[:5]) == (True, "application/pdf", b"%PDF-")


def test_nobody_speaks_for_a_sale_that_is_not_there(in_cafe: Any) -> None:
    assert evidence_of(order_id=new_id()) == Evidence()


def test_registers_and_counted_drawers_are_told(cafe: Any) -> None:
    here = shop(cafe)
    at = dt.datetime(2026, 3, 2, 18, tzinfo=dt.UTC)
    with tenant_context(cafe):
        assert register_names()[here.register.pk] == here.register.name
        row = CashSession.objects.create(
            register=here.register,
            number=1,
            state="closed",
            opened_at=at,
            closed_at=at,
            counted_minor=10_950,
            expected_minor=11_000,
            variance_minor=-50,
            business_date=at.date(),
        )
        (count,) = drawer_counts(since=at.date(), until=at.date())
        assert drawer_counts(since=clock.now().date(), until=clock.now().date()) == []
    assert (count.expected_minor, count.counted_minor, count.variance_minor) == (11_000, 10_950, -50)
    assert (count.register_id, count.closed_at) == (row.register_id, at)


def test_the_day_of_the_shop_is_that_of_the_place_that_is_open_longest(cafe: Any) -> None:
    night = dt.datetime(2026, 3, 21, 1, 30, tzinfo=dt.UTC)
    with tenant_context(cafe):
        assert not Location.objects.exists()
        assert business_day(at=night) == dt.date(2026, 3, 21)
        Location.objects.create(code="CAFE", name="Café", time_zone="Europe/Berlin")
        assert business_day(at=night) == dt.date(2026, 3, 21)
        bar = Location.objects.create(
            code="BAR", name="Bar", time_zone="Europe/Berlin", cut_off=dt.time(4, 0)
        )
        assert business_day(at=night) == dt.date(2026, 3, 20)
        assert business_day(at=night + dt.timedelta(hours=2)) == dt.date(2026, 3, 21)
        Location.objects.filter(pk=bar.pk).update(is_active=False)
        assert business_day(at=night) == dt.date(2026, 3, 21)
