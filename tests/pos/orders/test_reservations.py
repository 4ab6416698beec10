"""Goods kept for somebody: promised, kept longer, let go, sold to whom they were kept for, or free again."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from pos.inventory.models import RecipeNeed, Reservation, StockItem, StockLevel
from pos.inventory.services import StockChange, record_opening
from pos.inventory.services.reservation_ends import expire_reservations
from pos.inventory.tasks import release_reservations
from tests.factories import LocationFactory, Shop, TillClient, order_body, paired_till

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def shelf(here: Shop) -> None:
    """Five rolls and two kilograms of cheese, neither sold when it is not there."""
    with tenant_context(here.tenant):
        for name in ("roll", "cheese"):
            StockItem.objects.create(item_id=here.variants[name].item_id, policy="deny")
        stocked = [("roll", "5"), ("cheese", "2")]
        record_opening(
            location_id=here.location.id,
            changes=[
                StockChange(variant_id=here.variants[name].id, quantity=Decimal(quantity))
                for name, quantity in stocked
            ],
            employee_id=None,
            at=AT,
            business_date=AT.date(),
        )


def wanted(shop: Shop, *lines: tuple[str, str], **said: Any) -> dict[str, Any]:
    body = {
        "id": str(new_id()),
        "kind": "parked",
        "location_id": str(shop.location.id),
        "expires_at": (clock.now() + dt.timedelta(hours=1)).isoformat(timespec="seconds"),
        "lines": [
            {"variant_id": str(shop.variants[name].id), "quantity": quantity} for name, quantity in lines
        ],
    }
    return body | said


def keep(shop: Shop, till: TillClient, *lines: tuple[str, str], **said: Any) -> dict[str, Any]:
    answer = till.post("/stock-reservations", wanted(shop, *lines, **said))
    assert answer.status_code == 201, answer.json()
    told: dict[str, Any] = answer.json()
    return told


def sell(shop: Shop, till: TillClient, *lines: tuple[str, str], **said: Any) -> Any:
    return till.post(
        "/orders", order_body(*((shop.variants[name], quantity) for name, quantity in lines), **said)
    )


def flags(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 201, answer.json()
    return [flag for flag in answer.json()["flags"] if flag["code"] != "no_open_session"]


def level(shop: Shop, name: str) -> tuple[Decimal, Decimal]:
    """What is on hand, and what of it is promised."""
    with tenant_context(shop.tenant):
        row = StockLevel.objects.get(variant_id=shop.variants[name].id, location_id=shop.location.id)
        return row.on_hand, row.reserved


def test_what_is_kept_is_promised_and_not_sold_to_others(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        before = head()
    kept = keep(here, till, ("roll", "3"), ("cheese", "0.5"), note="Mrs Sparrow")
    assert (kept["state"], kept["note"], kept["lines"]) == (
        "active",
        "Mrs Sparrow",
        [
            {"variant_id": str(here.variants["roll"].id), "quantity": "3"},
            {"variant_id": str(here.variants["cheese"].id), "quantity": "0.5"},
        ],
    )
    assert kept["held"] == kept["lines"]
    assert level(here, "roll") == (5, 3)
    with tenant_context(here.tenant):
        said = {item.t: item.data for item in read_after(before)}
    assert said["reservation.made"] == kept
    assert {each["available"] for each in said["stock.levels_changed"]["levels"]} == {"2", "1.5"}
    refused = sell(here, till, ("roll", "3"))
    assert (refused.status_code, refused.json()["short"][0]["available"]) == (409, "2")
    assert flags(sell(here, till, ("roll", "2"))) == []
    assert level(here, "roll") == (3, 3)
    assert till.get(f"/stock-reservations/{kept['id']}").json() == kept


def test_the_sale_that_names_it_takes_what_was_kept(here: Shop, till: TillClient) -> None:
    kept = keep(here, till, ("roll", "5"), ("cheese", "1"))
    with tenant_context(here.tenant):
        before = head()
    answer = sell(here, till, ("roll", "4"), reservation_id=kept["id"])
    assert flags(answer) == []
    assert (level(here, "roll"), level(here, "cheese")) == ((1, 0), (2, 0))
    told = till.get(f"/stock-reservations/{kept['id']}").json()
    assert (told["state"], told["order_id"], told["held"]) == ("consumed", answer.json()["id"], [])
    with tenant_context(here.tenant):
        said = [item.t for item in read_after(before)]
        assert said == ["stock.levels_changed", "reservation.consumed", "order.placed"]


def test_a_sale_refused_for_something_else_leaves_it_as_it_was(here: Shop, till: TillClient) -> None:
    kept = keep(here, till, ("roll", "5"))
    assert sell(here, till, ("cheese", "3"), ("roll", "5"), reservation_id=kept["id"]).status_code == 409
    assert till.get(f"/stock-reservations/{kept['id']}").json() == kept
    assert level(here, "roll") == (5, 5)


def test_the_same_sale_again_is_the_same_sale(here: Shop, till: TillClient) -> None:
    kept = keep(here, till, ("roll", "5"))
    body = order_body((here.variants["roll"], "5"), reservation_id=kept["id"])
    first = till.post("/orders", body)
    assert (first.status_code, till.post("/orders", body).content) == (201, first.content)
    other = {name: value for name, value in body.items() if name != "reservation_id"}
    assert till.post("/orders", other).json()["code"] == "order_id_conflict"


@pytest.mark.parametrize("state", ["expired", "released", "consumed", "elsewhere", "unknown"])
def test_a_sale_whose_reservation_keeps_nothing_is_flagged(here: Shop, till: TillClient, state: str) -> None:
    key = str(new_id())
    if state != "unknown":
        with tenant_context(here.tenant):
            place = LocationFactory.create() if state == "elsewhere" else here.location
        lines = [("book", "1")]
        key = keep(here, till, *lines, location_id=str(place.id))["id"]
    if state == "released":
        assert till.post(f"/stock-reservations/{key}/release", {}).status_code == 200
    elif state == "consumed":
        sell(here, till, ("book", "1"), reservation_id=key)
    elif state == "expired":
        with tenant_context(here.tenant):
            expire_reservations(at=clock.now() + dt.timedelta(hours=2))
    found = flags(sell(here, till, ("roll", "1"), reservation_id=key))
    assert found == [
        {
            "code": "reservation_not_held",
            "pointer": "/reservation_id",
            "reservation_id": key,
            "state": state,
        }
    ]
    assert level(here, "roll") == (4, 0)


def test_the_sweep_lets_go_what_is_over(here: Shop, there: Shop, till: TillClient) -> None:
    first, later = keep(here, till, ("roll", "2")), keep(here, till, ("roll", "1"))
    neighbour = keep(there, TillClient(there.tenant, paired_till(there.tenant)), ("roll", "2"))
    with tenant_context(here.tenant):
        Reservation.objects.filter(pk=first["id"]).update(expires_at=AT)
        before = head()
        assert release_reservations.run() == 1
        assert release_reservations.run() == 0
        assert [item.t for item in read_after(before)] == ["stock.levels_changed", "reservation.expired"]
    told = till.get(f"/stock-reservations/{first['id']}").json()
    assert (told["state"], told["ended_by"]) == ("expired", {"id": None, "name": "system"})
    assert till.get(f"/stock-reservations/{later['id']}").json()["state"] == "active"
    assert (level(here, "roll"), level(there, "roll")) == ((5, 1), (0, 2))
    assert neighbour["state"] == "active"


def test_a_reservation_may_be_kept_longer_and_let_go(here: Shop, till: TillClient) -> None:
    kept = keep(here, till, ("roll", "2"))
    until = "2027-01-01T00:00:00.000Z"
    longer = till.post(f"/stock-reservations/{kept['id']}/extend", {"expires_at": until})
    assert (longer.status_code, longer.json()) == (200, {**kept, "expires_at": until})
    released = till.post(f"/stock-reservations/{kept['id']}/release", {}).json()
    assert (released["state"], released["held"], released["ended_by"]["name"]) == ("released", [], "till K1")
    assert level(here, "roll") == (5, 0)
    again = till.post(f"/stock-reservations/{kept['id']}/release", {})
    assert again.status_code == 409
    assert {name: again.json()[name] for name in ("code", "by", "state", "at")} == {
        "code": "already_done",
        "by": "till K1",
        "state": "released",
        "at": released["ended_at"],
    }
    refused = till.post(f"/stock-reservations/{kept['id']}/extend", {"expires_at": until})
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")


def test_the_same_reservation_again_keeps_nothing_more(here: Shop, till: TillClient) -> None:
    body = wanted(here, ("roll", "2"))
    first, again = till.post("/stock-reservations", body), till.post("/stock-reservations", body)
    assert (again.status_code, again.content) == (201, first.content)
    assert level(here, "roll") == (5, 2)
    other = till.post("/stock-reservations", {**body, "kind": "online"})
    assert (other.status_code, other.json()["code"]) == (409, "reservation_id_conflict")


def test_what_may_not_be_sold_may_not_be_kept(here: Shop, till: TillClient) -> None:
    keep(here, till, ("roll", "4"))
    refused = till.post("/stock-reservations", wanted(here, ("cheese", "1"), ("roll", "2")))
    assert (refused.status_code, refused.json()["code"]) == (409, "out_of_stock")
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/lines/1/variant_id"]
    assert (level(here, "roll"), level(here, "cheese")) == ((5, 4), (2, 0))


def test_of_a_dish_the_ingredients_are_kept_and_of_what_nobody_counts_nothing(
    here: Shop, till: TillClient
) -> None:
    with tenant_context(here.tenant):
        StockItem.objects.create(item_id=here.variants["cappuccino"].item_id, policy="untracked")
        RecipeNeed.objects.create(
            owner_id=here.variants["book"].id,
            effect="add",
            ingredient_id=here.variants["cheese"].id,
            numerator=1,
            denominator=4,
        )
    kept = keep(here, till, ("book", "2"), ("cappuccino", "1"))
    assert [line["quantity"] for line in kept["lines"]] == ["2", "1"]
    assert kept["held"] == [{"variant_id": str(here.variants["cheese"].id), "quantity": "0.5"}]
    assert level(here, "cheese") == (2, Decimal("0.5"))
    till.post(f"/stock-reservations/{kept['id']}/release", {})
    assert level(here, "cheese") == (2, 0)


def test_reservations_are_found_as_a_shopkeeper_looks_for_them(here: Shop, till: TillClient) -> None:
    roll = keep(here, till, ("roll", "1"), kind="online")
    cheese = keep(here, till, ("cheese", "1"))
    till.post(f"/stock-reservations/{roll['id']}/release", {})

    def found(query: str) -> list[str]:
        return [each["id"] for each in till.get(f"/stock-reservations?{query}").json()["items"]]

    assert found("state=active") == [cheese["id"]]
    assert found("kind=online") == [roll["id"]]
    assert found(f"variant_id={here.variants['cheese'].id}") == [cheese["id"]]
    assert found(f"location_id={here.location.id}") == [roll["id"], cheese["id"]]
    assert found(f"location_id={new_id()}") == []
    assert till.get("/stock-reservations?state=kept").status_code == 400
    assert till.get(f"/stock-reservations/{new_id()}").status_code == 404


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"kind": "table"}, "/kind", "invalid_choice"),
        ({"location_id": str(new_id())}, "/location_id", "not_found"),
        ({"expires_at": "2026-03-01T12:00:00Z"}, "/expires_at", "time_out_of_range"),
        ({"expires_at": "2090-03-01T12:00:00Z"}, "/expires_at", "time_out_of_range"),
        ({"expires_at": "tomorrow"}, "/expires_at", "invalid"),
        ({"variant_id": str(new_id())}, "/lines/0/variant_id", "not_found"),
        ({"quantity": "0"}, "/lines/0/quantity", "not_positive"),
        ({"quantity": "-1"}, "/lines/0/quantity", "not_positive"),
        ({"quantity": "1.5"}, "/lines/0/quantity", "fractional_quantity"),
        ({"quantity": "Infinity"}, "/lines/0/quantity", "invalid"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_what_cannot_be_kept(
    here: Shop, till: TillClient, change: dict[str, str], pointer: str, code: str
) -> None:
    body = wanted(here, ("roll", "1"))
    for name, value in change.items():
        place = body["lines"][0] if name in ("variant_id", "quantity") else body
        place[name] = value
    answer = till.post("/stock-reservations", body)
    assert answer.status_code == 422, answer.json()
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]
    with tenant_context(here.tenant):
        assert not Reservation.objects.exists()


def test_a_variant_is_named_once(here: Shop, till: TillClient) -> None:
    answer = till.post("/stock-reservations", wanted(here, ("roll", "1"), ("roll", "1")))
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/lines/1/variant_id", "duplicate")
    ]
