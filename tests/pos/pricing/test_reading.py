"""Documents are read strictly: every refusal has a name and a pointer to its place."""

from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest

from fynlo.core.errors import DomainError
from pos.pricing.promotion_rules import Selector
from pos.pricing.reading import read_book, read_cart, read_context, read_promotion, read_selector, read_when
from tests.pos.pricing.documents import STANDARD, book, context, item, line

WHOLE = book(
    item(
        "menu",
        990,
        combo={"slots": [{"id": "drink", "choices": [{"variant_id": "cola", "upcharge_minor": 80}]}]},
    ),
    item(
        "cola",
        320,
        category_id="drinks",
        tags=["cold"],
        modifier_groups=[{"group_id": "extras", "min": None, "max": 2}],
        list_prices=[
            {"price_list_id": "club", "variant_id": "cola", "min_quantity": "6", "price_minor": 300}
        ],
        scheduled=[{"starts_at": "2027-01-01T00:00", "price_minor": 340}],
    ),
    categories=[{"id": "drinks", "parent_id": None, "name": "Drinks"}],
    modifier_groups=[
        {
            "id": "extras",
            "modifiers": [
                {"id": "lemon", "price_minor": -5, "prices": [{"location_id": "l", "price_minor": 0}]}
            ],
        }
    ],
    price_lists=[
        {"id": "club", "priority": 2, "entries": [{"category_id": "drinks", "percent_off": "0.05"}]}
    ],
    promotions=[{"id": "p", "rule": {"kind": "percent_off", "select": {"all": True}, "percent": "0.1"}}],
    service_charges=[{"id": "s", "per_cover_minor": 150}],
)
GONE = object()


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The document with one place changed, or taken away."""
    copy = deepcopy(document)
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")[1:]]
    place: Any = copy
    for step in way:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return copy


def refusal(read: Any, document: Any) -> tuple[str, str]:
    """The code and the pointer of the refusal."""
    with pytest.raises(DomainError) as caught:
        read(document)
    return caught.value.code, caught.value.errors[0].pointer


def test_a_whole_book_is_read() -> None:
    prices = read_book(WHOLE)
    cola = prices.index.item_of["cola"]
    assert cola.list_prices[0].change.min_quantity == Fraction(6)
    assert prices.index.lineage("drinks") == ("drinks",)
    assert prices.price_lists[0].entries[0].change.percent_off == Fraction(1, 20)
    assert prices.tax_classes[0].rules[0].components[0].rate == Fraction(19, 100)
    assert read_book({}).items == ()


@pytest.mark.parametrize(
    "path",
    [
        "/items/0",
        "/items/1/variants/0",
        "/modifier_groups/0",
        "/modifier_groups/0/modifiers/0",
        "/categories/0",
    ],
)
def test_what_a_served_book_says_besides_is_passed_over(path: str) -> None:
    assert read_book(changed(WHOLE, f"{path}/image", {"url": "…"})) == read_book(WHOLE)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/tax_classes/0",
        "/tax_classes/0/rules/0",
        "/tax_classes/0/rules/0/components/0",
        "/items/0/combo",
        "/items/0/combo/slots/0",
        "/items/0/combo/slots/0/choices/0",
        "/items/1/modifier_groups/0",
        "/items/1/list_prices/0",
        "/items/1/variants/0/scheduled_prices/0",
        "/modifier_groups/0/modifiers/0/prices/0",
        "/price_lists/0",
        "/price_lists/0/entries/0",
        "/promotions/0",
        "/promotions/0/rule",
        "/promotions/0/rule/select",
        "/service_charges/0",
    ],
)
def test_everywhere_else_an_unknown_member_is_refused(path: str) -> None:
    assert refusal(read_book, changed(WHOLE, f"{path}/colour", 1)) == ("unknown_member", f"{path}/colour")


@pytest.mark.parametrize(
    ("path", "value", "code", "pointer"),
    [
        ("/items", {}, "wrong_type", "/items"),
        ("/items/0", 5, "wrong_type", "/items/0"),
        ("/items/0/id", GONE, "missing_member", "/items/0"),
        ("/items/0/id", "", "invalid_value", "/items/0/id"),
        ("/items/0/id", 7, "wrong_type", "/items/0/id"),
        ("/items/1/id", "menu", "duplicate_id", "/items/1/id"),
        ("/items/1/variants/0/id", "menu", "duplicate_id", "/items/1/variants/0/id"),
        ("/items/0/tax_class", "luxury", "unknown_tax_class", "/items/0/tax_class"),
        ("/items/1/variants/0/price_minor", -1, "price_out_of_range", "/items/1/variants/0/price_minor"),
        ("/items/1/variants/0/price_minor", 2.5, "wrong_type", "/items/1/variants/0/price_minor"),
        ("/items/1/variants/0/price_minor", True, "wrong_type", "/items/1/variants/0/price_minor"),
        ("/items/1/list_prices/0/percent_off", "0.1", "one_of_expected", "/items/1/list_prices/0"),
        (
            "/items/1/list_prices/0/min_quantity",
            "0",
            "quantity_out_of_range",
            "/items/1/list_prices/0/min_quantity",
        ),
        ("/items/1/list_prices/0/min_quantity", 6, "wrong_type", "/items/1/list_prices/0/min_quantity"),
        ("/tax_classes/1/code", "standard", "duplicate_id", "/tax_classes/1/code"),
        ("/tax_classes/0/rules", [], "default_rule_missing", "/tax_classes/0/rules"),
        (
            "/tax_classes/0/rules/0/when",
            {"exempt": True},
            "default_rule_missing",
            "/tax_classes/0/rules/0/when",
        ),
        (
            "/tax_classes/0/rules/0/net_of_contained",
            True,
            "invalid_value",
            "/tax_classes/0/rules/0/net_of_contained",
        ),
        ("/tax_classes/0/rules/0/inclusive", "yes", "wrong_type", "/tax_classes/0/rules/0/inclusive"),
        (
            "/tax_classes/0/rules/0/components/0/rate",
            "10",
            "tax_rate_out_of_range",
            "/tax_classes/0/rules/0/components/0/rate",
        ),
        (
            "/tax_classes/0/rules/0/components/0/rate",
            "0.0000001",
            "tax_rate_out_of_range",
            "/tax_classes/0/rules/0/components/0/rate",
        ),
        (
            "/tax_classes/0/rules/0/components/0/rate",
            0.19,
            "wrong_type",
            "/tax_classes/0/rules/0/components/0/rate",
        ),
        ("/price_lists/0/priority", 10**9 + 1, "number_out_of_range", "/price_lists/0/priority"),
        ("/promotions/0/rule/percent", "1.1", "percent_out_of_range", "/promotions/0/rule/percent"),
        ("/promotions/0/rule/kind", "free_beer", "invalid_value", "/promotions/0/rule/kind"),
        ("/promotions/0/rule/select", {}, "one_of_expected", "/promotions/0/rule/select"),
        ("/promotions/0/max_applications", 0, "number_out_of_range", "/promotions/0/max_applications"),
        ("/promotions/0/cap_minor", -1, "discount_out_of_range", "/promotions/0/cap_minor"),
        ("/service_charges/0/percent", "0.1", "one_of_expected", "/service_charges/0"),
        ("/service_charges/0/tax_class", "standard", "invalid_value", "/service_charges/0/tax_class"),
        ("/service_charges/0/phase", "during_tax", "invalid_value", "/service_charges/0/phase"),
    ],
)
def test_a_book_is_refused_at_the_place_that_is_wrong(path: str, value: Any, code: str, pointer: str) -> None:
    assert refusal(read_book, changed(WHOLE, path, value)) == (code, pointer)


def test_charges_are_taxed_before_tax_and_with_known_classes() -> None:
    late = {"id": "s", "percent": "0.1", "phase": "after_tax", "taxable": True}
    assert refusal(read_book, {"service_charges": [late]}) == ("invalid_value", "/service_charges/0/taxable")
    odd = {"id": "s", "percent": "0.1", "taxable": True, "tax_class": "odd"}
    assert refusal(read_book, {"service_charges": [odd]}) == (
        "unknown_tax_class",
        "/service_charges/0/tax_class",
    )


def test_a_tax_rule_says_one_thing() -> None:
    both = {"inclusive": True, "net_of_contained": True, "when": {"exempt": True}}
    rules = [both, *STANDARD["rules"]]
    document = {"tax_classes": [STANDARD | {"rules": rules}]}
    assert refusal(read_book, document) == ("invalid_value", "/tax_classes/0/rules/0/net_of_contained")
    twice = [{"code": "vat", "rate": "0.1"}, {"code": "vat", "rate": "0.2"}]
    document = {"tax_classes": [{"code": "s", "rules": [{"inclusive": True, "components": twice}]}]}
    assert refusal(read_book, document) == ("duplicate_id", "/tax_classes/0/rules/0/components/1/code")
    many = [{"code": str(number), "rate": "0.1"} for number in range(11)]
    document = {"tax_classes": [{"code": "s", "rules": [{"inclusive": True, "components": many}]}]}
    assert refusal(read_book, document) == ("invalid_value", "/tax_classes/0/rules/0/components")
    levy = [{"code": "levy", "per_unit_minor": 5, "compound": True}]
    document = {"tax_classes": [{"code": "s", "rules": [{"inclusive": True, "components": levy}]}]}
    assert refusal(read_book, document) == ("invalid_value", "/tax_classes/0/rules/0/components/0/compound")


@pytest.mark.parametrize(
    ("rule", "code", "pointer"),
    [
        ({"kind": "tiered", "select": {"all": True}, "measure": "weight"}, "invalid_value", "/rule/measure"),
        ({"kind": "tiered", "select": {"all": True}, "measure": "amount"}, "invalid_value", "/rule/tiers"),
        ({"kind": "bundle", "percent": "0.1"}, "invalid_value", "/rule/parts"),
        ({"kind": "bundle", "parts": []}, "one_of_expected", "/rule"),
        ({"kind": "threshold", "select": {"all": True}, "minimum_minor": 5}, "one_of_expected", "/rule"),
        (
            {"kind": "n_for_price", "select": {"all": True}, "n": 0, "price_minor": 5},
            "number_out_of_range",
            "/rule/n",
        ),
        ({"kind": "cheapest_free", "select": {"all": True}, "n": "3"}, "wrong_type", "/rule/n"),
        ({"kind": "buy_get", "buy": {"all": True}, "get_quantity": 1}, "missing_member", "/rule"),
        ({"kind": "percent_off", "select": {"all": True}}, "missing_member", "/rule"),
        ({"select": {"all": True}}, "missing_member", "/rule"),
    ],
)
def test_a_rule_is_whole(rule: dict[str, Any], code: str, pointer: str) -> None:
    assert refusal(read_promotion, {"id": "p", "rule": rule}) == (code, pointer)


def test_a_selector_is_a_union() -> None:
    named = read_selector({"tags": ["cold"], "items": ["cola", "tea"]})
    assert named == Selector(tags=frozenset({"cold"}), items=frozenset({"cola", "tea"}))


@pytest.mark.parametrize(
    ("when", "code", "pointer"),
    [
        ({"weekdays": [0]}, "number_out_of_range", "/weekdays/0"),
        ({"weekdays": []}, "invalid_value", "/weekdays"),
        ({"times": [["17:00"]]}, "invalid_value", "/times/0"),
        ({"times": [["17:00", "24:00"]]}, "invalid_value", "/times/0/1"),
        ({"times": [["5pm", "19:00"]]}, "invalid_value", "/times/0/0"),
        ({"starts_at": "2026-11-20T18:05Z"}, "invalid_value", "/starts_at"),
        ({"starts_at": "2026-02-30T18:05"}, "invalid_value", "/starts_at"),
        ({"order_types": ["seated"]}, "invalid_value", "/order_types/0"),
        ({"min_covers": -1}, "number_out_of_range", "/min_covers"),
        ({"weather": "rain"}, "unknown_member", "/weather"),
    ],
)
def test_conditions_are_readable(when: dict[str, Any], code: str, pointer: str) -> None:
    assert refusal(read_when, when) == (code, pointer)


def test_null_conditions_count_as_left_out() -> None:
    assert read_when({"weekdays": None, "exempt": None, "channels": ["till"]}) == read_when(
        {"channels": ["till"]}
    )


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"currency": "XXX"}, "unknown_currency", "/currency"),
        ({"at": 5}, "wrong_type", "/at"),
        ({"covers": -1}, "number_out_of_range", "/covers"),
        ({"order_type": "seated"}, "invalid_value", "/order_type"),
        ({"rounding": {"scope": "per_item"}}, "invalid_value", "/rounding/scope"),
        ({"rounding": {"digits": 2}}, "unknown_member", "/rounding/digits"),
        ({"exempt": 1}, "wrong_type", "/exempt"),
        ({"clock": "now"}, "unknown_member", "/clock"),
    ],
)
def test_a_context_is_refused_at_the_place_that_is_wrong(
    change: dict[str, Any], code: str, pointer: str
) -> None:
    assert refusal(read_context, context() | change) == (code, pointer)


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"quantity": 2}, "wrong_type", "/lines/0/quantity"),
        ({"quantity": "1e3"}, "invalid_value", "/lines/0/quantity"),
        ({"quantity": "٣"}, "invalid_value", "/lines/0/quantity"),
        ({"amount_minor": "5"}, "wrong_type", "/lines/0/amount_minor"),
        ({"modifiers": [{"quantity": 1}]}, "missing_member", "/lines/0/modifiers/0"),
        ({"modifiers": [{"modifier_id": "m", "a/b~c": 1}]}, "unknown_member", "/lines/0/modifiers/0/a~1b~0c"),
        ({"components": [{"slot_id": "s"}]}, "missing_member", "/lines/0/components/0"),
        ({"discounts": [{"id": "d"}]}, "one_of_expected", "/lines/0/discounts/0"),
        ({"discounts": [{"id": "d", "percent": 10}]}, "wrong_type", "/lines/0/discounts/0/percent"),
        ({"price": 5}, "unknown_member", "/lines/0/price"),
    ],
)
def test_a_cart_is_refused_at_the_place_that_is_wrong(
    change: dict[str, Any], code: str, pointer: str
) -> None:
    assert refusal(read_cart, {"lines": [line("cola") | change]}) == (code, pointer)


def test_members_of_carts_and_contexts_have_defaults() -> None:
    cart = read_cart({"lines": [{"id": "a", "variant_id": "cola"}]})
    assert (cart.lines[0].quantity, cart.tip_minor, cart.discounts) == (1, 0, ())
    where = read_context({"currency": "EUR", "at": "2026-11-20T18:05"})
    assert (where.rounding.code, where.covers, where.exempt, where.channel) == (
        "per_line half_up",
        0,
        False,
        None,
    )
    assert refusal(read_cart, {}) == ("missing_member", "")
