"""What a fact looks like on the wire."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar

import pytest

from fynlo.events.facts import DomainEvent, FeedItem

ID = uuid.UUID("01920000-0000-7000-8000-0000000000aa")
TXN = uuid.UUID("01920000-0000-7000-8000-0000000000bb")
NOON = dt.datetime(2026, 3, 1, 12, 0, 0, 123_000, tzinfo=dt.UTC)


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Price:
    minor: int
    currency: str


@dataclass(frozen=True)
class Everything(DomainEvent):
    kind: ClassVar[str] = "thing.told"

    other: Any


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("é", "é"),
        (ID, "01920000-0000-7000-8000-0000000000aa"),
        (Decimal("1.50"), "1.50"),
        (NOON, "2026-03-01T12:00:00.123Z"),
        (dt.date(2026, 3, 1), "2026-03-01"),
        (Colour.RED, "red"),
        (Price(1250, "EUR"), {"minor": 1250, "currency": "EUR"}),
        ({"lines": (1, 2)}, {"lines": [1, 2]}),
        (frozenset({"b", "a"}), ["a", "b"]),
    ],
)
def test_own_fields_become_json(value: Any, expected: Any) -> None:
    assert Everything(ID, value).data() == {"other": expected}


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError, match="float has no JSON form"):
        Everything(ID, 0.1).data()


def test_entity_and_time_are_not_part_of_the_data() -> None:
    assert Everything(ID, 1, at=NOON).data() == {"other": 1}


def test_a_fact_without_a_proper_kind_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="must look like 'order.completed'"):

        class Nameless(DomainEvent):
            kind: ClassVar[str] = "Completed"


def test_the_envelope_is_the_documented_one() -> None:
    item = FeedItem(seq=7, txn=TXN, t="order.completed", id=ID, at=NOON, data={"total_minor": 1250})
    assert item.envelope() == {
        "seq": 7,
        "txn": "01920000-0000-7000-8000-0000000000bb",
        "t": "order.completed",
        "id": "01920000-0000-7000-8000-0000000000aa",
        "at": "2026-03-01T12:00:00.123Z",
        "data": {"total_minor": 1250},
    }
