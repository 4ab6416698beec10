"""A café's menu with everything that makes prices interesting, on top of the shop that every test has."""

import datetime as dt
from typing import Any

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.services.documents import save_documents
from tests.factories import Shop
from tests.pos.catalog.documents import sheets

Json = dict[str, Any]
OPENED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
EATEN_IN = dt.datetime(2026, 3, 2, 11, tzinfo=dt.UTC)


class Menu:
    """What `serve` put on the menu, by name: documents with their ids.

    Drinks contain 19 %. Meals contain 19 % eaten in and 7 % taken away. Latte 4.20 with oat milk (+0.50) or none
    and up to two vanilla shots (+0.30); bagel 5.00, cookie 2.50, juice 3.00. Breakfast is a combo for 6.90: a bagel
    or a cookie, and a latte or a juice, which is 0.50 more. Of two cookies the cheaper one is free.
    """

    def __init__(self) -> None:
        self.milk = sheets.group("Milk", sheets.modifier("Oat milk", price_minor=50), max=1)
        self.shots = sheets.group("Shots", sheets.modifier("Vanilla", price_minor=30, max_quantity=2))
        self.place = sheets.category("Counter")
        self.variants = {
            name: sheets.variant(f"M-{name.upper()}", price_minor=price)
            for name, price in (
                ("latte", 420),
                ("bagel", 500),
                ("cookie", 250),
                ("juice", 300),
                ("breakfast", 690),
            )
        }
        self.food = sheets.slot("Food", self.variants["bagel"], self.variants["cookie"])
        self.drink = sheets.slot("Drink", self.variants["latte"], self.variants["juice"])
        self.offer = sheets.promotion(
            "Two cookies, one free",
            rule={"kind": "cheapest_free", "select": {"variants": [self.variants["cookie"]["id"]]}, "n": 2},
        )

        uses = [sheets.use(self.milk), sheets.use(self.shots)]
        self.documents: list[tuple[str, Json]] = [
            ("tax_class", _meals()),
            ("category", self.place),
            ("modifier_group", self.milk),
            ("modifier_group", self.shots),
            ("item", self._item("latte", "standard", modifier_groups=uses)),
            ("item", self._item("bagel", "meal")),
            ("item", self._item("cookie", "meal")),
            ("item", self._item("juice", "standard")),
            ("item", self._item("breakfast", "standard", combo={"slots": [self.food, self.drink]})),
            ("promotion", self.offer),
        ]

    def line(self, name: str, quantity: str = "1", **said: Any) -> Json:
        """A line of an order or a quote."""
        return {
            "id": str(new_id()),
            "variant_id": self.variants[name]["id"],
            "quantity": quantity,
            **said,
        }

    def basket(self) -> list[Json]:
        """Two lattes with oat milk and two shots each, a breakfast with bagel and juice, two cookies."""
        return [
            self.line("latte", "2", modifiers=[self.chosen(self.milk), self.chosen(self.shots, quantity=2)]),
            self.line(
                "breakfast",
                components=[self.component(self.food, "bagel"), self.component(self.drink, "juice")],
            ),
            self.line("cookie", "2"),
        ]

    def chosen(self, group: Json, **said: Any) -> Json:
        """The first modifier of a group."""
        return {"modifier_id": group["modifiers"][0]["id"], **said}

    def component(self, slot: Json, name: str, **said: Any) -> Json:
        """What was chosen for a slot."""
        return {"slot_id": slot["id"], "variant_id": self.variants[name]["id"], **said}

    def _item(self, name: str, tax: str, **said: Any) -> Json:
        own = self.variants[name]
        place = self.place["id"]
        return sheets.item(name.title(), own, category_id=place, tax_class=tax, **said)


def serve(shop: Shop, *further: tuple[str, Json]) -> Menu:
    """Put the menu, and further documents, into the shop's catalogue, in force since January."""
    menu = Menu()
    stored(shop, *menu.documents, *further)
    return menu


def stored(shop: Shop, *documents: tuple[str, Json], at: dt.datetime = OPENED) -> int:
    """Save documents and publish them, in force from `at`; returns the revision."""
    with tenant_context(shop.tenant):
        return save_documents(documents=documents, actor=SYSTEM, at=at, cause="test").revision


def _meals() -> Json:
    """19 % eaten in, 7 % taken away, contained either way."""

    def rule(when: Json, code: str, name: str, rate: str) -> Json:
        component = {"code": code, "name": name, "rate": rate, "compound": False}
        return {"when": when, "inclusive": True, "net_of_contained": False, "components": [component]}

    away = rule({"order_types": ["take_away"]}, "reduced", "VAT 7%", "0.07")
    here = rule({}, "standard", "VAT 19%", "0.19")
    return {"id": sheets.key(), "code": "meal", "name": "Meals", "rules": [away, here]}
