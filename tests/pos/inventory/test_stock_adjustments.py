"""Adjusting stock by hand: in any unit, set to a figure, at a cost, taken back once."""

from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from pos.catalog.models import Item
from pos.inventory.models import StockLevel, StockLot, StockMovement
from tests.factories import Shop, TillClient, paired_till, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here: Shop) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="manager"))


def line(shop: Shop, name: str, **said: Any) -> dict[str, Any]:
    return {"variant_id": str(shop.variants[name].id), **said}


def body(shop: Shop, *lines: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "location_id": str(shop.location.id),
        "reason_code": "found",
        "lines": list(lines),
        **said,
    }


def adjust(shop: Shop, client: TillClient, *lines: dict[str, Any], **said: Any) -> Any:
    return client.post("/stock-adjustments", body(shop, *lines, **said))


def level(shop: Shop, name: str) -> tuple[Decimal, Decimal]:
    with tenant_context(shop.tenant):
        found = StockLevel.objects.get(variant_id=shop.variants[name].id)
        return found.on_hand, found.value_minor


def nothing_moved(shop: Shop) -> bool:
    with tenant_context(shop.tenant):
        return not StockMovement.objects.exists()


def test_stock_is_adjusted_by_lines_and_told(here: Shop, manager: TillClient) -> None:
    roll = line(here, "roll", quantity="12", unit_cost_minor="21.5")
    answer = adjust(here, manager, roll, line(here, "cheese", quantity="-0.25"), reason="behind the shelf")
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert (told["source"], told["reason"], told["is_reverted"]) == ("shop", "found: behind the shelf", False)
    assert [(each["sku"], each["quantity"], each["value_minor"]) for each in told["lines"]] == [
        ("ROLL", "12", "258"),
        ("CHEESE", "-0.25", "0"),
    ]
    assert (level(here, "roll"), level(here, "cheese")) == (
        (Decimal(12), Decimal(258)),
        (Decimal("-0.25"), Decimal(0)),
    )
    with tenant_context(here.tenant):
        assert set(StockMovement.objects.values_list("kind", flat=True)) == {"adjustment"}
        facts = [item.t for item in log.read_after(0) if item.t in ("stock.levels_changed", "stock.moved")]
    assert facts == ["stock.levels_changed", "stock.moved"]
    assert manager.get(f"/stock-adjustments/{told['id']}").json() == told


def test_units_are_converted_exactly(here: Shop, manager: TillClient) -> None:
    with tenant_context(here.tenant):
        wheel = {"code": "wheel", "name": "Wheel", "numerator": 10, "denominator": 3}
        Item.objects.filter(variants=here.variants["cheese"].id).update(units=[wheel])
    grams = line(here, "cheese", quantity="125.5", unit="g", unit_cost_minor="0.21")
    thirds = line(here, "cheese", quantity="0.5", unit="wheel", unit_cost_minor="900")
    told = adjust(here, manager, grams, thirds).json()
    assert [(each["quantity"], each["value_minor"]) for each in told["lines"]] == [
        ("0.1255", "26.355"),
        ("1.666667", "450.00009"),
    ]


def test_a_line_sets_what_is_there(here: Shop, manager: TillClient) -> None:
    adjust(here, manager, line(here, "roll", quantity="7"))
    told = adjust(here, manager, line(here, "roll", set_to="5"), line(here, "book", set_to="3")).json()
    assert [(each["sku"], each["quantity"]) for each in told["lines"]] == [("ROLL", "-2"), ("BOOK", "3")]
    again = adjust(here, manager, line(here, "roll", set_to="5"))
    assert (again.status_code, again.json()["lines"]) == (201, [])
    twice = adjust(here, manager, line(here, "roll", quantity="1"), line(here, "roll", set_to="9")).json()
    assert [each["quantity"] for each in twice["lines"]] == ["1", "3"]
    assert level(here, "roll")[0] == Decimal(9)


def test_an_online_channel_says_so(here: Shop, manager: TillClient) -> None:
    told = adjust(
        here, manager, line(here, "roll", quantity="-1"), source="channel", reason_code="channel"
    ).json()
    assert told["source"] == "channel"
    with tenant_context(here.tenant):
        assert StockMovement.objects.get().kind == "channel"


def test_a_lot_of_the_item_is_set(here: Shop, manager: TillClient) -> None:
    with tenant_context(here.tenant):
        lot = StockLot.objects.create(variant_id=here.variants["roll"].id, code="L1", kind="lot")
    adjust(
        here, manager, line(here, "roll", quantity="4", lot_id=str(lot.id)), line(here, "roll", quantity="6")
    )
    told = adjust(here, manager, line(here, "roll", set_to="1", lot_id=str(lot.id))).json()
    assert [(each["quantity"], each["lot_id"]) for each in told["lines"]] == [("-3", str(lot.id))]
    assert level(here, "roll")[0] == Decimal(7)


