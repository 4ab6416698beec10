"""What every change of the catalogue begins and ends with."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from django.db import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import UNIQUE_VIOLATION, constraint, run_transaction, sqlstate
from fynlo.core.errors import DomainError, FieldProblem
from fynlo.events.log import unit_of_work
from pos.catalog.errors import BarcodeTaken, CodeTaken, DraftInvalid, NameTaken, SkuTaken
from pos.catalog.models import THE_ONE, CatalogHead

R = TypeVar("R")

_TAKEN: Final[tuple[tuple[str, type[DomainError]], ...]] = (
    ("pos_variant_sku", SkuTaken),
    ("pos_variant_name", NameTaken),
    ("pos_item_name", NameTaken),
    ("pos_category_name", NameTaken),
    ("pos_barcode_code", BarcodeTaken),
    ("pos_taxclass_code", CodeTaken),
)


def write(actor: Actor, change: Callable[[], R]) -> R:
    """Run `change` in a unit of work with the catalogue locked; what the database refuses gets its name.

    The head is the first lock of a catalogue change, so writers come one after the other. Orders only read
    the catalogue and wait for nobody here. Raises `Forbidden` without `catalog.write`.
    """
    actor.require("catalog.write")

    def locked() -> R:
        with unit_of_work():
            lock_catalog()
            return change()

    try:
        return run_transaction(locked)
    except IntegrityError as error:
        named = _named(error)
        if named is None:
            raise
        raise named from error


def lock_catalog() -> int:
    """Lock the catalogue until COMMIT and return its revision."""
    revision: int = CatalogHead.objects.select_for_update().values_list("revision", flat=True).get(pk=THE_ONE)
    return revision


def refuse(problems: Iterable[FieldProblem]) -> None:
    """Raise `DraftInvalid` with all problems, if there are any."""
    found = tuple(problems)
    if found:
        raise DraftInvalid(found[0].detail, errors=found)


def _named(error: IntegrityError) -> DomainError | None:
    if sqlstate(error) != UNIQUE_VIOLATION:
        return None
    name = constraint(error)
    return next((refusal() for prefix, refusal in _TAKEN if name.startswith(prefix)), None)
