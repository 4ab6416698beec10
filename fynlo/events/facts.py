"""What is said to the log, and what is read from it. Pure: no database, no Django."""

import dataclasses
import datetime as dt
import enum
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from fynlo.core.clock import rfc3339

KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


@dataclass(frozen=True)
class DomainEvent:
    """A fact in the past tense, such as `order.completed`, about one entity.

    Subclasses are frozen dataclasses that set `kind` and add their own fields; `data()` turns those fields
    into JSON and is overridden where the wire needs another shape. `at` is the instant the fact happened
    (aware); left out, it is the instant of `append`.
    """

    kind: ClassVar[str] = ""

    entity_id: uuid.UUID
    at: dt.datetime | None = field(default=None, kw_only=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not KIND.fullmatch(cls.kind):
            raise TypeError(f"{cls.__name__}.kind must look like 'order.completed', not {cls.kind!r}")

    def data(self) -> dict[str, Any]:
        """The fact's own fields as JSON values: ids, times and decimals as text, enums by value."""
        own = (each.name for each in dataclasses.fields(self) if each.name not in {"entity_id", "at"})
        return {name: _json(getattr(self, name)) for name in own}


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry of a tenant's feed.

    `seq` is dense and follows commit order; all entries of one transaction share `txn` and stand together.
    """

    seq: int
    txn: uuid.UUID
    t: str
    id: uuid.UUID
    at: dt.datetime
    data: dict[str, Any] | None

    def envelope(self) -> dict[str, Any]:
        """The JSON shape of the entry, the same for the pull feed and the socket."""
        return {
            "seq": self.seq,
            "txn": str(self.txn),
            "t": self.t,
            "id": str(self.id),
            "at": rfc3339(self.at),
            "data": self.data,
        }


def _json(value: Any) -> Any:  # noqa: PLR0911  one line per shape reads better than a table of lambdas
    if value is None or (isinstance(value, bool | int | str) and not isinstance(value, enum.Enum)):
        return value
    if isinstance(value, enum.Enum):
        return _json(value.value)
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, dt.datetime):
        return rfc3339(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_json(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(_json(each) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: _json(getattr(value, each.name)) for each in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form in the feed (floats are never allowed)")
