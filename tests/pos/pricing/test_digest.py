"""The fingerprint of a result is a published format: another program must be able to compute it."""

import hashlib
from typing import Any

from pos.pricing.types import ENGINE_VERSION
from tests.pos.pricing.documents import book, context, item, line, price, tax_class

CLASSES = [tax_class("standard", "0.20"), tax_class("zero", "0")]
SHOP = book(item("mug", 899), item("cheese", 1299, "zero"), item("cup", 899)) | {"tax_classes": CLASSES}
POUNDS = context("GBP")
MUGS, CHEESE = line("mug", "2"), line("cheese", "0.3350")


def text_digest(*records: str) -> str:
    """SHA-256 of these records, one per line."""
    return hashlib.sha256("".join(f"{record}\n" for record in records).encode()).hexdigest()


def test_the_digest_is_the_sha256_of_the_documented_text() -> None:
    priced = price(SHOP, CHEESE, MUGS, where=POUNDS)
    cheese = '["cheese","0.335",null,null,null,[],[],[]],[1299,1299,null,0,435,0,435,0,"zero"'
    mugs = '["mug","2",null,null,null,[],[],[]],[899,899,null,0,1798,0,1498,300,"standard"'
    assert priced.digest == text_digest(
        '["fynlo-pricing","2","GBP","per_line half_up"]',
        f'["line",{cheese},[["vat","0",true,435,0]],[]]]',
        f'["line",{mugs},[["vat","0.2",true,1498,300]],[]]]',
        '["tax","vat","0",true,435,0]',
        '["tax","vat","0.2",true,1498,300]',
        '["sales","standard",1498]',
        '["sales","zero",435]',
        '["total",1933,300,2233,0,2233]',
    )
    assert priced.engine_version == ENGINE_VERSION == "2"


def test_every_member_stands_in_its_place() -> None:
    deposit = {"code": "levy", "per_unit_minor": 5}
    classes = [
        {"code": "drink", "rules": [{"inclusive": False, "components": [deposit]}]},
        {"code": "free", "rules": [{"inclusive": True, "components": []}]},
    ]
    slots = [{"id": "drink", "choices": [{"variant_id": "cola", "upcharge_minor": 10}]}]
    prices = book(
        item("cola", 200, "drink"),
        item("menu", 500, "free", combo={"slots": slots}),
        modifier_groups=[{"id": "g", "modifiers": [{"id": "ice", "price_minor": 20}, {"id": "lemon"}]}],
        price_lists=[{"id": "club", "entries": [{"percent_off": "0.1"}]}],
        promotions=[{"id": "p", "rule": {"kind": "amount_off", "select": {"all": True}, "amount_minor": 30}}],
        service_charges=[{"id": "s", "amount_minor": 100}],
    ) | {"tax_classes": classes}
    chosen = {"slot_id": "drink", "variant_id": "cola", "modifiers": [{"modifier_id": "ice", "quantity": 2}]}
    menu = line(
        "menu",
        "2",
        id="l1",
        order_type="dine_in",
        modifiers=[{"modifier_id": "lemon", "modifiers": [{"modifier_id": "ice"}]}],
        components=[chosen],
        discounts=[{"id": "staff", "percent": "0.10"}, {"id": "off", "name": "Ü", "amount_minor": 1}],
    )
    priced = price(prices, menu, tip_minor=50, discounts=[{"id": "o", "amount_minor": 9}])
    # unit 450 + 20; base 2 × 470 + 2 × (10 + 40) = 1040; − 104 − 1 − 60 − 9 = 866; levy 2 × 5
    content = (
        '["menu","2",null,null,"dine_in",[["lemon",1,[["ice",1,[]]]]],[["drink","cola",[["ice",2,[]]]]],'
        '[["percent","0.1"],["amount",1]]]'
    )
    levy = '[["levy",5,false,866,10]]'
    part = f'["drink","cola",1040,174,866,10,"drink",{levy}]'
    assert priced.digest == text_digest(
        '["fynlo-pricing","2","EUR","per_line half_up"]',
        f'["line",{content},[500,450,"club",20,1040,174,866,10,"free",{levy},[{part}]]]',
        '["discount","line",null,104]',
        '["discount","line",null,1]',
        '["discount","order",null,9]',
        '["discount","promotion","p",60]',
        '["charge","s","before_tax",100,100,0]',
        '["tax","levy",5,false,866,10]',
        '["sales","drink",866]',
        '["total",966,10,976,50,1026]',
    )


def test_neither_order_nor_names_nor_ids_of_lines_nor_trailing_zeros_change_the_digest() -> None:
    one = price(SHOP, CHEESE, MUGS, where=POUNDS)
    renamed = SHOP | {"items": [{**entry, "name": "Tasse à café"} for entry in SHOP["items"]]}
    other = price(renamed, line("mug", "2.000", id="x"), line("cheese", "0.335", id="y"), where=POUNDS)
    assert other.digest == one.digest


def test_anything_that_costs_changes_the_digest() -> None:
    dearer = book(item("mug", 900)) | {"tax_classes": CLASSES}
    zero = book(item("mug", 899, "zero")) | {"tax_classes": CLASSES}
    results: list[Any] = [
        price(SHOP, MUGS, where=POUNDS),
        price(dearer, MUGS, where=POUNDS),
        price(SHOP, line("mug", "3"), where=POUNDS),
        price(SHOP, line("cup", "2"), where=POUNDS),
        price(zero, MUGS, where=POUNDS),
        price(SHOP, MUGS, where=context("EUR")),
        price(SHOP, MUGS, where=context("GBP", mode="half_even")),
        price(SHOP, MUGS, line("mug", "2", id="again"), where=POUNDS),
        price(SHOP, line("mug", "2", unit_price_minor=899), where=POUNDS),
        price(SHOP, MUGS, where=POUNDS, tip_minor=1),
        price(SHOP, MUGS, where=POUNDS, discounts=[{"id": "d", "amount_minor": 1}]),
        price(SHOP, line("mug", "2", discounts=[{"id": "d", "amount_minor": 1}]), where=POUNDS),
    ]
    assert len({priced.digest for priced in results}) == len(results)
