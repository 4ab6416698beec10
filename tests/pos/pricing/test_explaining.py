"""Where each cent comes from: the steps, their effects, and that these add up to what is to be paid."""

from typing import Any

from pos.pricing.explaining import explain
from tests.pos.pricing.documents import STANDARD, book, context, item, line, price, tax_class


def steps(entry: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Step, effect and what it comes to."""
    return [(step["step"], step["amount_minor"], step["after_minor"]) for step in entry["steps"]]


PROMOTION = {
    "id": "happy",
    "name": "Happy hour",
    "rule": {"kind": "percent_off", "select": {"all": True}, "percent": "0.1"},
}
PRICES = book(
    item("latte", 365),
    price_lists=[{"id": "members", "entries": [{"percent_off": "0.1"}]}],
    modifier_groups=[{"id": "g", "modifiers": [{"id": "oat", "price_minor": 50}]}],
    promotions=[PROMOTION],
)


def test_a_line_tells_every_step_from_the_list_price_to_its_total() -> None:
    latte = line(
        "latte",
        "2",
        modifiers=[{"modifier_id": "oat"}],
        discounts=[{"id": "staff", "name": "Staff", "amount_minor": 100}],
    )
    told = explain(price(PRICES, latte, discounts=[{"id": "voucher", "amount_minor": 70}]))
    # 3.65 → 3.29 → 3.79; two are 7.58; − 1.00; 10 % of 6.58 = 0.658; − 0.70; 5.22 × 19/119 = 0.8334…
    assert steps(told["lines"][0]) == [
        ("list_price", 365, 365),
        ("price_list", -36, 329),
        ("modifiers", 50, 379),
        ("quantity", 379, 758),
        ("discount", -100, 658),
        ("promotion", -66, 592),
        ("order_discount", -70, 522),
        ("tax", 0, 522),
    ]
    data = {step["step"]: step["data"] for step in told["lines"][0]["steps"]}
    assert data["price_list"] == {"price_list_id": "members", "unit_price_minor": 329}
    assert data["quantity"] == {"quantity": "2"}
    assert data["promotion"] == {"id": "happy", "name": "Happy hour"}
    assert data["tax"] == {
        "code": "vat",
        "rate": "0.19",
        "inclusive": True,
        "name": "",
        "net_minor": 439,
        "tax_minor": 83,
    }


def test_own_prices_and_printed_amounts_are_overrides() -> None:
    open_price = explain(price(PRICES, line("latte", "2", unit_price_minor=300)))["lines"][0]
    assert steps(open_price)[:3] == [("list_price", 365, 365), ("override", -65, 300), ("quantity", 300, 600)]
    label = line("latte", "0.5", amount_minor=200, modifiers=[{"modifier_id": "oat"}])
    # the label says 2.00; half a portion of oat is 0.25
    assert steps(explain(price(PRICES, label))["lines"][0])[:3] == [
        ("list_price", 365, 365),
        ("override", -165, 200),
        ("modifiers", 25, 225),
    ]


def test_a_combo_tells_what_its_components_cost_extra() -> None:
    slots = [{"id": "drink", "choices": [{"variant_id": "cola", "upcharge_minor": 80}]}]
    prices = book(item("cola", 320), item("menu", 990, combo={"slots": slots}))
    menu = line("menu", components=[{"slot_id": "drink", "variant_id": "cola"}])
    told = explain(price(prices, menu))["lines"][0]
    assert steps(told) == [("list_price", 990, 990), ("combo", 80, 1070), ("tax", 0, 1070)]
    assert told["steps"][1]["data"]["parts"] == [
        {"slot_id": "drink", "variant_id": "cola", "base_minor": 1070}
    ]


def test_added_taxes_count_and_contained_ones_may_be_taken_out() -> None:
    added = book(item("hat", 1000, "sales")) | {"tax_classes": [tax_class("sales", "0.08", inclusive=False)]}
    assert steps(explain(price(added, line("hat")))["lines"][0]) == [
        ("list_price", 1000, 1000),
        ("tax", 80, 1080),
    ]
    exempt = {"when": {"exempt": True}, "inclusive": False, "net_of_contained": True}
    removed = book(item("hat", 1190)) | {"tax_classes": [STANDARD | {"rules": [exempt, *STANDARD["rules"]]}]}
    told = explain(price(removed, line("hat"), where=context(exempt=True)))["lines"][0]
    assert steps(told) == [("list_price", 1190, 1190), ("contained_tax_removed", -190, 1000)]


def test_the_order_adds_charges_and_the_tip() -> None:
    prices = book(
        item("latte", 365),
        service_charges=[{"id": "service", "name": "Service", "percent": "0.1", "taxable": True}],
    )
    told = explain(price(prices, line("latte"), tip_minor=50))
    assert steps(told) == [("lines", 365, 365), ("service_charge", 37, 402), ("tip", 50, 452)]
    assert (told["total_minor"], told["payable_minor"]) == (402, 452)
    # 0.37 × 19/119 = 0.0590…
    assert told["steps"][1]["data"]["taxes"][0]["tax_minor"] == 6
