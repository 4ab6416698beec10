"""Where each cent of an order comes from: as JSON that adds up, and in the words of three languages."""

from pathlib import Path
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import platform_context, tenant_context
from pos.orders.models import Order, OrderLine
from tests.factories import Shop, TillClient, order_body, signed_in
from tests.pos.catalog.documents import sheets
from tests.pos.orders.menu import Menu, serve, stored

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden"
AT = "2026-03-02T11:00:00.000Z"
MEMBERS = sheets.price_list(
    "Members", entries=[{"category_id": None, "min_quantity": "1", "percent_off": "0.1"}]
)


@pytest.fixture
def menu(here: Shop) -> Menu:
    charge = sheets.service_charge("Terrace", when={}, percent="0.05")
    return serve(here, ("price_list", MEMBERS), ("service_charge", charge))


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def money(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


def order(menu: Menu, **said: Any) -> dict[str, Any]:
    """A member's basket with everything: price list, choices, combo, offer, discounts, charge, tip."""
    staff = {"id": str(new_id()), "name": "Staff", "percent": "0.2"}
    lines = [*menu.basket(), menu.line("juice", "2", override=money(250), discounts=[staff])]
    return {
        "id": str(new_id()),
        "placed_at": AT,
        "lines": lines,
        "tenders": [],
        "order_type": "take_away",
        "customer_group": "members",
        "discounts": [{"id": str(new_id()), "amount": money(100)}],
        "tip": money(150),
        **said,
    }


def test_the_steps_of_every_line_add_up_to_its_total(manager: TillClient, menu: Menu) -> None:
    placed = manager.post("/orders", order(menu)).json()
    told = manager.get(f"/orders/{placed['id']}/explain").json()
    assert (told["order_id"], told["reference"]) == (placed["id"], placed["reference"])
    for line, sold in zip(told["lines"], placed["lines"], strict=True):
        assert (line["id"], line["name"], line["total_minor"]) == (
            sold["id"],
            sold["name"],
            sold["total"]["amount_minor"],
        )
        assert sum(step["amount_minor"] for step in line["steps"]) == line["total_minor"]
        assert line["steps"][-1]["after_minor"] == line["total_minor"]
    assert sum(step["amount_minor"] for step in told["steps"]) == placed["payable"]["amount_minor"]
    assert (told["total_minor"], told["payable_minor"]) == (
        placed["total"]["amount_minor"],
        placed["payable"]["amount_minor"],
    )


def test_a_line_is_explained_step_by_step(manager: TillClient, menu: Menu) -> None:
    line = menu.line("latte", "2", modifiers=[menu.chosen(menu.milk)])
    body = order(menu, lines=[line], discounts=[])
    manager.post("/orders", body)
    (told,) = manager.get(f"/orders/{body['id']}/explain").json()["lines"]
    # 4.20 less 10 % is 3.78; 2 × (3.78 + 0.50) = 8.56, which contains 856*19/119 = 136.7 → 137
    assert [(step["step"], step["amount_minor"], step["after_minor"]) for step in told["steps"]] == [
        ("list_price", 420, 420),
        ("price_list", -42, 378),
        ("modifiers", 50, 428),
        ("quantity", 428, 856),
        ("tax", 0, 856),
    ]
    data = [step["data"] for step in told["steps"]]
    assert data[1] == {"name": "Members", "price_list_id": MEMBERS["id"], "unit_price_minor": 378}
    assert data[2]["modifiers"] == [{"modifiers": [], "name": "Oat milk", "quantity": 1}]
    assert (data[4]["name"], data[4]["rate"], data[4]["tax_minor"]) == ("VAT 19%", "0.19", 137)


def test_a_quote_is_explained_as_its_order_when_asked(manager: TillClient, menu: Menu) -> None:
    body = order(menu)
    asked = {name: value for name, value in body.items() if name not in ("id", "tenders")}
    quoted = manager.post("/quotes?explain=true", asked).json()["explanation"]
    assert "explanation" not in manager.post("/quotes", asked).json()
    assert "explanation" not in manager.post("/quotes?explain=false", asked).json()
    manager.post("/orders", body)
    told = manager.get(f"/orders/{body['id']}/explain").json()
    assert {name: value for name, value in told.items() if name not in ("order_id", "reference")} == quoted


def test_what_was_recorded_is_told_though_the_catalogue_has_changed(
    here: Shop, manager: TillClient, menu: Menu
) -> None:
    body = order(menu)
    manager.post("/orders", body)
    before = manager.get(f"/orders/{body['id']}/explain")
    menu.milk["modifiers"][0]["name"] = "Almond milk"
    stored(here, ("modifier_group", menu.milk), ("price_list", {**MEMBERS, "name": "Guests"}))
    assert manager.get(f"/orders/{body['id']}/explain").content == before.content


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_in_words_a_cashier_understands(
    as_owner: None, here: Shop, manager: TillClient, menu: Menu, language: str
) -> None:
    body = order(menu)
    manager.post("/orders", body)
    with platform_context():
        here.tenant.language = language
        here.tenant.save()
    response = manager.get(f"/orders/{body['id']}/explain", Accept="text/plain")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (GOLDEN / f"explanation_{language}.txt").read_text("utf-8")


def test_on_narrow_paper(manager: TillClient, menu: Menu) -> None:
    body = order(menu)
    manager.post("/orders", body)
    text = manager.get(f"/orders/{body['id']}/explain?columns=32", Accept="text/plain").content.decode()
    assert max(map(len, text.splitlines())) <= 32


def test_an_order_from_before_explanations_were_kept_is_told_from_its_rows(
    here: Shop, till: TillClient
) -> None:
    body = order_body((here.variants["cappuccino"], "2"), (here.variants["book"], "1"))
    till.post("/orders", body)
    with tenant_context(here.tenant):
        Order.objects.update(explanation=None, price_book=None, context={}, pricing_engine="1")
        OrderLine.objects.update(list_price_minor=None, base_minor=None, taxes=[])
    told = till.get(f"/orders/{body['id']}/explain").json()
    assert [
        [(step["step"], step["amount_minor"], step["after_minor"]) for step in line["steps"]]
        for line in told["lines"]
    ] == [
        [("list_price", 380, 380), ("quantity", 380, 760), ("tax", 0, 760)],
        [("list_price", 1000, 1000), ("quantity", 0, 1000), ("tax", 200, 1200)],
    ]
    assert told["total_minor"] == 1960
    assert (
        "of which standard 19 %: 1.21"
        in till.get(f"/orders/{body['id']}/explain", Accept="text/plain").content.decode()
    )
    whole = till.get(f"/orders/{body['id']}").json()
    assert whole["lines"][0]["list_price"] == money(380)
    assert whole["lines"][1]["amount"] == money(1000)
    assert [tax["name"] for tax in whole["lines"][0]["taxes"]] == ["VAT 19%"]
    receipt = till.get(f"/orders/{body['id']}/receipt").content.decode()
    assert "Cappuccino                          7.60 B\n" in receipt


def test_only_who_may_see_orders_of_this_merchant(here: Shop, there: Shop, till: TillClient) -> None:
    assert till.get(f"/orders/{new_id()}/explain").status_code == 404
    assert TillClient(here.tenant).get(f"/orders/{new_id()}/explain").status_code == 401


@pytest.mark.parametrize("path", ["/explain?columns=33", "/explain?explain=true"])
def test_questions_nobody_understands(till: TillClient, path: str) -> None:
    assert till.get(f"/orders/{new_id()}{path}").status_code == 400
