"""Cells for numbers: exact decimals, amounts in units of the currency, shares in per cent."""

import re
from decimal import Decimal
from typing import Any, Final

from fynlo.backoffice.columns import minor_digits
from fynlo.backoffice.sheets.cells import NOTHING, Cell, Unreadable, typed_text
from fynlo.core.tenancy import current_tenant

_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})([.,][0-9]{1,9})?", re.ASCII)


class Number(Cell):
    """A decimal number, stored as plain text; empty is left out, or null where that means something."""

    kind = "number"

    def __init__(self, name: str, title: str, *, empty: Any = NOTHING, **more: Any) -> None:
        super().__init__(name, title, **more)
        self.empty = empty

    def value(self, given: Any) -> Any:
        """The number as documents write it."""
        number = self.number(given)
        return self.empty if number is None else plain(number)

    def number(self, given: Any) -> Decimal | None:
        """The number that was typed, with a point or a comma; None for nothing."""
        text = typed_text(given).replace(" ", "")
        if not text and not self.needed:
            return None
        if not text:
            raise Unreadable("This field is required.")
        if not _NUMBER.fullmatch(text):
            raise Unreadable("A number is expected, such as 2.50.")
        return Decimal(text.replace(",", "."))


class Whole(Number):
    """A whole number."""

    def show(self, value: Any) -> Any:
        """As it is."""
        return "" if value is None else str(value)

    def value(self, given: Any) -> Any:
        """The number."""
        number = self.number(given)
        if number is None:
            return self.empty
        if number != int(number):
            raise Unreadable("A whole number is expected.")
        return int(number)


class Money(Number):
    """An amount of the merchant's currency, stored in minor units."""

    def spec(self) -> dict[str, Any]:
        """With the currency behind it."""
        return super().spec() | {"suffix": current_tenant().currency}

    def show(self, value: Any) -> Any:
        """In units of the currency."""
        return "" if value is None else format(Decimal(value).scaleb(-minor_digits()), "f")

    def value(self, given: Any) -> Any:
        """In minor units, exactly."""
        number = self.number(given)
        if number is None:
            return self.empty
        minor = number.scaleb(minor_digits())
        if minor != int(minor):
            raise Unreadable(f"Ensure that there are no more than {minor_digits()} decimal places.")
        return int(minor)


class Cost(Money):
    """What one of something costs, typed in units of the currency; in minor units as decimal text, exactly."""

    def show(self, value: Any) -> Any:
        """In units of the currency, with as many places as it has."""
        if value is None:
            return ""
        text = plain(Decimal(value).scaleb(-minor_digits()))
        missing = minor_digits() - len(text.partition(".")[2])
        return text if missing <= 0 else f"{text}{'' if '.' in text else '.'}{'0' * missing}"

    def value(self, given: Any) -> Any:
        """In minor units."""
        number = self.number(given)
        return self.empty if number is None else plain(number.scaleb(minor_digits()))


class Percent(Number):
    """A share, written in per cent and stored as decimal text: 19 is "0.19"."""

    def spec(self) -> dict[str, Any]:
        """With the sign behind it."""
        return super().spec() | {"suffix": "%"}

    def show(self, value: Any) -> Any:
        """In per cent."""
        return "" if value is None else plain(Decimal(value) * 100)

    def value(self, given: Any) -> Any:
        """As a share."""
        number = self.number(given)
        return self.empty if number is None else plain(number / 100)


def plain(number: Decimal) -> str:
    """A number without needless zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if text not in ("-0", "") else "0"
