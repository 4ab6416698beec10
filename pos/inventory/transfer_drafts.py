"""What somebody asks of a transfer, as frozen values. Pure."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from fynlo.core.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLineDraft:
    """Goods to be sent, in `unit` (empty: the item's own), of a lot: else those first to expire."""

    variant_id: UUID
    quantity: Decimal
    unit: str = ""
    lot_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDraft:
    """Goods to be sent from one location to another."""

    id: UUID = field(default_factory=new_id)
    from_location_id: UUID
    to_location_id: UUID
    lines: tuple[TransferLineDraft, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingDraft:
    """A part that did not arrive as it was sent: `short` or `damaged`; written off (`waste`) or sent back."""

    quantity: Decimal
    reason: str
    outcome: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalDraft:
    """What became of a line: so much arrived, and what is missing. The rest is still on its way."""

    line_id: UUID
    received: Decimal = Decimal(0)
    missing: tuple[MissingDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDraft:
    """What arrived. `receipts_seen` is how many receipts whoever receives knew of (None: they do not say)."""

    id: UUID = field(default_factory=new_id)
    lines: tuple[ArrivalDraft, ...]
    receipts_seen: int | None = None
