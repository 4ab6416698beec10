"""Orders with choices, combos, promotions, two tax rates, charges, tips and rounding, over HTTP, cent by cent."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Transfer
from payments.ledger.queries import trial_balance
from pos.inventory.models import StockMovement
from pos.orders.models import Order
from tests.factories import Shop, TillClient, order_body, paired_till, signed_in
from tests.pos.catalog.documents import sheets
from tests.pos.orders.menu import Menu, serve, stored

pytestmark = pytest.mark.django_db

AT = "2026-03-02T11:00:00.000Z"


def euro(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


@pytest.fixture
def menu(here: Shop) -> Menu:
    return serve(here)


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def cash(amount: int, currency: str = "EUR") -> dict[str, Any]:
    money = {"amount_minor": amount, "currency": currency}
    return {"id": str(new_id()), "tender_type": "cash", "amount": money}


def order(lines: list[Any], *tenders: Any, **said: Any) -> dict[str, Any]:
    return {"id": str(new_id()), "placed_at": AT, "lines": lines, "tenders": list(tenders), **said}


def placed(till: TillClient, body: dict[str, Any]) -> dict[str, Any]:
    response = till.post("/orders", body)
    assert response.status_code == 201, response.json()
    told: dict[str, Any] = response.json()
    return told


def codes(told: dict[str, Any]) -> list[tuple[str, str]]:
    """The flags that are about the sale itself; what there was on the shelf is told elsewhere."""
    usual = ("negative_stock", "no_open_session", "placed_earlier")
    return [(flag["code"], flag["pointer"]) for flag in told["flags"] if flag["code"] not in usual]


def balances(shop: Shop) -> dict[str, int]:
    with tenant_context(shop.tenant):
        rows = trial_balance()
        assert sum(row.balance_minor for row in rows) == 0
        return {row.code: row.balance_minor for row in rows if row.balance_minor}


# 2 × (4.20 + 0.50 + 2 × 0.30) = 10.60
# 6.90 over 5.00 and 3.00: 4.3125 and 2.5875 → 4.31 and 2.59; the juice is 0.50 more: 4.31 + 3.09 = 7.40
# 2 × 2.50 - 2.50 = 2.50; together 20.50
# eaten in: 1060*19/119 = 169.2 → 169; 431*19/119 = 68.8 → 69; 309*19/119 = 49.3 → 49; 250*19/119 = 39.9 → 40
# taken away: 431*7/107 = 28.2 → 28; 250*7/107 = 16.4 → 16
def test_a_basket_eaten_in(here: Shop, till: TillClient, menu: Menu) -> None:
    told = placed(till, order(menu.basket(), cash(3000), order_type="dine_in"))
    assert (told["total"], told["tax"], told["net"]) == (euro(2050), euro(327), euro(1723))
    assert [(line["base"], line["discount"], line["total"], line["tax"]) for line in told["lines"]] == [
        (euro(1060), euro(0), euro(1060), euro(169)),
        (euro(740), euro(0), euro(740), euro(118)),
        (euro(500), euro(250), euro(250), euro(40)),
    ]
    assert [(tax["code"], tax["rate"], tax["net"], tax["tax"]) for tax in told["taxes"]] == [
        ("standard", "0.19", euro(1723), euro(327))
    ]
    assert (told["discount"], told["change"], codes(told)) == (euro(250), euro(950), [])


def test_the_same_basket_taken_away_has_two_rates(here: Shop, till: TillClient, menu: Menu) -> None:
    told = placed(till, order(menu.basket(), cash(3000), order_type="take_away"))
    assert (told["total"], told["tax"]) == (euro(2050), euro(262))
    assert [(tax["code"], tax["rate"], tax["net"], tax["tax"]) for tax in told["taxes"]] == [
        ("reduced", "0.07", euro(637), euro(44)),
        ("standard", "0.19", euro(1151), euro(218)),
    ]
    breakfast = told["lines"][1]
    assert [(part["name"], part["slot"], part["base"], part["tax"]) for part in breakfast["components"]] == [
        ("Bagel", "Food", euro(431), euro(28)),
        ("Juice", "Drink", euro(309), euro(49)),
    ]
    assert [(tax["code"], tax["tax"]) for tax in breakfast["taxes"]] == [
        ("reduced", euro(28)),
        ("standard", euro(49)),
    ]
    # 77 on 663: what both rates come to
    assert (breakfast["tax_rate"], breakfast["tax_class"]) == ("0.116139", "standard")


def test_one_line_may_be_taken_away_while_the_rest_is_eaten_in(
    here: Shop, till: TillClient, menu: Menu
) -> None:
    lines = [menu.line("bagel"), menu.line("bagel", order_type="take_away")]
    told = placed(till, order(lines, order_type="dine_in"))
    # 500*19/119 = 79.8 → 80; 500*7/107 = 32.7 → 33
    assert [(line["order_type"], line["tax"]) for line in told["lines"]] == [
        (None, euro(80)),
        ("take_away", euro(33)),
    ]


def test_modifiers_and_promotions_are_told_with_their_names(here: Shop, till: TillClient, menu: Menu) -> None:
    told = placed(till, order(menu.basket()))
    latte, _, cookies = told["lines"]
    assert (latte["list_price"], latte["modifiers_price"]) == (euro(420), euro(110))
    assert [(m["name"], m["quantity"], m["price"], m["modifiers"]) for m in latte["modifiers"]] == [
        ("Oat milk", 1, euro(50), []),
        ("Vanilla", 2, euro(30), []),
    ]
    assert told["discounts"] == [
        {
            "kind": "promotion",
            "id": menu.offer["id"],
            "name": "Two cookies, one free",
            "amount": euro(250),
            "allocations": [{"line_id": cookies["id"], "amount": euro(250)}],
        }
    ]


def test_a_quote_agrees_with_its_order_in_every_member_they_share(
    here: Shop, till: TillClient, menu: Menu
) -> None:
    body = order(menu.basket(), cash(3000), order_type="take_away", tip=euro(100))
    quoted = till.post("/quotes", {k: v for k, v in body.items() if k not in ("id", "tenders")}).json()
    told = placed(till, body)
    for member in quoted.keys() - {"flags"}:
        assert told[member] == quoted[member], member
    assert quoted["payable"] == euro(2150)


def test_permuted_lines_are_the_same_price_under_the_same_digest(
    here: Shop, till: TillClient, menu: Menu
) -> None:
    lines = menu.basket()
    orders = [lines, lines[::-1], [lines[1], lines[2], lines[0]]]
    told = [till.post("/quotes", {"lines": each, "placed_at": AT}).json() for each in orders]
    assert len({each["pricing"]["digest"] for each in told}) == 1
    by_id = [{line["id"]: line for line in each["lines"]} for each in told]
    assert by_id[0] == by_id[1] == by_id[2]
    assert told[0]["taxes"] == told[1]["taxes"] == told[2]["taxes"]


def test_the_books_say_what_the_order_says(here: Shop, till: TillClient, menu: Menu) -> None:
    charge = sheets.service_charge("Service", when={"order_types": ["dine_in"]})
    stored(here, ("service_charge", charge))
    body = order(menu.basket(), cash(3000), order_type="dine_in", tip=euro(200), covers=2)
    told = placed(till, body)
    # 10 % of 20.50: 2.05, which contains 205*19/119 = 32.7 → 33
    assert told["service_charges"] == [
        {
            "id": charge["id"],
            "name": "Service",
            "phase": "before_tax",
            "amount": euro(205),
            "net": euro(172),
            "tax": euro(33),
            "total": euro(205),
        }
    ]
    assert (told["total"], told["tip"], told["payable"]) == (euro(2255), euro(200), euro(2455))
    assert (told["paid"], told["due"], told["change"]) == (euro(2455), euro(0), euro(545))
    assert balances(here) == {
        "cash": 2455,
        "sales:meal": -(362 + 210),
        "sales:standard": -(891 + 260),
        "service_charge": -172,
        "tax:standard": -(327 + 33),
        "tips": -200,
    }
    with tenant_context(here.tenant):
        kinds = Transfer.objects.order_by("id").values_list("kind", flat=True)
        assert list(kinds) == ["sale", "sale", "service_charge", "tax", "tip", "payment", "change"]


def test_a_tip_is_no_part_of_any_tax_base(here: Shop, till: TillClient, menu: Menu) -> None:
    plain = placed(till, order([menu.line("juice")], cash(300)))
    tipped = placed(till, order([menu.line("juice")], cash(350), tip=euro(50)))
    assert (tipped["tax"], tipped["net"], tipped["total"]) == (plain["tax"], plain["net"], plain["total"])
    assert (tipped["payment_state"], tipped["paid"], tipped["payable"]) == ("paid", euro(350), euro(350))


def test_a_tip_that_is_not_paid_yet_is_due(here: Shop, till: TillClient, menu: Menu) -> None:
    told = placed(till, order([menu.line("juice")], cash(300), tip=euro(50)))
    assert (told["payment_state"], told["due"]) == ("part_paid", euro(50))


@pytest.mark.parametrize(
    ("price", "tendered", "rounding", "change", "books"),
    [
        (1232, 2000, 2, 770, {"cash": 1230, "rounding": 2}),  # 12.32 → 12.30
        (1233, 2000, -2, 765, {"cash": 1235, "rounding": -2}),  # 12.33 → 12.35
        (1235, 2000, 0, 765, {"cash": 1235}),
        (1232, 1230, 2, 0, {"cash": 1230, "rounding": 2}),
        (1232, 1000, 0, 0, {"cash": 1000, "receivable": 232}),  # a part is not rounded
    ],
)
def test_cash_is_rounded_to_five_at_the_tender_only(
    here: Shop,
    manager: TillClient,
    menu: Menu,
    price: int,
    tendered: int,
    rounding: int,
    change: int,
    books: dict[str, int],
) -> None:
    stored(here, ("settings", sheets.settings(cash_increment=5)))
    told = placed(manager, order([menu.line("juice", override=euro(price))], cash(tendered)))
    assert (told["total"], told["rounding"], told["change"]) == (euro(price), euro(rounding), euro(change))
    assert [payment["rounding"] for payment in told["payments"]] == [euro(rounding)]
    assert told["due"] == euro(books.get("receivable", 0))
    found = balances(here)
    assert {code: found.get(code) for code in books} == books
    assert ("rounding" in found) == bool(rounding)


def test_the_components_leave_the_shelf_and_the_combo_does_not(
    here: Shop, till: TillClient, menu: Menu
) -> None:
    both = [menu.component(menu.food, "bagel"), menu.component(menu.drink, "juice")]
    placed(till, order([menu.line("breakfast", "3", components=both), menu.line("juice")]))
    with tenant_context(here.tenant):
        moved = StockMovement.objects.order_by("id").values_list("variant__sku", "quantity")
        assert [(sku, int(quantity)) for sku, quantity in moved] == [
            ("M-BAGEL", -3),
            ("M-JUICE", -3),
            ("M-JUICE", -1),
        ]


def test_the_same_component_twice_is_flagged_and_moves_twice(
    here: Shop, till: TillClient, menu: Menu
) -> None:
    twice = [menu.component(menu.food, "cookie"), menu.component(menu.food, "cookie")]
    told = placed(till, order([menu.line("breakfast", components=twice)]))
    assert codes(told) == [
        ("slot_twice", "/lines/0/components/1/slot_id"),
        ("slot_missing", "/lines/0/components"),
    ]
    with tenant_context(here.tenant):
        assert list(StockMovement.objects.values_list("variant__sku", "quantity")) == [("M-COOKIE", -2)]


def test_a_weighed_line_and_a_label_with_its_price(there: Shop) -> None:
    """0.335 kg at 12.99: 4.35, whether the till multiplies or the scale printed it."""
    till = TillClient(there.tenant, paired_till(there.tenant))
    pound = {"amount_minor": 435, "currency": "GBP"}
    weighed = order_body((there.variants["cheese"], "0.335"), cash=(435, "GBP"))
    printed = order_body((there.variants["cheese"], "0.335"), cash=(435, "GBP"))
    printed["lines"][0]["printed_amount"] = pound
    told = [placed(till, body) for body in (weighed, printed)]
    assert [each["total"] for each in told] == [pound, pound]
    assert [each["lines"][0]["price_source"] for each in told] == ["list", "label"]
    assert [codes(each) for each in told] == [[], []]


def test_a_label_with_a_price_of_its_own_counts_and_is_flagged(there: Shop) -> None:
    till = TillClient(there.tenant, paired_till(there.tenant))
    body = order_body((there.variants["cheese"], "0.335"))
    body["lines"][0]["printed_amount"] = {"amount_minor": 400, "currency": "GBP"}
    told = placed(till, body)
    assert told["total"] == {"amount_minor": 400, "currency": "GBP"}
    assert codes(told) == [("unapproved_price", "/lines/0/printed_amount")]


def test_several_taxes_one_compound_one_per_bottle(here: Shop, till: TillClient, menu: Menu) -> None:
    """10.00: 5 % is 0.50; 9.975 % on 10.50 is 1.047 → 1.05; 0.25 for the bottle: 11.80."""
    components = [
        {"code": "gst", "name": "GST", "rate": "0.05", "compound": False},
        {"code": "qst", "name": "QST", "rate": "0.09975", "compound": True},
        {"code": "deposit", "name": "Deposit", "per_unit_minor": 25},
    ]
    rule = {"when": {}, "inclusive": False, "net_of_contained": False, "components": components}
    classes = {"id": sheets.key(), "code": "bottles", "name": "Bottles", "rules": [rule]}
    bottle = sheets.variant("BOTTLE", price_minor=1000)
    soda = sheets.item("Soda", bottle, category_id=menu.place["id"], tax_class="bottles")
    stored(here, ("tax_class", classes), ("item", soda))
    body = order([{"id": str(new_id()), "variant_id": bottle["id"], "quantity": "1"}], cash(2000))
    told = placed(till, body)
    assert (told["total"], told["change"]) == (euro(1180), euro(820))
    assert [(tax["code"], tax["rate"], tax["per_unit"], tax["tax"]) for tax in told["taxes"]] == [
        ("deposit", "0", euro(25), euro(25)),
        ("gst", "0.05", None, euro(50)),
        ("qst", "0.09975", None, euro(105)),
    ]
    assert till.get(f"/orders/{told['id']}").json() == told
    assert balances(here) == {
        "cash": 1180,
        "sales:bottles": -1000,
        "tax:deposit": -25,
        "tax:gst": -50,
        "tax:qst": -105,
    }


def test_an_exempt_customer_pays_the_net_price(here: Shop, till: TillClient, menu: Menu) -> None:
    """11.90 contain 1.90; whoever is exempt pays 10.00."""
    component = {"code": "vat", "name": "VAT", "rate": "0.19", "compound": False}
    nothing = {"code": "exempt", "name": "Exempt", "rate": "0", "compound": False}
    rules = [
        {"when": {"exempt": True}, "inclusive": False, "net_of_contained": True, "components": [nothing]},
        {"when": {}, "inclusive": True, "net_of_contained": False, "components": [component]},
    ]
    classes = {"id": sheets.key(), "code": "goods", "name": "Goods", "rules": rules}
    cup = sheets.variant("CUP", price_minor=1190)
    item = sheets.item("Cup", cup, category_id=menu.place["id"], tax_class="goods")
    stored(here, ("tax_class", classes), ("item", item))
    body = order([{"id": str(new_id()), "variant_id": cup["id"], "quantity": "1"}], exempt=True)
    told = placed(till, body)
    assert (told["total"], told["tax"], told["context"]["exempt"]) == (euro(1000), euro(0), True)
    assert (told["lines"][0]["amount"], told["lines"][0]["net"]) == (euro(1190), euro(1000))
    receipt = till.get(f"/orders/{told['id']}/receipt").content.decode()
    assert "Subtotal                           11.90\n" in receipt
    assert "Tax not charged                    -1.90\n" in receipt
    assert "TOTAL EUR                          10.00\n" in receipt


def test_a_hundred_per_cent_off_is_nothing_and_paid(here: Shop, manager: TillClient, menu: Menu) -> None:
    given = {"id": str(new_id()), "name": "On the house", "percent": "1"}
    told = placed(manager, order(menu.basket(), discounts=[given]))
    assert (told["total"], told["tax"], told["payment_state"]) == (euro(0), euro(0), "paid")
    assert balances(here) == {}


def test_what_was_sold_is_read_again_byte_for_byte(here: Shop, till: TillClient, menu: Menu) -> None:
    body = order(menu.basket(), cash(3000), order_type="take_away", tip=euro(50), coupons=["B", "A"])
    first = till.post("/orders", body)
    assert till.post("/orders", body).content == first.content
    assert till.get(f"/orders/{body['id']}").content == first.content
    with tenant_context(here.tenant):
        assert Order.objects.count() == 1
