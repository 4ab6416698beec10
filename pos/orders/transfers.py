"""Which ledger accounts an order moves: a pure function from a priced cart and its tenders to transfers.

A transfer debits one account and credits another with one positive amount, so it balances by its shape.
Accounts are named by posting keys (`payments.ledger.accounts`); which ones those are is the merchant's chart.
What an order owes runs through its own receivable. Worked numbers: `docs/algorithms/ledger.md`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from fynlo.core.errors import RuleViolation
from fynlo.core.money import spell_money
from payments.ledger.accounts import (
    CASH,
    COST_OF_GOODS,
    INVENTORY,
    RECEIVABLE,
    ROUNDING,
    SERVICE_CHARGE,
    TIPS,
    standard_code,
    tax_key,
)
from pos.pricing.types import PricedCart


class TransferKind(StrEnum):
    """Why money moves."""

    SALE = "sale"
    SERVICE_CHARGE = "service_charge"
    TAX = "tax"
    TIP = "tip"
    PAYMENT = "payment"
    CHANGE = "change"
    ROUNDING = "rounding"
    COST = "cost"


_KINDS: Final = {SERVICE_CHARGE: TransferKind.SERVICE_CHARGE, TIPS: TransferKind.TIP}


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """Move `amount_minor` (always above zero): `debit` gets it, `credit` gives it. Both are posting keys.

    `tender` is the place of the tender that caused it, None for the sale itself.
    """

    debit: str
    credit: str
    amount_minor: int
    kind: TransferKind
    tender: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """What the customer handed over, and what went back. Only cash gives change and is rounded: the merchant's own,
    and foreign notes (`gives_change`), whose change is the merchant's own.

    `rounding_minor` is what cash rounding gave the customer; below 0 it took something.
    """

    code: str
    is_cash: bool
    tendered_minor: int
    change_minor: int = 0
    rounding_minor: int = 0
    house: str = ""
    value: str = ""
    gives_change: bool = False

    @property
    def may_change(self) -> bool:
        """Whether something may go back of it."""
        return self.is_cash or self.gives_change

    @property
    def paid_minor(self) -> int:
        """What of the order it pays."""
        return self.tendered_minor - self.change_minor + self.rounding_minor

    @property
    def account(self) -> str:
        """Where the money lands: the drawer for cash, who owes it (`house`), what was owed for a card (`value`).

        Else it is the tender type's own account.
        """
        if self.value:
            return self.value
        if self.house:
            return f"house:{self.house}"
        return CASH if self.is_cash else f"tender:{self.code}"


class TenderInvalid(RuleViolation):
    """A tender of nothing, change or rounding without cash, or more change than was tendered."""

    code = "tender_invalid"
    title = "The tender cannot be taken"


class OrderOverpaid(RuleViolation):
    """The tenders, less their change, are more than the order costs."""

    code = "order_overpaid"
    title = "The tenders are more than the order costs"


def sales_account(tax_class_code: str) -> str:
    """The account that collects net sales of a tax class."""
    return f"sales:{tax_class_code}"


def tax_account(tax_code: str, rate: Decimal | Fraction | None) -> str:
    """What collects what is owed of a tax at a rate (None: per unit). A class of one tax gives it its code."""
    return tax_key(tax_code, rate)


def cost_postings(*, value_minor: int) -> tuple[TransferLine, ...]:
    """What left the shelf at cost: debit `cost_of_goods`, credit `inventory`; below zero it came back.

    `value_minor` is what all goods of the order cost together, in whole minor units: the provisional value of its
    stock movements, added up exactly and rounded half up once (`pos.inventory.costing.whole_minor`). The sale calls
    it once per order, a return with the negative value, settling with the difference to what was booked before.
    Goods of unknown cost count zero until settling knows better.
    """
    taken, back = max(value_minor, 0), max(-value_minor, 0)
    return (
        *_move(COST_OF_GOODS, INVENTORY, taken, TransferKind.COST),
        *_move(INVENTORY, COST_OF_GOODS, back, TransferKind.COST),
    )


def order_transfers(*, priced: PricedCart, tenders: Sequence[Tender]) -> tuple[TransferLine, ...]:
    """The transfers of a sale and its payment: sales by tax class, service charges, taxes, the tip, each tender.

    Raises `TenderInvalid` or `OrderOverpaid`. An underpaid order is fine here: its receivable stays open.
    """
    for index, tender in enumerate(tenders):
        _check_tender(tender=tender, pointer=f"/tenders/{index}")
    paid = sum(tender.paid_minor for tender in tenders)
    if paid > priced.payable_minor:
        kept, owed = (spell_money(each, priced.currency) for each in (paid, priced.payable_minor))
        raise OrderOverpaid(f"{kept} was kept for an order of {owed}.", pointer="/tenders")
    return (*sale_transfers(priced), *payment_transfers(tenders))


def transfer_differences(
    *, target: Iterable[TransferLine], posted: Mapping[str, int]
) -> tuple[TransferLine, ...]:
    """What brings the books from `posted` (credited to each account, out of the receivable) to `target`.

    Nothing that was posted is taken back as such: what is too much moves the other way, what is missing is added.
    """
    wanted: Counter[str] = Counter()
    for line in target:
        wanted[line.credit] += line.amount_minor
    moves: list[TransferLine] = []
    for account in sorted(wanted.keys() | posted.keys()):
        missing = wanted[account] - posted.get(account, 0)
        kind = _kind_of(account)
        moves += _move(RECEIVABLE, account, max(missing, 0), kind)
        moves += _move(account, RECEIVABLE, max(-missing, 0), kind)
    return tuple(moves)


def is_sale_account(code: str) -> bool:
    """Whether a sale credits this account: sales, taxes, service charges and tips."""
    return code.startswith(("sales:", "tax:")) or code in {SERVICE_CHARGE, TIPS}


def account_balance(*, transfers: Iterable[TransferLine], account: str) -> int:
    """Debits less credits of a standard account. For `receivable` that is what the customer still owes."""
    return sum(
        line.amount_minor * ((standard_code(line.debit) == account) - (standard_code(line.credit) == account))
        for line in transfers
    )


def sale_transfers(priced: PricedCart) -> list[TransferLine]:
    """What a sale moves before anybody pays: everything it is made of, owed by the guest."""
    moves: list[TransferLine] = []
    for sales in priced.sales:
        moves += _move(RECEIVABLE, sales_account(sales.tax_class), sales.net_minor, TransferKind.SALE)
    charged = sum(charge.net_minor for charge in priced.service_charges)
    moves += _move(RECEIVABLE, SERVICE_CHARGE, charged, TransferKind.SERVICE_CHARGE)
    owed: Counter[str] = Counter()
    for tax in priced.taxes:
        owed[tax_account(tax.code, tax.rate)] += tax.tax_minor
    for key in sorted(owed):
        moves += _move(RECEIVABLE, key, owed[key], TransferKind.TAX)
    return [*moves, *tip_transfers(priced.tip_minor)]


def tip_transfers(tip_minor: int) -> list[TransferLine]:
    """A tip is owed by the guest and owed to the staff."""
    return _move(RECEIVABLE, TIPS, tip_minor, TransferKind.TIP)


def payment_transfers(tenders: Sequence[Tender]) -> list[TransferLine]:
    """What tenders move: the money lands, change goes back, rounding is settled; the guest owes less."""
    moves: list[TransferLine] = []
    for index, tender in enumerate(tenders):
        moves += _move(tender.account, RECEIVABLE, tender.tendered_minor, TransferKind.PAYMENT, index)
        moves += _move(RECEIVABLE, CASH, tender.change_minor, TransferKind.CHANGE, index)
        moves += _rounding_transfer(tender.rounding_minor, index)
    return moves


def _kind_of(account: str) -> TransferKind:
    if account.startswith("tax:"):
        return TransferKind.TAX
    return _KINDS.get(account, TransferKind.SALE)


def _rounding_transfer(rounding_minor: int, tender: int) -> list[TransferLine]:
    """What rounding gave was the merchant's expense and pays along; what it took was more than was owed."""
    given, taken = max(rounding_minor, 0), max(-rounding_minor, 0)
    return [
        *_move(ROUNDING, RECEIVABLE, given, TransferKind.ROUNDING, tender),
        *_move(RECEIVABLE, ROUNDING, taken, TransferKind.ROUNDING, tender),
    ]


def _move(
    debit: str, credit: str, amount_minor: int, kind: TransferKind, tender: int | None = None
) -> list[TransferLine]:
    """One transfer, or none: nothing is moved for nothing (a free item, a zero rate)."""
    if not amount_minor:
        return []
    line = TransferLine(debit=debit, credit=credit, amount_minor=amount_minor, kind=kind, tender=tender)
    return [line]


def _check_tender(*, tender: Tender, pointer: str) -> None:
    by_rounding = tender.is_cash and tender.rounding_minor > 0 and not tender.tendered_minor
    if tender.tendered_minor <= 0 and not by_rounding:
        raise TenderInvalid("a tender is above zero", pointer=f"{pointer}/tendered_minor")
    if tender.change_minor < 0 or tender.change_minor > tender.tendered_minor:
        raise TenderInvalid("change is from zero to the amount tendered", pointer=f"{pointer}/change_minor")
    if tender.change_minor and not tender.may_change:
        raise TenderInvalid("only cash gives change", pointer=f"{pointer}/change_minor")
    if tender.rounding_minor and not tender.may_change:
        raise TenderInvalid("only cash is rounded", pointer=f"{pointer}/rounding_minor")
