"""Who bears how much of a cost of deliveries: by worth, weight or count, to the last minor unit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from fynlo.core.money import allocate
from pos.purchasing.errors import NothingToShare
from pos.purchasing.packs import value_of

VALUE, WEIGHT, QUANTITY, STATED = "value", "weight", "quantity", "stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """A purchase movement: what came by it, and what it was stated to be worth."""

    movement_id: UUID
    line_id: UUID
    quantity: Decimal
    value_minor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a movement bears, and the figure it was shared by."""

    movement_id: UUID
    line_id: UUID
    basis_quantity: Decimal | None
    share_minor: Decimal


def shared(
    *, amount_minor: int, basis: str, bearers: Sequence[Bearer], weights: Mapping[UUID, Decimal]
) -> list[Share]:
    """`amount_minor` over `bearers` by largest remainder: whole minor units that add up to it.

    `weights` are of whole delivered lines; a line that came by several movements has its weight spread over them by
    quantity. Raises `NothingToShare` where nothing could bear the cost.
    """
    figures = _figures(basis, bearers, weights)
    if not bearers or not any(figures):
        raise NothingToShare("Nothing delivered could bear this cost by this basis.", pointer="/basis")
    parts = allocate(amount_minor, figures)
    return [
        Share(
            movement_id=bearer.movement_id,
            line_id=bearer.line_id,
            basis_quantity=value_of(exact=figure),
            share_minor=Decimal(part),
        )
        for bearer, figure, part in zip(bearers, figures, parts, strict=True)
    ]


def spread(*, by_line: Mapping[UUID, Decimal], bearers: Sequence[Bearer]) -> list[Share]:
    """What was stated of each line, over the movements it came by; the last of a line takes what is left."""
    found: list[Share] = []
    for line_id, amount in by_line.items():
        own = [bearer for bearer in bearers if bearer.line_id == line_id]
        whole = sum((Fraction(bearer.quantity) for bearer in own), Fraction(0))
        left = amount
        for bearer in own:
            part = value_of(exact=Fraction(amount) * Fraction(bearer.quantity) / whole)
            part = left if bearer is own[-1] else part
            left -= part
            found.append(
                Share(movement_id=bearer.movement_id, line_id=line_id, basis_quantity=None, share_minor=part)
            )
    return found


def _figures(basis: str, bearers: Sequence[Bearer], weights: Mapping[UUID, Decimal]) -> list[Fraction]:
    if basis == VALUE:
        return [Fraction(max(bearer.value_minor, Decimal(0))) for bearer in bearers]
    if basis == QUANTITY:
        return [Fraction(bearer.quantity) for bearer in bearers]
    whole: dict[UUID, Fraction] = {}
    for bearer in bearers:
        whole[bearer.line_id] = whole.get(bearer.line_id, Fraction(0)) + Fraction(bearer.quantity)
    return [
        Fraction(weights.get(bearer.line_id, Decimal(0))) * Fraction(bearer.quantity) / whole[bearer.line_id]
        for bearer in bearers
    ]
