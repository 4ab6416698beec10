"""Stock from files in the back office: sent, looked at, applied, taken back; settings are changed by forms."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fynlo.core.actors import SYSTEM
from fynlo.core.clock import now
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockHead, StockItem, StockLevel, StockTarget
from pos.stock_files.kinds.levels import Levels
from pos.stock_files.models import StockFile
from pos.stock_files.services import record_failure
from pos.stock_files.services.applying import APPLY
from pos.stock_files.services.stepping import do_batch
from tests.admin.browsing import Browser, office
from tests.admin.trading import Trade, traded

pytestmark = pytest.mark.django_db
NEW = "/pos/stockfile/new/"


@pytest.fixture
def trade(cafe: Any) -> Trade:
    return traded(cafe)


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


def send(browser: Browser, text: str, kind: str = "levels") -> str:
    """Send a file; returns the path of the page that it leads to."""
    file = SimpleUploadedFile("stock.csv", text.encode())
    answer = browser.post(NEW, {"file": file, "kind": kind, "location": "main"})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"]).removeprefix("/admin")


def do(browser: Browser, path: str, step: str, **said: str) -> Any:
    """Press a button of the file's page."""
    answer = browser.post(path.replace("change/", "step/"), {"step": step, **said})
    assert answer.status_code == 302
    return browser.get(str(answer["Location"]).removeprefix("/admin"))


def told(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def on_hand(trade: Trade, sku: str) -> Decimal:
    with tenant_context(trade.tenant):
        quantity: Decimal = StockLevel.objects.get(variant__sku=sku).on_hand
        return quantity


def test_a_file_is_looked_at_applied_and_taken_back(trade: Trade, browser: Browser) -> None:
    before = on_hand(trade, "MANY-0")
    path = send(browser, "sku,on_hand\nMANY-0,40\n")
    page = browser.get(path)
    assert ([count for _, _, count in page.context["tiles"]], page.context["is_busy"]) == (
        [0, 0, 1, 0],
        False,
    )
    assert page.context["rows"][0]["changes"][0]["after"] == "40"
    assert on_hand(trade, "MANY-0") == before
    assert told(do(browser, path, "apply")) == ["Imported: 0 new, 1 changed."]
    assert on_hand(trade, "MANY-0") == 40
    assert told(do(browser, path, "apply")) == ["stock file: 'apply' is not possible while 'applied'."]
    assert told(do(browser, path, "revert")) == ["The file is taken back."]
    assert on_hand(trade, "MANY-0") == before


def test_what_is_wrong_is_shown_and_taken_along_as_a_file(trade: Trade, browser: Browser) -> None:
    path = send(browser, 'sku,on_hand\n"=1+1",1\nONE,x\n')
    page = browser.get(path)
    assert page.context["outcome"] == "problem"
    assert [(row["line"], row["column"]) for row in page.context["rows"]] == [(2, "sku"), (3, "on_hand")]
    found = browser.get(path.replace("change/", "problems.csv")).content.decode("utf-8-sig")
    assert found.splitlines()[1] == "2,sku,there is no variant with this SKU,'=1+1"
    assert told(do(browser, path, "discard")) == ["The file is discarded."]


def test_what_changed_since_is_taken_back_when_it_is_wanted(trade: Trade, browser: Browser) -> None:
    path = send(browser, "sku,reorder_point\nMANY-0,3\n", "targets")
    do(browser, path, "apply")
    with tenant_context(trade.tenant):
        StockTarget.objects.filter(variant__sku="MANY-0").update(reorder_point=4)
    page = do(browser, path, "revert")
    assert (told(page), page.context["force"]) == (["Changed since: MANY-0 · main."], True)
    do(browser, path, "revert", force="1")
    with tenant_context(trade.tenant):
        assert not StockTarget.objects.filter(variant__sku="MANY-0").exists()


def test_stock_is_taken_along_and_how_far_a_file_is(trade: Trade, browser: Browser) -> None:
    assert browser.get(NEW).status_code == 200
    for kind in ("levels", "targets", "suppliers", "supplier_items", "purchase_orders"):
        answer = browser.get(f"/pos/stockfile/export/?kind={kind}&format=csv")
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content).startswith(b'\xef\xbb\xbf"')
    assert browser.get("/pos/stockfile/export/?kind=other").status_code == 404
    with tenant_context(trade.tenant):
        key = StockFile.objects.order_by("pk").values_list("pk", flat=True)[0]
    far = browser.get(f"/pos/stockfile/{key}/progress/").json()
    assert far == {"is_busy": False, "phase": "Waiting for its turn", "share": 0}
    missing = f"/pos/stockfile/{new_id()}"
    assert browser.get(f"{missing}/progress/").status_code == 404
    assert browser.post(f"{missing}/step/", {"step": "apply"}).status_code == 404
    assert browser.get(f"{missing}/problems.csv").status_code == 404


