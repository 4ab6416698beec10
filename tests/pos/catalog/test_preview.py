"""What would this cost next Friday at 18:05 for a member? The engine answers, without selling anything."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.ids import new_id
from pos.catalog.models import PriceList, PriceListEntry, Promotion
from pos.catalog.queries.preview import Occasion, preview_prices
from pos.catalog.services.publishing import ensure_book
from tests.pos.catalog.test_search import sold

pytestmark = pytest.mark.django_db

FRIDAY = dt.datetime(2026, 11, 27, 18, 5)  # noqa: DTZ001 - the wall clock of the shop, which has no zone here


@pytest.fixture
def prices(in_cafe: Any) -> Any:
    """A beer with a planned price, a members' price list on Friday evenings, and a happy hour."""
    beer = sold("Beer", "BEER", price=400)
    beer.scheduled_prices = [{"starts_at": "2026-11-25T00:00", "price_minor": 420}]
    beer.save()
    members = PriceList.objects.create(
        name="Members", when={"customer_groups": ["member"], "weekdays": [5], "times": [["17:00", "20:00"]]}
    )
    PriceListEntry.objects.create(price_list=members, variant=beer, price_minor=350)
    Promotion.objects.create(
        name="Happy hour",
        when={"times": [["18:00", "19:00"]]},
        rule={"kind": "percent_off", "select": {"all": True}, "percent": "0.1"},
    )
    ensure_book()
    return beer


@pytest.mark.parametrize(
    ("at", "group", "expected"),
    [
        (FRIDAY, "member", (420, 350, "Members", ("Happy hour",), 35, 315)),
        (FRIDAY, None, (420, 420, "", ("Happy hour",), 42, 378)),
        (FRIDAY.replace(hour=19), "member", (420, 350, "Members", (), 0, 350)),
        (FRIDAY.replace(hour=20), "member", (420, 420, "", (), 0, 420)),
        (FRIDAY.replace(day=24), "member", (400, 400, "", ("Happy hour",), 40, 360)),
    ],
    ids=[
        "member-at-happy-hour",
        "guest-at-happy-hour",
        "member-later",
        "after-the-list",
        "before-the-planned-price",
    ],
)
def test_a_price_depends_on_who_and_when(
    prices: Any, at: dt.datetime, group: str | None, expected: Any
) -> None:
    occasion = Occasion(at=at, customer_group=group)
    (found,) = preview_prices(
        variant_ids={prices.id, new_id()}, occasion=occasion, currency="EUR", at=clock.now()
    )
    assert (
        found.list_minor,
        found.unit_minor,
        found.price_list,
        found.promotions,
        found.discount_minor,
        found.total_minor,
    ) == expected
