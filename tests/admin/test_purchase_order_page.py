"""Orders to suppliers in the back office: written, changed, sent, answered, given up."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.purchasing.models import PurchaseOrder, PurchaseOrderLine, Supplier, SupplierItem
from tests.admin.browsing import Browser, cells, office
from tests.admin.entering import enter, filled_entry, reader, wrong
from tests.factories import Shop, paired_till, shop
from tests.factories.tills import TillClient, signed_in
from tests.pos.purchasing.buying import Buyer

pytestmark = pytest.mark.django_db

NEW = "/pos/purchase-order/new/"


@pytest.fixture
def buyer(cafe: Any) -> Buyer:
    """A café that buys from the mill."""
    made = shop(cafe)
    found = Buyer(made, TillClient(cafe, signed_in(cafe, paired_till(cafe), role="manager")))
    found.supplier()
    return found


@pytest.fixture
def kept(buyer: Buyer) -> Shop:
    return buyer.shop


@pytest.fixture
def browser(kept: Shop) -> Browser:
    return office(kept.tenant, "manager", number="71")


def line(kept: Shop, name: str, **said: str) -> dict[str, str]:
    empty = dict.fromkeys(
        ("pack_price_minor", "supplier_code", "pack_name", "pack_size", "pack_unit", "note"), ""
    )
    return {**empty, "variant_id": str(kept.variants[name].id), "packs": "2", **said}


def write(browser: Browser, buyer: Buyer, *lines: dict[str, str], **said: Any) -> Any:
    return enter(browser, NEW, supplier_id=buyer.supplier_id, lines=list(lines), **said)


def only_order(kept: Shop) -> PurchaseOrder:
    with tenant_context(kept.tenant):
        found: PurchaseOrder = PurchaseOrder.objects.prefetch_related("lines", "steps").get()
        return found


def order_lines(kept: Shop) -> list[PurchaseOrderLine]:
    with tenant_context(kept.tenant):
        return list(PurchaseOrder.objects.get().lines.all())


def path(kept: Shop, step: str = "") -> str:
    return f"/pos/purchase-order/{only_order(kept).pk}/{step}"


def test_what_is_left_empty_is_as_the_supplier_sells_it(buyer: Buyer, kept: Shop, browser: Browser) -> None:
    answer = write(browser, buyer, line(kept, "roll"), expected_on="2026-12-24", note="Back door")
    assert answer.status_code == 302, wrong(answer)
    order = only_order(kept)
    (row,) = order_lines(kept)
    assert (order.state, str(order.expected_on), order.note) == ("draft", "2026-12-24", "Back door")
    assert (row.supplier_code, row.pack_name, str(row.pack_price_minor)) == ("R-12", "tray", "300.000000000")
    assert str(row.quantity) == "24.000000"


def test_what_is_stated_is_taken(buyer: Buyer, kept: Shop, browser: Browser) -> None:
    stated = line(kept, "roll", packs="1,5", pack_price_minor="2.955", pack_size="10", pack_name="bag")
    assert write(browser, buyer, stated).status_code == 302
    (row,) = order_lines(kept)
    assert (str(row.packs), str(row.pack_price_minor)) == ("1.500000", "295.500000000")
    assert (row.pack_name, str(row.quantity)) == ("bag", "15.000000")


def test_what_they_sell_is_offered_and_ordered_by_packs(buyer: Buyer, kept: Shop, browser: Browser) -> None:
    page = browser.get(f"{NEW}?supplier={buyer.supplier_id}")
    text = page.content.decode()
    assert "R-12" in text
    assert "C-5" in text
    with tenant_context(kept.tenant):
        roll = SupplierItem.objects.get(supplier_code="R-12")
    sent = filled_entry(page, supplier_id=buyer.supplier_id) | {f"packs-{roll.pk}": "10"}
    assert browser.post(NEW, sent).status_code == 302
    (row,) = order_lines(kept)
    assert (str(row.packs), str(row.pack_price_minor)) == ("10.000000", "270.000000000")


def test_asking_what_they_sell_keeps_what_was_typed(buyer: Buyer, kept: Shop, browser: Browser) -> None:
    sent = filled_entry(
        browser.get(NEW), supplier_id=buyer.supplier_id, note="Half", lines=[line(kept, "book")]
    )
    page = browser.post(NEW, {**sent, "offer": "1"})
    assert page.context["form"]["note"].value() == "Half"
    assert [row["packs"] for row in cells(page, "lines")] == ["2"]
    assert "R-12" in page.content.decode()
    assert "This field is required" not in page.content.decode()


def test_a_refusal_stands_at_its_cell_and_nothing_typed_is_lost(
    buyer: Buyer, kept: Shop, browser: Browser
) -> None:
    lines = [line(kept, "roll"), line(kept, "roll", packs="-1"), line(kept, "book", pack_unit="barrel")]
    page = write(browser, buyer, *lines, note="Kept")
    assert "Articles 2 · Packs" in wrong(page) or "2 · Packs" in wrong(page)
    assert [row["packs"] for row in cells(page, "lines")] == ["2", "-1", "2"]
    assert page.context["form"]["note"].value() == "Kept"
    page = write(browser, buyer, lines[0], lines[2])
    assert "2 · Unit" in wrong(page)
    with tenant_context(kept.tenant):
        assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize("packs", ["", "0", "x", "NaN", "1e3"])
def test_a_number_of_packs_that_cannot_be_is_refused(
    buyer: Buyer, kept: Shop, browser: Browser, packs: str
) -> None:
    assert "Packs" in wrong(write(browser, buyer, line(kept, "roll", packs=packs)))


def test_an_order_of_nothing_and_of_nobody_is_refused(buyer: Buyer, kept: Shop, browser: Browser) -> None:
    assert "lines" in wrong(write(browser, buyer))
    assert "supplier_id" in wrong(enter(browser, NEW, lines=[line(kept, "roll")]))


def test_another_merchants_article_and_supplier_are_refused(
    buyer: Buyer, kept: Shop, browser: Browser, grocer: Any
) -> None:
    other = shop(grocer)
    with tenant_context(grocer):
        theirs = Supplier.objects.create(id=new_id(), code="t", name="Theirs", currency="EUR")
    page = write(browser, buyer, line(kept, "roll", variant_id=str(other.variants["roll"].id)))
    assert "There is no such variant" in wrong(page)
    page = enter(browser, NEW, supplier_id=str(theirs.pk), lines=[line(kept, "roll")])
    assert "Choose one of these" in wrong(page)
    assert "Theirs" not in browser.get(f"{NEW}?supplier={theirs.pk}").content.decode()


def test_a_draft_is_changed_unless_somebody_else_was_faster(
    buyer: Buyer, kept: Shop, browser: Browser
) -> None:
    write(browser, buyer, line(kept, "roll"))
    page = browser.get(path(kept))
    (shown,) = cells(page, "lines")
    assert (shown["packs"], shown["pack_price_minor"]) == ("2", "3.00")
    late = filled_entry(page, note="Late")
    answer = browser.post(path(kept), filled_entry(page, lines=[shown | {"packs": "3"}]))
    assert answer.status_code == 302, wrong(answer)
    assert str(order_lines(kept)[0].packs) == "3.000000"
    assert "Somebody else changed this" in wrong(browser.post(path(kept), late))
    assert only_order(kept).note == ""


def test_an_order_is_sent_confirmed_and_closed(buyer: Buyer, kept: Shop, browser: Browser) -> None:
    write(browser, buyer, line(kept, "roll"), line(kept, "cheese"))
    browser.post(path(kept, "step/"), {"step": "send"})
    assert only_order(kept).state == "sent"
    answer = enter(
        browser, path(kept, "confirm/"), supplier_reference="M-7", expected_on="2026-12-01", quantity_0="12"
    )
    assert answer.status_code == 302, wrong(answer)
    order = only_order(kept)
    assert (order.state, order.supplier_reference, str(order.expected_on)) == (
        "confirmed",
        "M-7",
        "2026-12-01",
    )
    assert [row.confirmed_quantity for row in order_lines(kept)][1] is None
    buyer.receive({"id": str(order.pk), "lines": [{"id": str(order_lines(kept)[0].pk)}]}, "1")
    browser.post(path(kept, "step/"), {"step": "close", "reason": "They have none"})
    assert only_order(kept).state == "received"
    assert "They have none" in browser.get(path(kept)).content.decode()


def test_what_cannot_be_of_an_answer_stands_at_its_line(buyer: Buyer, kept: Shop, browser: Browser) -> None:
    write(browser, buyer, line(kept, "roll"), line(kept, "cheese"))
    browser.post(path(kept, "step/"), {"step": "send"})
    page = enter(browser, path(kept, "confirm/"), quantity_1="-4", supplier_reference="M-7")
    assert "quantity_1" in wrong(page)
    assert page.context["form"]["supplier_reference"].value() == "M-7"
    assert only_order(kept).state == "sent"


def test_an_order_is_cancelled_and_a_second_time_is_told(buyer: Buyer, kept: Shop, browser: Browser) -> None:
    write(browser, buyer, line(kept, "roll"))
    for _ in range(2):
        browser.post(path(kept, "step/"), {"step": "cancel", "reason": "Twice"})
    assert only_order(kept).state == "cancelled"
    assert "has cancelled PO-00001" in browser.get(path(kept)).content.decode()
    assert browser.post(path(kept, "step/"), {"step": "burn"}).status_code == 400


def test_who_may_only_read_can_look_and_no_more(buyer: Buyer, kept: Shop, browser: Browser) -> None:
    write(browser, buyer, line(kept, "roll"))
    looker = reader(kept.tenant)
    assert looker.get(NEW).status_code == 403
    assert looker.get(path(kept)).status_code == 200
    assert looker.post(path(kept, "step/"), {"step": "send"}).status_code == 403
    assert looker.get(path(kept, "confirm/")).status_code == 403
    assert only_order(kept).state == "draft"


def test_an_order_that_is_not_there_is_told(browser: Browser) -> None:
    for step in ("", "confirm/"):
        assert browser.get(f"/pos/purchase-order/{new_id()}/{step}").status_code == 404
    assert browser.post(f"/pos/purchase-order/{new_id()}/step/", {"step": "send"}).status_code == 404


def test_the_statements_of_the_page_do_not_grow_with_its_lines(
    buyer: Buyer, kept: Shop, browser: Browser
) -> None:
    write(browser, buyer, line(kept, "roll"))

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path(kept)).status_code == 200
        return len(captured)

    few = statements()
    page = browser.get(path(kept))
    lines = [line(kept, name) for name in ("roll", "cheese", "book")]
    assert browser.post(path(kept), filled_entry(page, lines=lines)).status_code == 302
    assert statements() == few


def test_the_list_leads_to_the_pages(buyer: Buyer, kept: Shop, browser: Browser) -> None:
    write(browser, buyer, line(kept, "roll"))
    assert "<th>Line</th>" not in browser.get(path(kept)).content.decode()
    text = browser.get("/pos/purchaseorder/").content.decode()
    assert "Write an order" in text
    assert "Change or follow it" in text