def test_the_rules_of_stock_are_changed_by_their_form(trade: Trade, browser: Browser) -> None:
    path = "/pos/stockhead/1/change/"
    assert browser.submit(path, cost_method="fifo", expiry_alert_days="3").status_code == 302
    with tenant_context(trade.tenant):
        head = StockHead.objects.get()
        assert (head.cost_method, head.expiry_alert_days, head.default_policy) == ("fifo", 3, "allow")
    refused = browser.submit(path, over_receipt_percent="1001")
    assert refused.status_code == 200
    assert refused.context["adminform"].form.errors == {
        "over_receipt_percent": ["A share from 0 to 1000 per cent is expected."]
    }


def test_items_and_targets_are_set_by_their_forms(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        item = StockItem.objects.order_by("pk").first()
        target = StockTarget.objects.order_by("pk").first()
        assert item is not None
        assert target is not None
    assert browser.submit(f"/pos/stockitem/{item.pk}/change/", policy="deny").status_code == 302
    changed = browser.submit(f"/pos/stocktarget/{target.pk}/change/", reorder_point="7", par_level="")
    assert changed.status_code == 302
    with tenant_context(trade.tenant):
        item.refresh_from_db()
        target.refresh_from_db()
        assert (item.policy, target.reorder_point, target.par_level) == ("deny", Decimal(7), None)
    refused = browser.submit(f"/pos/stocktarget/{target.pk}/change/", maximum="1")
    assert refused.context["adminform"].form.errors == {"maximum": ["This is less than reorder_point."]}
    made = browser.submit(
        "/pos/stocktarget/add/",
        what={"variant_id": str(trade.many[0].id)},
        location=str(trade.shop.location.pk),
        reorder_point="2",
    )
    assert made.status_code == 302
    with tenant_context(trade.tenant):
        assert StockTarget.objects.get(variant__sku="MANY-0").reorder_point == 2


def test_a_half_applied_file_shows_how_far_it_is_and_is_taken_back(
    trade: Trade, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Levels, "batch", 1)
    before = on_hand(trade, "MANY-0")
    path = send(browser, "sku,on_hand\nMANY-0,40\nMANY-1,41\n")
    key = UUID(path.split("/")[-3])
    with tenant_context(trade.tenant):
        do_batch(file_id=key, step=APPLY, actor=SYSTEM, at=now(), told=lambda *_: None)
    page = browser.get(path)
    assert (page.context["is_busy"], page.context["phase"], page.context["share"]) == (True, "Written", 50)
    assert "Stop, and take back what is written" in page.content.decode()
    far = browser.get(path.replace("change/", "progress/")).json()
    assert far == {"is_busy": True, "phase": "Written", "share": 50}
    with tenant_context(trade.tenant):
        record_failure(file_id=key, detail="There is a reason.")
    page = browser.get(path)
    assert not page.context["is_busy"]
    assert "Go on: 1 of 2 rows are written" in page.content.decode()
    assert told(do(browser, path, "revert")) == ["The file is taken back."]
    assert on_hand(trade, "MANY-0") == before
