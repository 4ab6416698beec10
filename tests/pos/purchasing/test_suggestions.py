"""Reorder suggestions on real movements, levels, targets, suppliers and orders."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.tenancy import tenant_context
from pos.catalog.models import Variant
from pos.inventory.models import StockHead, StockItem, StockLevel, StockTarget
from pos.purchasing.errors import UnknownGoods
from pos.purchasing.models import Supplier, SupplierItem
from pos.purchasing.queries.suggestions import location_of, stocked_variants, suggestions
from pos.purchasing.reorder_values import Policy
from tests.factories import Shop
from tests.pos.purchasing.buying import Buyer
from tests.pos.purchasing.shelves import AT, moved, suggested, traded

pytestmark = pytest.mark.django_db


def test_two_a_day_three_days_until_a_delivery_trays_of_twelve(here: Shop, buyer: Buyer) -> None:
    buyer.supplier()
    traded(here, "roll", left=6)
    each = suggested(here, "roll")
    made = each.suggestion
    assert (made.velocity, made.lead_demand, made.cover_demand) == (2, 6, 20)
    assert (made.position, made.reorder_point, made.order_up_to) == (6, 6, 20)
    assert (made.is_due, made.needed, made.packs, made.quantity) == (True, 14, 2, 24)
    assert each.pack_price_minor == 300


def test_above_the_reorder_point_nothing_is_suggested(here: Shop, buyer: Buyer) -> None:
    buyer.supplier()
    traded(here, "roll", left=7)
    assert (suggested(here, "roll").suggestion.packs, suggested(here, "roll").suggestion.is_due) == (0, False)


def test_days_on_which_the_shelf_was_empty_are_left_out(here: Shop) -> None:
    """Twenty sold in ten days, ten days without any, a delivery, twenty sold in ten days again."""
    moved(here, "roll", "opening", "20", days_ago=30)
    for day in range(30, 20, -1):
        moved(here, "roll", "sale", "-2", days_ago=day)
    moved(here, "roll", "purchase", "22", days_ago=10)
    for day in range(10, 0, -1):
        moved(here, "roll", "sale", "-2", days_ago=day)
    figure = suggested(here, "roll").suggestion.explanation[0]
    assert figure.text == "40 sold on 20 days with stock: 2 a day; 10 without stock left out."


def test_what_came_back_was_not_sold_and_other_movements_are_no_demand(here: Shop) -> None:
    traded(here, "roll", left=40, days=10)
    moved(here, "roll", "return", "10", days_ago=5)
    moved(here, "roll", "waste", "-9", days_ago=4)
    moved(here, "roll", "adjustment", "-1", days_ago=3)
    moved(here, "roll", "sale", "-7", days_ago=0)
    made = suggested(here, "roll").suggestion
    assert (made.velocity, made.position) == (1, 33)


def test_last_years_season_is_read_from_the_ledger(here: Shop) -> None:
    """Fourteen a week all year, twice as many in the four weeks that a year ago followed this Monday."""
    moved(here, "roll", "opening", "2000", days_ago=420)
    for day in range(420, 0, -1):
        is_coming = 364 >= day > 364 - 28
        moved(here, "roll", "sale", "-4" if is_coming else "-2", days_ago=day)
    made = suggested(here, "roll").suggestion
    season = next(figure for figure in made.explanation if figure.code == "season")
    assert made.velocity == 2
    assert Decimal(season.value) > Decimal("1.4")


def test_what_is_reserved_under_way_and_ordered_counts_and_drafts_do_not(here: Shop, buyer: Buyer) -> None:
    buyer.supplier()
    traded(here, "roll", left=6)
    with tenant_context(here.tenant):
        StockLevel.objects.filter(variant=here.variants["roll"]).update(reserved=3, in_transit=1)
    order = buyer.ordered(("roll", "2"))
    buyer.receive(order, "1")
    buyer.draft(("roll", "4"))
    each = suggested(here, "roll")
    assert (each.position.on_hand, each.position.on_order, each.in_drafts) == (18, 12, 48)
    assert each.suggestion.position == 18 - 3 + 1 + 12


def test_targets_of_the_location_take_the_place_of_figures(here: Shop, buyer: Buyer) -> None:
    buyer.supplier()
    with tenant_context(here.tenant):
        StockTarget.objects.create(
            variant=here.variants["roll"],
            location=here.location,
            reorder_point=5,
            par_level=30,
            maximum=40,
            lead_time_days=9,
        )
    each = suggested(here, "roll")
    assert each.terms.lead_time_days == 9
    assert (each.suggestion.reorder_point, each.suggestion.order_up_to) == (5, 30)
    assert (each.suggestion.needed, each.suggestion.packs, each.suggestion.quantity) == (30, 3, 36)


def test_packs_in_another_unit_are_counted_in_the_items_own(here: Shop, buyer: Buyer) -> None:
    """Wheels of 5000 g of a cheese that is kept in kilograms."""
    buyer.supplier()
    moved(here, "cheese", "opening", "1", days_ago=10)
    each = suggested(here, "cheese")
    assert (each.terms.pack_size, each.terms.minimum) == (5, 5)


def test_lead_times_come_from_the_supplier_and_else_from_the_house(here: Shop, buyer: Buyer) -> None:
    moved(here, "roll", "opening", "1", days_ago=1)
    with tenant_context(here.tenant):
        StockHead.objects.update(default_lead_time_days=11)
        expected = StockHead.objects.values_list("default_lead_time_days", flat=True).first() or 7
    assert suggested(here, "roll").terms.lead_time_days == expected
    buyer.supplier()
    assert suggested(here, "roll").terms.lead_time_days == 3


def test_the_preferred_supplier_is_asked_unless_another_is_named(here: Shop, buyer: Buyer) -> None:
    buyer.supplier()
    moved(here, "roll", "opening", "1", days_ago=1)
    with tenant_context(here.tenant):
        other = Supplier.objects.create(code="bakery", name="Bakery", currency="EUR")
        SupplierItem.objects.create(
            supplier=other, variant=here.variants["roll"], pack_size=50, pack_unit="each"
        )
    assert str(suggested(here, "roll").sold.supplier_id) == buyer.supplier_id
    assert suggested(here, "roll", supplier_id=other.pk).terms.pack_size == 50


def test_what_is_not_counted_or_not_sold_is_not_suggested(here: Shop) -> None:
    for name in ("roll", "cheese", "book"):
        moved(here, name, "opening", "5", days_ago=1)
    with tenant_context(here.tenant):
        StockItem.objects.update_or_create(
            item_id=here.variants["roll"].item_id, defaults={"policy": "untracked"}
        )
        Variant.objects.filter(pk=here.variants["book"].pk).update(is_active=False)
        found = stocked_variants(location_id=here.location.id)
        assert [variant.pk for variant in found] == [here.variants["cheese"].pk]


def test_a_location_has_to_be_named_where_there_are_two(here: Shop) -> None:
    with tenant_context(here.tenant):
        assert location_of(location_id=None) == here.location
        type(here.location).objects.create(code="L2", name="Second", time_zone="Europe/Berlin")
        with pytest.raises(UnknownGoods, match="for which location"):
            location_of(location_id=None)


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_depend_on_how_many_variants_there_are(
    here: Shop, buyer: Buyer, count: int
) -> None:
    buyer.supplier()
    for name in ("roll", "cheese", "book"):
        moved(here, name, "opening", "5", days_ago=3)
        moved(here, name, "sale", "-1", days_ago=2)
    with tenant_context(here.tenant):
        variants = list(stocked_variants(location_id=here.location.id)[:count])
        with CaptureQueriesContext(connection) as statements:
            made = suggestions(variants=variants, location=here.location, at=AT, policy=Policy())
    assert (len(made), len(statements)) == (count, 7)
