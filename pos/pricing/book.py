"""The price book: everything prices depend on besides the cart and its context, as frozen values.

Meaning and JSON form of every member: `docs/algorithms/pricing.md`. A book is checked where it is read
(`pos.pricing.reading`); whoever builds one by hand answers for the limits named there.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from pos.pricing.conditions import ALWAYS, When
from pos.pricing.promotion_rules import Rule, Selector
from pos.pricing.tax_rules import TaxClass
from pos.pricing.types import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A node of the category tree."""

    id: str
    parent_id: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledPrice:
    """A list price that replaces the one before from `starts_at` on."""

    starts_at: dt.datetime
    price_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What is sold. `price_minor` is the list price per unit of the item."""

    id: str
    name: str = ""
    sku: str = ""
    price_minor: int
    scheduled_prices: tuple[ScheduledPrice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """What a price list does with a price from `min_quantity` on: one of the three is given."""

    min_quantity: Fraction = Fraction(1)
    price_minor: int | None = None
    percent_off: Fraction | None = None
    amount_off_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPrice:
    """An entry of a price list for an item, or for one variant of it."""

    price_list_id: str
    variant_id: str | None = None
    change: PriceChange


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPrice:
    """An entry of a price list for a category and all below it, or (None) for everything."""

    category_id: str | None = None
    change: PriceChange


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """Prices for some customers, places or times. The lowest `priority` is asked first."""

    id: str
    name: str = ""
    priority: int = 0
    when: When = ALWAYS
    entries: tuple[CategoryPrice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupUse:
    """A modifier group offered by an item or a modifier; None keeps the group's own bound."""

    group_id: str
    min: int | None = None
    max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifierPrice:
    """Another price of a modifier for an item, a location, or both."""

    item_id: str | None = None
    location_id: str | None = None
    price_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifier:
    """An extra or a wish. Its price may be negative."""

    id: str
    name: str = ""
    price_minor: int = 0
    max_quantity: int = 1
    prices: tuple[ModifierPrice, ...] = ()
    groups: tuple[GroupUse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifierGroup:
    """Modifiers to choose from, at least `min` and at most `max` of them."""

    id: str
    name: str = ""
    min: int = 0
    max: int | None = None
    modifiers: tuple[Modifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComboChoice:
    """A variant a slot offers, and what it costs more than the combo."""

    variant_id: str
    upcharge_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ComboSlot:
    """One choice a combo asks for."""

    id: str
    name: str = ""
    choices: tuple[ComboChoice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Combo:
    """What makes an item a combo: its slots, each filled with one of its choices."""

    slots: tuple[ComboSlot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something on the menu with its variants."""

    id: str
    name: str = ""
    category_id: str | None = None
    tax_class: str
    unit: str = "each"
    tags: tuple[str, ...] = ()
    modifier_groups: tuple[GroupUse, ...] = ()
    combo: Combo | None = None
    list_prices: tuple[ItemPrice, ...] = ()
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """A rule that lowers prices by itself when it holds. The lowest `priority` is applied first."""

    id: str
    name: str = ""
    priority: int = 0
    group: str | None = None
    exclusive: bool = False
    when: When = ALWAYS
    cap_minor: int | None = None
    max_applications: int | None = None
    excluded: Selector | None = None
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCharge:
    """A charge on top of the lines: a share of them, an amount, or an amount per cover."""

    id: str
    name: str = ""
    priority: int = 0
    when: When = ALWAYS
    percent: Fraction | None = None
    amount_minor: int | None = None
    per_cover_minor: int | None = None
    phase: Phase = "before_tax"
    taxable: bool = False
    tax_class: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All of it. Looking things up is `index`, built once with the book."""

    categories: tuple[Category, ...] = ()
    tax_classes: tuple[TaxClass, ...] = ()
    items: tuple[Item, ...] = ()
    modifier_groups: tuple[ModifierGroup, ...] = ()
    price_lists: tuple[PriceList, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    service_charges: tuple[ServiceCharge, ...] = ()
    index: "BookIndex" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", BookIndex(self))


class BookIndex:
    """What is where in a book, and what comes first."""

    __slots__ = (
        "category_prices",
        "charges",
        "groups",
        "item_of",
        "lineages",
        "modifiers",
        "price_lists",
        "promotions",
        "tax_classes",
        "variants",
    )

    def __init__(self, book: Book) -> None:
        self.variants = {variant.id: variant for item in book.items for variant in item.variants}
        self.item_of = {variant.id: item for item in book.items for variant in item.variants}
        self.groups = {group.id: group for group in book.modifier_groups}
        self.modifiers = {
            modifier.id: modifier for group in book.modifier_groups for modifier in group.modifiers
        }
        self.tax_classes = {tax_class.code: tax_class for tax_class in book.tax_classes}
        self.lineages = _lineages(book.categories)
        self.category_prices = {price_list.id: _by_category(price_list) for price_list in book.price_lists}
        self.price_lists = sorted(book.price_lists, key=_rank)
        self.promotions = sorted(book.promotions, key=_rank)
        self.charges = sorted(book.service_charges, key=_rank)

    def lineage(self, category_id: str | None) -> tuple[str, ...]:
        """A category and all above it, nearest first; one the book does not know stands alone."""
        if category_id is None:
            return ()
        return self.lineages.get(category_id) or (category_id,)


def _rank(entry: PriceList | Promotion | ServiceCharge) -> tuple[int, str]:
    return entry.priority, entry.id


def _by_category(price_list: PriceList) -> dict[str | None, list[PriceChange]]:
    changes: dict[str | None, list[PriceChange]] = {}
    for entry in price_list.entries:
        changes.setdefault(entry.category_id, []).append(entry.change)
    return changes


def _lineages(categories: Iterable[Category]) -> dict[str, tuple[str, ...]]:
    """Each category with all above it, nearest first. A circle ends where it closes."""
    parents = {category.id: category.parent_id for category in categories}
    return {key: tuple(_upwards(key, parents)) for key in parents}


def _upwards(key: str | None, parents: dict[str, str | None]) -> Iterator[str]:
    seen: set[str] = set()
    while key is not None and key not in seen:
        yield key
        seen.add(key)
        key = parents.get(key)
