"""Preparing a transfer in the back office: units and lots are named, what is wrong stands at its line."""

from typing import Any
from uuid import UUID

import pytest

from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockLot, StockTransfer, StockTransferLine
from pos.inventory.services.settings import ItemSettingsDraft, save_stock_item
from tests.admin.browsing import Browser, office
from tests.admin.entering import wrong
from tests.admin.trading import AT, STOREKEEPER, Trade, traded
from tests.factories import LocationFactory

pytestmark = pytest.mark.django_db

PATH = "/pos/stocktransfer/open/"


@pytest.fixture
def trade(cafe: Any) -> Trade:
    """A café that keeps lots of one of its goods."""
    made = traded(cafe)
    with tenant_context(cafe):
        kept = ItemSettingsDraft(policy="backorder", tracking="lot", shelf_life_days=3, stops_when_out=False)
        save_stock_item(item_id=made.small["pos.item"], draft=kept, actor=STOREKEEPER, at=AT)
    return made


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


def send(browser: Browser, goods: str, note: str = "Mine") -> Any:
    keys = [key for key, _ in browser.get(PATH).context["form"].fields["source"].choices]
    return browser.post(PATH, {"source": keys[0], "destination": keys[1], "goods": goods, "note": note})


def drafted(trade: Trade) -> list[StockTransferLine]:
    with tenant_context(trade.tenant):
        made = StockTransfer.objects.filter(note="Mine")
        return list(StockTransferLine.objects.filter(transfer__in=made).order_by("position"))


def lot(trade: Trade) -> UUID:
    with tenant_context(trade.tenant):
        key: UUID = StockLot.objects.get(code="LOT-CANARY").pk
        return key


def test_lots_and_units_are_named(trade: Trade, browser: Browser) -> None:
    answer = send(browser, "ONE 3 lot LOT-CANARY\nMANY-0 1,5\nONE 1 each")
    assert answer.status_code == 302, wrong(answer)
    assert [(str(line.quantity.normalize()), line.lot_id, line.entered_unit) for line in drafted(trade)] == [
        ("3", lot(trade), "each"),
        ("1.5", None, "each"),
        ("1", None, "each"),
    ]


@pytest.mark.parametrize(
    ("goods", "sentence"),
    [
        ("ONE 1\nONE 1 lot NOBODY", "Line 2: This is no lot of it."),
        ("MANY-0 1 lot LOT-CANARY", "Line 1: This is no lot of it."),
        ("ONE 1\nNOBODY 1", "Line 2: There is no such SKU."),
        ("ONE 1\nONE 2 barrel", "Line 2: "),
        ("ONE 1\nONE 0", "Line 2: What is sent is more than zero."),
        ("ONE NaN", "Write a SKU and a quantity in each line."),
        ("ONE " + "9" * 300, "Write a SKU and a quantity in each line."),
    ],
)
def test_what_is_wrong_stands_at_its_line_and_nothing_typed_is_lost(
    trade: Trade, browser: Browser, goods: str, sentence: str
) -> None:
    page = send(browser, goods)
    assert sentence in wrong(page)
    assert page.context["form"]["goods"].value() == goods
    assert drafted(trade) == []


def test_another_merchants_lots_and_goods_are_not_known(trade: Trade, grocer: Any) -> None:
    stranger = office(grocer)
    with tenant_context(grocer):
        places = [str(LocationFactory.create(code=code).pk) for code in ("a", "b")]
    data = {"source": places[0], "destination": places[1], "goods": "ONE 1 lot LOT-CANARY"}
    assert "There is no such SKU" in wrong(stranger.post(PATH, data))
