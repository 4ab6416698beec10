"""How the merchant keeps stock: rules of the house, of an item, and what should be on a shelf."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.errors import FieldProblem, NotFound
from fynlo.core.ids import new_id
from fynlo.core.locks import lock_rows
from fynlo.events.log import append, unit_of_work
from pos.catalog.models import Item, Variant
from pos.events import StockItemChanged, StockSettingsChanged, StockTargetsChanged
from pos.inventory.errors import UnacceptableStock
from pos.inventory.models import StockHead, StockItem, StockTarget
from pos.inventory.queries.settings import item_document, settings_document, stock_items, target_document
from pos.registers.models import Location

WRITE: Final = "stock.write"
MOST_PERCENT: Final = 1000
MOST_DAYS: Final = 36_500
MOST_MINOR: Final = 10**15
Matches = Callable[[Mapping[str, Any]], None]
"""Raises when the record is not what the caller has read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsDraft:
    """The rules of the house as they shall be (`pos.inventory.models.StockHead`)."""

    cost_method: str
    default_policy: str
    over_receipt_percent: Decimal
    count_variance_limit_minor: int | None
    expiry_alert_days: int
    dead_after_days: int
    default_lead_time_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSettingsDraft:
    """How stock of an item shall be kept; `policy` '' is the merchant's default."""

    policy: str
    tracking: str
    shelf_life_days: int | None
    stops_when_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDraft:
    """What should be on the shelf of a variant at a location. One that says nothing takes the target away."""

    variant_id: UUID
    location_id: UUID
    reorder_point: Decimal | None = None
    par_level: Decimal | None = None
    maximum: Decimal | None = None
    safety_stock: Decimal | None = None
    lead_time_days: int | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What is said of the place."""
        return {
            name: value for name, value in asdict(self).items() if name not in ("variant_id", "location_id")
        }


def settings_draft(head: StockHead) -> SettingsDraft:
    """The rules as they are, to be changed in a member or two."""
    return SettingsDraft(**{each.name: getattr(head, each.name) for each in fields(SettingsDraft)})


def save_stock_settings(
    *, draft: SettingsDraft, actor: Actor, at: dt.datetime, matches: Matches | None = None
) -> str:
    """Bring the rules of the house to `draft`; returns changed or kept.

    With another `cost_method` every cost is settled anew in the background (`pos.settle_stock`): movements stay
    as they are, corrections are appended. Raises `UnacceptableStock`, and what `matches` raises.
    """
    actor.require(WRITE)
    _refuse(_settings_problems(draft))

    def write() -> str:
        with unit_of_work():
            head = StockHead.objects.select_for_update().get()
            if matches is not None:
                matches(settings_document(head))
            if all(getattr(head, name) == value for name, value in asdict(draft).items()):
                return "kept"
            for name, value in asdict(draft).items():
                setattr(head, name, value)
            head.save()
            append(StockSettingsChanged(entity_id=new_id(), at=at, state=settings_document(head)))
        return "changed"

    return run_transaction(write)


def save_stock_item(
    *,
    item_id: UUID,
    draft: ItemSettingsDraft,
    actor: Actor,
    at: dt.datetime,
    matches: Matches | None = None,
) -> str:
    """Say how stock of an item is kept; returns created, changed or kept. Raises `NotFound`, and as above."""
    actor.require(WRITE)
    _refuse(_days("/shelf_life_days", draft.shelf_life_days, least=1))

    def write() -> str:
        with unit_of_work():
            # The item's row is everybody's meeting point: there may be no row of its stock yet.
            if not lock_rows(Item.objects.all(), [item_id]):
                raise NotFound("There is no such item.")
            if matches is not None:
                matches(item_document(stock_items().get(pk=item_id)))
            known = StockItem.objects.filter(item_id=item_id).first()
            row = known or StockItem(item_id=item_id)
            if known and all(getattr(known, name) == value for name, value in asdict(draft).items()):
                return "kept"
            for name, value in asdict(draft).items():
                setattr(row, name, value)
            row.save()
            state = item_document(stock_items().get(pk=item_id))
            append(StockItemChanged(entity_id=item_id, at=at, state=state))
        return "changed" if known else "created"

    return run_transaction(write)


def save_stock_targets(*, drafts: Sequence[TargetDraft], actor: Actor, at: dt.datetime) -> list[StockTarget]:
    """Say what should be where, all or nothing, in a fixed number of statements; returns what holds now, in order.

    Drafts that say nothing take the target away and are missing from the answer. Raises `UnacceptableStock` with
    a pointer into `/targets` for what cannot be: numbers below zero, a level to fill up to below the reorder
    point, the same place twice, variants and locations that are not there.
    """
    actor.require(WRITE)
    _refuse(_target_problems(drafts))

    def write() -> list[StockTarget]:
        with unit_of_work():
            write_targets(drafts)
            there = {(row.variant_id, row.location_id): row for row in _targets_of(drafts)}
            saved = [
                there[draft.variant_id, draft.location_id]
                for draft in drafts
                if (draft.variant_id, draft.location_id) in there
            ]
            told = tuple(target_document(row) for row in saved)
            append(StockTargetsChanged(entity_id=new_id(), at=at, state={"targets": told}))
        return saved

    return run_transaction(write)


def write_targets(drafts: Sequence[TargetDraft]) -> None:
    """Bring checked targets to `drafts`: two statements. Runs in the caller's unit of work, tells nobody."""
    places = {(draft.variant_id, draft.location_id) for draft in drafts if not _says_something(draft)}
    if places:
        gone = [row.pk for row in _targets_of(drafts) if (row.variant_id, row.location_id) in places]
        StockTarget.objects.filter(pk__in=gone).delete()
    StockTarget.objects.bulk_create(
        [StockTarget(**asdict(draft)) for draft in sorted(drafts, key=_place) if _says_something(draft)],
        update_conflicts=True,
        unique_fields=["variant", "location"],
        update_fields=["reorder_point", "par_level", "maximum", "safety_stock", "lead_time_days"],
    )


