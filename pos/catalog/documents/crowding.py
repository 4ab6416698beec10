"""How many rules may be in force together: every sale goes through all of them."""

from collections.abc import Iterator
from typing import Any, Final

from fynlo.core.errors import FieldProblem
from pos.catalog.documents.batches import Batch, Change
from pos.catalog.models import PriceList, Promotion, ServiceCharge

MOST: Final[dict[str, tuple[Any, int]]] = {
    "promotion": (Promotion, 200),
    "price_list": (PriceList, 200),
    "service_charge": (ServiceCharge, 30),
}
"""Active ones of a kind; with so many promotions a cart of two hundred lines is still priced in half a second."""


def crowding_problems(batch: Batch) -> Iterator[FieldProblem]:
    """The changes by which more rules of a kind would be active than there may be."""
    for kind, (model, most) in MOST.items():
        changes = batch.by_kind.get(kind, ())
        added = [change for change in changes if _active(change.after) > _active(change.before)]
        if not added:
            continue
        ended = sum(_active(change.before) > _active(change.after) for change in changes)
        room = most - (model.objects.filter(is_active=True).count() - ended)
        for change in added[max(room, 0) :]:
            yield _problem(change, most)


def _active(document: dict[str, object] | None) -> bool:
    return document is not None and document.get("is_active", True) is True


def _problem(change: Change, most: int) -> FieldProblem:
    detail = f"At most {most} of these are active at a time; switch one off first."
    return FieldProblem(f"{change.pointer}/is_active", "too_many_active", detail)
