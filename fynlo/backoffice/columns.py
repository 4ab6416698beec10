"""Columns and read-only fields that show stored values as people write them."""

from collections.abc import Callable, Mapping
from typing import Any

from fynlo.core.money import Money, exponent, format_money
from fynlo.core.tenancy import current_tenant

Column = Callable[[Any], str]
NOTHING = "–"


def money(field: str, title: str) -> Column:
    """The amount in `field` in currency units with its code: `12.50 EUR`.

    The currency is the row's own, or the merchant's where rows have none.
    """

    def column(row: Any) -> str:
        minor = getattr(row, field)
        return NOTHING if minor is None else amount(minor, getattr(row, "currency", None))

    return titled(column, title, field)


def amount(minor: int, currency: str | None = None) -> str:
    """So many minor units of a currency, or of the merchant's, as `12.50 EUR`."""
    currency = currency or current_tenant().currency
    return f"{format_money(Money(minor, currency))} {currency}"


def decimal(field: str, title: str, *, unit: str | None = None) -> Column:
    """The decimal number in `field` without needless zeros, with the unit found at the path `unit`."""

    def column(row: Any) -> str:
        value = getattr(row, field)
        text = NOTHING if value is None else format(value.normalize(), "f")
        return f"{text} {_at(row, unit)}" if unit else text

    return titled(column, title, field)


def percent(field: str, title: str) -> Column:
    """The share in `field` in per cent: 0.19 is shown as `19 %`."""

    def column(row: Any) -> str:
        return f"{format((getattr(row, field) * 100).normalize(), 'f')} %"

    return titled(column, title, field)


def in_words(field: str, title: str, words: Mapping[str, str]) -> Column:
    """The code in `field` as people say it; one that is not in the table is shown as it is."""

    def column(row: Any) -> str:
        code = str(getattr(row, field))
        return words.get(code, code)

    return titled(column, title, field)


def titled(column: Callable[[Any], Any], title: str, field: str | None = None) -> Column:
    """Give a column its title, and the field it is sorted by."""
    column.short_description = title  # type: ignore[attr-defined]  # how Django's admin learns it
    if field is not None:
        column.admin_order_field = field  # type: ignore[attr-defined]
    return column


def minor_digits() -> int:
    """How many digits the current merchant's currency has after the point."""
    return exponent(current_tenant().currency)


def _at(row: Any, path: str) -> Any:
    value = row
    for name in path.split("."):
        value = getattr(value, name)
    return value
