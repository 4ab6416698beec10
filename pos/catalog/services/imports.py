"""Bringing the catalogue to what a file says: all of it, or nothing."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Model, TextField
from django.db.models.functions import Cast

from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from fynlo.events.log import append
from pos.catalog.csv_reading import CatalogRow, RowProblem
from pos.catalog.errors import ImportRefused
from pos.catalog.importing import ImportPlan, RowPlan, plan_import
from pos.catalog.importing.states import Path
from pos.catalog.models import Barcode, Category, Item, Variant
from pos.catalog.queries import items_with_stock
from pos.catalog.queries.snapshot import Snapshot, snapshot
from pos.catalog.services.writing import next_revision, write
from pos.events import CatalogImported

BATCH: Final = 2_000
Progress = Callable[[str, int, int], None]
"""Told what is being written, how many rows of it are done, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or (a dry run) would do. `deactivated_count` items lost all variants to others."""

    rows: tuple[RowPlan, ...]
    categories: tuple[Path, ...]
    deactivated_count: int
    dry_run: bool

    def count(self, outcome: str) -> int:
        """How many rows were created, changed or unchanged."""
        return sum(row.outcome == outcome for row in self.rows)


def import_catalog(
    *,
    rows: Sequence[CatalogRow],
    columns: Collection[str],
    actor: Actor,
    at: dt.datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Create and change what `rows` of a file with `columns` state; the rest of the catalogue stays.

    One transaction and one fact for the feed (none when nothing changes). Raises `ImportRefused` with every
    problem, and `Forbidden` without `catalog.write`.
    """
    if dry_run:
        actor.require("catalog.write")
        return _report(_plan(rows, columns, snapshot()), dry_run=True)
    return write(
        actor,
        lambda: _import(rows, columns, actor=actor, at=at, progress=progress or _silent),
    )


def _import(
    rows: Sequence[CatalogRow],
    columns: Collection[str],
    *,
    actor: Actor,
    at: dt.datetime,
    progress: Progress,
) -> ImportReport:
    known = snapshot()
    plan = _plan(rows, columns, known)
    report = _report(plan, dry_run=False)
    if not (plan.items or plan.variants or plan.emptied):
        return report
    revision = next_revision()
    category_ids = {**known.category_ids, **_write_categories(plan, known)}
    _write_items(plan, known, category_ids, revision, progress)
    _write_variants(plan, known, revision, progress)
    _write_barcodes(plan, known, progress)
    Item.objects.filter(pk__in=plan.emptied).update(is_active=False, revision=revision)
    append(
        CatalogImported(
            entity_id=new_id(),
            at=at,
            created=report.count("created"),
            changed=report.count("changed"),
            unchanged=report.count("unchanged"),
            changed_by=actor.id,
        )
    )
    return report


def _plan(rows: Sequence[CatalogRow], columns: Collection[str], known: Snapshot) -> ImportPlan:
    plan = plan_import(rows=rows, columns=columns, catalogue=known.catalogue)
    problems = [*plan.problems, *_fixed_units(plan, rows, known)]
    if problems:
        raise ImportRefused(sorted(problems, key=lambda problem: problem.line))
    return plan


def _fixed_units(plan: ImportPlan, rows: Sequence[CatalogRow], known: Snapshot) -> Iterable[RowProblem]:
    """Items of which goods came or went keep the unit they were counted in."""
    before = known.catalogue.items
    changing = {
        item.name: item for item in plan.items if item.id in before and before[item.id].unit != item.unit
    }
    if not changing:
        return
    fixed = items_with_stock(item_ids=[item.id for item in changing.values()])
    for row in rows:
        item = changing.get(row.item)
        if item is not None and item.id in fixed:
            reason = f"the item has stock counted in {before[item.id].unit}; its unit cannot change"
            yield RowProblem(line=row.line, column="unit", reason=reason, given=row.unit)


def _report(plan: ImportPlan, *, dry_run: bool) -> ImportReport:
    return ImportReport(
        rows=plan.rows, categories=plan.categories, deactivated_count=len(plan.emptied), dry_run=dry_run
    )


