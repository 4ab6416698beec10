"""What a scan read of the very piece, and notes: kept with the line, told wherever the order is told."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from pos.orders.models import Order, OrderLine
from tests.factories import Shop, TillClient, order_body

pytestmark = pytest.mark.django_db

Body = dict[str, Any]
SCANNED: Body = {"lot": "AB-12/3", "serial": "0007", "use_by": "2026-03-05", "note": "Keep it cold"}
NOTHING: Body = {"lot": None, "serial": None, "use_by": None, "note": None}


def sale(shop: Shop, *, placed_at: str = "2026-03-01T12:00:00.000Z", **said: Any) -> Body:
    """Two rolls, of which only the second line says anything besides."""
    body = order_body((shop.variants["roll"], "1"), (shop.variants["roll"], "1"), placed_at=placed_at)
    body["lines"][1].update(said)
    return body


def told(line: Body) -> Body:
    return {name: line[name] for name in SCANNED}


def expired(response: Any) -> list[Body]:
    return [flag for flag in response.json()["flags"] if flag["code"] == "expired"]


def test_lot_serial_number_date_and_notes_go_through(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        before = head()
    body = {**sale(here, **SCANNED), "note": "Birthday: a candle, please"}
    response = till.post("/orders", body)
    assert response.status_code == 201
    answer = response.json()
    assert answer["note"] == "Birthday: a candle, please"
    assert [told(line) for line in answer["lines"]] == [NOTHING, SCANNED]
    assert expired(response) == []
    assert till.get(f"/orders/{body['id']}").content == response.content
    assert till.post("/orders", body).content == response.content
    with tenant_context(here.tenant):
        (item,) = read_after(before)
        row = OrderLine.objects.get(pk=body["lines"][1]["id"])
    assert item.data == answer
    assert (row.lot, row.serial, row.use_by, row.note) == (
        "AB-12/3",
        "0007",
        dt.date(2026, 3, 5),
        "Keep it cold",
    )


@pytest.mark.parametrize(
    ("code", "lot", "serial", "use_by"),
    [
        ("]C1010400638133393110LOT7", "LOT7", "", None),
        ("]C101040063813339311726030510LOT7\x1d210007", "LOT7", "0007", "2026-03-05"),
    ],
    ids=["lot", "lot, date and number"],
)
def test_what_a_scan_answers_may_be_sent_as_it_is(
    here: Shop, till: TillClient, code: str, lot: str, serial: str, use_by: str | None
) -> None:
    """A scan says "" and null of what the code does not tell; that is the same as to say nothing."""
    scanned = till.post("/catalog/scans", {"code": code}).json()
    taken = {name: scanned[name] for name in ("lot", "serial", "use_by")}
    assert taken == {"lot": lot, "serial": serial, "use_by": use_by}
    body = sale(here, **taken)
    first = till.post("/orders", body)
    kept = {"lot": lot, "serial": serial or None, "use_by": use_by, "note": None}
    assert [told(line) for line in first.json()["lines"]] == [NOTHING, kept]
    body["lines"][1] = {name: value for name, value in body["lines"][1].items() if value}
    assert till.post("/orders", body).content == first.content


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("lot", "x" * 21, "max_length"),
        ("serial", "x" * 21, "max_length"),
        ("note", "x" * 201, "max_length"),
        ("lot", "A\x1dB", "control_character"),
        ("serial", "A\x00B", "nul_character"),
        ("serial", "A\x1bB", "control_character"),
        ("note", "no onions\nTOTAL 0.00", "control_character"),
        ("lot", 12, "invalid"),
        ("lot", None, "null"),
        ("note", ["no onions"], "invalid"),
        ("use_by", "", "invalid"),
        ("use_by", "260305", "invalid"),
        ("use_by", "2026-02-30", "invalid"),
        ("use_by", "2026-03-05T00:00:00Z", "invalid"),
    ],
)
@pytest.mark.parametrize("path", ["/orders", "/quotes"])
def test_what_is_no_lot_date_or_note_is_refused(
    here: Shop, till: TillClient, path: str, member: str, value: Any, code: str
) -> None:
    body = sale(here, **{member: value})
    if path == "/quotes":
        body = {"lines": body["lines"]}
    response = till.post(path, body)
    problems = [(problem["pointer"], problem["code"]) for problem in response.json()["errors"]]
    assert (response.status_code, problems) == (400, [(f"/lines/1/{member}", code)])
    with tenant_context(here.tenant):
        assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("value", "code"), [("x" * 501, "max_length"), ("a\x1bp", "control_character"), (1, "invalid")]
)
def test_what_is_no_note_of_an_order_is_refused(here: Shop, till: TillClient, value: Any, code: str) -> None:
    response = till.post("/orders", {**sale(here), "note": value})
    problems = [(problem["pointer"], problem["code"]) for problem in response.json()["errors"]]
    assert (response.status_code, problems) == (400, [("/note", code)])


def test_the_longest_are_kept_whole(here: Shop, till: TillClient) -> None:
    body = sale(here, lot="ü" * 20, serial="x" * 20, note="鮭" * 200)
    answer = till.post("/orders", {**body, "note": "é" * 500}).json()
    assert told(answer["lines"][1]) == {
        "lot": "ü" * 20,
        "serial": "x" * 20,
        "use_by": None,
        "note": "鮭" * 200,
    }
    assert answer["note"] == "é" * 500


@pytest.mark.parametrize(("use_by", "said"), [("2026-02-27", True), ("2026-02-28", False)])
def test_what_is_past_its_date_on_the_business_day_is_sold_and_flagged(
    here: Shop, till: TillClient, use_by: str, said: bool
) -> None:
    """At half past two on 1 March it is still the trading day of 28 February."""
    body = sale(here, placed_at="2026-03-01T02:30:00+01:00", use_by=use_by)
    response = till.post("/orders", body)
    assert (response.status_code, response.json()["business_date"]) == (201, "2026-02-28")
    flag = {
        "code": "expired",
        "pointer": "/lines/1/use_by",
        "business_date": "2026-02-28",
        "use_by": use_by,
    }
    assert expired(response) == ([flag] if said else [])


def test_a_quote_says_it_while_there_is_time(here: Shop, till: TillClient) -> None:
    body = sale(here, use_by="2026-02-28", lot="L1")
    quoted = {"lines": body["lines"], "placed_at": body["placed_at"], "note": "For two"}
    response = till.post("/quotes", quoted)
    assert (response.status_code, response.json()["note"]) == (200, "For two")
    assert response.json()["lines"][1]["lot"] == "L1"
    assert [flag["pointer"] for flag in expired(response)] == ["/lines/1/use_by"]


def test_another_lot_under_the_same_id_is_another_order(here: Shop, till: TillClient) -> None:
    body = sale(here, lot="L1")
    assert till.post("/orders", body).status_code == 201
    body["lines"][1]["lot"] = "L2"
    response = till.post("/orders", body)
    assert (response.status_code, response.json()["code"]) == (409, "order_id_conflict")
