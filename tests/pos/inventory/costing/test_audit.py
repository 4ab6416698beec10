"""The audit of stock: it says what differs, loudly, and changes nothing unless it is told to."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from structlog.testing import capture_logs

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.tasks import audit_stock, settle_stock
from tests.factories import Shop
from tests.pos.inventory.costing.stock import adds_up, move, settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(here: Shop) -> Shop:
    """A shop whose stock has a history."""
    with tenant_context(here.tenant):
        move(here, "purchase", "10", value="1000", at=1)
        move(here, "sale", "-3.5", at=2)
        settled(here)
    return here


def command(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("audit_stock", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def spoil(shop: Shop, **figures: Any) -> StockLevel:
    with tenant_context(shop.tenant):
        StockLevel.objects.update(**figures)
        return StockLevel.objects.get()


def test_levels_that_are_their_sums_are_passed(moved: Shop) -> None:
    assert command("cafe") == (0, "t_cafe: 0 differences\n")
    with tenant_context(moved.tenant):
        before = head()
        assert audit_stock.run() == 0
        assert head() == before


def test_a_level_that_is_not_its_sum_is_told_everywhere(moved: Shop) -> None:
    level = spoil(moved, on_hand="6", value_minor="650.5")
    place = f"variant {level.variant_id} at location {level.location_id}"
    code, printed = command("cafe")
    assert (code, printed.splitlines()) == (
        3,
        [
            "t_cafe: 2 differences",
            f"  {place}: on_hand is 6, its rows add up to 6.5",
            f"  {place}: value_minor is 650.5, its rows add up to 650",
        ],
    )
    with tenant_context(moved.tenant), capture_logs() as logs:
        before = head()
        assert audit_stock.run() == 2
        (told,) = read_after(before)
        assert (told.t, told.data["difference_count"]) == ("stock.levels_differed", 2)
        assert told.data["differences"][0] == {
            "location_id": str(level.location_id),
            "variant_id": str(level.variant_id),
            "figure": "on_hand",
            "level": "6",
            "total": "6.5",
        }
        assert [(each["event"], each["log_level"], each["count"]) for each in logs] == [
            ("stock_levels_differ", "error", 2)
        ]
        assert logs[0]["items"][0] == f"{level.location_id} {level.variant_id} on_hand 6 6.5"
        assert not adds_up()


def test_a_person_may_have_levels_made_anew_from_their_movements(moved: Shop) -> None:
    spoil(moved, on_hand="6", value_minor="650.5")
    with tenant_context(moved.tenant):
        before = StockMovement.objects.count()
    code, printed = command("cafe", "--repair")
    assert (code, printed.splitlines()[-1]) == (3, "  1 levels made anew from their movements")
    assert command("cafe") == (0, "t_cafe: 0 differences\n")
    with tenant_context(moved.tenant):
        assert adds_up()
        assert StockMovement.objects.count() == before


def test_movements_without_a_level_are_found(moved: Shop) -> None:
    with tenant_context(moved.tenant):
        StockLevel.objects.all().delete()
    code, printed = command("cafe", "--repair")
    assert code == 3
    assert "on_hand is no level, its rows add up to 6.5" in printed
    with tenant_context(moved.tenant):
        assert adds_up(StockLevel.objects.all())
        assert StockLevel.objects.count() == 1


def test_promises_and_goods_on_their_way_are_sums_as_well(moved: Shop) -> None:
    level = spoil(moved, reserved="1.5", in_transit="2")
    place = f"  variant {level.variant_id} at location {level.location_id}"
    code, printed = command("cafe", "--repair")
    assert (code, printed.splitlines()[1:3]) == (
        3,
        [
            f"{place}: reserved is 1.5, its rows add up to 0",
            f"{place}: in_transit is 2, its rows add up to 0",
        ],
    )
    assert command("cafe")[0] == 0


def test_every_live_merchant_without_a_name(moved: Shop, there: Shop) -> None:
    spoil(moved, on_hand="6")
    code, printed = command()
    assert (code, [line for line in printed.splitlines() if not line.startswith("  ")]) == (
        3,
        ["t_cafe: 1 differences", "t_grocer: 0 differences"],
    )
    assert command("nobody")[0] == 1


def test_the_task_settles_what_is_due(moved: Shop) -> None:
    with tenant_context(moved.tenant):
        move(moved, "sale", "-1", at=3)
        assert settle_stock.run() == 1
        assert settle_stock.run() == 0
