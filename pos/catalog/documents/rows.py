"""What the readers of documents share: which rows, and how keys, numbers and price changes are written."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import ForeignObjectRel, Func, Model, QuerySet, UUIDField, Value

from pos.pricing.decimals import plain_decimal

Document = dict[str, Any]
Documents = dict[UUID, Document]

_ONE = Decimal(1)


class Unnest(Func):
    """A list of keys as one parameter, whatever its length: the server plans it as a table."""

    function = "unnest"
    template = "(SELECT %(function)s(%(expressions)s))"


def keys(ids: Collection[UUID]) -> Unnest:
    """`ids` for an `__in` lookup, in one parameter instead of one each."""
    return Unnest(Value(list(ids), output_field=ArrayField(UUIDField())), output_field=UUIDField())


def only(model: type[Model], ids: Collection[UUID] | None, *, by: str = "pk") -> QuerySet[Any]:
    """The rows of `model` whose `by` is among `ids`, or all rows, ordered by key."""
    rows = model._default_manager.order_by("pk")
    return rows if ids is None else rows.filter(**{f"{by}__in": keys(ids)})


def relations(model: type[Model]) -> Iterator[ForeignObjectRel]:
    """Every foreign key that points at `model`, those without a name of their own among them."""
    for field in model._meta.get_fields(include_hidden=True):
        if isinstance(field, ForeignObjectRel) and not field.many_to_many:
            yield field


def key(value: UUID | None) -> str | None:
    """A key as documents write it."""
    return None if value is None else str(value)


def plain(value: Decimal) -> str:
    """A decimal as documents write it: `0.19`, `24`, `1`."""
    return "1" if value == _ONE else plain_decimal(value)


def change(
    min_quantity: Decimal, price_minor: int | None, percent_off: Decimal | None, amount_off_minor: int | None
) -> Document:
    """What an entry of a price list does, from which quantity on."""
    made: Document = {"min_quantity": plain(min_quantity)}
    if price_minor is not None:
        made["price_minor"] = price_minor
    elif percent_off is not None:
        made["percent_off"] = plain(percent_off)
    else:
        made["amount_off_minor"] = amount_off_minor
    return made
