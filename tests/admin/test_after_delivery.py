"""After a delivery, in the back office: goods go back, and costs are recorded and taken back."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.purchasing.models import GoodsReceipt, LandedCost, SupplierReturn
from tests.admin.browsing import Browser, office
from tests.admin.entering import enter, filled_entry, reader, wrong
from tests.factories import paired_till, shop
from tests.factories.tills import TillClient, signed_in
from tests.pos.purchasing.buying import Buyer

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(cafe: Any) -> Buyer:
    """A café that got two trays of rolls and a wheel of cheese."""
    made = shop(cafe)
    found = Buyer(made, TillClient(cafe, signed_in(cafe, paired_till(cafe), role="manager")))
    found.supplier()
    found.receive(found.ordered(("roll", "2"), ("cheese", "1")), "2", "1")
    return found


@pytest.fixture
def browser(buyer: Buyer) -> Browser:
    return office(buyer.shop.tenant, "manager", number="71")


def path(buyer: Buyer, what: str) -> str:
    with tenant_context(buyer.shop.tenant):
        return f"/pos/goods-receipt/{GoodsReceipt.objects.get().pk}/{what}/"


def returned(buyer: Buyer) -> list[tuple[str, Decimal, str]]:
    with tenant_context(buyer.shop.tenant):
        return [
            (made.reason, line.quantity, line.reason)
            for made in SupplierReturn.objects.prefetch_related("lines")
            for line in made.lines.all()
        ]


def costs(buyer: Buyer) -> list[tuple[str, str, Decimal]]:
    with tenant_context(buyer.shop.tenant):
        return list(LandedCost.objects.order_by("id").values_list("kind", "basis", "amount_minor"))


def test_goods_go_back_and_the_same_form_again_is_one_return(buyer: Buyer, browser: Browser) -> None:
    where = path(buyer, "return")
    sent = filled_entry(browser.get(where), quantity_0="3", reason_0="Stale", reason="Bad day")
    for _ in range(2):
        assert browser.post(where, sent).status_code == 302
    assert returned(buyer) == [("Bad day", Decimal(3), "Stale")]
    assert "24 each came, 3 went back" in browser.get(where).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("25", "Only 24"), ("0", "more than zero"), ("-1", "more than zero"), ("x", "A number is expected")],
)
def test_what_cannot_go_back_stands_at_its_line_and_stays(
    buyer: Buyer, browser: Browser, typed: str, sentence: str
) -> None:
    page = enter(browser, path(buyer, "return"), quantity_0=typed, reason="Kept")
    assert "quantity_0" in wrong(page)
    assert sentence.lower() in wrong(page).lower() or "greater" in wrong(page)
    assert page.context["form"]["reason"].value() == "Kept"
    assert page.context["form"]["quantity_0"].value() == typed
    assert returned(buyer) == []


def test_a_unit_nobody_knows_and_an_empty_return_are_refused(buyer: Buyer, browser: Browser) -> None:
    page = enter(browser, path(buyer, "return"), quantity_1="1", unit_1="barrel")
    assert "unit_1" in wrong(page)
    assert wrong(enter(browser, path(buyer, "return"))) != "{}"
    assert returned(buyer) == []


def test_freight_is_shared_over_the_delivery_and_taken_back_once(buyer: Buyer, browser: Browser) -> None:
    answer = enter(browser, path(buyer, "cost"), kind="freight", basis="value", amount="12,50")
    assert answer.status_code == 302, wrong(answer)
    assert costs(buyer) == [("freight", "value", Decimal(1250))]
    with tenant_context(buyer.shop.tenant):
        key = LandedCost.objects.get().pk
    for _ in range(2):
        browser.post("/pos/landedcost/", {"action": "take_back", "_selected_action": [str(key)]})
    assert costs(buyer)[1:] == [("freight", "value", Decimal(-1250))]


def test_an_invoice_says_what_one_cost(buyer: Buyer, browser: Browser) -> None:
    answer = enter(browser, path(buyer, "cost"), kind="invoice", basis="stated", unit_cost_minor_0="3.205")
    assert answer.status_code == 302, wrong(answer)
    assert costs(buyer) == [("invoice", "stated", Decimal(41))]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "5", "others": "GR-99999"}, "others"),
        ({"basis": "weight", "amount": "5", "share_minor_0": "1"}, "weight_0"),
        ({"basis": "weight", "amount": "5", "weight_0": "-1"}, "weight_0"),
    ],
)
def test_a_cost_that_cannot_be_stands_at_its_field(
    buyer: Buyer, browser: Browser, said: dict[str, str], field: str
) -> None:
    page = enter(browser, path(buyer, "cost"), **{"basis": "value", "note": "Kept", **said})
    assert field in wrong(page)
    assert page.context["form"]["note"].value() == "Kept"
    assert costs(buyer) == []


def test_who_may_only_read_and_whose_delivery_is_not_there_are_refused(buyer: Buyer, grocer: Any) -> None:
    looker = reader(buyer.shop.tenant)
    for what in ("return", "cost"):
        assert looker.get(path(buyer, what)).status_code == 403
        assert looker.post(path(buyer, what), {"quantity_0": "1"}).status_code == 403
    stranger = office(grocer, "manager", number="71")
    for what in ("return", "cost"):
        assert stranger.get(path(buyer, what)).status_code == 404
        assert stranger.post(f"/pos/goods-receipt/{new_id()}/{what}/", {}).status_code == 404


def test_the_statements_do_not_grow_with_the_lines(buyer: Buyer, browser: Browser) -> None:
    def statements(receipt: GoodsReceipt) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/pos/goods-receipt/{receipt.pk}/return/").status_code == 200
        return len(captured)

    buyer.receive(buyer.ordered(("roll", "1")), "1")
    with tenant_context(buyer.shop.tenant):
        large, small = GoodsReceipt.objects.order_by("id")
    statements(small)
    assert statements(small) == statements(large)


def test_the_lists_lead_to_the_pages(buyer: Buyer, browser: Browser) -> None:
    enter(browser, path(buyer, "return"), quantity_0="1")
    enter(browser, path(buyer, "cost"), basis="value", amount="1")
    assert "Send some of it back" in browser.get("/pos/goodsreceipt/").content.decode()
    assert "It cost more" in browser.get("/pos/goodsreceipt/").content.decode()
    assert "choose the delivery" in browser.get("/pos/supplierreturn/").content.decode()
    assert "choose the delivery" in browser.get("/pos/landedcost/").content.decode()
