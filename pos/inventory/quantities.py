"""Stored quantities as people and the API read them. Pure."""

from decimal import Decimal

from pos.pricing.decimals import plain_decimal


def plain_quantity(value: Decimal) -> str:
    """A quantity without exponent or trailing zeros: `0.335`, `2`, `-1.5`, `0`."""
    return f"-{plain_decimal(-value)}" if value < 0 else plain_decimal(value)
