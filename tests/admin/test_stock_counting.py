"""Counting, sending and receiving in the back office: pages for a phone, and what their scripts send."""

import json
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.clock import now, rfc3339
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockCount, StockCountEntry, StockLevel, StockTransfer
from tests.admin.browsing import Browser, office
from tests.admin.trading import Trade, traded

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade(cafe: Any) -> Trade:
    """A café that has sold."""
    return traded(cafe)


def sent(browser: Browser, path: str, body: Any) -> Any:
    return browser.client.post(f"/admin{path}", json.dumps(body), content_type="application/json")


def scanned(code: str, quantity: str = "1") -> dict[str, Any]:
    return {"id": str(new_id()), "code": code, "quantity": quantity, "counted_at": rfc3339(now())}


def test_a_count_from_opening_to_closing(trade: Trade) -> None:
    browser = office(trade.tenant)
    form = browser.get("/pos/stockcount/open/").context["form"]
    place = form.fields["location"].choices[0][0]
    opened = browser.post("/pos/stockcount/open/", {"location": place, "kind": "spot", "name": "Bar"})
    with tenant_context(trade.tenant):
        count = StockCount.objects.get(name="Bar")
    path = f"/pos/stockcount/{count.pk}/"
    assert opened.url == f"/admin{path}count/"
    assert b"Scan, or type a SKU" in browser.get(f"{path}count/").content
    first, second = scanned("one"), scanned("PLU1", "3")
    told = sent(browser, f"{path}entries/", {"entries": [first, second]}).json()
    assert [(entry["sku"], entry["quantity"]) for entry in told["entries"]] == [("ONE", "1"), ("MANY-1", "3")]
    again = sent(browser, f"{path}entries/", {"entries": [first]}).json()
    assert ([entry["sku"] for entry in again["entries"]], again["count"]["entry_count"]) == (["ONE"], 2)
    sent(browser, f"{path}entries/{second['id']}/void/", {})
    browser.post(f"{path}step/", {"step": "submit"})
    assert b"Close the count" in browser.get(f"{path}count/").content
    browser.post(f"{path}step/", {"step": "approve"})
    with tenant_context(trade.tenant):
        assert StockCount.objects.get(pk=count.pk).state == "closed"
        level = StockLevel.objects.get(variant__sku="ONE", location__code="main")
        assert level.on_hand == Decimal(1)
    assert b"closed by" in browser.get(f"{path}count/?show=all").content


def test_what_cannot_be_counted_is_told_to_the_script_and_nothing_is_kept(trade: Trade) -> None:
    browser = office(trade.tenant)
    with tenant_context(trade.tenant):
        path = f"/pos/stockcount/{StockCount.objects.get(state='draft').pk}/entries/"
    answer = sent(browser, path, {"entries": [scanned("ONE"), scanned("NOBODY")]})
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/entries/1/code", "unknown_goods")
    ]
    wrong = sent(browser, path, {"entries": [scanned("ONE", "-1")]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/entries/0/quantity")
    with tenant_context(trade.tenant):
        assert not StockCountEntry.objects.filter(count__state="draft").exists()


def test_a_transfer_is_sent_and_received(trade: Trade) -> None:
    browser = office(trade.tenant)
    with tenant_context(trade.tenant):
        transfer = StockTransfer.objects.get()
        line = transfer.lines.get()
    path = f"/pos/stocktransfer/{transfer.pk}/"
    assert b"Send it now" in browser.get(f"{path}go/").content
    browser.post(f"{path}step/", {"step": "send"})
    page = browser.get(f"{path}go/")
    assert b"comes later" in page.content
    filled = {
        "step": "receive",
        "seen": "0",
        "receipt_id": str(page.context["receipt_id"]),
        f"received-{line.pk}": "1",
        f"rest-{line.pk}": "damaged-waste",
    }
    browser.post(f"{path}step/", filled)
    browser.post(f"{path}step/", filled)
    with tenant_context(trade.tenant):
        assert StockTransfer.objects.get().state == "received"
        line.refresh_from_db()
        assert (line.received, line.wasted) == (Decimal(1), Decimal(1))
    assert b"1 written off" in browser.get(f"{path}go/").content


def test_a_transfer_is_prepared(trade: Trade) -> None:
    browser = office(trade.tenant)
    places = dict(browser.get("/pos/stocktransfer/open/").context["form"].fields["source"].choices)
    keys = list(places)
    wrong = {"source": keys[0], "destination": keys[0], "goods": "ONE 3"}
    assert b"Source and destination are the same" in browser.post("/pos/stocktransfer/open/", wrong).content
    for goods in ("ONE", "ONE x", "NOBODY 1", "ONE -1"):
        page = browser.post("/pos/stocktransfer/open/", {**wrong, "destination": keys[1], "goods": goods})
        assert page.context["form"].errors["goods"]
    browser.post("/pos/stocktransfer/open/", {**wrong, "destination": keys[1]})
    with tenant_context(trade.tenant):
        assert StockTransfer.objects.filter(lines__quantity=3).count() == 1
