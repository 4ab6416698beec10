"""Cells for conditions, and for what a promotion is about: the same in every form that has them."""

from typing import Any, Final

from fynlo.backoffice.sheets import (
    Cell,
    Choice,
    Either,
    Local,
    Money,
    Number,
    Object,
    Pairs,
    Percent,
    Picks,
    Ticks,
    Time,
    Whole,
    Words,
)
from fynlo.backoffice.sheets.cells import NOTHING

WEEKDAYS: Final = (
    ("1", "Mon"),
    ("2", "Tue"),
    ("3", "Wed"),
    ("4", "Thu"),
    ("5", "Fri"),
    ("6", "Sat"),
    ("7", "Sun"),
)
ORDER_TYPES: Final = (
    ("dine_in", "Eat in"),
    ("take_away", "Take away"),
    ("pickup", "Pick up"),
    ("delivery", "Delivery"),
)


class YesNo(Choice):
    """Yes, no, or no matter which."""

    def __init__(self, name: str, title: str, *, yes: str, no: str, **more: Any) -> None:
        super().__init__(name, title, (("", "any"), ("yes", yes), ("no", no)), **more)

    def read(self, given: Any, pointer: str, problems: list[tuple[str, str]]) -> Any:
        """True, false, or left out."""
        word = super().read(given, pointer, problems)
        return {"yes": True, "no": False}.get(word, NOTHING)


def when_cells() -> tuple[Cell, ...]:
    """Every condition there is."""
    return (
        Ticks("weekdays", "Weekdays", WEEKDAYS, numbers=True, width=4),
        Pairs(
            "times",
            "Times of day",
            (Time("from", "From"), Time("until", "Until")),
            add="Add a time",
            plain=True,
            width=4,
            help="Until is not included; 22:00 to 02:00 belongs to the day it began on.",
        ),
        Local("starts_at", "From", width=2),
        Local("ends_at", "Until (not included)", width=2),
        Ticks("order_types", "Order type", ORDER_TYPES, width=4),
        Picks("locations", "Locations", "location", width=3),
        Words("channels", "Channels", width=3, placeholder="till, web, kiosk"),
        Words("customer_groups", "Customer groups", width=3, placeholder="members, staff"),
        Words("coupons", "Coupon codes", width=3, help="One of them was given; capitals count."),
        Whole("min_covers", "Guests at least", width=1),
        YesNo("exempt", "Customer", yes="exempt from tax", no="not exempt", width=2),
        Words("destinations", "Destinations", width=3, placeholder="CA-QC, CH"),
    )


def when_sheet(name: str = "when", title: str = "When", **more: Any) -> Object:
    """The conditions of something. Nothing said means always."""
    more.setdefault("help", "Everything that is said must hold; nothing said is always.")
    return Object(name, title, when_cells(), **more)


class Selector(Object):
    """Which lines: everything, or whatever is named."""

    def __init__(self, name: str, title: str, *, none: str = "", **more: Any) -> None:
        kinds = (("all", "everything"), ("some", "what is named here"))
        options = (("none", none), *kinds) if none else kinds
        named = {"when": ("of", ("some",)), "width": 3}
        super().__init__(
            name,
            title,
            (
                Choice("of", "", options, width=3 if none else 2),
                Picks("categories", "Categories, with all below", "category", **named),
                Picks("items", "Items", "item", **named),
                Picks("variants", "Variants", "variant", **named),
                Picks("tags", "Tags", "tag", **named),
            ),
            width=4,
            **more,
        )
        self.has_none = bool(none)

    def show(self, value: Any) -> Any:
        """What is named, and how."""
        shown = super().show(value)
        if value is None or value == {}:
            shown["of"] = "none" if self.has_none else "all"
        else:
            shown["of"] = "all" if value.get("all") else "some"
        return shown

    def read(self, given: Any, pointer: str, problems: list[tuple[str, str]]) -> Any:
        """As documents write it; null for none of it."""
        row = given if isinstance(given, dict) else {"of": "none" if self.has_none else "all"}
        made = super().read(row, pointer, problems)
        how = made.pop("of", "all")
        if how == "all":
            return {"all": True}
        if how == "none":
            return None
        if not made:
            problems.append((f"{pointer}/of", "Name at least one category, item, variant or tag."))
        return made


def price_effect(name: str = "effect") -> Either:
    """What an entry of a price list does."""
    return Either(
        name,
        "Price",
        (
            Money("price_minor", "costs", needed=True),
            Percent("percent_off", "% off", needed=True),
            Money("amount_off_minor", "less", needed=True),
        ),
        width=3,
    )


def from_quantity() -> Number:
    """From how many on."""
    return Number("min_quantity", "From quantity", width=1, blank="1", needed=True)
