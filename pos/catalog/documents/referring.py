"""Whether everything that documents refer to is there, or comes with them. One statement per kind of target."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from django.db.models import Model

from fynlo.core.errors import FieldProblem
from pos.catalog.documents.batches import Batch, Change
from pos.catalog.documents.references import references
from pos.catalog.documents.rows import only
from pos.catalog.documents.shapes import ID_FORM
from pos.catalog.models import (
    CatalogImage,
    Category,
    Item,
    ModifierGroup,
    ModifierPrice,
    PriceList,
    TaxClass,
    Variant,
)

Place = tuple[Change, str]

_TABLES: Final[dict[str, type[Model]]] = {
    "category": Category,
    "image": CatalogImage,
    "item": Item,
    "location": ModifierPrice._meta.get_field("location").related_model,
    "modifier_group": ModifierGroup,
    "price_list": PriceList,
    "variant": Variant,
}


def missing_references(batch: Batch) -> list[FieldProblem]:
    """A problem at every place that refers to something that will not be there."""
    asked: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    lost: list[tuple[str, Place]] = []
    for change in batch.changes:
        if change.after is None:
            continue
        for where, kind, key in references(change.kind, change.after):
            if (kind, key) in batch.gone:
                lost.append((kind, (change, where)))
            elif (kind, key) not in batch.added:
                asked[kind][key].append((change, where))
    for kind, places in asked.items():
        there = _existing(kind, places.keys())
        lost += [(kind, place) for key in places.keys() - there for place in places[key]]
    return [_problem(kind, place) for kind, place in lost]


def _existing(kind: str, wanted: Collection[str]) -> set[str]:
    if kind == "tax_class":
        return set(TaxClass.objects.values_list("code", flat=True))
    ids = [UUID(key) for key in wanted if ID_FORM.fullmatch(key)]
    rows: Any = only(_TABLES[kind], ids).values_list("pk", flat=True)
    return {str(pk) for pk in rows}


def _problem(kind: str, place: Place) -> FieldProblem:
    change, where = place
    what = kind.replace("_", " ")
    return FieldProblem(change.pointer + where, "unknown_reference", f"There is no such {what}.")
