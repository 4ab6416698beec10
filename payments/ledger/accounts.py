"""Posting keys, and the standard account behind each of them. Pure data, the same for every merchant.

Whoever books says what it is with a **posting key**: `cash`, `sales:food`, `tax:vat@0.19`. Which account that is,
the merchant's chart says (`payments.ledger.charts`), from the narrow key to the wide one:

    tax:vat@0.19  →  tax:vat  →  tax@0.19  →  tax  →  the standard account tax:vat

The standard accounts are found by code. Fixed ones are made when a merchant starts; one per tax class or tender
type follows from its code alone, so whoever needs it first makes the same account as anybody else would.
The meaning of the balances is in `docs/concepts/books.md`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

RECEIVABLE: Final = "receivable"
CASH: Final = "cash"
CASH_OVER_SHORT: Final = "cash_over_short"
ROUNDING: Final = "rounding"
SERVICE_CHARGE: Final = "service_charge"
TIPS: Final = "tips"
GIFT_CARDS: Final = "gift_cards"
CREDIT: Final = "credit"
GIFT_CARD_BREAKAGE: Final = "gift_card_breakage"
GIFT_CARD_GIVEN: Final = "gift_card_given"
GIFT_CARD_OPENING: Final = "gift_card_opening"
FEES: Final = "fees"
BANK: Final = "bank"
DISPUTES: Final = "disputes"
REFUNDS_OWED: Final = "refunds_owed"
PAYOUTS_UNEXPLAINED: Final = "payouts_unexplained"
PAID_IN: Final = "paid_in"
PAID_OUT: Final = "paid_out"
SAFE: Final = "safe"
INVENTORY: Final = "inventory"
COST_OF_GOODS: Final = "cost_of_goods"
GOODS_RECEIVED: Final = "goods_received"
STOCK_WASTE: Final = "stock_waste"
STOCK_DIFFERENCE: Final = "stock_difference"
STOCK_REVALUATION: Final = "stock_revaluation"
STOCK_OPENING: Final = "stock_opening"
STOCK_IN_TRANSIT: Final = "stock_in_transit"
STOCK_PRODUCTION: Final = "stock_production"
LONGEST_KEY: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAccount:
    """An account as it is made: its code, its name, and which side of the books it stands on."""

    code: str
    name: str
    kind: str


class UnknownAccount(ValueError):
    """A key that is neither fixed nor one of the patterns; a fault of the code that asked for it."""


_FIXED: Final = {
    RECEIVABLE: ("Customers owe", "asset"),
    CASH: ("Cash in drawers", "asset"),
    SAFE: ("Cash in the safe", "asset"),
    BANK: ("Money at the bank", "asset"),
    PAYOUTS_UNEXPLAINED: ("Payouts not explained yet", "asset"),
    INVENTORY: ("Stock at cost", "asset"),
    STOCK_IN_TRANSIT: ("Stock on its way", "asset"),
    STOCK_PRODUCTION: ("Stock being made", "asset"),
    TIPS: ("Tips owed to staff", "liability"),
    GIFT_CARDS: ("Gift cards not redeemed", "liability"),
    CREDIT: ("Credit owed to customers", "liability"),
    REFUNDS_OWED: ("Refunds that did not arrive", "liability"),
    GOODS_RECEIVED: ("Goods received, not billed", "liability"),
    STOCK_OPENING: ("Stock at the beginning", "equity"),
    GIFT_CARD_OPENING: ("Gift cards at the beginning", "equity"),
    SERVICE_CHARGE: ("Service charges", "income"),
    GIFT_CARD_BREAKAGE: ("Gift cards that expired", "income"),
    PAID_IN: ("Paid into drawers", "income"),
    PAID_OUT: ("Paid out of drawers", "expense"),
    CASH_OVER_SHORT: ("Drawers over and short", "expense"),
    ROUNDING: ("Cash rounding", "expense"),
    GIFT_CARD_GIVEN: ("Gift cards given away and adjusted", "expense"),
    FEES: ("Fees of payment providers", "expense"),
    DISPUTES: ("Payments taken back by cardholders", "expense"),
    COST_OF_GOODS: ("Cost of goods sold", "expense"),
    STOCK_WASTE: ("Goods thrown away", "expense"),
    STOCK_DIFFERENCE: ("Stock counted and adjusted", "expense"),
    STOCK_REVALUATION: ("Stock valued anew", "expense"),
}
_PATTERNS: Final = {
    "sales": ("Sales, {}", "income"),
    "tax": ("Tax owed, {}", "liability"),
    "tender": ("Received by {}", "asset"),
    "house": ("House account {}", "asset"),
}
KNOWN_KEYS: Final = tuple(sorted({*_FIXED, *_PATTERNS}))
"""The fixed keys, and the patterns that have a member: `sales:<class>`, `tax:<code>@<rate>`."""


def planned(code: str) -> PlannedAccount:
    """What the standard account `code` looks like. Raises `UnknownAccount`."""
    if code in _FIXED:
        name, kind = _FIXED[code]
        return PlannedAccount(code=code, name=name, kind=kind)
    pattern, _, member = code.partition(":")
    if pattern not in _PATTERNS or not member:
        raise UnknownAccount(code)
    name, kind = _PATTERNS[pattern]
    return PlannedAccount(code=code, name=name.format(member), kind=kind)


def standard_codes(*, tax_classes: Iterable[str]) -> tuple[str, ...]:
    """The accounts a merchant with these tax classes starts with, in order of their codes."""
    by_class = [f"{pattern}:{code}" for code in tax_classes for pattern in ("sales", "tax")]
    return tuple(sorted({*_FIXED, *by_class}))


def standard_code(key: str) -> str:
    """The code of the standard account of a posting key: the key without its rate."""
    return key.partition("@")[0]


def wider_keys(key: str) -> tuple[str, ...]:
    """The key and every wider one a chart may map instead, the narrowest first."""
    plain, at, rate = key.partition("@")
    pattern, colon, _member = plain.partition(":")
    every = [key, plain, f"{pattern}{at}{rate}", pattern] if colon else [key, plain]
    return tuple(dict.fromkeys(every))


def chosen_accounts(
    *, chart: Iterable[tuple[str, UUID, Iterable[str]]], keys: Iterable[str]
) -> dict[str, UUID]:
    """The account of each posting key in a chart of (code, account, keys it maps); keys without one are missing.

    The narrowest key that is mapped decides, else the standard account.
    """
    standard: dict[str, UUID] = {}
    mapped: dict[str, UUID] = {}
    for code, account_id, own in chart:
        standard[code] = account_id
        mapped.update(dict.fromkeys(own, account_id))
    found: dict[str, UUID] = {}
    for key in keys:
        names = (name for name in wider_keys(key) if name in mapped)
        name = next(names, None)
        account = standard.get(standard_code(key)) if name is None else mapped[name]
        if account is not None:
            found[key] = account
    return found


def is_key(text: str) -> bool:
    """Whether a chart may map this key: fixed, a pattern, or a member of a pattern, with or without a rate."""
    plain, at, rate = text.partition("@")
    if len(text) > LONGEST_KEY or (at and not _is_rate(rate)):
        return False
    pattern, colon, member = plain.partition(":")
    if not colon:
        return plain in _PATTERNS or (plain in _FIXED and not at)
    return pattern in _PATTERNS and bool(member) and member.isprintable()


def tax_key(code: str, rate: Decimal | Fraction | None) -> str:
    """The posting key of a tax at a rate (a fraction: 0.19); a tax per unit has no rate."""
    return f"tax:{code}" if rate is None else f"tax:{code}@{rate_text(rate)}"


def rate_text(rate: Decimal | Fraction) -> str:
    """A rate as it stands in keys: plain digits, no zeros at the end; the same for equal rates."""
    if isinstance(rate, Fraction):
        rate = Decimal(rate.numerator) / Decimal(rate.denominator)
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_rate(text: str) -> bool:
    whole, dot, digits = text.partition(".")
    return text.isascii() and whole.isdigit() and (digits.isdigit() if dot else True)
