"""From suggestions to drafts of orders: one for each supplier of what somebody chose."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.errors import FieldProblem, RuleViolation
from fynlo.core.ids import new_id
from fynlo.events.log import unit_of_work
from pos.purchasing.drafts import OrderDraft, OrderLineDraft
from pos.purchasing.queries.suggestions import Suggested, location_of, stocked_variants, suggestions
from pos.purchasing.queries.suppliers import pack_price
from pos.purchasing.reorder_values import Policy
from pos.purchasing.services.orders import create_order

MAX_CHOSEN: Final = 200


class NothingToOrder(RuleViolation):
    """Something chosen that cannot be ordered as it stands; each reason has its pointer."""

    code, title = "nothing_to_order", "This cannot be ordered as suggested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A variant to order. `packs` None: as many as are suggested; `supplier_id` None: from the preferred one."""

    variant_id: UUID
    packs: Decimal | None = None
    supplier_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenDraft:
    """What somebody chose of the suggestions for a location."""

    location_id: UUID | None
    lines: tuple[Chosen, ...]
    policy: Policy = field(default_factory=Policy)


def order_chosen(*, draft: ChosenDraft, actor: Actor, at: dt.datetime) -> list[dict[str, Any]]:
    """Write a draft of an order for each supplier; all of them or none. Prices and packs are as suggested.

    Raises `NothingToOrder` with a pointer for what is not stocked there, has no supplier, is chosen twice, or is
    not due without saying how much.
    """
    location = location_of(location_id=draft.location_id)
    found = _suggested(draft, location, at)
    by_supplier: dict[UUID, list[tuple[Chosen, Suggested]]] = {}
    problems: list[FieldProblem] = []
    seen: set[UUID] = set()
    for place, line in enumerate(draft.lines):
        each = found.get((line.variant_id, line.supplier_id))
        problem = _problem(line, each, seen)
        seen.add(line.variant_id)
        if problem is not None or each is None or each.sold is None:
            problems.append(FieldProblem(f"/lines/{place}/variant_id", *(problem or ("", ""))))
        else:
            by_supplier.setdefault(each.sold.supplier_id, []).append((line, each))
    if problems:
        raise NothingToOrder(problems[0].detail, errors=problems)
    return run_transaction(partial(_create_all, by_supplier, location.pk, actor, at))


def _create_all(
    by_supplier: dict[UUID, list[tuple[Chosen, Suggested]]], location_id: UUID, actor: Actor, at: dt.datetime
) -> list[dict[str, Any]]:
    with unit_of_work():
        return [
            create_order(draft=_order(supplier_id, location_id, lines), actor=actor, at=at)
            for supplier_id, lines in by_supplier.items()
        ]


def _suggested(
    draft: ChosenDraft, location: Any, at: dt.datetime
) -> dict[tuple[UUID, UUID | None], Suggested]:
    """The suggestions for what was chosen, with one set of statements for each supplier that was named."""
    found: dict[tuple[UUID, UUID | None], Suggested] = {}
    for supplier_id in dict.fromkeys(line.supplier_id for line in draft.lines):
        wanted = [line.variant_id for line in draft.lines if line.supplier_id == supplier_id]
        variants = list(stocked_variants(location_id=location.pk).filter(pk__in=wanted))
        made = suggestions(
            variants=variants, location=location, at=at, policy=draft.policy, supplier_id=supplier_id
        )
        found |= {(each.variant.pk, supplier_id): each for each in made}
    return found


def _problem(line: Chosen, each: Suggested | None, seen: set[UUID]) -> tuple[str, str] | None:
    if each is None:
        return "not_stocked", "There is no such variant, or no stock of it is kept there."
    if line.variant_id in seen:
        return "chosen_twice", "This variant is chosen above already."
    if each.sold is None:
        return "no_supplier", "Nobody is known to sell this, or not this supplier."
    if line.packs is None and not each.suggestion.packs:
        return "not_due", "Nothing is suggested for this; say how many packs."
    return None


def _order(supplier_id: UUID, location_id: UUID, lines: list[tuple[Chosen, Suggested]]) -> OrderDraft:
    """Expected when the longest lead time of its lines is over."""
    longest = max(each.terms.lead_time_days for _, each in lines)
    return OrderDraft(
        id=new_id(),
        supplier_id=supplier_id,
        location_id=location_id,
        lines=tuple(_line(chosen, each) for chosen, each in lines),
        expected_on=lines[0][1].today + dt.timedelta(days=longest),
    )


def _line(chosen: Chosen, each: Suggested) -> OrderLineDraft:
    packs = Decimal(each.suggestion.packs) if chosen.packs is None else chosen.packs
    sold = each.sold
    if sold is None:
        raise AssertionError("checked before")
    return OrderLineDraft(
        variant_id=chosen.variant_id,
        packs=packs,
        supplier_code=sold.supplier_code,
        pack_name=sold.pack_name,
        pack_size=sold.pack_size,
        pack_unit=sold.pack_unit,
        pack_price_minor=pack_price(sold, packs=packs),
    )
