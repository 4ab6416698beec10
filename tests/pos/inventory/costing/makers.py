"""Short hands for the costing tests: movements by number, decimals as text."""

from decimal import Decimal
from uuid import UUID

from pos.inventory.costing import CostState, Entry, Layer, Owed


def key(number: int) -> UUID:
    """The `number`th movement's key."""
    return UUID(int=(0x0190 << 112) | (7 << 76) | (8 << 60) | number)


def came(number: int, quantity: str, value: str | None = None, *, extra: str = "0") -> Entry:
    """Goods that came, worth `value`; at the last cost without."""
    worth = None if value is None else Decimal(value)
    return Entry(id=key(number), quantity=Decimal(quantity), value=worth, extra=Decimal(extra))


def went(number: int, quantity: str) -> Entry:
    """Goods that went."""
    return Entry(id=key(number), quantity=-Decimal(quantity))


def came_back(number: int, quantity: str, *, of: int) -> Entry:
    """Goods of movement `of` that came back."""
    return Entry(id=key(number), quantity=Decimal(quantity), unit_of=key(of))


def revalued(number: int, value: str) -> Entry:
    """What is there is worth `value` more."""
    return Entry(id=key(number), quantity=Decimal(0), value=Decimal(value))


def layers(state: CostState) -> list[tuple[str, str]]:
    """The layers as text, oldest first."""
    return [(plain(layer.quantity), plain(layer.unit_cost)) for layer in state.layers]


def owed(state: CostState) -> list[tuple[int, str, str]]:
    """What is owed: movement, how many, at what."""
    return [
        (each.movement_id.int & 0xFFFFFFFF, plain(each.quantity), plain(each.unit_cost))
        for each in state.owed
    ]


def totals(found: dict[UUID, Decimal]) -> dict[int, str]:
    """What each movement is worth, by its number."""
    return {each.int & 0xFFFFFFFF: plain(value) for each, value in found.items()}


def plain(value: Decimal) -> str:
    """A number without exponent or trailing zeros."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


__all__ = ["Layer", "Owed", "came", "came_back", "key", "layers", "owed", "revalued", "totals", "went"]
