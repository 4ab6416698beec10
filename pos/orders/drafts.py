"""What a till says it sold: the frozen input of an order, and the digest that tells a repeat from a conflict.

A draft holds what the till sent and nothing the server knows. What it says about prices and sums is compared,
never used, with three exceptions that are said as such, recorded, and flagged when nobody approved them: the
unit price somebody typed (`override`), the price printed on a label, and discounts given by hand.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fynlo.core.money import Money
from payments.credit.codes import Presented
from pos.pricing.decimals import plain_decimal

MAX_LOT: Final = 20
MAX_SERIAL: Final = 20
"""As many characters as GS1 allows (application identifiers 10 and 21)."""
MAX_LINE_NOTE: Final = 200
MAX_ORDER_NOTE: Final = 500
MAX_NAME: Final = 120
"""Of a ticket (`Table 7`, `Ms Sommer`) and of a customer."""
MAX_REASON: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifierDraft:
    """A modifier, `quantity` times per unit of what it modifies, with modifiers of its own."""

    modifier_id: UUID
    quantity: int = 1
    modifiers: tuple["ModifierDraft", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentDraft:
    """What was chosen for a slot of a combo."""

    slot_id: UUID
    variant_id: UUID
    modifiers: tuple[ModifierDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountDraft:
    """A discount given by hand: a share of one (`percent`) or an amount, one of the two."""

    id: UUID
    name: str = ""
    percent: Decimal | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """One thing sold. `expected_unit_price` is what the till showed.

    `override` replaces the catalogue's unit price, `printed_amount` is the price of the whole line as its
    label states it; at most one of the two. `lot`, `serial` and `use_by` are what its code said (GS1 10, 21 and
    17). Of the notes `note` is for the guest, `kitchen_note` for the kitchen, `internal_note` for the staff.
    """

    id: UUID
    variant_id: UUID
    quantity: Decimal
    expected_unit_price: Money | None = None
    override: Money | None = None
    printed_amount: Money | None = None
    order_type: str | None = None
    modifiers: tuple[ModifierDraft, ...] = ()
    components: tuple[ComponentDraft, ...] = ()
    discounts: tuple[DiscountDraft, ...] = ()
    lot: str = ""
    serial: str = ""
    use_by: dt.date | None = None
    note: str = ""
    kitchen_note: str = ""
    internal_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderDraft:
    """What the guest handed over, before any change. `tender_type` is the code of a way to pay.

    `last4` and `reference` are what a card reader or a slip said, `house_account_id` is whose account it goes on.
    `value_id` or `value` is the gift card or the credit it is taken from, which may need its `pin`; the code itself
    is nowhere, and what must not be guessed (the PIN) is not in the digest.
    `foreign` is how much of another currency was handed over, of which `amount` is the worth.
    `is_exchange` and `is_asked` are never a till's to say: the money of goods that came back in the same
    transaction, and money that a payment provider has taken.
    """

    id: UUID
    tender_type: str
    amount: Money
    last4: str = ""
    reference: str = ""
    house_account_id: UUID | None = None
    value_id: UUID | None = None
    value: Presented | None = None
    pin: str = field(default="", repr=False)
    foreign: Money | None = None
    is_exchange: bool = False
    is_asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketDraft:
    """What somebody buys, all that decides its price, and notes. `placed_at` is when, if that was not just now.

    `note` is for the guest, `kitchen_note` for the kitchen, `internal_note` for the staff; `name` is what the order
    is called while it is open, `customer` whose it is (a name or a number to find it by).

    `price_book` is the version of the catalogue the till sold from.
    """

    lines: tuple[LineDraft, ...]
    placed_at: dt.datetime | None = None
    order_type: str | None = None
    channel: str | None = None
    customer_group: str | None = None
    exempt: bool = False
    destination: str | None = None
    covers: int = 0
    coupons: tuple[str, ...] = ()
    discounts: tuple[DiscountDraft, ...] = ()
    waived_charges: tuple[UUID, ...] = ()
    tip: Money | None = None
    price_book: UUID | None = None
    note: str = ""
    kitchen_note: str = ""
    internal_note: str = ""
    name: str = ""
    customer: str = ""

    @property
    def variant_ids(self) -> set[UUID]:
        """Everything that is sold, components of combos among it."""
        components = {part.variant_id for line in self.lines for part in line.components}
        return components | {line.variant_id for line in self.lines}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDraft(BasketDraft):
    """A basket to be priced. `given_ids` are the lines' ids as they were given, None where there was none."""

    given_ids: tuple[UUID | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft(BasketDraft):
    """A sale as the till tells it. `reservation_id` names what was kept for this guest, if anything was.

    `training`: it is for practice, and in no books.
    """

    id: UUID
    tenders: tuple[TenderDraft, ...] = ()
    expected_total: Money | None = None
    expected_tax: Money | None = None
    reservation_id: UUID | None = None
    training: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 over what was said, in hexadecimal: equal for equal content, however it was spelled.

        What a draft leaves unsaid is not in it, so members that came with a later release change no digest
        of an order that does not use them, and a till may repeat across an upgrade what it sent before.
        """
        said: dict[str, Any] = {
            "id": str(self.id),
            "lines": [_line(line) for line in self.lines],
            "tenders": [_tender(tender) for tender in self.tenders],
            "placed_at": None if self.placed_at is None else self.placed_at.astimezone(dt.UTC).isoformat(),
            "expected": [_plain(self.expected_total), _plain(self.expected_tax)],
        }
        more = _said(self, _LATER_IN_ORDERS)
        if more:
            said["more"] = more | {name: sorted(more[name]) for name in _SETS & more.keys()}
        text = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


_LATER_IN_LINES: Final = (
    "override",
    "printed_amount",
    "order_type",
    "modifiers",
    "components",
    "discounts",
    "lot",
    "serial",
    "use_by",
    "note",
    "kitchen_note",
    "internal_note",
)
_LATER_IN_TENDERS: Final = ("last4", "reference", "house_account_id", "value_id", "value", "foreign")
_LATER_IN_BASKETS: Final = tuple(
    field.name for field in fields(BasketDraft) if field.name not in ("lines", "placed_at")
)
_LATER_IN_ORDERS: Final = (*_LATER_IN_BASKETS, "reservation_id", "training")
_SETS: Final = frozenset({"coupons", "waived_charges"})
"""Members whose order means nothing."""


def _line(line: LineDraft) -> list[Any]:
    said = [
        str(line.id),
        str(line.variant_id),
        plain_decimal(line.quantity),
        _plain(line.expected_unit_price),
    ]
    more = _said(line, _LATER_IN_LINES)
    return [*said, more] if more else said


def _tender(tender: TenderDraft) -> list[Any]:
    said = [str(tender.id), tender.tender_type, _plain(tender.amount)]
    more = _said(tender, _LATER_IN_TENDERS)
    return [*said, more] if more else said


def _said(draft: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The named members that say something: not those that are None, empty, zero or false."""
    return {name: _plain(value) for name in names if (value := getattr(draft, name))}


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case UUID() | dt.date():
            return str(value)
        case Decimal():
            return plain_decimal(value)
        case Money():
            return [value.minor, value.currency]
        case tuple():
            return [_plain(each) for each in value]
        case _:
            # A discount of 0 % is still one: None alone is unsaid.
            members = ((field.name, getattr(value, field.name)) for field in fields(value))
            return {name: _plain(each) for name, each in members if each is not None}
