"""X and Z over HTTP: figures by numbers and positions, nothing twice and nothing missing, late entries."""

import hashlib
import json
from typing import Any

import pytest
from django.db import connection
from django.db.utils import Error
from django.test.utils import CaptureQueriesContext

from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Transfer
from pos.orders.models import Order
from pos.registers.journal.models import JournalEntry
from pos.registers.models import Closing, Register
from tests.factories import Shop, TillClient, order_body
from tests.pos.registers.desk import closed, euro, manager_at, moved, opened, second_till, sold, the_z

pytestmark = pytest.mark.django_db


def x_of(till: TillClient, register: Register) -> dict[str, Any]:
    return dict(till.get(f"/registers/{register.pk}/x-report").json())


def test_a_z_says_what_the_register_did(here: Shop, there: Shop, till: TillClient) -> None:
    """Two cappuccinos (7.60, 19 %: 1.21) and a book (10.00 + 2.00), 20.00 paid in, a no-sale."""
    session = opened(till, here.register)
    sold(here, till, quantity="2", tendered=1_000)
    till.post("/orders", order_body((here.variants["book"], "1"), cash=(1_200, "EUR")))
    moved(till, session, "paid_in", 2_000, reason_code="change")
    moved(till, session, "no_sale", None)
    with tenant_context(here.tenant):
        before = set(Transfer.objects.values_list("pk", flat=True))
    told = closed(till, session, 13_950)
    assert told["variance"] == euro(-10)
    zed = the_z(till, here.register)
    document = zed["document"]
    assert (zed["number"], document["kind"], document["number"]) == ("K1-Z1", "z", "K1-Z1")
    assert document["register"] == {"code": "K1", "name": "Till K1"}
    assert document["sales"] == {
        "count": 2,
        "net": euro(1_639),
        "tax": euro(321),
        "total": euro(1_960),
        "discount": euro(0),
        "service_charge": euro(0),
        "tip": euro(0),
        "rounding": euro(0),
    }
    taxes = [(tax["code"], tax["rate"], tax["net"], tax["tax"]) for tax in document["taxes"]]
    assert taxes == [("added", "0.2", euro(1_000), euro(200)), ("standard", "0.19", euro(639), euro(121))]
    (tender,) = document["tenders"]
    assert (tender["code"], tender["count"], tender["amount"]) == ("cash", 2, euro(1_960))
    moves = {row["kind"]: (row["count"], row["amount"]) for row in document["cash"]["movements"]}
    assert moves == {
        "float": (1, euro(10_000)),
        "sale": (2, euro(2_200)),
        "change": (1, euro(-240)),
        "paid_in": (1, euro(2_000)),
        "no_sale": (1, euro(0)),
    }
    cash = document["cash"]
    assert (cash["expected"], cash["counted"], cash["variance"]) == (
        euro(13_960),
        euro(13_950),
        euro(-10),
    )
    assert (document["drawer_openings"], document["reprints"], document["voids"]["count"]) == (1, 0, 0)
    assert document["numbers"]["receipts"] == {
        "first": 1,
        "last": 2,
        "counter": 2,
        "count": 2,
        "gaps": [],
    }
    assert (zed["grand_total"], zed["refund_total"], zed["late"]["count"]) == (euro(1_960), euro(0), 0)
    with tenant_context(here.tenant):
        booked = Transfer.objects.exclude(pk__in=before)
        assert list(booked.values_list("kind", "amount_minor")) == [("over_short", 10)]


