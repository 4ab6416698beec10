"""Shapes of counts, their lines and entries."""

from typing import Any, Final
from uuid import UUID

from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    ChoiceField,
    IdField,
    IntegerField,
    ListField,
    QuantityField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from fynlo.core.ids import new_id
from pos.catalog.gs1 import MAX_LENGTH
from pos.inventory import states
from pos.inventory.count_drafts import CountDraft, CountScope, EntryDraft
from pos.inventory.models.counts import COUNT_KINDS, LEAVE, UNCOUNTED
from pos.inventory.models.lots import MAX_LOT_CODE
from pos.inventory.services.count_entering import MAX_ENTRIES

VALUE_CLASSES: Final = ("A", "B", "C")
MAX_NAMED: Final = 500
_SEPARATOR, _SHOWN_SEPARATOR = "\x1d", "␝"


class ScannedCodeField(TextField):
    """A code as a scanner sends it, with GS1's separator (U+001D, or U+241D where it is shown)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_LENGTH, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """The code, with separators as scanners send them."""
        shown = data.replace(_SEPARATOR, _SHOWN_SEPARATOR)
        return super().to_internal_value(shown).replace(_SHOWN_SEPARATOR, _SEPARATOR)


class CountedQuantityField(QuantityField):
    """A quantity of zero or more."""

    default_error_messages = {"negative": "What is counted is zero or more."}

    def to_internal_value(self, data: Any) -> Any:
        """The number; below zero is refused."""
        value = super().to_internal_value(data)
        if value < 0:
            self.fail("negative")
        return value


class CountScopeInput(StrictSerializer):
    """What is to be counted; each filter narrows, none is everything that is kept in stock there."""

    variant_ids = ListField(child=IdField(), required=False, max_length=MAX_NAMED)
    category_ids = ListField(child=IdField(), required=False, max_length=MAX_NAMED)
    tags = ListField(child=TextField(max_length=40), required=False)
    value_classes = ListField(
        child=ChoiceField(choices=VALUE_CLASSES),
        required=False,
        help_text="A: what makes up the first 80 % of the stock's value there; B: the next 15 %; C: the rest.",
    )
    limit = IntegerField(
        min_value=1,
        max_value=100_000,
        required=False,
        allow_null=True,
        help_text="So many, those first that were counted longest ago.",
    )


class CountInput(StrictSerializer):
    """A count to be opened."""

    id = IdField(required=False, help_text="Made by the client, so that the same count may be sent again.")
    kind = ChoiceField(choices=COUNT_KINDS)
    location_id = IdField()
    name = TextField(required=False, allow_blank=True, max_length=120)
    is_blind = BooleanField(required=False, help_text="What is expected is told after counting only.")
    selling_zone = TextField(
        required=False, allow_blank=True, max_length=40, help_text="The zone that customers take from."
    )
    scope = CountScopeInput(required=False)

    def to_draft(self) -> CountDraft:
        """The frozen input of `open_count`."""
        values = dict(self.validated_data)
        said = values.pop("scope", {})
        lists: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
        }
        scope = CountScope(**lists)
        return CountDraft(**values, scope=scope)


class CountEntryInput(StrictSerializer):
    """Something counted: a `variant_id`, or a `code` as it was scanned."""

    id = IdField(help_text="Made by the device. What is sent again does nothing.")
    variant_id = IdField(required=False, allow_null=True)
    code = ScannedCodeField(required=False, allow_blank=True)
    quantity = CountedQuantityField(
        required=False,
        allow_null=True,
        help_text="In `unit`; without one in the item's, or so many of what the code stands for. One, if missing.",
    )
    unit = TextField(required=False, allow_blank=True, max_length=20)
    lot_id = IdField(required=False, allow_null=True)
    lot = TextField(required=False, allow_blank=True, max_length=MAX_LOT_CODE)
    zone = TextField(required=False, allow_blank=True, max_length=40)
    counted_at = TimestampField()


class CountEntriesInput(StrictSerializer):
    """Entries of one device, all of them or none."""

    entries = CountEntryInput(many=True, min_length=1, max_length=MAX_ENTRIES)  # type: ignore[call-arg]

    def to_draft(self) -> tuple[EntryDraft, ...]:
        """The frozen input of `enter`."""
        return tuple(EntryDraft(**entry) for entry in self.validated_data["entries"])


class CountVoidInput(StrictSerializer):
    """An entry to be taken back; `id` is the key of what says so."""

    id = IdField(required=False)

    def to_draft(self) -> UUID:
        """The key."""
        key: UUID = self.validated_data.get("id") or new_id()
        return key


class CountSubmitInput(StrictSerializer):
    """What happens to lines nobody counted: they are left as they are, or there is nothing there."""

    uncounted = ChoiceField(choices=UNCOUNTED, required=False)

    def to_draft(self) -> str:
        """`leave` or `zero`."""
        return str(self.validated_data.get("uncounted", LEAVE))


class CountRecountInput(StrictSerializer):
    """Lines to be counted again, from zero."""

    line_ids = ListField(child=IdField(), min_length=1, max_length=MAX_NAMED)

    def to_draft(self) -> list[UUID]:
        """Their keys."""
        return list(self.validated_data["line_ids"])


class CancelReasonInput(StrictSerializer):
    """Why."""

    reason = TextField(required=False, allow_blank=True, max_length=200)

    def to_draft(self) -> str:
        """The reason, or empty."""
        return str(self.validated_data.get("reason", ""))


class PersonOutput(serializers.Serializer[Any]):
    """Who did it."""

    id = IdField(allow_null=True)
    name = serializers.CharField()


class CountOutput(serializers.Serializer[Any]):
    """A count."""

    id = IdField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=COUNT_KINDS)
    state = serializers.ChoiceField(choices=states.COUNT.states)
    location_id = IdField()
    name = serializers.CharField()
    is_blind = serializers.BooleanField()
    selling_zone = serializers.CharField()
    scope = serializers.DictField()
    uncounted = serializers.ChoiceField(choices=UNCOUNTED)
    opened_at = TimestampField()
    opened_by = PersonOutput(allow_null=True)
    submitted_at = TimestampField(allow_null=True)
    submitted_by = PersonOutput(allow_null=True)
    ended_at = TimestampField(allow_null=True)
    ended_by = PersonOutput(allow_null=True)
    reason = serializers.CharField()
    line_count = serializers.IntegerField()
    counted_line_count = serializers.IntegerField()
    entry_count = serializers.IntegerField()
    variance_value_minor = serializers.CharField(
        allow_null=True, help_text="What the differences are worth, more and less alike, in minor units."
    )
    currency = serializers.CharField()


class CountLineOutput(serializers.Serializer[Any]):
    """A variant or a lot to be counted. What is `expected` is missing while a blind count runs."""

    id = IdField()
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    lot_id = IdField(allow_null=True)
    lot = serializers.CharField()
    is_found = serializers.BooleanField(help_text="It was counted without being asked for.")
    pass_number = serializers.IntegerField()
    needs_recount = serializers.BooleanField()
    entry_count = serializers.IntegerField()
    counted = serializers.CharField(allow_null=True)
    counted_at = TimestampField(allow_null=True, help_text="As of when it is true.")
    expected = serializers.CharField(allow_null=True)
    difference = serializers.CharField(allow_null=True)
    unit_cost_minor = serializers.CharField(allow_null=True)
    difference_value_minor = serializers.CharField(allow_null=True)


class CountEntryOutput(serializers.Serializer[Any]):
    """What somebody counted, or took back."""

    id = IdField()
    line_id = IdField()
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    lot_id = IdField(allow_null=True)
    lot = serializers.CharField()
    zone = serializers.CharField()
    pass_number = serializers.IntegerField()
    quantity = serializers.CharField()
    entered_quantity = serializers.CharField()
    entered_unit = serializers.CharField()
    code = serializers.CharField()
    counted_at = TimestampField()
    counted_by = PersonOutput(allow_null=True)
    voids = IdField(allow_null=True, help_text="The entry that this one takes back.")
    voided_by = IdField(allow_null=True)


class CountEnteredOutput(serializers.Serializer[Any]):
    """The entries as they are kept, and the count as it is now."""

    entries = CountEntryOutput(many=True)
    count = CountOutput()
