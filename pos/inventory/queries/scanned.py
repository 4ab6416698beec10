"""A scanned code as a line of a receipt or a count: the variant, how much, and which lot until when."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from pos.catalog.queries.scans import read_scan
from pos.inventory.models.lots import LOT, SERIAL
from pos.inventory.queries.lots import tracking_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedPiece:
    """What a code says of goods that come or are counted. `quantity` is in the variant's unit.

    `lot` is the lot or, where the item is told apart by serials, the serial; empty where its pieces are not told
    apart. `expires_on` is the last day the code gives: use by (GS1 17), else best before (15).
    """

    variant_id: UUID
    quantity: Decimal
    lot: str = ""
    lot_kind: str = LOT
    expires_on: dt.date | None = None


def scanned_piece(*, code: str, currency: str, at: dt.datetime) -> ScannedPiece | None:
    """Read `code` (GS1 01 with 10, 15, 17, 21, or any barcode), in at most four statements.

    `at` is the wall clock of the shop. A code that says no quantity is one piece. None when nothing in the
    catalogue has the article.
    """
    scan = read_scan(code=code, currency=currency, at=at)
    if scan.variant is None:
        return None
    key = scan.variant.variant_id
    told = scan.lot or scan.serial
    tracking = tracking_of(variant_ids=[key]).get(key, "") if told else ""
    return ScannedPiece(
        variant_id=key,
        quantity=Decimal(1) if scan.quantity is None else scan.quantity,
        lot={LOT: scan.lot, SERIAL: scan.serial}.get(tracking, ""),
        lot_kind=SERIAL if tracking == SERIAL else LOT,
        expires_on=scan.use_by or scan.best_before,
    )
