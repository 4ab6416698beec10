"""Rows of several tables in one statement: all of them or none, in the merchant's own schema."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from fynlo.core.database import constraint
from fynlo.core.ids import new_id
from fynlo.core.inserts import insert_rows
from fynlo.core.tenancy import WrongTenant, tenant_context
from pos.catalog.models import Category
from pos.registers.models import Location, Register
from staff.employees.models import Role

pytestmark = pytest.mark.django_db


def inserts(captured: CaptureQueriesContext) -> int:
    return sum("INSERT INTO" in query["sql"] for query in captured)


def location(code: str) -> Location:
    return Location(code=code, name="Main", address=["Torstraße 1", "10%"], time_zone="Europe/Berlin")


def register(place: Location, code: str) -> Register:
    return Register(location_id=place.id, code=code, name="Till")


def test_parents_and_children_travel_together(in_cafe: Any) -> None:
    place = location("main")
    tills = [register(place, code) for code in ("K1", "K2", "K3")]
    with CaptureQueriesContext(connection) as captured:
        insert_rows([place], tills)
    assert inserts(captured) == 1
    assert list(Register.objects.values_list("code", "location__address", "last_order_number")) == [
        (code, ["Torstraße 1", "10%"], 0) for code in ("K1", "K2", "K3")
    ]


@pytest.mark.parametrize("count", [1, 4])
def test_the_order_of_the_tables_does_not_matter_to_the_database(in_cafe: Any, count: int) -> None:
    place = location("main")
    insert_rows([register(place, str(number)) for number in range(count)], [place])
    assert Register.objects.count() == count


def test_nothing_to_insert_asks_nothing(in_cafe: Any) -> None:
    with CaptureQueriesContext(connection) as captured:
        insert_rows()
        insert_rows([], [])
        insert_rows([], [location("main")], [])
    assert inserts(captured) == 1


def test_one_bad_row_refuses_them_all(in_cafe: Any) -> None:
    place = location("main")
    with pytest.raises(IntegrityError) as caught:
        insert_rows([place], [register(place, "K1"), register(location("other"), "K2")])
    assert constraint(caught.value).startswith("pos_register_location_id")


def test_nothing_is_kept_of_a_refused_statement(in_cafe: Any) -> None:
    place = location("main")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([place], [register(place, "K1"), register(place, "K1")])
    assert not Location.objects.exists()


def test_rows_know_that_they_are_stored(in_cafe: Any) -> None:
    category = Category(name="Drinks")
    insert_rows([category])
    category.name = "Hot drinks"
    category.save()
    assert Category.objects.get().name == "Hot drinks"


def test_fields_that_need_it_are_prepared(in_cafe: Any) -> None:
    insert_rows([Role(id=new_id(), code="cook", name="Cook", permissions=["orders.read", "catalog.read"])])
    assert Role.objects.get().permissions == ["orders.read", "catalog.read"]


def test_rows_of_another_merchant_are_refused(cafe: Any, grocer: Any) -> None:
    with tenant_context(cafe):
        place = location("main")
    with tenant_context(grocer), pytest.raises(WrongTenant):
        insert_rows([place])
    with tenant_context(cafe):
        insert_rows([place])
    with tenant_context(grocer):
        assert not Location.objects.exists()
