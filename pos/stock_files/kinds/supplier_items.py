"""What suppliers sell: codes, packs and prices, found again by supplier, SKU and the supplier's code."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

from pos.catalog.conversion import NoConversion, convert
from pos.catalog.csv_reading import Row, RowProblem
from pos.catalog.exporting.rows import guarded
from pos.inventory.quantities import plain_quantity
from pos.purchasing.models import SupplierItem
from pos.purchasing.packs import Goods
from pos.stock_files.cells import cost_cell, quantity_cell
from pos.stock_files.kinds.base import FileContext, Planned, changes_of, find_goods, no_variant, problem
from pos.stock_files.kinds.records import Document, RecordKind, Ref, outcome_of
from pos.stock_files.kinds.suppliers import supplier_ids
from pos.stock_files.models import StockFileRow
from pos.stock_files.sheets import SUPPLIER_ITEMS

_FIELDS: Final = ("pack_name", "pack_size", "pack_unit", "pack_price", "minimum_packs", "preferred")


class SupplierItems(RecordKind):
    """Where one is preferred, no other supplier's is: the one before is not any more."""

    sheet: ClassVar = SUPPLIER_ITEMS
    permissions: ClassVar[tuple[str, ...]] = ("stock.write", "stock.order")

    def plan(self, rows: Sequence[Row], context: FileContext) -> Iterator[Planned | RowProblem]:
        """Each article of a supplier as it would be."""
        goods = find_goods([row["sku"] for row in rows])
        suppliers = supplier_ids([row["supplier"] for row in rows])
        right: list[tuple[Row, Goods, Ref]] = []
        for row in rows:
            of, supplier = goods.get(row["sku"]), suppliers.get(row["supplier"])
            wrong = list(_wrong(row, of, supplier, context))
            yield from wrong
            if not wrong and of is not None:
                right.append((row, of, (str(of.id), str(supplier), row["supplier_code"])))
        there = self.current([ref for _, _, ref in right])
        others = _preferred([of.id for row, of, _ in right if row["preferred"]])
        for row, of, ref in right:
            before = there.get(ref)
            after = _after(row, of, context.columns, before)
            yield Planned(
                line=row.line,
                key=" · ".join(filter(None, (row["supplier"], of.sku, row["supplier_code"]))),
                name=of.name,
                outcome=outcome_of(before, after),
                plan={
                    "ref": ref,
                    "after": after,
                    "displaced": others.get(of.id) if after["preferred"] else None,
                },
                before=before,
                changes=changes_of(before, after, _FIELDS),
            )

    def current(self, refs: Collection[Ref]) -> dict[Ref, Document]:
        """Articles by variant, supplier and the supplier's code."""
        wanted = set(refs)
        rows = (
            SupplierItem.objects.filter(
                variant_id__in={ref[0] for ref in refs}, supplier_id__in={ref[1] for ref in refs}
            )
            .order_by("variant_id", "supplier_id", "supplier_code")
            .select_for_update()
        )
        found = {
            (str(row.variant_id), str(row.supplier_id), row.supplier_code): _document(row) for row in rows
        }
        return {ref: document for ref, document in found.items() if ref in wanted}

    def write(self, records: Sequence[tuple[Ref, Document | None]]) -> list[Ref]:
        """Bring articles to what is said; price breaks, which files do not have, stay."""
        gone = {ref for ref, document in records if document is None}
        if gone:
            found = SupplierItem.objects.filter(
                variant_id__in={ref[0] for ref in gone}, supplier_id__in={ref[1] for ref in gone}
            )
            keys = [
                row.pk
                for row in found
                if (str(row.variant_id), str(row.supplier_id), row.supplier_code) in gone
            ]
            SupplierItem.objects.filter(pk__in=keys).delete()
        said = [(ref, document) for ref, document in records if document is not None]
        preferred = {ref[0] for ref, document in said if document["preferred"]}
        SupplierItem.objects.filter(variant_id__in=preferred, is_preferred=True).update(is_preferred=False)
        SupplierItem.objects.bulk_create(
            [_row(ref, document) for ref, document in sorted(said, key=lambda each: each[0])],
            update_conflicts=True,
            unique_fields=["variant", "supplier", "supplier_code"],
            update_fields=[
                "pack_name",
                "pack_size",
                "pack_unit",
                "pack_price_minor",
                "minimum_packs",
                "is_preferred",
            ],
        )
        return []

    def brought_back(self, rows: Sequence[StockFileRow]) -> None:
        """Who was preferred before is so again, unless somebody else is by now."""
        displaced = {each for row in rows if (each := (row.plan or {}).get("displaced"))}
        if not displaced:
            return
        again = SupplierItem.objects.filter(pk__in=displaced)
        taken = SupplierItem.objects.filter(is_preferred=True).values("variant_id")
        again.exclude(variant_id__in=taken).update(is_preferred=True)

    def export(self, *, location_id: UUID | None, currency: str) -> Iterator[list[str]]:
        """All articles, by supplier and SKU."""
        del location_id
        found = SupplierItem.objects.select_related("supplier", "variant").order_by(
            "supplier__code", "variant__sku", "supplier_code", "id"
        )
        for row in found.iterator(chunk_size=2_000):
            yield [
                guarded(row.supplier.code),
                guarded(row.variant.sku),
                guarded(row.supplier_code),
                guarded(row.pack_name),
                quantity_cell(row.pack_size),
                guarded(row.pack_unit),
                cost_cell(row.pack_price_minor, currency),
                quantity_cell(row.minimum_packs),
                "yes" if row.is_preferred else "no",
            ]


