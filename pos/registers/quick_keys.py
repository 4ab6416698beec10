"""Quick keys: the buttons of a till, page by page, replaced as a whole.

A register has its own keys, and those it shares with every till. Both are shown together; each set is changed by
itself. Setting a register's keys locks the register, setting the shared ones the catalogue's head, so two editors
come one after the other and the second one is told by `If-Match` that the first was there.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.errors import FieldProblem, InvalidInput, NotFound
from fynlo.core.locks import lock_rows
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from pos.catalog.csv_reading.cells import CellInvalid, read_text
from pos.catalog.models import Category, Item, Variant
from pos.catalog.services.writing import lock_catalog
from pos.events import QuickKeysChanged
from pos.registers.models import QuickKey, Register

EDIT: Final = "catalog.write"
MOST_KEYS: Final = 500
MOST_PAGES: Final = 50
MOST_PLACES: Final = 200
LONGEST_LABEL: Final = 40
_COLOR: Final = re.compile(r"#[0-9a-f]{6}")
_TARGETS: Final = {"item_id": Item, "variant_id": Variant, "category_id": Category}
_FIELDS: Final = ("page", "position", *_TARGETS, "label", "color")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickKeyDraft:
    """A button: what it sells or opens, and where it is. Without a label it is called like its target."""

    page: int
    position: int
    item_id: UUID | None = None
    variant_id: UUID | None = None
    category_id: UUID | None = None
    label: str = ""
    color: str = ""


def quick_keys(*, register_id: UUID | None) -> dict[str, Any]:
    """The keys of a register and those it shares with all (None: the shared ones alone), in their places.

    One statement for all keys. Raises `NotFound` for a register that is not there.
    """
    if register_id is None:
        return {"register_id": None, "keys": _read([None])[None]}
    if not Register.objects.filter(pk=register_id).exists():
        raise NotFound("There is no such register.")
    found = _read([register_id, None])
    return {"register_id": str(register_id), "keys": found[register_id], "shared": found[None]}


def set_quick_keys(
    *,
    register_id: UUID | None,
    keys: Sequence[QuickKeyDraft],
    actor: Actor,
    at: dt.datetime,
    matches: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    """Replace all keys of a register (None: the shared ones) and return what `quick_keys` says then.

    `matches` is given what is there, once it is locked, and raises when the caller has read something else. The
    same keys again change and tell nothing. Raises `Forbidden` without `catalog.write`, `NotFound`, and
    `InvalidInput` with every problem: a place used twice, no target or several, one that is not there.
    """
    actor.require(EDIT)
    _refuse(_problems(keys))

    def write() -> dict[str, Any]:
        with unit_of_work():
            _lock(register_id)
            before = quick_keys(register_id=register_id)
            matches(before)
            _refuse(_missing(keys))
            if before["keys"] == _documents(keys):
                return before
            _replace(register_id, keys)
            entity_id = register_id or current_tenant().id
            append(
                QuickKeysChanged(
                    entity_id=entity_id,
                    at=at,
                    register_id=register_id,
                    key_count=len(keys),
                    changed_by=actor.id,
                )
            )
            return {**before, "keys": _documents(keys)}

    return run_transaction(write)


def _lock(register_id: UUID | None) -> None:
    if register_id is None:
        lock_catalog()
    elif not lock_rows(Register.objects.all(), [register_id]):
        raise NotFound("There is no such register.")


def _read(registers: Sequence[UUID | None]) -> dict[UUID | None, list[dict[str, Any]]]:
    """Key documents by register, in their places."""
    found: dict[UUID | None, list[dict[str, Any]]] = {register: [] for register in registers}
    own = QuickKey.objects.filter(register_id__in=[key for key in registers if key is not None])
    shared = QuickKey.objects.filter(register=None)
    rows = (own | shared).order_by("page", "position").values_list("register_id", *_FIELDS)
    for register, *values in rows:
        found[register].append(_document(values))
    return found


def _document(values: Iterable[Any]) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in zip(_FIELDS, values, strict=True)
    }


def _documents(keys: Iterable[QuickKeyDraft]) -> list[dict[str, Any]]:
    ordered = sorted(keys, key=lambda key: (key.page, key.position))
    return [_document([getattr(key, name) for name in _FIELDS]) for key in ordered]


def _replace(register_id: UUID | None, keys: Iterable[QuickKeyDraft]) -> None:
    QuickKey.objects.filter(register=register_id).delete()
    QuickKey.objects.bulk_create(
        QuickKey(register_id=register_id, **{name: getattr(key, name) for name in _FIELDS}) for key in keys
    )


def _problems(keys: Sequence[QuickKeyDraft]) -> Iterator[FieldProblem]:
    """Everything that can be told without the database."""
    if len(keys) > MOST_KEYS:
        yield FieldProblem("/keys", "too_many", f"At most {MOST_KEYS} keys.")
    places: set[tuple[int, int]] = set()
    for number, key in enumerate(keys):
        pointer = f"/keys/{number}"
        if (key.page, key.position) in places:
            yield FieldProblem(f"{pointer}/position", "repeated", "Another key has this place.")
        places.add((key.page, key.position))
        if not 0 <= key.page < MOST_PAGES:
            yield FieldProblem(f"{pointer}/page", "range", f"Pages are 0 to {MOST_PAGES - 1}.")
        if not 0 <= key.position < MOST_PLACES:
            yield FieldProblem(f"{pointer}/position", "range", f"Places are 0 to {MOST_PLACES - 1}.")
        if sum(getattr(key, name) is not None for name in _TARGETS) != 1:
            yield FieldProblem(pointer, "one_target", "A key has an item, a variant or a category.")
        if key.color and not _COLOR.fullmatch(key.color):
            yield FieldProblem(f"{pointer}/color", "color", "A colour is written #1a2b3c.")
        yield from _label_problems(f"{pointer}/label", key.label)


def _label_problems(pointer: str, label: str) -> Iterator[FieldProblem]:
    try:
        clean = read_text(label, longest=LONGEST_LABEL, needed=False)
    except CellInvalid as error:
        yield FieldProblem(pointer, "text", f"The text {error}.")
    else:
        if clean != label:
            yield FieldProblem(pointer, "text", "The text has needless spaces or is not composed (NFC).")


def _missing(keys: Sequence[QuickKeyDraft]) -> Iterator[FieldProblem]:
    """Targets that are not there: three statements, however many keys."""
    for name, model in _TARGETS.items():
        wanted = {getattr(key, name) for key in keys} - {None}
        known = set(model.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
        for number, key in enumerate(keys):
            if getattr(key, name) in wanted - known:
                yield FieldProblem(f"/keys/{number}/{name}", "not_found", "There is no such thing here.")


def _refuse(problems: Iterable[FieldProblem]) -> None:
    found = tuple(problems)
    if found:
        raise InvalidInput(found[0].detail, errors=found)
