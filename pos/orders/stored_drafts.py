"""What was ordered, as it was said, kept with an order while it may still change. Pure.

The whole basket is priced again with every change, so what decides its price is kept: nothing that pricing
computed, and nothing that was not said.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fynlo.core.money import Money
from pos.orders.drafts import BasketDraft, ComponentDraft, DiscountDraft, LineDraft, ModifierDraft

Stored = dict[str, Any]

_UNKEPT: Final = frozenset({"placed_at"})
"""The order's own moments say when it was."""


def stored_draft(draft: BasketDraft) -> Stored:
    """The basket of a draft as JSON values; members that say nothing are left out."""
    names = (field.name for field in fields(BasketDraft) if field.name not in _UNKEPT)
    return {name: _plain(value) for name in names if _says(value := getattr(draft, name))}


def restored_draft(stored: Mapping[str, Any]) -> BasketDraft:
    """The basket that `stored_draft` kept."""
    values = dict(stored)
    return BasketDraft(
        **{
            **values,
            "lines": tuple(_line(line) for line in values.get("lines", ())),
            "coupons": tuple(values.get("coupons", ())),
            "discounts": _discounts(values.get("discounts", ())),
            "waived_charges": tuple(UUID(key) for key in values.get("waived_charges", ())),
            "tip": _money(values.get("tip")),
            "price_book": _key(values.get("price_book")),
        }
    )


def _line(stored: Mapping[str, Any]) -> LineDraft:
    use_by = stored.get("use_by")
    return LineDraft(
        **{
            **stored,
            "id": UUID(stored["id"]),
            "variant_id": UUID(stored["variant_id"]),
            "quantity": Decimal(stored["quantity"]),
            "expected_unit_price": _money(stored.get("expected_unit_price")),
            "override": _money(stored.get("override")),
            "printed_amount": _money(stored.get("printed_amount")),
            "modifiers": _modifiers(stored.get("modifiers", ())),
            "components": tuple(_component(part) for part in stored.get("components", ())),
            "discounts": _discounts(stored.get("discounts", ())),
            "use_by": None if use_by is None else dt.date.fromisoformat(use_by),
        }
    )


def _component(stored: Mapping[str, Any]) -> ComponentDraft:
    return ComponentDraft(
        slot_id=UUID(stored["slot_id"]),
        variant_id=UUID(stored["variant_id"]),
        modifiers=_modifiers(stored.get("modifiers", ())),
    )


def _modifiers(stored: Iterable[Mapping[str, Any]]) -> tuple[ModifierDraft, ...]:
    return tuple(
        ModifierDraft(
            modifier_id=UUID(each["modifier_id"]),
            quantity=each.get("quantity", 1),
            modifiers=_modifiers(each.get("modifiers", ())),
        )
        for each in stored
    )


def _discounts(stored: Iterable[Mapping[str, Any]]) -> tuple[DiscountDraft, ...]:
    return tuple(
        DiscountDraft(
            id=UUID(each["id"]),
            name=each.get("name", ""),
            percent=None if each.get("percent") is None else Decimal(each["percent"]),
            amount=_money(each.get("amount")),
        )
        for each in stored
    )


def _money(stored: list[Any] | None) -> Money | None:
    return None if stored is None else Money(stored[0], stored[1])


def _key(stored: str | None) -> UUID | None:
    return None if stored is None else UUID(stored)


def _says(value: Any) -> bool:
    """Whether a value says something. A quantity, a percentage or a price of nothing does."""
    return value is not None and value is not False and value not in ("", ())


def _plain(value: Any) -> Any:
    match value:
        case bool() | int() | str():
            return value
        case UUID() | Decimal():
            return str(value)
        case dt.date():
            return value.isoformat()
        case Money():
            return [value.minor, value.currency]
        case tuple():
            return [_plain(each) for each in value]
        case _:
            members = ((field.name, getattr(value, field.name)) for field in fields(value))
            return {name: _plain(each) for name, each in members if _says(each)}
