"""What is said of payments in one language. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from fynlo.core.money import spell_money


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language. Keys are the same in all of them and never change.

    `sentences` are told of an attempt; `{amount}`, `{authorised}` and `{captured}` are filled in, and `{why}` with
    one of `reasons` or nothing. `refunds` are told of money on its way back. Where a verb would have to agree with
    an amount, it is no amount's verb. `page` is what guests read where they pay: some by the state, each the whole
    truth.
    """

    tag: str
    decimal_mark: str
    sentences: Mapping[str, str]
    refunds: Mapping[str, str]
    reasons: Mapping[str, str]
    page: Mapping[str, str]

    def amount(self, *, minor: int, currency: str) -> str:
        """An amount with its currency, as receipts write numbers: `12,50 EUR`, `1250 JPY`."""
        return spell_money(minor, currency).replace(".", self.decimal_mark)
