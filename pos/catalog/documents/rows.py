"""What the readers of documents share: which rows, and how keys, numbers and price changes are written."""

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    F,
    ForeignObjectRel,
    Func,
    Model,
    QuerySet,
    TextField,
    UUIDField,
    Value,
)

from pos.pricing.decimals import plain_decimal

Document = dict[str, Any]
Documents = dict[UUID, Document]

_ONE = Decimal(1)


class _Among(Func):
    """Whether a column is one of a list that travels as one parameter.

    `= ANY(list)` is an index scan or a hashed look at each row, whatever the server believes about the size of
    the table. A join with the list would be planned by statistics, which know nothing of the rows that this
    transaction has just written: for ten thousand of them it then took minutes instead of a moment.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def among(column: str, values: Collection[UUID]) -> _Among:
    """A condition: the key in `column` is one of `values`."""
    return _Among(F(column), Value(list(values), output_field=ArrayField(UUIDField())))


def among_texts(column: str, values: Iterable[str]) -> _Among:
    """A condition: the text in `column` is one of `values`."""
    return _Among(F(column), Value(sorted(set(values)), output_field=ArrayField(TextField())))


def only(model: type[Model], ids: Collection[UUID] | None, *, by: str = "pk") -> QuerySet[Any]:
    """The rows of `model` whose `by` is among `ids`, or all rows, ordered by key."""
    rows = model._default_manager.order_by("pk")
    return rows if ids is None else rows.filter(among(by, ids))


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
