"""What a till says it sold: the frozen input of an order, and the digest that tells a repeat from a conflict.

A draft holds what the till sent and nothing the server knows. What it says about prices and sums is compared,
never used.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.money import Money
from pos.pricing.decimals import plain_decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """One thing sold. `expected_unit_price` is what the till showed."""

    id: UUID
    variant_id: UUID
    quantity: Decimal
    expected_unit_price: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderDraft:
    """What the guest handed over, before any change. `tender_type` is the code of a way to pay."""

    id: UUID
    tender_type: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """A sale as the till tells it. `placed_at` is when it happened, if that was not just now."""

    id: UUID
    lines: tuple[LineDraft, ...]
    tenders: tuple[TenderDraft, ...] = ()
    placed_at: dt.datetime | None = None
    expected_total: Money | None = None
    expected_tax: Money | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over what was said, in hexadecimal: equal for equal content, however it was spelled."""
        said = {
            "id": str(self.id),
            "lines": [
                [
                    str(line.id),
                    str(line.variant_id),
                    plain_decimal(line.quantity),
                    _money(line.expected_unit_price),
                ]
                for line in self.lines
            ],
            "tenders": [
                [str(tender.id), tender.tender_type, _money(tender.amount)] for tender in self.tenders
            ],
            "placed_at": None if self.placed_at is None else self.placed_at.astimezone(dt.UTC).isoformat(),
            "expected": [_money(self.expected_total), _money(self.expected_tax)],
        }
        text = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _money(money: Money | None) -> Any:
    return None if money is None else [money.minor, money.currency]
