"""What is odd about prices, choices and price books is said of orders; quotes refuse what cannot be chosen."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.models import PriceBookVersion
from tests.factories import Shop, TillClient, order_body, paired_till, published, shop, signed_in
from tests.pos.catalog.documents import sheets
from tests.pos.orders.menu import Menu, serve, stored

pytestmark = pytest.mark.django_db

AT = "2026-03-02T11:00:00.000Z"
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def euro(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


@pytest.fixture
def menu(here: Shop) -> Menu:
    return serve(here)


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def flags(till: TillClient, *lines: Any, **said: Any) -> list[dict[str, Any]]:
    """The flags of an order of these lines, but for shelf and drawer."""
    body = {"id": str(new_id()), "placed_at": AT, "lines": list(lines), "tenders": [], **said}
    response = till.post("/orders", body)
    assert response.status_code == 201, response.json()
    usual = ("negative_stock", "no_open_session", "placed_earlier")
    return [flag for flag in response.json()["flags"] if flag["code"] not in usual]


def discount(**said: Any) -> dict[str, Any]:
    return {"id": str(new_id()), **said}


def current_book(shop: Shop) -> str:
    with tenant_context(shop.tenant):
        return str(PriceBookVersion.objects.latest("revision").pk)


class TestApproval:
    """Who may give discounts and make prices is a permission; without it the sale is kept and flagged."""

    def test_discounts_and_waived_charges_of_a_cashier(self, till: TillClient, menu: Menu) -> None:
        line = menu.line("juice", discounts=[discount(percent="0.1"), discount(amount=euro(5))])
        said = {"discounts": [discount(percent="0.05")], "waived_charges": [str(new_id())]}
        assert flags(till, menu.line("bagel"), line, **said) == [
            {"code": "unapproved_discount", "pointer": "/lines/1/discounts/0"},
            {"code": "unapproved_discount", "pointer": "/lines/1/discounts/1"},
            {"code": "unapproved_discount", "pointer": "/discounts/0"},
            {"code": "unapproved_discount", "pointer": "/waived_charges/0"},
        ]

    def test_taxes_left_out(self, till: TillClient, manager: TillClient, menu: Menu) -> None:
        assert flags(till, menu.line("juice"), exempt=True) == [
            {"code": "unapproved_exemption", "pointer": "/exempt"}
        ]
        assert flags(manager, menu.line("juice"), exempt=True) == []

    def test_a_price_a_cashier_made(self, till: TillClient, menu: Menu) -> None:
        assert flags(till, menu.line("juice", override=euro(250))) == [
            {
                "code": "unapproved_price",
                "pointer": "/lines/0/override",
                "list_price": euro(300),
                "stated": euro(250),
            }
        ]

    def test_a_managers_are_approved(self, manager: TillClient, menu: Menu) -> None:
        lines = [
            menu.line("juice", override=euro(250)),
            menu.line("juice", printed_amount=euro(1)),
            menu.line("juice", discounts=[discount(percent="0.1")]),
        ]
        said = {"discounts": [discount(percent="0.05")], "waived_charges": [str(new_id())]}
        assert flags(manager, *lines, **said) == []

    def test_an_open_price_is_there_to_be_typed(self, here: Shop, till: TillClient, menu: Menu) -> None:
        gift = sheets.variant("GIFT", price_minor=0)
        item = sheets.item("Gift wrap", gift, category_id=menu.place["id"], has_open_price=True)
        stored(here, ("item", item))
        line = {
            "id": str(new_id()),
            "variant_id": gift["id"],
            "quantity": "1",
            "override": euro(350),
        }
        assert flags(till, line) == []

    @pytest.mark.parametrize(
        ("printed", "flagged"),
        [(434, False), (435, False), (436, False), (429, True), (443, True), (0, True), (12990, True)],
    )
    def test_a_label_is_believed_as_far_as_its_weight_says_the_same(
        self, here: Shop, till: TillClient, menu: Menu, printed: int, flagged: bool
    ) -> None:
        """0.335 kg at 12.99 is 4.35; half a gram is 0.0065, and the label was rounded."""
        line = {
            "id": str(new_id()),
            "variant_id": str(here.variants["cheese"].id),
            "quantity": "0.335",
            "printed_amount": euro(printed),
        }
        assert [flag["code"] for flag in flags(till, line)] == (["unapproved_price"] if flagged else [])

    def test_what_was_stated_counts_all_the_same(self, till: TillClient, menu: Menu) -> None:
        lines = [menu.line("juice", "2", override=euro(250), discounts=[discount(percent="0.1")])]
        told = till.post("/quotes", {"lines": lines, "discounts": [discount(amount=euro(50))]}).json()
        # 2 × 2.50 = 5.00, less 10 % and 0.50
        assert (told["total"], told["discount"]) == (euro(400), euro(100))
        assert [(given["kind"], given["amount"]) for given in told["discounts"]] == [
            ("line", euro(50)),
            ("order", euro(50)),
        ]
        assert (told["lines"][0]["list_price"], told["lines"][0]["price_source"]) == (euro(300), "override")


class TestPriceBooks:
    """The version the till names prices the sale, the one in force when it was made does if it names none."""

    def test_a_new_price_does_not_change_what_an_offline_till_sold(
        self, here: Shop, till: TillClient, menu: Menu
    ) -> None:
        old = current_book(here)
        menu.variants["juice"]["price_minor"] = 350
        stored(here, *menu.documents, at=NOON)
        before = {"placed_at": AT, "lines": [menu.line("juice")]}
        after = {"placed_at": "2026-03-02T12:00:00Z", "lines": [menu.line("juice")]}
        assert till.post("/quotes", before).json()["total"] == euro(300)
        assert till.post("/quotes", after).json()["total"] == euro(350)
        named = till.post("/quotes", {**after, "price_book": old}).json()
        assert (named["total"], named["price_book"]) == (euro(300), old)
        assert named["flags"] == [
            {"code": "superseded_price_book", "pointer": "/price_book", "price_book": old}
        ]

    def test_the_version_in_force_is_nothing_odd(self, here: Shop, till: TillClient, menu: Menu) -> None:
        assert flags(till, menu.line("juice"), price_book=current_book(here)) == []

    def test_a_version_nobody_knows(self, here: Shop, till: TillClient, menu: Menu) -> None:
        stranger = str(new_id())
        assert flags(till, menu.line("juice"), price_book=stranger) == [
            {
                "code": "unknown_price_book",
                "pointer": "/price_book",
                "price_book": stranger,
                "used": current_book(here),
            }
        ]

    def test_the_other_merchants_version_is_unknown_here(
        self, here: Shop, there: Shop, till: TillClient, menu: Menu
    ) -> None:
        found = flags(till, menu.line("juice"), price_book=current_book(there))
        assert [flag["code"] for flag in found] == ["unknown_price_book"]

    def test_an_order_keeps_the_version_it_was_priced_by(
        self, here: Shop, till: TillClient, menu: Menu
    ) -> None:
        old = current_book(here)
        body = {"id": str(new_id()), "lines": [menu.line("juice")], "tenders": []}
        assert till.post("/orders", body).json()["price_book"] == old
        with tenant_context(here.tenant):
            published()
        assert till.get(f"/orders/{body['id']}").json()["price_book"] == old


def test_a_merchant_from_before_there_were_price_books_gets_one_with_the_first_sale(grocer: Any) -> None:
    old = shop(grocer, has_book=False)
    till = TillClient(grocer, paired_till(grocer))
    body = order_body((old.variants["roll"], "1"), placed_at="2026-03-01T12:00:00Z")
    told = till.post("/orders", body).json()
    with tenant_context(grocer):
        assert told["price_book"] == str(PriceBookVersion.objects.get().pk)
    assert till.post("/orders", body).json() == told


class TestChoices:
    """Modifiers and components that are not offered so: an order is flagged, a quote refused."""

    def lines(self, menu: Menu) -> list[tuple[dict[str, Any], list[tuple[str, str]]]]:
        milk, shots = menu.chosen(menu.milk), menu.chosen(menu.shots, quantity=3)
        bagel, juice = menu.component(menu.food, "bagel"), menu.component(menu.drink, "juice")
        return [
            (
                menu.line("latte", modifiers=[milk, milk]),
                [
                    ("modifier_too_often", "/lines/0/modifiers/1/quantity"),
                    ("group_above_max", "/lines/0/modifiers"),
                ],
            ),
            (
                menu.line("latte", modifiers=[shots]),
                [("modifier_too_often", "/lines/0/modifiers/0/quantity")],
            ),
            (
                menu.line("bagel", modifiers=[milk]),
                [("modifier_not_offered", "/lines/0/modifiers/0/modifier_id")],
            ),
            (menu.line("breakfast", components=[bagel]), [("slot_missing", "/lines/0/components")]),
            (
                menu.line("breakfast", components=[menu.component(menu.food, "juice"), juice]),
                [("component_not_offered", "/lines/0/components/0/variant_id")],
            ),
            (menu.line("bagel", components=[juice]), [("components_unexpected", "/lines/0/components")]),
        ]

    @pytest.mark.parametrize("place", range(6))
    def test_an_order_is_kept_and_flagged(self, till: TillClient, menu: Menu, place: int) -> None:
        line, expected = self.lines(menu)[place]
        found = flags(till, line)
        assert [(flag["code"], flag["pointer"]) for flag in found] == expected
        assert all(flag["detail"] for flag in found)

    @pytest.mark.parametrize("place", range(6))
    def test_a_quote_is_refused(self, till: TillClient, menu: Menu, place: int) -> None:
        line, expected = self.lines(menu)[place]
        response = till.post("/quotes", {"lines": [line]})
        assert (response.status_code, response.json()["code"]) == (422, "choices_not_offered")
        assert [(p["code"], p["pointer"]) for p in response.json()["errors"]] == expected

    @pytest.mark.parametrize("path", ["/orders", "/quotes"])
    def test_what_nobody_knows_has_no_price(self, till: TillClient, menu: Menu, path: str) -> None:
        stranger = str(new_id())
        odd = [
            (
                menu.line("latte", modifiers=[{"modifier_id": stranger}]),
                "unknown_modifier",
                "/lines/0/modifiers/0/modifier_id",
            ),
            (
                menu.line(
                    "breakfast", components=[{**menu.component(menu.food, "bagel"), "variant_id": stranger}]
                ),
                "unknown_variant",
                "/lines/0/components/0/variant_id",
            ),
        ]
        for line, code, pointer in odd:
            body = {"lines": [line]} | ({"id": str(new_id()), "tenders": []} if path == "/orders" else {})
            response = till.post(path, body)
            assert (response.status_code, response.json()["code"]) == (422, code)
            assert [problem["pointer"] for problem in response.json()["errors"]] == [pointer]

    def test_a_modifier_that_is_no_longer_offered(self, here: Shop, till: TillClient, menu: Menu) -> None:
        menu.milk["modifiers"][0]["is_active"] = False
        stored(here, ("modifier_group", menu.milk))
        found = flags(till, menu.line("latte", modifiers=[menu.chosen(menu.milk)]))
        assert ("inactive_modifier", "/lines/0/modifiers/0/modifier_id") in [
            (flag["code"], flag["pointer"]) for flag in found
        ]


def test_what_has_run_out_is_said_where_it_is_sold_all_the_same(till: TillClient, menu: Menu) -> None:
    juice = menu.variants["juice"]["id"]
    assert till.post("/catalog/stops", {"variant_id": juice}).status_code in (200, 201)
    both = [menu.component(menu.food, "bagel"), menu.component(menu.drink, "juice")]
    found = till.post("/quotes", {"lines": [menu.line("juice"), menu.line("breakfast", components=both)]})
    assert found.json()["flags"] == [
        {"code": "stopped_item", "pointer": "/lines/0/variant_id", "variant_id": juice},
        {"code": "stopped_item", "pointer": "/lines/1/components/1/variant_id", "variant_id": juice},
    ]
    assert flags(till, menu.line("juice")) == []  # at eleven in March it had not run out yet


@pytest.mark.parametrize("path", ["/orders", "/quotes"])
def test_amounts_in_another_currency_are_named_place_by_place(
    till: TillClient, menu: Menu, path: str
) -> None:
    pound = {"amount_minor": 5, "currency": "GBP"}
    lines = [
        menu.line("juice", override=pound, discounts=[discount(amount=pound)]),
        menu.line("juice", printed_amount=pound),
    ]
    body = {"lines": lines, "discounts": [discount(amount=pound)], "tip": pound}
    if path == "/orders":
        body |= {"id": str(new_id()), "tenders": []}
    response = till.post(path, body)
    assert (response.status_code, response.json()["code"]) == (422, "wrong_currency")
    assert [problem["pointer"] for problem in response.json()["errors"]] == [
        "/lines/0/override/currency",
        "/lines/0/discounts/0/amount/currency",
        "/lines/1/printed_amount/currency",
        "/discounts/0/amount/currency",
        "/tip/currency",
    ]


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"discounts": [{"percent": "1.1"}]}, "/discounts/0/percent", "percent_out_of_range"),
        ({"discounts": [{"percent": "-0.1"}]}, "/discounts/0/percent", "percent_out_of_range"),
        (
            {"line": {"override": euro(10**11 + 1)}},
            "/lines/0/override/amount_minor",
            "price_out_of_range",
        ),
        (
            {"line": {"printed_amount": euro(10**11 + 1)}},
            "/lines/0/printed_amount/amount_minor",
            "price_out_of_range",
        ),
    ],
)
def test_numbers_out_of_range_are_named_where_they_were_sent(
    till: TillClient, menu: Menu, said: dict[str, Any], pointer: str, code: str
) -> None:
    body: dict[str, Any] = {"lines": [menu.line("juice", **said.get("line", {}))]}
    body["discounts"] = [discount(**given) for given in said.get("discounts", [])]
    response = till.post("/quotes", body)
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert [problem["pointer"] for problem in response.json()["errors"]] == [pointer]


class TestComponents:
    """What is no combo has no components; whatever a till says there is flagged and never stands in the way."""

    def test_components_of_a_plain_item_with_modifiers_nobody_knows(
        self, till: TillClient, menu: Menu
    ) -> None:
        component = {
            "slot_id": str(new_id()),
            "variant_id": menu.variants["juice"]["id"],
            "modifiers": [{"modifier_id": str(new_id()), "quantity": 1}],
        }
        found = flags(till, menu.line("bagel", components=[component]))
        assert [flag["code"] for flag in found] == ["components_unexpected"]
