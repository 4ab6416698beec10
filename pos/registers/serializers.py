"""Shapes of locations, registers and drawer sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from rest_framework import serializers

from fynlo.api.fields import (
    DateField,
    IdField,
    IntegerField,
    MoneyField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from pos.registers import states
from pos.registers.quick_keys import MOST_KEYS, QuickKeyDraft


class MoneyInAnyCurrency(StrictSerializer):
    """Input whose currency is a rule (422) that the service checks, for whoever calls it, and no shape (400)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        context: Mapping[str, Any] = kwargs.pop("context", {})
        kwargs["context"] = {key: value for key, value in context.items() if key != "currency"}
        super().__init__(*args, **kwargs)


MOST_IN_A_DRAWER: Final = 10**13
"""Minor units nobody counts by hand; sums of a thousand such drawers still travel through JSON."""


@dataclass(frozen=True, slots=True)
class OpeningDraft:
    """A drawer to be opened."""

    opening_float: Money
    id: UUID = field(default_factory=new_id)


class OpeningInput(MoneyInAnyCurrency):
    """A drawer to be opened, with what is in it."""

    id = IdField(required=False, help_text="Made by the till, so that the same session may be sent again.")
    opening_float = MoneyField(max_minor=MOST_IN_A_DRAWER)

    def to_draft(self) -> OpeningDraft:
        """The frozen input of `open_session`."""
        return OpeningDraft(**self.validated_data)


class ClosingInput(MoneyInAnyCurrency):
    """What was counted in a drawer."""

    counted = MoneyField(max_minor=MOST_IN_A_DRAWER)

    def to_draft(self) -> Money:
        """The counted amount."""
        counted: Money = self.validated_data["counted"]
        return counted


class LocationOutput(serializers.Serializer[Any]):
    """A shop, with its clock and trading day."""

    id = IdField()
    code = serializers.CharField()
    name = serializers.CharField()
    address = serializers.ListField(child=serializers.CharField())
    time_zone = serializers.CharField()
    cut_off = serializers.TimeField(help_text="Sales before it count to the day before.")
    is_active = serializers.BooleanField()


class RegisterLocationOutput(serializers.Serializer[Any]):
    """Where a register stands."""

    id = IdField()
    code = serializers.CharField()


class RegisterOutput(serializers.Serializer[Any]):
    """A till."""

    id = IdField()
    code = serializers.CharField()
    name = serializers.CharField()
    location = RegisterLocationOutput()
    is_active = serializers.BooleanField()


class CashSessionRegisterOutput(serializers.Serializer[Any]):
    """Whose drawer it is."""

    id = IdField()
    code = serializers.CharField()


class CashSessionOutput(serializers.Serializer[Any]):
    """A drawer between opening and closing. What was expected in it is told after closing only."""

    id = IdField()
    number = serializers.IntegerField(help_text="Dense per register.")
    register = CashSessionRegisterOutput()
    state = serializers.ChoiceField(choices=states.SESSION.states)
    business_date = DateField()
    opened_at = TimestampField()
    opened_by_id = IdField(allow_null=True)
    opening_float = MoneyField()
    closed_at = TimestampField(allow_null=True)
    closed_by_id = IdField(allow_null=True)
    counted = MoneyField(allow_null=True)
    expected = MoneyField(allow_null=True)
    variance = MoneyField(allow_null=True, allow_negative=True)


class QuickKeyInput(StrictSerializer):
    """A button: an item, a variant or a category."""

    page = IntegerField(min_value=0, required=False)
    position = IntegerField(min_value=0)
    item_id = IdField(required=False, allow_null=True)
    variant_id = IdField(required=False, allow_null=True)
    category_id = IdField(required=False, allow_null=True)
    label = TextField(  # type: ignore[assignment]  # a member, not the label of a form
        required=False, allow_blank=True, help_text="Empty: called like its target."
    )
    color = TextField(required=False, allow_blank=True, help_text="`#1a2b3c`, or empty.")


class QuickKeysInput(StrictSerializer):
    """All keys of a register; those that are not stated are gone."""

    keys = QuickKeyInput(many=True, max_length=MOST_KEYS)  # type: ignore[call-arg]

    def to_draft(self) -> tuple[QuickKeyDraft, ...]:
        """The frozen input of `set_quick_keys`."""
        return tuple(QuickKeyDraft(**{"page": 0, **key}) for key in self.validated_data["keys"])


class QuickKeyOutput(serializers.Serializer[Any]):
    """A button."""

    page = serializers.IntegerField()
    position = serializers.IntegerField()
    item_id = IdField(allow_null=True)
    variant_id = IdField(allow_null=True)
    category_id = IdField(allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]  # likewise
    color = serializers.CharField()


class QuickKeysOutput(serializers.Serializer[Any]):
    """The buttons of a register, and those on every till."""

    register_id = IdField(allow_null=True)
    keys = QuickKeyOutput(many=True)
    shared = QuickKeyOutput(many=True, required=False)
