"""Who calls, what they send, and the fact that comes of it, in the tests of the kernel."""

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from fynlo.api.fields import (
    BooleanField,
    ChoiceField,
    DateField,
    IdField,
    IntegerField,
    ListField,
    MoneyField,
    QuantityField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from fynlo.core.actors import Actor
from fynlo.core.errors import NotAuthenticated
from fynlo.events.log import DomainEvent

TILL = uuid.UUID("01920000-0000-7000-8000-000000000001")
OTHER_TILL = uuid.UUID("01920000-0000-7000-8000-000000000002")
MARIA = uuid.UUID("01920000-0000-7000-8000-00000000000a")
ALL = frozenset({"orders.place", "orders.read"})
ACTORS = {
    "till": Actor(kind="device", id=TILL, name="K1", device_id=TILL, permissions=ALL),
    "other-till": Actor(kind="device", id=OTHER_TILL, name="K2", device_id=OTHER_TILL, permissions=ALL),
    "maria": Actor(
        kind="employee", id=MARIA, name="Maria", device_id=TILL, employee_id=MARIA, permissions=ALL
    ),
    "reader": Actor(
        kind="employee", id=MARIA, name="Maria", employee_id=MARIA, permissions=frozenset({"orders.read"})
    ),
}


class ByName(BaseAuthentication):
    """`Authorization: Bearer <name of an actor>`."""

    def authenticate(self, request: Request) -> tuple[Actor, Actor] | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        actor = ACTORS.get(header.removeprefix("Bearer "))
        if actor is None:
            raise NotAuthenticated("this sentence must not be sent")
        return actor, actor


@dataclass(frozen=True)
class Rang(DomainEvent):
    """A bell rang: the effect of the test views."""

    kind: ClassVar[str] = "bell.rang"
    entity_id: uuid.UUID
    times: Any = 1

    def data(self) -> dict[str, Any]:
        return {"times": self.times}


class LineSerializer(StrictSerializer):
    id = IdField()
    quantity = QuantityField(positive=True, places=3)
    price = MoneyField(required=False)
    note = TextField(required=False, allow_blank=True, max_length=20)


class OrderSerializer(StrictSerializer):
    id = IdField()
    lines = LineSerializer(many=True, allow_empty=False, max_length=3)
    kind = ChoiceField(choices=["eat_in", "take_away"], required=False)
    guests = IntegerField(required=False, min_value=1, max_value=99)
    paid = BooleanField(required=False)
    opened_at = TimestampField(required=False)
    business_date = DateField(required=False)
    tags = ListField(child=TextField(max_length=5), required=False, max_length=2)
    comment = TextField(required=False, multiline=True, allow_null=True)
    tip = MoneyField(required=False, allow_negative=True)
    number = IntegerField(read_only=True)