def test_it_is_taken_back_once_by_movements_that_name_its_own(here: Shop, manager: TillClient) -> None:
    adjust(here, manager, line(here, "roll", quantity="10", unit_cost_minor="20"))
    told = adjust(here, manager, line(here, "roll", quantity="-4")).json()
    assert level(here, "roll") == (Decimal(6), Decimal(120))
    back = manager.post(f"/stock-adjustments/{told['id']}/revert", {})
    assert (back.status_code, back.json()["is_reverted"], back.json()["lines"]) == (200, True, told["lines"])
    assert level(here, "roll") == (Decimal(10), Decimal(200))
    with tenant_context(here.tenant):
        reversal = StockMovement.objects.get(reversed_before__isnull=False)
        assert (str(reversal.original_id), reversal.quantity) == (told["lines"][0]["movement_id"], Decimal(4))
    again = manager.post(f"/stock-adjustments/{told['id']}/revert", {})
    assert (again.status_code, again.json()["code"], again.json()["state"]) == (
        409,
        "already_done",
        "reverted",
    )
    assert again.json()["by"] == back.json()["reverted_by"] != ""


def test_an_id_is_used_once(here: Shop, manager: TillClient) -> None:
    said = body(here, line(here, "roll", quantity="1"))
    assert manager.post("/stock-adjustments", said).status_code == 201
    again = manager.post("/stock-adjustments", said)
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    assert level(here, "roll")[0] == Decimal(1)


@pytest.mark.parametrize(
    ("said", "member", "code"),
    [
        ({"quantity": "NaN"}, "/quantity", "invalid"),
        ({"quantity": "1e3"}, "/quantity", "invalid"),
        ({"quantity": 1}, "/quantity", "invalid"),
        ({"quantity": "0"}, "/quantity", "quantity_out_of_range"),
        ({"quantity": "0.0001", "unit": "g"}, "/quantity", "quantity_out_of_range"),
        ({"quantity": "1", "unit": "furlong"}, "/unit", "unknown_unit"),
        ({"quantity": "1", "unit": "ml"}, "/unit", "unknown_unit"),
        ({"quantity": "1", "unit_cost_minor": "NaN"}, "/unit_cost_minor", "invalid"),
        ({"quantity": "1", "unit_cost_minor": "-1"}, "/unit_cost_minor", "invalid"),
        ({"quantity": "-1", "unit_cost_minor": "1"}, "/unit_cost_minor", "cost_of_outgoing"),
        ({"set_to": "-1"}, "/set_to", "quantity_out_of_range"),
        ({"quantity": "1", "set_to": "1"}, "", "one_of"),
        ({}, "", "one_of"),
        ({"quantity": "1", "lot_id": "01900000-0000-7000-8000-000000000000"}, "/lot_id", "foreign_lot"),
    ],
)
def test_lines_that_cannot_be(
    here: Shop, manager: TillClient, said: dict[str, Any], member: str, code: str
) -> None:
    answer = adjust(here, manager, line(here, "roll", quantity="1"), line(here, "cheese", **said))
    assert answer.status_code == 422
    found = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert found == [(f"/lines/1{member}", code)]
    assert nothing_moved(here)


def test_a_lot_of_another_item_is_refused(here: Shop, manager: TillClient) -> None:
    with tenant_context(here.tenant):
        lot = StockLot.objects.create(variant_id=here.variants["roll"].id, code="L1", kind="lot")
    answer = adjust(here, manager, line(here, "cheese", quantity="1", lot_id=str(lot.id)))
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/lines/0/lot_id", "foreign_lot")
    ]
    assert nothing_moved(here)


def test_what_is_not_there_and_who_may_not(
    here: Shop, there: Shop, manager: TillClient, till: TillClient
) -> None:
    assert adjust(here, till, line(here, "roll", quantity="1")).status_code == 403
    assert adjust(there, manager, line(here, "roll", quantity="1")).status_code == 404
    foreign = adjust(here, manager, line(there, "roll", quantity="1"))
    assert [(each["pointer"], each["code"]) for each in foreign.json()["errors"]] == [
        ("/lines/0/variant_id", "not_found")
    ]
    unreal = adjust(here, manager, line(here, "roll", quantity="1"), reason_code="bored")
    assert [(each["pointer"], each["code"]) for each in unreal.json()["errors"]] == [
        ("/reason_code", "invalid_choice")
    ]
    assert manager.get(f"/stock-adjustments/{new_id()}").status_code == 404
    assert manager.post(f"/stock-adjustments/{new_id()}/revert", {}).status_code == 404
    assert nothing_moved(here)