def _preferred(variant_ids: Collection[UUID]) -> dict[UUID, str]:
    """The articles that are preferred now, by variant."""
    found = SupplierItem.objects.filter(variant_id__in=variant_ids, is_preferred=True)
    return {row.variant_id: str(row.pk) for row in found}


def _wrong(row: Row, of: Goods | None, supplier: UUID | None, context: FileContext) -> Iterator[RowProblem]:
    if supplier is None:
        yield problem(row, "supplier", "there is no supplier with this code", row["supplier"])
    if of is None:
        yield no_variant(row)
        return
    unit = row["pack_unit"] or of.unit
    try:
        convert(quantity=1, from_unit=unit, to_unit=of.unit, units=of.units, unit=of.unit)
    except NoConversion:
        known = ", ".join([of.unit, *(str(each["code"]) for each in of.units)])
        reason = f"the item is not counted in this unit; its units are {known}"
        yield problem(row, "pack_unit", reason, row["pack_unit"])
    if row["preferred"]:
        line = context.seen.setdefault(("preferred", of.id), row.line)
        if line != row.line:
            yield problem(row, "preferred", f"another supplier is preferred in line {line}", "yes")


def _after(row: Row, of: Goods, columns: Collection[str], before: Document | None) -> dict[str, Any]:
    defaults: dict[str, Any] = {"pack_size": Decimal(1), "pack_unit": of.unit, "minimum_packs": Decimal(1)}
    after: dict[str, Any] = {}
    for name in _FIELDS:
        value = row[name] if name in columns or before is None else before[name]
        if value is None or (value == "" and name == "pack_unit"):
            value = defaults.get(name)
        after[name] = plain_quantity(value) if isinstance(value, Decimal) else value
    return after


def _document(row: SupplierItem) -> dict[str, Any]:
    return {
        "pack_name": row.pack_name,
        "pack_size": plain_quantity(row.pack_size),
        "pack_unit": row.pack_unit,
        "pack_price": None if row.pack_price_minor is None else plain_quantity(row.pack_price_minor),
        "minimum_packs": plain_quantity(row.minimum_packs),
        "preferred": row.is_preferred,
    }


def _row(ref: Ref, document: Document) -> SupplierItem:
    price = document["pack_price"]
    return SupplierItem(
        variant_id=UUID(ref[0]),
        supplier_id=UUID(ref[1]),
        supplier_code=ref[2],
        pack_name=document["pack_name"],
        pack_size=Decimal(document["pack_size"]),
        pack_unit=document["pack_unit"],
        pack_price_minor=None if price is None else Decimal(price),
        minimum_packs=Decimal(document["minimum_packs"]),
        is_preferred=document["preferred"],
    )
