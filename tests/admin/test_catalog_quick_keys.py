"""Quick keys in the back office: all keys of a register at once."""

import json
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from pos.registers.models import QuickKey
from tests.admin.browsing import Browser, office, typed_sheets
from tests.admin.trading import Trade, traded

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade(cafe: Any) -> Trade:
    return traded(cafe)


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


def key(trade: Trade, place: str, **said: Any) -> dict[str, Any]:
    target = {"which": "item_id", "value": str(trade.small["pos.item"])}
    return {"page": "1", "position": place, "target": target, "label": "", "color": "", **said}


def send(browser: Browser, path: str, keys: list[Any], **more: str) -> Any:
    version = browser.get(path).context["form"].initial["version"]
    return browser.post(path, {"version": version, "keys": json.dumps(keys), **more})


def test_keys_of_a_register_are_saved_as_a_whole_and_shown_again(trade: Trade, browser: Browser) -> None:
    path = f"/quick-keys/{trade.shop.register.pk}/"
    keys = [key(trade, "2", label="Kaffee", color="#AABBCC"), key(trade, "1")]
    assert send(browser, path, keys).status_code == 302
    with tenant_context(trade.tenant):
        rows = list(QuickKey.objects.order_by("position").values_list("page", "position", "label", "color"))
    assert rows == [(0, 0, "", ""), (0, 1, "Kaffee", "#aabbcc")]
    shown = json.loads(typed_sheets(browser.get(path))["keys"])
    assert [(row["page"], row["position"]) for row in shown] == [("1", "1"), ("1", "2")]
    assert "K1-CANARY" in browser.get("/quick-keys/").content.decode()
    assert send(browser, path, []).status_code == 302
    with tenant_context(trade.tenant):
        assert not QuickKey.objects.exists()


def test_a_place_used_twice_is_told_at_its_key(trade: Trade, browser: Browser) -> None:
    page = send(browser, "/quick-keys/shared/", [key(trade, "1"), key(trade, "1")])
    assert page.status_code == 200
    assert page.context["form"].errors["keys"] == ["2 · Place: Another key has this place."]
    page = send(browser, "/quick-keys/shared/", [key(trade, "x")])
    assert page.context["form"].errors["keys"] == ["1 · Place: A number is expected, such as 2.50."]


def test_keys_that_somebody_else_changed_are_not_overwritten(trade: Trade, browser: Browser) -> None:
    path = "/quick-keys/shared/"
    older = browser.get(path).context["form"].initial["version"]
    assert send(browser, path, [key(trade, "1")]).status_code == 302
    page = send(browser, path, [key(trade, "2")], version=older)
    assert "Somebody else has changed these keys" in page.content.decode()
    with tenant_context(trade.tenant):
        assert QuickKey.objects.get().position == 0


def test_a_register_of_another_merchant_is_not_there(trade: Trade, grocer: Any) -> None:
    assert office(grocer).get(f"/quick-keys/{trade.shop.register.pk}/").status_code == 404
