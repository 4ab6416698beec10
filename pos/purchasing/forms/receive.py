"""What somebody at the door with a telephone says came, as a draft of a delivery; with what is wrong, by line."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from django.http import QueryDict

from fynlo.core.errors import DomainError
from fynlo.core.ids import is_uuid7, new_id
from pos.inventory.quantities import plain_quantity
from pos.purchasing.drafts import LotDraft, ReceiptDraft, ReceiptLineDraft
from pos.purchasing.models import PurchaseOrder, PurchaseOrderLine
from pos.purchasing.packs import PACK, Goods

_NUMBER: Final = re.compile(r"[0-9]{1,12}([.,][0-9]{1,6})?", re.ASCII)
_MAX_CODE: Final = 20


@dataclass(slots=True)
class LotRow:
    """A lot as typed."""

    code: str = ""
    quantity: str = ""
    expires_on: str = ""


@dataclass(slots=True, kw_only=True)
class LineRow:
    """A line of the order as the page shows it. `all_packs` and `all_units` are what is still to come."""

    line: PurchaseOrderLine
    tracking: str
    codes: Mapping[str, str]
    pack_units: str
    all_packs: str
    all_units: str
    quantity: str = ""
    unit: str = PACK
    rejected: str = ""
    reject_reason: str = ""
    serials: str = ""
    lots: list[LotRow] = field(default_factory=lambda: [LotRow()])
    errors: list[str] = field(default_factory=list)

    @property
    def code_list(self) -> str:
        """Codes and how many of the item's unit each stands for, as JSON for the page's script."""
        return json.dumps(dict(self.codes))


@dataclass(slots=True, kw_only=True)
class ReceiveForm:
    """The page's form: what is typed, what is wrong, and the draft it makes."""

    order: PurchaseOrder
    rows: list[LineRow]
    key: UUID = field(default_factory=new_id)
    delivery_note: str = ""
    approve: bool = False
    may_need_approval: bool = False
    errors: list[str] = field(default_factory=list)
    sent: list[LineRow] = field(default_factory=list)

    def fill(self, data: QueryDict) -> None:
        """Take what was typed."""
        self.key = _key(data.get("key", "")) or self.key
        self.delivery_note = _text(data.get("delivery_note", ""), 60)
        self.approve = data.get("approve") == "on"
        for row in self.rows:
            name = str(row.line.pk)
            row.quantity = data.get(f"quantity_{name}", "").strip()
            row.unit = PACK if data.get(f"unit_{name}", PACK) == PACK else row.line.unit
            row.rejected = data.get(f"rejected_{name}", "").strip()
            row.reject_reason = _text(data.get(f"reason_{name}", ""), 200)
            row.serials = data.get(f"serials_{name}", "")[:2000]
            typed = zip(
                data.getlist(f"lot_{name}"),
                data.getlist(f"lotq_{name}"),
                data.getlist(f"lotx_{name}"),
                strict=False,
            )
            row.lots = [LotRow(*(each.strip()[:40] for each in lot)) for lot in typed] or [LotRow()]

    @property
    def shown_rows(self) -> list[LineRow]:
        """What is still to come, and what something was typed for: it may have come since."""
        return [row for row in self.rows if row.line.open_quantity or row.quantity or row.rejected]

    def draft(self) -> ReceiptDraft | None:
        """The delivery; None where something typed cannot be read, which `errors` then say."""
        lines = []
        for row in self.rows:
            line = _line(row)
            if line is not None:
                lines.append(line)
                self.sent.append(row)
        if any(row.errors for row in self.rows):
            return None
        if not lines:
            self.errors.append("Say what came: nothing is entered yet.")
            return None
        return ReceiptDraft(
            id=self.key,
            order_id=self.order.pk,
            delivery_note=self.delivery_note,
            approve_over_receipt=self.approve,
            lines=tuple(lines),
        )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at the lines it names."""
        self.may_need_approval = self.may_need_approval or error.code == "over_receipt"
        told = False
        for problem in error.errors:
            place = re.match(r"/lines/(\d+)", problem.pointer)
            if place is not None and int(place.group(1)) < len(self.sent):
                self.sent[int(place.group(1))].errors.append(problem.detail)
                told = True
        if not told:
            self.errors.append(error.detail)


def receive_form(
    *, order: PurchaseOrder, goods: Mapping[UUID, Goods], codes: Mapping[UUID, Mapping[str, str]]
) -> ReceiveForm:
    """The empty form of an order."""
    return ReceiveForm(order=order, rows=list(_rows(order, goods, codes)))


def _rows(
    order: PurchaseOrder, goods: Mapping[UUID, Goods], codes: Mapping[UUID, Mapping[str, str]]
) -> Iterable[LineRow]:
    for line in order.lines.all():
        one = Fraction(line.quantity) / Fraction(line.packs)
        packs = Fraction(line.open_quantity) / one
        is_whole = packs.denominator == 1
        known = dict(codes.get(line.variant_id, {}))
        known.setdefault(line.sku.upper(), "1")
        if line.supplier_code:
            known.setdefault(line.supplier_code.upper(), str(_plain(one)))
        yield LineRow(
            line=line,
            tracking=goods[line.variant_id].tracking,
            codes=known,
            pack_units=_plain(one),
            all_packs=str(packs.numerator) if is_whole else "",
            all_units=plain_quantity(line.open_quantity),
            unit=PACK if is_whole else line.unit,
        )


def _plain(value: Fraction) -> str:
    return plain_quantity((Decimal(value.numerator) / value.denominator).quantize(Decimal("0.000001")))


def _line(row: LineRow) -> ReceiptLineDraft | None:
    quantity, rejected = _number(row, row.quantity), _number(row, row.rejected)
    if not quantity and not rejected:
        return None
    serials = tuple(text for text in row.serials.replace(",", "\n").split() if text)
    return ReceiptLineDraft(
        order_line_id=row.line.pk,
        quantity=quantity,
        unit=None if row.unit == PACK else row.unit,
        lots=tuple(_lots(row, quantity)) if quantity else (),
        serials=serials if quantity else (),
        rejected_quantity=rejected,
        reject_reason=row.reject_reason,
    )


def _lots(row: LineRow, quantity: Decimal) -> Iterable[LotDraft]:
    typed = [lot for lot in row.lots if lot.code]
    for lot in typed:
        amount = quantity if len(typed) == 1 and not lot.quantity else _number(row, lot.quantity)
        if len(lot.code) > _MAX_CODE or not lot.code.isprintable():
            row.errors.append(f"A lot has at most {_MAX_CODE} characters.")
            continue
        if not amount:
            row.errors.append(f"How much is of lot {lot.code}?")
            continue
        yield LotDraft(code=lot.code, quantity=amount, expires_on=_day(row, lot.expires_on))


def _number(row: LineRow, text: str) -> Decimal:
    if not text:
        return Decimal(0)
    if not _NUMBER.fullmatch(text):
        row.errors.append("A number is expected, such as 12 or 0.5.")
        return Decimal(0)
    return Decimal(text.replace(",", "."))


def _day(row: LineRow, text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        row.errors.append("A date is expected.")
        return None


def _key(text: str) -> UUID | None:
    try:
        key = UUID(text)
    except ValueError:
        return None
    return key if is_uuid7(key) else None


def _text(text: str, longest: int) -> str:
    return "".join(each for each in text.strip() if each.isprintable())[:longest]
