"""Who already has a name, a SKU, a barcode or a code that documents want, and what stays for ever.

Each question is one statement, whatever the number of documents.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, Q
from django.db.models.functions import Upper

from fynlo.core.errors import FieldProblem
from pos.catalog.barcodes import same_code, spellings
from pos.catalog.documents.batches import Batch, Change, Document
from pos.catalog.documents.rows import among, among_texts
from pos.catalog.models import (
    Barcode,
    BarcodePattern,
    ComboSlot,
    Item,
    Menu,
    Modifier,
    ModifierGroup,
    PriceList,
    Promotion,
    ServiceCharge,
    TaxClass,
    Variant,
)

_NAMED: Final[tuple[tuple[str, type[Model]], ...]] = (
    ("modifier_group", ModifierGroup),
    ("price_list", PriceList),
    ("promotion", Promotion),
    ("service_charge", ServiceCharge),
    ("menu", Menu),
    ("barcode_pattern", BarcodePattern),
)
Place = tuple[Change, str]


def holder_problems(batch: Batch) -> list[FieldProblem]:
    """A problem at every name or code that something else has, and at what may not change any more."""
    problems: list[FieldProblem] = []
    for kind, model in _NAMED:
        problems += _names(batch, kind, model)
    problems += _tax_codes(batch)
    if batch.of("item"):
        for look in (_item_names, _variant_owners, _slot_owners, _skus, _barcodes, _units):
            problems += look(batch)
    if batch.of("modifier_group"):
        problems += _modifier_owners(batch)
    return problems


def _names(batch: Batch, kind: str, model: type[Model]) -> Iterator[FieldProblem]:
    stated = {(change, "/name"): after["name"] for change, after in batch.kept(kind) if _new(change, "name")}
    if not stated:
        return
    rows = _manager(model).filter(among_texts("name", stated.values()))
    rows = rows.exclude(among("pk", batch.ids(kind)))
    taken = set(rows.values_list("name", flat=True))
    all_names = {(change, "/name"): after["name"] for change, after in batch.kept(kind)}
    yield from _clashes(
        all_names, taken, "name_taken", lambda name: f"There is another {kind.replace('_', ' ')} {name}."
    )


def _tax_codes(batch: Batch) -> Iterator[FieldProblem]:
    for change, after in batch.kept("tax_class"):
        if change.before is not None and change.before["code"] != after["code"]:
            detail = f"The code stays {change.before['code']}; make a new tax class instead."
            yield FieldProblem(f"{change.pointer}/code", "code_fixed", detail)
    stated = {(change, "/code"): after["code"] for change, after in batch.kept("tax_class")}
    if stated:
        others = TaxClass.objects.exclude(among("pk", {change.id for change, _ in stated}))
        taken = set(others.values_list("code", flat=True))
        yield from _clashes(stated, taken, "code_taken", lambda code: f"There is a tax class {code} already.")


def _item_names(batch: Batch) -> Iterator[FieldProblem]:
    stated = {
        (change, "/name"): (after["category_id"], after["name"])
        for change, after in batch.kept("item")
        if _new(change, "name") or _new(change, "category_id")
    }
    if not stated:
        return
    own = batch.ids("item")
    rows = Item.objects.filter(among_texts("name", [name for _, name in stated.values()]))
    found = rows.values_list("pk", "category_id", "name")
    taken = {(str(category), name) for pk, category, name in found if pk not in own}
    everything = {
        (change, "/name"): (after["category_id"], after["name"]) for change, after in batch.kept("item")
    }
    yield from _clashes(
        everything, taken, "name_taken", lambda pair: f"There is another item {pair[1]} in its category."
    )


def _variant_owners(batch: Batch) -> Iterator[FieldProblem]:
    """A variant is part of one item: it moves only when the item it leaves is in the batch as well."""
    places: dict[Place, Any] = {
        (change, f"/variants/{place}/id"): variant["id"]
        for change, after in batch.kept("item")
        for place, variant in enumerate(after["variants"])
    }
    own = {change.id for change in batch.of("item")}
    made = {UUID(key) for key in places.values()}
    rows = Variant.objects.filter(among("pk", made)).values_list("pk", "item_id")
    elsewhere = {str(pk) for pk, item in rows if item not in own}
    yield from _clashes(places, elsewhere, "other_item", lambda _key: "This variant belongs to another item.")


def _slot_owners(batch: Batch) -> Iterator[FieldProblem]:
    places: dict[Place, Any] = {
        (change, f"/combo/slots/{place}/id"): slot["id"]
        for change, after in batch.kept("item")
        if after["combo"]
        for place, slot in enumerate(after["combo"]["slots"])
    }
    if not places:
        return
    own = batch.ids("item")
    rows = ComboSlot.objects.filter(among("pk", {UUID(key) for key in places.values()}))
    elsewhere = {str(pk) for pk, item in rows.values_list("pk", "item_id") if item not in own}
    yield from _clashes(places, elsewhere, "other_item", lambda _key: "This slot belongs to another item.")


def _skus(batch: Batch) -> Iterator[FieldProblem]:
    places: dict[Place, Any] = {
        (change, f"/variants/{place}/sku"): variant["sku"].upper()
        for change, after in batch.kept("item")
        for place, variant in enumerate(after["variants"])
    }
    before = _before(batch, "sku")
    asked = {sku for sku in places.values() if sku not in before}
    rows = Variant.objects.annotate(key=Upper("sku")).filter(among_texts("key", asked))
    found = rows.values_list("pk", "key") if asked else ()
    taken = {sku for pk, sku in found if str(pk) not in batch.rewritten_variants}
    yield from _clashes(places, taken, "sku_taken", lambda sku: f"{sku} is the SKU of another variant.")


def _barcodes(batch: Batch) -> Iterator[FieldProblem]:
    places: dict[Place, Any] = {
        (change, f"/variants/{place}/barcodes/{number}/code"): same_code(barcode["code"])
        for change, after in batch.kept("item")
        for place, variant in enumerate(after["variants"])
        for number, barcode in enumerate(variant["barcodes"])
    }
    if not places:
        return
    wanted = {spelling for code in places.values() for spelling in spellings(code)}
    rows = Barcode.objects.filter(among_texts("code", wanted)).values_list(
        "code", "variant_id", "variant__sku"
    )
    holders = {
        same_code(code): sku for code, variant, sku in rows if str(variant) not in batch.rewritten_variants
    }
    yield from _clashes(
        places,
        holders.keys(),
        "barcode_taken",
        lambda code: (
            f"{code} is the barcode of {holders[code]}."
            if code in holders
            else f"{code} is the barcode of another variant."
        ),
    )


def _units(batch: Batch) -> Iterator[FieldProblem]:
    changed = {
        change.id: change
        for change, after in batch.kept("item")
        if change.before is not None and change.before["unit"] != after["unit"]
    }
    if not changed:
        return
    counted = (
        Q(stock_levels__isnull=False) | Q(recipe_lines__isnull=False) | Q(recipe__isnull=False)
    )  # a recipe says so much of it
    moved = Variant.objects.filter(among("item_id", changed.keys())).filter(counted)
    for item in sorted(set(moved.values_list("item_id", flat=True))):
        change = changed[item]
        unit = (change.before or {})["unit"]
        detail = f"There were stock movements counted in {unit}; make a new item instead."
        yield FieldProblem(f"{change.pointer}/unit", "unit_fixed", detail)


def _modifier_owners(batch: Batch) -> Iterator[FieldProblem]:
    """A modifier is part of one group; to another one it comes as a new modifier."""
    places: dict[Place, Any] = {
        (change, f"/modifiers/{place}/id"): modifier["id"]
        for change, after in batch.kept("modifier_group")
        for place, modifier in enumerate(after["modifiers"])
    }
    made = {UUID(key): change.id for (change, _), key in places.items()}
    rows = Modifier.objects.filter(among("pk", made.keys())).values_list("pk", "group_id")
    elsewhere = {str(pk) for pk, group in rows if made[pk] != group}
    yield from _clashes(
        places, elsewhere, "other_group", lambda _key: "This modifier belongs to another group."
    )


def _clashes(
    places: Mapping[Place, Any], taken: Iterable[Any], code: str, detail: Callable[[Any], str]
) -> Iterator[FieldProblem]:
    """A problem at every place whose key is `taken` outside the batch or by an earlier place in it."""
    seen = set(taken)
    for (change, where), key in places.items():
        if key in seen:
            yield FieldProblem(change.pointer + where, code, detail(key))
        seen.add(key)


def _before(batch: Batch, member: str) -> set[str]:
    """Keys in capitals that variants of this batch have now: those need not be asked for."""
    return {
        variant[member].upper()
        for change in batch.of("item")
        if change.before is not None
        for variant in change.before["variants"]
    }


def _new(change: Change, member: str) -> bool:
    document: Document = change.after or {}
    return change.before is None or change.before[member] != document[member]


def _manager(model: type[Model]) -> Any:
    return model._default_manager