def test_a_z_is_written_down_once_and_stands_in_the_journal(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    sold(here, till)
    closed(till, session, 10_380)
    with tenant_context(here.tenant):
        zed = Closing.objects.get()
        text = json.dumps(zed.document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert zed.digest == hashlib.sha256(text.encode()).hexdigest()
        entry = JournalEntry.objects.order_by("-position").first()
        assert entry is not None
        assert (entry.kind, entry.number, entry.position) == ("closing", "K1-Z1", zed.to_position)
        body = json.loads(entry.body)
        assert (body["document_digest"], body["grand_total"], body["totals"]["sales"]) == (
            zed.digest,
            "3.80",
            "3.80",
        )
        assert (zed.from_position, zed.to_position) == (1, 3)
        for statement in ("UPDATE pos_closing SET number = 9", "DELETE FROM pos_closing"):
            with pytest.raises(Error), connection.cursor() as cursor:
                cursor.execute(f"SAVEPOINT refused; {statement}")
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK TO SAVEPOINT refused")


def test_every_position_and_number_is_in_exactly_one_z(here: Shop, there: Shop, till: TillClient) -> None:
    for number in range(3):
        session = opened(till, here.register)
        for _ in range(number):
            sold(here, till)
        closed(till, session, 10_000 + 380 * number)
    documents = [
        till.get(f"/closings/{row['id']}").json()["document"]
        for row in reversed(till.get("/closings").json()["items"])
    ]
    assert [document["number"] for document in documents] == ["K1-Z1", "K1-Z2", "K1-Z3"]
    ranges = [(document["positions"]["from"], document["positions"]["to"]) for document in documents]
    assert ranges == [(1, 2), (3, 5), (6, 9)]
    assert [document["numbers"]["receipts"]["first"] for document in documents] == [None, 1, 2]
    totals = [document["sales"]["total"]["amount_minor"] for document in documents]
    grand = [document["grand_total"]["amount_minor"] for document in documents]
    assert (totals, grand) == ([0, 380, 760], [0, 380, 1_140])


def test_an_x_is_what_the_z_will_say_and_writes_nothing(here: Shop, till: TillClient) -> None:
    manager = manager_at(here, till)
    opened(till, here.register)
    sold(here, till)
    first, second = x_of(manager, here.register), x_of(manager, here.register)
    assert (first["kind"], first["number"], first["is_blind"]) == ("x", "", False)
    assert {**first, "at": None} == {**second, "at": None}
    assert (first["sales"]["total"], first["cash"]["expected"], first["cash"]["counted"]) == (
        euro(380),
        euro(10_380),
        None,
    )
    with tenant_context(here.tenant):
        assert not Closing.objects.exists()


def test_a_register_without_a_drawer_is_closed_by_itself(here: Shop, till: TillClient) -> None:
    sold(here, till)
    answer = till.post(f"/registers/{here.register.pk}/closings", {})
    assert (answer.status_code, answer.json()["number"]) == (201, "K1-Z1")
    assert (answer.json()["document"]["cash"], answer.json()["session_id"]) == (None, None)
    elsewhere = till.post(f"/registers/{here.second_register.pk}/closings", {})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "other_register")
    session = opened(till, here.register)
    refused = till.post(f"/registers/{here.register.pk}/closings", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "drawer_open")
    assert refused.json()["session_id"] == session["id"]


def test_a_sale_that_comes_late_stands_beside_its_z(here: Shop, there: Shop, till: TillClient) -> None:
    """Offline, a cappuccino was sold for cash; whoever counted had it in the drawer and was 3.80 over."""
    session = opened(till, here.register)
    sold(here, till)
    ended = closed(till, session, 10_760)["closed_at"]
    before = the_z(till, here.register)
    assert before["late"]["variance"] == euro(380)
    late = sold(here, till, tendered=380, placed_at=ended)
    assert late["session_id"] == session["id"]
    zed = the_z(till, here.register)
    assert zed["document"] == before["document"]
    section = zed["late"]
    assert (section["count"], section["total"], section["cash"], section["variance"]) == (
        1,
        euro(380),
        euro(380),
        euro(0),
    )
    (entry,) = section["entries"]
    assert (entry["number"], entry["closing"], entry["what"]) == ("K1-Z1-L1", "K1-Z1", "sale")
    with tenant_context(here.tenant):
        shares = Transfer.objects.filter(debit__code="cash_over_short") | Transfer.objects.filter(
            credit__code="cash_over_short"
        )
        rows = list(shares.order_by("id").values_list("debit__code", "credit__code", "amount_minor"))
        assert rows == [("cash", "cash_over_short", 380), ("cash_over_short", "cash", 380)]
    session = opened(till, here.register)
    sold(here, till)
    told = closed(till, session, 10_380)
    assert told["variance"] == euro(0)
    document = the_z(till, here.register)["document"]
    assert (document["sales"]["count"], document["sales"]["total"]) == (1, euro(380))
    assert (document["late"]["numbers"], document["late"]["total"]) == (["K1-Z1-L1"], euro(380))
    assert document["numbers"]["receipts"]["count"] == 2
    assert document["grand_total"] == euro(1_140)


def test_missing_numbers_are_listed(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    with tenant_context(here.tenant):
        Register.objects.filter(pk=here.register.pk).update(last_order_number=2, last_receipt_number=1)
    sold(here, till)
    closed(till, session, 10_380)
    document = the_z(till, here.register)["document"]
    assert document["numbers"]["orders"]["gaps"] == [[1, 2]]
    assert document["numbers"]["receipts"]["gaps"] == [[1, 1]]
    assert document["remarks"] == ["gap_in_orders", "gap_in_receipts"]


def test_flagged_sales_are_counted(here: Shop, till: TillClient) -> None:
    sold(here, till)
    session = opened(till, here.register)
    closed(till, session, 10_000)
    flags = the_z(till, here.register)["document"]["flags"]
    assert (flags["count"], flags["codes"]) == (1, {"negative_stock": 1, "no_open_session": 1})


@pytest.mark.parametrize("orders", [1, 3])
def test_a_closing_takes_the_same_statements_however_much_was_sold(
    here: Shop, till: TillClient, orders: int
) -> None:
    session = opened(till, here.register)
    for _ in range(orders):
        sold(here, till)
    with CaptureQueriesContext(connection) as captured:
        closed(till, session, 10_000 + 380 * orders)
    tables = [query["sql"] for query in captured if "pos_order" in query["sql"]]
    assert len(tables) == 3
    with tenant_context(here.tenant):
        assert Order.objects.count() == orders


def test_closings_are_listed_newest_first_and_only_ones_own(
    here: Shop, there: Shop, till: TillClient
) -> None:
    other = second_till(here)
    for who, register in ((till, here.register), (other, here.second_register), (till, here.register)):
        assert who.post(f"/registers/{register.pk}/closings", {}).status_code == 201
    listed = till.get("/closings").json()["items"]
    assert [row["number"] for row in listed] == ["K1-Z2", "K2-Z1", "K1-Z1"]
    only = till.get(f"/closings?register_id={here.second_register.pk}").json()["items"]
    assert [row["number"] for row in only] == ["K2-Z1"]
    assert till.get(f"/closings?location_id={there.location.pk}").json()["items"] == []
    assert till.get(f"/closings/{there.register.pk}").status_code == 404
