"""Amounts as a journal tells them: texts with a decimal point, of the currency's digits."""

from collections.abc import Callable

AmountText = Callable[[int], str]


def amount_text(*, digits: int) -> AmountText:
    """How whole minor units are written in a currency with `digits` after the point: 1250 as `12.50` or `1250`.

    Made once per body, because a body has many amounts.
    """

    def written(minor: int) -> str:
        if not digits:
            return str(minor)
        sign, text = ("-" if minor < 0 else ""), str(abs(minor)).rjust(digits + 1, "0")
        return f"{sign}{text[:-digits]}.{text[-digits:]}"

    return written
