"""Suppliers, found again by their codes."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db.models.functions import Upper

from fynlo.core.ids import new_id
from fynlo.core.tenancy import current_tenant
from pos.catalog.csv_reading import Row, RowProblem
from pos.catalog.exporting.rows import guarded
from pos.catalog.sheets.kinds import amount
from pos.purchasing.models import GoodsReceipt, PurchaseOrder, Supplier, SupplierItem
from pos.stock_files.kinds.base import FileContext, Planned, changes_of, problem
from pos.stock_files.kinds.records import Document, RecordKind, Ref, outcome_of
from pos.stock_files.sheets import SUPPLIERS

_PLAIN: Final = (
    "code",
    "name",
    "contact",
    "email",
    "phone",
    "tax_number",
    "account_number",
    "lead_time_days",
    "payment_terms",
    "language",
    "note",
)
_FIELDS: Final = (*_PLAIN, "address", "minimum_order", "active")
_DEFAULTS: Final[Document] = {"language": "en", "active": True, "address": []}
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
MOST_LINES: Final = 6
LONGEST_LINE: Final = 120


class Suppliers(RecordKind):
    """A supplier who has orders, deliveries or articles stays when a file is taken back, out of use."""

    sheet: ClassVar = SUPPLIERS
    permissions: ClassVar[tuple[str, ...]] = ("stock.write", "stock.order")

    def plan(self, rows: Sequence[Row], context: FileContext) -> Iterator[Planned | RowProblem]:
        """Each supplier as it would be."""
        known = supplier_ids([row["code"] for row in rows])
        there = self.current([(str(key),) for key in known.values()])
        for row in rows:
            wrong = list(_wrong(row))
            yield from wrong
            if wrong:
                continue
            key = known.get(row["code"])
            ref = (str(key or new_id()),)
            before = there.get(ref)
            after = _after(row, context.columns, before)
            outcome = outcome_of(before, after)
            yield Planned(
                line=row.line,
                key=row["code"],
                name=str(after["name"]),
                outcome=outcome,
                plan={"ref": ref, "after": after},
                before=before,
                changes=changes_of(before, after, _FIELDS),
            )

    def current(self, refs: Collection[Ref]) -> dict[Ref, Document]:
        """Suppliers by id."""
        rows = Supplier.objects.filter(pk__in={ref[0] for ref in refs}).order_by("pk").select_for_update()
        return {(str(row.pk),): _document(row) for row in rows}

    def write(self, records: Sequence[tuple[Ref, Document | None]]) -> list[Ref]:
        """Bring suppliers to what is said."""
        stayed = _remove([UUID(ref[0]) for ref, document in records if document is None])
        rows = [_row(ref, document) for ref, document in records if document is not None]
        Supplier.objects.bulk_create(
            sorted(rows, key=lambda row: row.pk),
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*_PLAIN, "address", "minimum_order_minor", "is_active"],
        )
        return [(str(key),) for key in stayed]

    def export(self, *, location_id: UUID | None, currency: str) -> Iterator[list[str]]:
        """All suppliers by code."""
        del location_id
        for row in Supplier.objects.order_by("code", "id").iterator(chunk_size=2_000):
            yield [_cell(name, _document(row)[name], currency) for name in SUPPLIERS.names]


def supplier_ids(codes: Collection[str]) -> dict[str, UUID]:
    """Suppliers by their codes as they were asked for, whatever the case; one statement."""
    wanted = {code.upper() for code in codes}
    rows = Supplier.objects.annotate(upper=Upper("code")).filter(upper__in=wanted)
    by_code = {row.code.upper(): row.pk for row in rows}
    return {code: by_code[code.upper()] for code in codes if code.upper() in by_code}


def _wrong(row: Row) -> Iterator[RowProblem]:
    if row["email"] and not _EMAIL.fullmatch(row["email"]):
        yield problem(row, "email", "is no e-mail address", row["email"])
    lines = _lines(row["address"])
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        reason = f"an address has at most {MOST_LINES} lines of {LONGEST_LINE} characters"
        yield problem(row, "address", reason, row["address"])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("|") if line.strip()]


def _after(row: Row, columns: Collection[str], before: Document | None) -> dict[str, Any]:
    """What the file's columns say; what it has no column for stays as it is."""
    after: dict[str, Any] = {}
    for name in _FIELDS:
        if name in columns:
            after[name] = _lines(row[name]) if name == "address" else row[name]
        elif before is not None:
            after[name] = before[name]
        else:
            after[name] = _DEFAULTS.get(name, row[name])
    if before is not None and str(before["code"]).upper() == str(after["code"]).upper():
        after["code"] = before["code"]
    return after


def _document(row: Supplier) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    return told | {
        "address": list(row.address),
        "minimum_order": row.minimum_order_minor,
        "active": row.is_active,
    }


def _row(ref: Ref, document: Document) -> Supplier:
    return Supplier(
        id=UUID(ref[0]),
        currency=current_tenant().currency,
        address=document["address"],
        minimum_order_minor=document["minimum_order"],
        is_active=document["active"],
        **{name: document[name] for name in _PLAIN},
    )


def _remove(keys: Sequence[UUID]) -> set[UUID]:
    """Remove suppliers of whom nothing is known but themselves; the others go out of use. Returns the others."""
    if not keys:
        return set()
    busy: set[UUID] = set()
    for model in (PurchaseOrder, GoodsReceipt, SupplierItem):
        busy |= set(model.objects.filter(supplier_id__in=keys).values_list("supplier_id", flat=True))
    Supplier.objects.filter(pk__in=busy).update(is_active=False)
    Supplier.objects.filter(pk__in=set(keys) - busy).delete()
    return busy


def _cell(name: str, value: Any, currency: str) -> str:
    if value is None:
        return ""
    if name == "minimum_order":
        return amount(value, currency)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return guarded(" | ".join(value) if isinstance(value, list) else str(value))
