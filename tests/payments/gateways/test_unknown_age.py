"""How long nobody knows what became of a payment: over all merchants, on the page for Prometheus."""

from copy import copy
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import platform_context, tenant_context
from payments.gateways.models import Attempt
from payments.gateways.services import drive_attempt, override_attempt
from payments.gateways.services.measuring import figures, measure_unknown
from payments.gateways.tasks import measure_unknown_everywhere
from tests.payments.gateways.asking import AT, Desk, desk_of, later
from tests.payments.gateways.vendor import LOST, vendor_present

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> Any:
    """A cache that no other run of the tests writes to."""
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {**settings.CACHES["default"], "BACKEND": memory, "LOCATION": "unknown"}}
    with platform_context():
        cache.clear()


def measured(**units: float) -> list[float]:
    """How many there are and how old the oldest is, so long after `AT`."""
    with platform_context():
        measure_unknown_everywhere.apply(headers={"tenant_schema": "public"}).get()
        return [sample.value for family in figures(at=later(**units)) for sample in family.samples]


def lose(desk: Desk, minor: int, **units: float) -> Attempt:
    """A payment of which nobody knows."""
    row = desk.start(minor)
    Attempt.objects.filter(pk=row.pk).update(at=later(**units))
    desk.vendor.then("begin", LOST)
    lost = drive_attempt(attempt_id=row.pk, at=later(**units))
    assert lost.state == "unknown"
    return lost


def test_the_oldest_of_all_merchants_counts_until_it_is_known_or_decided(cafe: Any, grocer: Any) -> None:
    with vendor_present() as vendor:
        assert measured() == [0, 0]
        with tenant_context(cafe):
            desk = desk_of(vendor, [])
            young = lose(desk, 900, minutes=50)
            assert desk.presented(1200).state == "presented"
        with tenant_context(grocer):
            old = lose(desk_of(vendor, []), 700, minutes=20)
        assert measured(hours=1) == [2, 2400]
        with tenant_context(grocer):
            override_attempt(attempt_id=old.pk, reason="in a hurry", actor=SYSTEM, at=AT)
        assert measured(hours=1) == [1, 600]
        with tenant_context(cafe):
            Attempt.objects.filter(pk=young.pk).update(state="cancelled")
        assert measured(hours=1) == [0, 0]


def test_a_merchant_whose_tables_cannot_be_read_holds_up_nobody(cafe: Any, grocer: Any) -> None:
    with vendor_present() as vendor, tenant_context(grocer):
        lose(desk_of(vendor, []), 700)
    gone = copy(cafe)
    gone.schema_name = "t_gone"
    with platform_context():
        assert measure_unknown(tenants=[gone, grocer]) == 1


def test_the_page_shows_it_and_nothing_where_nobody_measured(cafe: Any, settings: Any) -> None:
    with override_settings(PLATFORM_URLCONF="tests.observability.urls"):
        page = Client(HTTP_HOST="localhost")
        assert "fynlo_payment_unknown" not in page.get("/metrics").content.decode()
        measured()
        told = page.get("/metrics").content.decode()
        assert "fynlo_payment_unknown_oldest_seconds 0.0" in told.splitlines()
        assert "# TYPE fynlo_payment_unknown gauge" in told.splitlines()
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": "redis://127.0.0.1:1/0",
                "KEY_FUNCTION": "fynlo.core.tenancy.cache_key",
            }
        }
        told = page.get("/metrics")
        assert (told.status_code, "fynlo_payment_unknown" in told.content.decode()) == (200, False)
