"""A recall: who bought the lot, where it came from, what was made with it, what is left."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.inventory.models import StockMovement
from pos.inventory.queries.recalls import RecallQuestion, recall
from pos.inventory.recall_file import recall_csv
from pos.inventory.services.lots import LotReceipt, ensure_lots
from pos.inventory.services.movements import Cause, StockChange, record_movements
from tests.factories import LocationFactory, Shop, TillClient
from tests.pos.inventory.lots.lots import AT, DAY, receive, sell, track

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery(here: Shop) -> Shop:
    """The café, with lots of rolls, cheese and cappuccino, and serials of books."""
    track(here, roll="lot", cheese="lot", cappuccino="lot", book="serial")
    return here


def produce(shop: Shop, used: tuple[str, Any, str], made: tuple[str, str, str]) -> Any:
    """A batch: so much of a lot goes in, so much of a new lot comes out. The key of the new lot."""
    cause = Cause(
        kind=StockMovement.PRODUCTION,
        location_id=shop.location.id,
        at=AT + dt.timedelta(hours=1),
        business_date=DAY,
        recorded_at=AT,
        document_id=new_id(),
    )
    name, lot_id, quantity = used
    made_name, code, made_quantity = made
    output = shop.variants[made_name].id
    with tenant_context(shop.tenant), unit_of_work():
        keys = ensure_lots(
            location_id=shop.location.id,
            receipts=[LotReceipt(variant_id=output, code=code)] if code else [],
            variant_ids=[output, shop.variants[name].id],
            at=AT,
            received_on=DAY,
        )
        lot = keys.get((output, code))
        into = StockChange(variant_id=shop.variants[name].id, quantity=-Decimal(quantity), lot_id=lot_id)
        out = StockChange(variant_id=output, quantity=Decimal(made_quantity), lot_id=lot)
        record_movements(cause=cause, changes=[into, out])
    return lot


def told(till: TillClient, query: str) -> dict[str, Any]:
    answer = till.get(f"/stock-recalls?{query}")
    assert answer.status_code == 200, answer.content
    document: dict[str, Any] = answer.json()
    return document


def test_who_bought_the_lot_and_what_is_left(bakery: Shop, till: TillClient) -> None:
    lots = receive(bakery, "roll", ("L1", "10", dt.date(2026, 3, 9)), ("L2", "10", None))
    first = sell(bakery, ("roll", "2", {"lot": "L1"}))
    second = sell(bakery, ("cappuccino", "1", {}), ("roll", "3", {}))
    sell(bakery, ("roll", "1", {"lot": "L2"}))
    key = bakery.variants["roll"].id
    found = told(till, f"variant_id={key}&lot=L1")
    assert found == told(till, f"lot_id={lots['L1']}")
    assert [
        (row["order_id"], row["order_number"], row["quantity"], row["is_lot_inferred"], row["register"])
        for row in found["sales"]
    ] == [
        (str(first.id), first.number, "-2", False, "K1"),
        (str(second.id), second.number, "-3", True, "K1"),
    ]
    assert [(row["kind"], row["quantity"]) for row in found["receipts"]] == [("purchase", "10")]
    assert found["lots"] == [
        {
            "id": str(lots["L1"]),
            "code": "L1",
            "kind": "lot",
            "expires_on": "2026-03-09",
            "received_at": "2026-03-01T12:00:00.000Z",
            "is_asked": True,
            "variant_id": str(key),
            "sku": "ROLL",
            "name": "Roll",
            "unit": "each",
            "left": [
                {
                    "location_id": str(bakery.location.id),
                    "location": bakery.location.name,
                    "on_hand": "5",
                }
            ],
        }
    ]
    assert found["has_more"] is False


def test_what_was_made_with_it_is_followed_downstream(bakery: Shop, till: TillClient) -> None:
    flour = receive(bakery, "cheese", ("FLOUR", "10", None))["FLOUR"]
    dough = produce(bakery, ("cheese", flour, "2"), ("cappuccino", "DOUGH", "20"))
    produce(bakery, ("cappuccino", dough, "5"), ("roll", "BATCH", "50"))
    order = sell(bakery, ("roll", "4", {}))
    found = told(till, f"lot_id={flour}")
    assert [(lot["code"], lot["is_asked"]) for lot in found["lots"]] == [
        ("FLOUR", True),
        ("DOUGH", False),
        ("BATCH", False),
    ]
    assert [(row["lot"], row["quantity"]) for row in found["productions"]] == [
        ("FLOUR", "-2"),
        ("DOUGH", "20"),
        ("DOUGH", "-5"),
        ("BATCH", "50"),
    ]
    assert [(row["order_id"], row["lot"]) for row in found["sales"]] == [(str(order.id), "BATCH")]


def test_where_a_made_lot_came_from_is_told_upstream(bakery: Shop, till: TillClient) -> None:
    flour = receive(bakery, "cheese", ("FLOUR", "10", None))["FLOUR"]
    batch = produce(bakery, ("cheese", flour, "2"), ("roll", "BATCH", "50"))
    found = told(till, f"lot_id={batch}")
    assert [(row["lot"], row["quantity"]) for row in found["productions"]] == [
        ("FLOUR", "-2"),
        ("BATCH", "50"),
    ]
    assert [lot["code"] for lot in found["lots"]] == ["BATCH"]
    assert found["receipts"] == []


def test_what_was_made_without_a_lot_is_told(bakery: Shop, till: TillClient) -> None:
    flour = receive(bakery, "cheese", ("FLOUR", "10", None))["FLOUR"]
    produce(bakery, ("cheese", flour, "2"), ("roll", "", "50"))
    rows = told(till, f"lot_id={flour}")["productions"]
    assert [(row["sku"], row["lot_id"], row["quantity"]) for row in rows] == [
        ("CHEESE", str(flour), "-2"),
        ("ROLL", None, "50"),
    ]


def test_a_serial_is_found_without_its_item(bakery: Shop, till: TillClient) -> None:
    receive(bakery, "book", ("S-9", "1", None))
    order = sell(bakery, ("book", "1", {"serial": "S-9"}))
    found = told(till, "serial=S-9")
    assert [(row["order_id"], row["sold_as"]) for row in found["sales"]] == [(str(order.id), "Book")]
    assert [place["on_hand"] for place in found["lots"][0]["left"]] == ["0"]


def test_lines_whose_code_named_the_lot_before_lots_were_kept_are_found(here: Shop, till: TillClient) -> None:
    order = sell(here, ("roll", "2", {"lot": "OLD"}))
    sell(here, ("cappuccino", "1", {"lot": "OLD"}))
    found = told(till, f"variant_id={here.variants['roll'].id}&lot=OLD")
    assert [(row["order_id"], row["quantity"], row["lot_id"]) for row in found["sales"]] == [
        (str(order.id), "-2", None)
    ]
    assert found["lots"] == []


def test_transfers_and_waste_have_their_own_lists(bakery: Shop, till: TillClient) -> None:
    lot = receive(bakery, "roll", ("L1", "10", None))["L1"]
    with tenant_context(bakery.tenant):
        other = LocationFactory.create(code="other", name="Other")
    key = bakery.variants["roll"].id
    for kind, place, quantity in (
        (StockMovement.TRANSFER_OUT, bakery.location.id, "-4"),
        (StockMovement.TRANSFER_IN, other.id, "4"),
        (StockMovement.WASTE, other.id, "-1"),
    ):
        cause = Cause(kind=kind, location_id=place, at=AT, business_date=DAY, recorded_at=AT, reason="mouldy")
        with tenant_context(bakery.tenant), unit_of_work():
            record_movements(
                cause=cause, changes=[StockChange(variant_id=key, quantity=Decimal(quantity), lot_id=lot)]
            )
    found = told(till, f"lot_id={lot}")
    assert [(row["kind"], row["quantity"]) for row in found["transfers"]] == [
        ("transfer_out", "-4"),
        ("transfer_in", "4"),
    ]
    assert [(row["kind"], row["reason"]) for row in found["others"]] == [("waste", "mouldy")]
    assert {place["location"]: place["on_hand"] for place in found["lots"][0]["left"]} == {
        bakery.location.name: "6",
        "Other": "3",
    }


def test_rows_beyond_the_limit_are_left_out_and_it_says_so(bakery: Shop, till: TillClient) -> None:
    lot = receive(bakery, "roll", ("L1", "10", None))["L1"]
    sell(bakery, ("roll", "1", {}))
    found = told(till, f"lot_id={lot}&limit=1")
    assert (len(found["receipts"]), len(found["sales"]), found["has_more"]) == (1, 0, True)


def test_a_file_that_is_not_whole_says_so_first(bakery: Shop) -> None:
    lot = receive(bakery, "roll", ("L1", "10", None))["L1"]
    sell(bakery, ("roll", "1", {}))
    with tenant_context(bakery.tenant):
        found = recall(question=RecallQuestion(lot_id=lot), limit=1)
    assert found is not None
    rows = list(csv.DictReader(io.StringIO(recall_csv(found=found).decode("utf-8-sig"))))
    assert [(row["group"], row["quantity"], row["reason"]) for row in rows] == [
        ("incomplete", "", "Only the first 1 rows are in this file; more happened after them."),
        ("receipts", "10", ""),
        ("left", "9", ""),
    ]


def test_the_file_has_every_row_and_what_is_left(bakery: Shop, till: TillClient) -> None:
    lot = receive(bakery, "cheese", ("=L1", "10", None))["=L1"]
    order = sell(bakery, ("cheese", "2.5", {}))
    answer = till.get(f"/stock-recalls/document.csv?lot_id={lot}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="recall.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["group"], row["lot"], row["quantity"], row["order_id"]) for row in rows] == [
        ("receipts", "'=L1", "10", ""),
        ("sales", "'=L1", "-2.5", str(order.id)),
        ("left", "'=L1", "7.5", ""),
    ]


@pytest.mark.parametrize("path", ["/stock-recalls", "/stock-recalls/document.csv"])
@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("", "lot", "invalid"),
        ("lot=A", "variant_id", "required"),
        ("lot=A&serial=B", "lot", "invalid"),
        ("lot_id=x", "lot_id", "invalid"),
        ("charge=A", "charge", "unknown_parameter"),
    ],
)
def test_questions_nobody_understands(
    till: TillClient, path: str, query: str, parameter: str, code: str
) -> None:
    answer = till.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert [(each["parameter"], each["code"]) for each in answer.json()["errors"]] == [(parameter, code)]


@pytest.mark.parametrize("path", ["/stock-recalls", "/stock-recalls/document.csv"])
def test_a_lot_nobody_knows_is_not_found(till: TillClient, path: str) -> None:
    assert till.get(f"{path}?lot_id={new_id()}").status_code == 404
    assert till.get(f"{path}?serial=NONE").status_code == 404


@pytest.mark.parametrize("sales", [1, 3])
def test_a_recall_costs_three_statements_however_many_bought(bakery: Shop, sales: int) -> None:
    lot = receive(bakery, "roll", ("L1", "10", None))["L1"]
    for _ in range(sales):
        sell(bakery, ("roll", "1", {}))
    with tenant_context(bakery.tenant), CaptureQueriesContext(connection) as captured:
        found = recall(question=RecallQuestion(lot_id=lot), limit=100)
    assert found is not None
    assert len(found.group("sales")) == sales
    assert len([row for row in captured if "pos_stocklot" in row["sql"]]) == 3


def test_the_neighbours_lots_are_not_seen(bakery: Shop, there: Shop, till: TillClient) -> None:
    track(there, roll="lot", book="serial")
    lot = receive(there, "roll", ("L1", "10", None))["L1"]
    receive(there, "book", ("S1", "1", None))
    assert till.get(f"/stock-recalls?lot_id={lot}").status_code == 404
    assert till.get("/stock-recalls?serial=S1").status_code == 404
    assert till.get("/stock-lots").json() == {"items": [], "next_cursor": None}
    assert till.get("/stock-alerts").json() == {"items": [], "next_cursor": None}
