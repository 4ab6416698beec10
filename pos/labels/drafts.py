"""What people ask to have printed: the frozen input of the queries. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pos.labels.content import FIELDS
from pos.labels.symbols.choosing import AUTO

PDF, ESCPOS, ZPL = "pdf", "escpos", "zpl"
OUTPUTS: Final = (PDF, ESCPOS, ZPL)
MAX_LABELS: Final = 500
MAX_COPIES: Final = 2000
"""Labels that differ, and labels in all, of one request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDraft:
    """A label for a variant. `barcode` None: its usual one; lot and days make a GS1-128 of it."""

    variant_id: UUID
    copies: int = 1
    barcode: str | None = None
    lot: str = ""
    use_by: dt.date | None = None
    best_before: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintDraft:
    """Labels, and what on: a sheet or roll (`format_code`) as PDF or ZPL, or receipt paper as ESC/POS.

    `start` is the first free label of a part-used sheet, from 1 on.
    """

    output: str
    labels: tuple[LabelDraft, ...]
    format_code: str = ""
    paper: str = "80"
    start: int = 1
    resolution: int = 203
    symbol: str = AUTO
    fields: frozenset[str] = frozenset(FIELDS)
