"""Counts and transfers over HTTP: one story through, pages, permissions, bad input, the neighbours."""

from typing import Any

import pytest

from fynlo.core.clock import now, rfc3339
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockCount, StockMovement, StockTransfer
from tests.factories import LocationFactory, Shop, TillClient, paired_till, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    """A manager at the till."""
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def counted(here: Shop, name: str, quantity: str, **facts: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "variant_id": str(here.variants[name].id),
        "quantity": quantity,
        "counted_at": rfc3339(now()),
        **facts,
    }


def opened(here: Shop, till: TillClient) -> str:
    body = {"kind": "spot", "location_id": str(here.location.id)}
    return f"/stock-counts/{till.post('/stock-counts', body).json()['id']}"


def test_a_count_over_http(here: Shop, till: TillClient) -> None:
    path = opened(here, till)
    told = till.post(f"{path}/entries", {"entries": [counted(here, "roll", "3"), counted(here, "roll", "4")]})
    assert (told.status_code, told.json()["count"]["state"]) == (200, "counting")
    (line,) = till.get(f"{path}/lines?status=counted").json()["items"]
    assert (line["sku"], line["counted"], line["is_found"]) == ("ROLL", "7", True)
    first = till.get(f"{path}/entries").json()["items"][0]
    assert till.post(f"{path}/entries/{first['id']}/void", {}).json()["entries"][0]["voids"] == first["id"]
    assert till.post(f"{path}/submit", {}).json()["state"] == "submitted"
    (line,) = till.get(f"{path}/lines?status=different").json()["items"]
    assert (line["counted"], line["expected"], line["difference"]) == ("3", "0", "3")
    assert till.post(f"{path}/recount", {"line_ids": [line["id"]]}).json()["state"] == "counting"
    assert till.get(f"{path}/lines?status=recount").json()["items"][0]["needs_recount"] is True
    till.post(f"{path}/entries", {"entries": [counted(here, "roll", "5")]})
    till.post(f"{path}/submit", {"uncounted": "zero"})
    assert till.post(f"{path}/approve", {}).json()["state"] == "closed"
    again = till.post(f"{path}/approve", {})
    assert (again.status_code, again.json()["code"], again.json()["state"]) == (409, "already_done", "closed")
    assert again.json()["by"]
    assert again.json()["at"]
    late = till.post(f"{path}/entries", {"entries": [counted(here, "roll", "1")]})
    assert (late.status_code, late.json()["errors"][0]["code"]) == (422, "count_closed")
    assert till.get("/stock-levels").json()["items"][0]["on_hand"] == "5"
    assert [row["number"] for row in till.get("/stock-counts?state=closed&kind=spot").json()["items"]] == [1]
    assert till.get("/stock-counts?state=draft").json()["items"] == []


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"quantity": "-1"}, "/entries/0/quantity", "negative"),
        ({"quantity": "NaN"}, "/entries/0/quantity", "invalid"),
        ({"quantity": "1e3"}, "/entries/0/quantity", "invalid"),
        ({"unit": "kg"}, "/entries/0/unit", "unknown_unit"),
        ({"counted_at": "2999-01-01T00:00:00Z"}, "/entries/0/counted_at", "time_out_of_range"),
        ({"id": "7"}, "/entries/0/id", "invalid"),
    ],
)
def test_entries_that_cannot_be(
    here: Shop, till: TillClient, change: dict[str, str], pointer: str, code: str
) -> None:
    path = opened(here, till)
    body = {"entries": [counted(here, "roll", "1") | change]}
    answer = till.post(f"{path}/entries", body)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]
    assert till.get(path).json()["entry_count"] == 0


def test_a_transfer_over_http(here: Shop, manager: TillClient, till: TillClient) -> None:
    with tenant_context(here.tenant):
        stand = LocationFactory.create(code="stand")
    body = {
        "from_location_id": str(here.location.id),
        "to_location_id": str(stand.id),
        "lines": [{"variant_id": str(here.variants["roll"].id), "quantity": "6"}],
    }
    assert till.post("/stock-transfers", body).status_code == 403
    itself = manager.post("/stock-transfers", body | {"to_location_id": str(here.location.id)})
    assert (itself.status_code, itself.json()["errors"][0]["code"]) == (422, "transfer_to_itself")
    made = manager.post("/stock-transfers", body)
    assert made.status_code == 201
    path = f"/stock-transfers/{made.json()['id']}"
    body["lines"][0]["quantity"] = "8"  # type: ignore[index]
    line = manager.post(f"{path}/lines", {"lines": body["lines"]}).json()["lines"][0]
    assert manager.post(f"{path}/send", {}).json()["lines"][0]["in_transit"] == "8"
    over = manager.post(f"{path}/receive", {"lines": [{"line_id": line["id"], "received": "9"}]})
    assert (over.status_code, over.json()["errors"][0]["pointer"]) == (422, "/lines/0/received")
    missing = [{"quantity": "2", "reason": "damaged", "outcome": "waste"}]
    arrived = {
        "receipts_seen": 0,
        "lines": [{"line_id": line["id"], "received": "6", "missing": missing}],
    }
    assert manager.post(f"{path}/receive", arrived).json()["state"] == "received"
    again = manager.post(f"{path}/receive", arrived)
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    found = manager.get(f"/stock-transfers?location_id={stand.id}&state=received").json()["items"]
    assert [row["number"] for row in found] == [1]
    assert manager.get(f"/stock-transfers?from_location_id={stand.id}").json()["items"] == []


def test_the_neighbours_counts_and_transfers_are_not_seen(here: Shop, there: Shop, till: TillClient) -> None:
    neighbour = TillClient(there.tenant, paired_till(there.tenant))
    path = opened(there, neighbour)
    assert till.get(path).status_code == 404
    assert till.get("/stock-counts").json()["items"] == []
    assert till.post(f"{path}/entries", {"entries": [counted(here, "roll", "1")]}).status_code == 404
    with tenant_context(here.tenant):
        assert not StockCount.objects.exists()
        assert not StockTransfer.objects.exists()
        assert not StockMovement.objects.exists()