def _write_categories(plan: ImportPlan, known: Snapshot) -> dict[Path, UUID]:
    """New categories behind their neighbours, parents first; returns their keys by path."""
    keys = dict(known.category_ids)
    sizes: dict[Path, int] = {}
    for path in known.category_ids:
        sizes[path[:-1]] = sizes.get(path[:-1], 0) + 1
    made = []
    for path in plan.categories:
        keys[path] = new_id()
        position = sizes.get(path[:-1], 0)
        sizes[path[:-1]] = position + 1
        made.append(Category(id=keys[path], parent_id=keys.get(path[:-1]), name=path[-1], position=position))
    Category.objects.bulk_create(made, batch_size=BATCH)
    return keys


def _write_items(
    plan: ImportPlan,
    known: Snapshot,
    category_ids: dict[Path, UUID],
    revision: int,
    progress: Progress,
) -> None:
    before = known.catalogue.items
    renamed = [
        item.id
        for item in plan.items
        if item.id in before
        and (before[item.id].name, before[item.id].category) != (item.name, item.category)
    ]
    _park_names(Item, renamed)
    rows = [
        Item(
            id=item.id,
            category_id=category_ids[item.category],
            tax_class_id=known.tax_class_ids[item.tax_class],
            name=item.name,
            description=item.description,
            unit=item.unit,
            is_active=item.is_active,
            revision=revision,
        )
        for item in plan.items
    ]
    fields = ["category", "tax_class", "name", "description", "unit", "is_active", "revision"]
    _upsert(rows, known=before, fields=fields, what="items", progress=progress)


def _write_variants(plan: ImportPlan, known: Snapshot, revision: int, progress: Progress) -> None:
    before = {variant.id: variant for variant in known.catalogue.variants.values()}
    renamed = [
        variant.id
        for variant in plan.variants
        if variant.id in before
        and (before[variant.id].name, before[variant.id].item_id) != (variant.name, variant.item_id)
    ]
    _park_names(Variant, renamed)
    rows = [
        Variant(
            id=variant.id,
            item_id=variant.item_id,
            name=variant.name,
            sku=variant.sku,
            price_minor=variant.price_minor,
            position=variant.position,
            is_active=variant.is_active,
        )
        for variant in plan.variants
    ]
    fields = ["item", "name", "sku", "price_minor", "position", "is_active"]
    _upsert(rows, known=before, fields=fields, what="variants", progress=progress)
    touched = {variant.item_id for variant in plan.variants}
    touched |= {before[variant.id].item_id for variant in plan.variants if variant.id in before}
    Item.objects.filter(pk__in=touched).exclude(revision=revision).update(revision=revision)


def _write_barcodes(plan: ImportPlan, known: Snapshot, progress: Progress) -> None:
    before = {variant.id: variant.barcodes for variant in known.catalogue.variants.values()}
    gone = [
        code for variant in plan.variants for code in before.get(variant.id, frozenset()) - variant.barcodes
    ]
    Barcode.objects.filter(code__in=gone).delete()
    rows = [
        Barcode(variant_id=variant.id, code=code)
        for variant in plan.variants
        for code in sorted(variant.barcodes - before.get(variant.id, frozenset()))
    ]
    _upsert(rows, known={}, fields=[], what="barcodes", progress=progress)


def _park_names(model: type[Model], keys: Sequence[UUID]) -> None:
    """Names may change places, and each must be free at every moment: until then the key is the name."""
    if keys:
        model._default_manager.filter(pk__in=keys).update(name=Cast(F("pk"), TextField()))


def _upsert(
    rows: Sequence[Any], *, known: Collection[UUID], fields: list[str], what: str, progress: Progress
) -> None:
    """Insert the new rows and change the known ones, a batch per statement."""
    if not rows:
        return
    objects = type(rows[0]).objects
    done = 0
    changed = [row for row in rows if row.pk in known]
    for batch in _batches([row for row in rows if row.pk not in known]):
        objects.bulk_create(batch)
        done += len(batch)
        progress(what, done, len(rows))
    for batch in _batches(changed):
        objects.bulk_create(batch, update_conflicts=True, unique_fields=["id"], update_fields=fields)
        done += len(batch)
        progress(what, done, len(rows))


def _batches(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _silent(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""