def target_values_problems(draft: TargetDraft, at: str) -> list[FieldProblem]:
    """What of one target cannot be, with pointers below `at`."""
    problems = [
        FieldProblem(f"{at}/{name}", "quantity_out_of_range", "This cannot be below zero.")
        for name in ("reorder_point", "par_level", "maximum", "safety_stock")
        if (getattr(draft, name) or 0) < 0
    ]
    problems += _days(f"{at}/lead_time_days", draft.lead_time_days)
    pairs = (("par_level", "reorder_point"), ("maximum", "par_level"), ("maximum", "reorder_point"))
    for upper, lower in pairs:
        high, low = getattr(draft, upper), getattr(draft, lower)
        if high is not None and low is not None and high < low:
            problems.append(FieldProblem(f"{at}/{upper}", "below_other", f"This is less than {lower}."))
    return problems


def _says_something(draft: TargetDraft) -> bool:
    return any(value is not None for value in draft.facts.values())


def _place(draft: TargetDraft) -> tuple[UUID, UUID]:
    return draft.variant_id, draft.location_id


def _targets_of(drafts: Sequence[TargetDraft]) -> Sequence[StockTarget]:
    """The targets of the places, in the order in which they are always locked."""
    wanted = {_place(draft) for draft in drafts}
    rows = (
        StockTarget.objects.select_related("variant")
        .filter(
            variant_id__in={variant for variant, _ in wanted},
            location_id__in={location for _, location in wanted},
        )
        .order_by("variant_id", "location_id")
    )
    return [row for row in rows if (row.variant_id, row.location_id) in wanted]


def _settings_problems(draft: SettingsDraft) -> list[FieldProblem]:
    problems = []
    if not 0 <= draft.over_receipt_percent <= MOST_PERCENT:
        detail = f"A share from 0 to {MOST_PERCENT} per cent is expected."
        problems.append(FieldProblem("/over_receipt_percent", "quantity_out_of_range", detail))
    if not 0 <= (draft.count_variance_limit_minor or 0) <= MOST_MINOR:
        detail = "An amount from 0 on is expected, or null for no limit."
        problems.append(FieldProblem("/count_variance_limit_minor", "quantity_out_of_range", detail))
    for name in ("expiry_alert_days", "dead_after_days", "default_lead_time_days"):
        problems += _days(f"/{name}", getattr(draft, name))
    return problems


def _days(pointer: str, days: int | None, *, least: int = 0) -> list[FieldProblem]:
    if days is None or least <= days <= MOST_DAYS:
        return []
    return [FieldProblem(pointer, "quantity_out_of_range", f"Days from {least} to {MOST_DAYS} are expected.")]


def _target_problems(drafts: Sequence[TargetDraft]) -> list[FieldProblem]:
    variants = set(
        Variant.objects.filter(pk__in={each.variant_id for each in drafts}).values_list("pk", flat=True)
    )
    places = set(
        Location.objects.filter(pk__in={each.location_id for each in drafts}).values_list("pk", flat=True)
    )
    seen: set[tuple[UUID, UUID]] = set()
    problems: list[FieldProblem] = []
    for number, draft in enumerate(drafts):
        at = f"/targets/{number}"
        problems += target_values_problems(draft, at)
        if draft.variant_id not in variants:
            problems.append(FieldProblem(f"{at}/variant_id", "not_found", "There is no such variant."))
        if draft.location_id not in places:
            problems.append(FieldProblem(f"{at}/location_id", "not_found", "There is no such location."))
        if _place(draft) in seen:
            problems.append(FieldProblem(at, "repeated", "This variant and location are stated twice."))
        seen.add(_place(draft))
    return problems


def _refuse(problems: Sequence[FieldProblem]) -> None:
    if problems:
        raise UnacceptableStock(problems[0].detail, errors=problems)
