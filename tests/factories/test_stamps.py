"""Stamps write what was made the first time, word for word, and only where it would be made the same way."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection, transaction

from fynlo.core import clock
from fynlo.core.tenancy import platform_context, tenant_context
from pos.catalog.models import Variant
from pos.catalog.queries.book import book_for_sale
from pos.registers.models import Location
from staff.employees.models import Role
from tenants.models import Tenant
from tests.factories import LocationFactory, shop, stamps
from tests.factories.staff import RoleFactory


@pytest.fixture(autouse=True)
def no_stamps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test cuts its own."""
    monkeypatch.setattr(stamps, "_stamps", {})
    monkeypatch.setattr(stamps, "_proven", set())


def rows_of(tenant: Any) -> dict[str, str]:
    """A digest of every table of a merchant."""
    with tenant_context(tenant):
        return stamps._contents(stamps._tables(tenant.schema_name))


def taken_back(make: Any, tenant: Any) -> tuple[Any, dict[str, str]]:
    """What `make` gives and what `tenant` has then, in a test's transaction of its own."""
    block = transaction.atomic()
    block._from_testcase = True
    with platform_context(), block:
        made, found = make(), rows_of(tenant)
        transaction.set_rollback(True)
    return made, found


@pytest.mark.django_db
@pytest.mark.parametrize("has_book", [True, False])
def test_a_stamped_shop_is_row_for_row_the_one_that_was_made(cafe: Any, grocer: Any, has_book: bool) -> None:
    for tenant in (cafe, grocer):
        first, rows = taken_back(lambda: shop(tenant, has_book=has_book), tenant)  # noqa: B023  called at once
        second, same = taken_back(lambda: shop(tenant, has_book=has_book), tenant)  # noqa: B023
        assert rows == same
        assert (first.location, first.variants, first.cash) == (second.location, second.variants, second.cash)
        assert first.variants["roll"] is not second.variants["roll"]
        assert first.device_id != second.device_id
        assert second.tenant is tenant


@pytest.mark.django_db
def test_a_stamp_costs_three_statements(cafe: Any, django_assert_num_queries: Any) -> None:
    taken_back(lambda: shop(cafe), cafe)
    taken_back(lambda: shop(cafe), cafe)
    with django_assert_num_queries(3):  # where, what is there, the stamp
        shop(cafe)


@pytest.mark.django_db
def test_what_is_there_already_is_seen(cafe: Any) -> None:
    taken_back(lambda: shop(cafe), cafe)
    with tenant_context(cafe):
        own = RoleFactory.create(code="cashier", name="At the till")
        LocationFactory.create(code="other")
    made = shop(cafe)
    with tenant_context(cafe):
        assert Role.objects.get(code="cashier") == own
        assert {place.code for place in Location.objects.all()} == {"main", "other"}
        book = book_for_sale(variant_ids=[made.variants["roll"].id], at=clock.now())
    assert book is not None


@pytest.mark.django_db
def test_another_time_zone_or_a_clock_that_went_on_make_another_shop(
    cafe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = taken_back(lambda: shop(cafe), cafe)
    cafe.time_zone = "Asia/Tokyo"
    second, _ = taken_back(lambda: shop(cafe), cafe)
    assert (first.location.time_zone, second.location.time_zone) == ("Europe/Berlin", "Asia/Tokyo")
    later = clock.now() + dt.timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    third, _ = taken_back(lambda: shop(cafe), cafe)
    assert len({first.location.pk, second.location.pk, third.location.pk}) == 3


@pytest.mark.django_db
def test_what_writes_to_another_schema_is_no_stamp(cafe: Any, grocer: Any) -> None:
    def astray() -> None:
        with tenant_context(grocer):
            LocationFactory.create()

    with pytest.raises(stamps.Unstampable, match="in t_grocer"):
        stamps.stamped(cafe, "astray", astray)


@pytest.mark.django_db
def test_a_stamp_that_leaves_other_rows_is_found_out(cafe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: recording that misses what is sent behind a SELECT."""
    monkeypatch.setattr(stamps, "_WRITES", re.compile("no statement is like this"))
    monkeypatch.setattr(stamps, "_KEEPS_NOTHING", ("SELECT", "SAVEPOINT", "RELEASE", "SET "))

    def hidden() -> None:
        LocationFactory.create(code="seen")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1; UPDATE events_feedhead SET position = 7")

    taken_back(lambda: stamps.stamped(cafe, "hidden", hidden), cafe)
    with pytest.raises(stamps.Unstampable, match=r"other rows in \['events_feedhead'\]"):
        stamps.stamped(cafe, "hidden", hidden)


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_made_anew(cafe: Any) -> None:
    assert shop(cafe).location.code == "main"
    assert stamps._stamps == {}
    with tenant_context(cafe):
        assert Variant.objects.count() == 4
    with platform_context():
        assert Tenant.objects.count() == 2
