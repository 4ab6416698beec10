"""What may be changed of an open order, and what becomes of the basket. Pure: basket and change in, basket out.

A line is only ever added or taken off; whoever takes it off says so (`void`), and its row stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from fynlo.core.money import Money
from pos.orders.drafts import BasketDraft, DiscountDraft, LineDraft
from pos.orders.errors import UnknownLine

RESTOCK: Final = "restock"
WASTE: Final = "waste"
NONE: Final = "none"
GOODS: Final = (RESTOCK, WASTE, NONE)
"""Where the goods of something taken back go: onto the shelf, into the bin, or they were never made."""

NOTES: Final = ("note", "kitchen_note", "internal_note")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDraft:
    """One change. `id` is made by whoever asks, so that the same change asked again is known.

    `kind` says which members count (`MEMBERS`); what is None was not said.
    """

    id: UUID
    kind: str
    line_id: UUID | None = None
    line: LineDraft | None = None
    quantity: Decimal | None = None
    override: Money | None = None
    discounts: tuple[DiscountDraft, ...] = ()
    waived_charges: tuple[UUID, ...] = ()
    coupons: tuple[str, ...] = ()
    customer: str | None = None
    customer_group: str | None = None
    exempt: bool | None = None
    covers: int = 0
    order_type: str | None = None
    note: str | None = None
    kitchen_note: str | None = None
    internal_note: str | None = None
    name: str = ""
    employee_id: UUID | None = None
    goods: str = RESTOCK
    reason: str = ""
    approval: str | None = None


MEMBERS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = MappingProxyType(
    {
        kind: (frozenset(needed.split()), frozenset(further.split()) | {"reason"})
        for kind, needed, further in (
            ("add", "line", "approval"),
            ("adjust", "line_id quantity", "goods approval"),
            ("void", "line_id", "goods approval"),
            ("override", "line_id", "override approval"),
            ("discount", "discounts", "line_id approval"),
            ("charges", "waived_charges", "approval"),
            ("coupons", "coupons", ""),
            ("customer", "", "customer customer_group exempt"),
            ("covers", "covers", ""),
            ("order_type", "order_type", "line_id"),
            ("note", "", "line_id note kitchen_note internal_note"),
            ("name", "name", ""),
            ("owner", "employee_id", ""),
        )
    }
)
"""Kind → the members it needs, and those it may have besides."""

COMMUTING: Final = frozenset({"add"})
"""Kinds that mean the same whatever happened before: two waiters may add at once."""

PRICELESS: Final = frozenset({"note", "name", "owner"})
"""Kinds that change no price, whatever they say."""


def changed(draft: BasketDraft, change: ChangeDraft, *, pointer: str) -> BasketDraft:
    """The basket after `change`. Raises `UnknownLine` at `pointer` for a line that is not on it (any more)."""
    if change.line_id is not None and change.kind in _OF_LINES:
        lines = list(draft.lines)
        place = next((index for index, line in enumerate(lines) if line.id == change.line_id), None)
        if place is None:
            raise UnknownLine("There is no such line on this order.", pointer=f"{pointer}/line_id")
        line = _OF_LINES[change.kind](lines[place], change)
        lines[place : place + 1] = [] if line is None else [line]
        return replace(draft, lines=tuple(lines))
    return _OF_BASKETS[change.kind](draft, change)


def _with_notes(said: Any, change: ChangeDraft) -> Any:
    """The line or basket with the notes that were said; an empty one takes it away."""
    notes = {name: getattr(change, name) for name in NOTES if getattr(change, name) is not None}
    return replace(said, **notes)


def _with_customer(draft: BasketDraft, change: ChangeDraft) -> BasketDraft:
    said: dict[str, Any] = {
        name: getattr(change, name)
        for name in ("customer", "customer_group", "exempt")
        if getattr(change, name) is not None
    }
    if said.get("customer_group") == "":
        said["customer_group"] = None
    return replace(draft, **said)


def _added(draft: BasketDraft, change: ChangeDraft) -> BasketDraft:
    return draft if change.line is None else replace(draft, lines=(*draft.lines, change.line))


def _adjusted(line: LineDraft, change: ChangeDraft) -> LineDraft:
    return line if change.quantity is None else replace(line, quantity=change.quantity)


def _gone(_line: LineDraft, _change: ChangeDraft) -> None:
    return None


def _same(draft: BasketDraft, _change: ChangeDraft) -> BasketDraft:
    return draft


_OF_LINES: Final[Mapping[str, Callable[[LineDraft, ChangeDraft], LineDraft | None]]] = MappingProxyType(
    {
        "adjust": _adjusted,
        "void": _gone,
        "override": lambda line, change: replace(line, override=change.override),
        "discount": lambda line, change: replace(line, discounts=change.discounts),
        "order_type": lambda line, change: replace(line, order_type=change.order_type),
        "note": _with_notes,
    }
)
_OF_BASKETS: Final[Mapping[str, Callable[[BasketDraft, ChangeDraft], BasketDraft]]] = MappingProxyType(
    {
        "add": _added,
        "discount": lambda draft, change: replace(draft, discounts=change.discounts),
        "charges": lambda draft, change: replace(draft, waived_charges=change.waived_charges),
        "coupons": lambda draft, change: replace(draft, coupons=change.coupons),
        "customer": _with_customer,
        "covers": lambda draft, change: replace(draft, covers=change.covers),
        "order_type": lambda draft, change: replace(draft, order_type=change.order_type),
        "note": _with_notes,
        "name": lambda draft, change: replace(draft, name=change.name),
        "owner": _same,
    }
)
