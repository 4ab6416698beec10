"""What somebody asks to be given back: the frozen input of a refund, and the digest that tells a repeat."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.money import Money
from payments.credit.codes import Presented
from pos.pricing.decimals import plain_decimal

RESTOCK = "restock"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLineDraft:
    """So much of an order's line. `goods` says where it went: restock, waste, or none if the guest kept it."""

    order_line_id: UUID
    quantity: Decimal
    goods: str = RESTOCK
    lot_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseLineDraft:
    """So much of a variant that came back without a receipt, at the price it is worth (None: what it costs now)."""

    variant_id: UUID
    quantity: Decimal
    unit_price: Money | None = None
    goods: str = RESTOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundTenderDraft:
    """What is handed out. `id` becomes the key of the row of money, and of a store credit that is opened for it.

    `foreign` are the notes of another currency that `amount` is worth.
    """

    id: UUID
    tender_type: str
    amount: Money
    last4: str = ""
    reference: str = ""
    house_account_id: UUID | None = None
    value_id: UUID | None = None
    value: Presented | None = None
    foreign: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDraft:
    """A refund of an order. `at` is when it happened, if it has: then it is a fact and is recorded, not asked."""

    id: UUID
    order_id: UUID
    lines: tuple[RefundLineDraft, ...] = ()
    amount: Money | None = None
    tip: Money | None = None
    reason: str = ""
    tenders: tuple[RefundTenderDraft, ...] = ()
    approval: str | None = None
    at: dt.datetime | None = None
    drawer_id: UUID | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over what was said; who approved it is not part of it."""
        lines = [
            [str(line.order_line_id), plain_decimal(line.quantity), line.goods, _text(line.lot_id)]
            for line in self.lines
        ]
        return _digest(self, [str(self.order_id), lines, _money(self.amount), _money(self.tip)])


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseRefundDraft:
    """A refund without a receipt. `at` as above."""

    id: UUID
    lines: tuple[LooseLineDraft, ...]
    reason: str = ""
    tenders: tuple[RefundTenderDraft, ...] = ()
    approval: str | None = None
    at: dt.datetime | None = None
    drawer_id: UUID | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over what was said."""
        lines = [
            [str(line.variant_id), plain_decimal(line.quantity), line.goods, _money(line.unit_price)]
            for line in self.lines
        ]
        return _digest(self, ["loose", lines])


def _digest(draft: RefundDraft | LooseRefundDraft, more: list[Any]) -> str:
    tenders = [
        [
            str(each.id),
            each.tender_type,
            _money(each.amount),
            each.last4,
            each.reference,
            _text(each.house_account_id),
            *_card(each),
            *([] if each.foreign is None else [_money(each.foreign)]),
        ]
        for each in draft.tenders
    ]
    at = None if draft.at is None else draft.at.astimezone(dt.UTC).isoformat()
    said = [str(draft.id), *more, draft.reason, tenders, at, _text(draft.drawer_id)]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def _card(tender: RefundTenderDraft) -> list[str | None]:
    """Which card it goes on; nothing where none is named, so that digests of other refunds stay what they were."""
    if tender.value_id is None and tender.value is None:
        return []
    return [_text(tender.value_id), None if tender.value is None else tender.value.digest]


def _money(money: Money | None) -> list[Any] | None:
    return None if money is None else [money.minor, money.currency]


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
