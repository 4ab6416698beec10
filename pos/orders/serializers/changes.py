"""What a device may send about an order that is still open: a ticket, changes, steps, payments, its end."""

import datetime as dt
from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    ChoiceField,
    IdField,
    IntegerField,
    ListField,
    MoneyField,
    QuantityField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from pos.orders.changing import GOODS, MEMBERS, RESTOCK, ChangeDraft
from pos.orders.drafts import MAX_LINE_NOTE, MAX_NAME, MAX_ORDER_NOTE, MAX_REASON, OrderDraft, TenderDraft
from pos.orders.serializers.inputs import (
    MAX_COUPONS,
    MAX_COVERS,
    MAX_TENDERS,
    BasketInput,
    DiscountInput,
    LineInput,
    basket_values,
    discount_drafts,
    line_draft,
    plausible_time,
)
from pos.orders.serializers.lazy import lazy_list
from pos.orders.serializers.tenders import OrderTenderInput
from pos.orders.services.cancelling import CancelDraft
from pos.orders.services.paying import PayDraft
from pos.orders.services.steps import STEPS
from pos.orders.states import EDITS, ORDER_TYPES
from pos.pricing.limits import MAX_DISCOUNTS, MAX_LINES
from pos.registers.serializers import MoneyInAnyCurrency

MAX_CHANGES: Final = 100
LONGEST_TOKEN: Final = 200
_ON_LINES: Final = MAX_LINE_NOTE
_APPROVAL: Final = "The token of an approval, for what goes beyond what one may do by oneself."


class TicketInput(BasketInput):
    """An order that is opened now and paid later. `placed_at` is when it was opened."""

    id = IdField(help_text="Made by the till. The same ticket may be sent again, by any till.")
    lines = LineInput(many=True, max_length=MAX_LINES, required=False)  # type: ignore[call-arg]
    approval = TextField(required=False, max_length=LONGEST_TOKEN, help_text=_APPROVAL)

    def to_draft(self) -> tuple[OrderDraft, str | None]:
        """The frozen input of `open_ticket`, and the approval."""
        values = dict(self.validated_data)
        approval = values.pop("approval", None)
        lines = tuple(line_draft(line) for line in values.pop("lines", ()))
        return OrderDraft(lines=lines, **basket_values(values)), approval


class ChangeInput(StrictSerializer):
    """One change of an open order. `kind` says which members belong to it; others are refused."""

    id = IdField(help_text="Made by the till; the same change has no second effect.")
    kind = ChoiceField(choices=[(kind, kind) for kind in EDITS])
    line_id = IdField(required=False, help_text="The line it is about; without one, the whole order.")
    line = LineInput(required=False)
    quantity = QuantityField(required=False, help_text="How much it is from now on.")
    override = MoneyField(
        required=False, allow_null=True, help_text="The unit price; null takes a typed one away."
    )
    discounts = lazy_list(
        DiscountInput,
        max_length=MAX_DISCOUNTS,
        help_text="All that hold from now on; an empty list takes them away.",
    )
    waived_charges = ListField(child=IdField(), required=False, max_length=MAX_COUPONS)
    coupons = ListField(child=TextField(max_length=64), required=False, max_length=MAX_COUPONS)
    customer = TextField(required=False, allow_blank=True, max_length=MAX_NAME)
    customer_group = TextField(required=False, allow_blank=True, max_length=64)
    exempt = BooleanField(required=False)
    covers = IntegerField(required=False, min_value=0, max_value=MAX_COVERS)
    order_type = ChoiceField(choices=[(kind, kind) for kind in ORDER_TYPES], required=False, allow_null=True)
    note = TextField(required=False, allow_blank=True, max_length=MAX_ORDER_NOTE)
    kitchen_note = TextField(required=False, allow_blank=True, max_length=MAX_ORDER_NOTE)
    internal_note = TextField(required=False, allow_blank=True, max_length=MAX_ORDER_NOTE)
    name = TextField(required=False, allow_blank=True, max_length=MAX_NAME)
    employee_id = IdField(required=False, help_text="Whose order it is from now on.")
    goods = ChoiceField(
        choices=[(each, each) for each in GOODS],
        required=False,
        help_text="Of what was placed: back onto the shelf, into the bin, or it was never made. "
        f"`{RESTOCK}` unless said.",
    )
    reason = TextField(required=False, allow_blank=True, max_length=MAX_REASON)
    approval = TextField(required=False, max_length=LONGEST_TOKEN, help_text=_APPROVAL)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The members that the kind needs, and none that it does not know."""
        needed, further = MEMBERS[attrs["kind"]]
        said = attrs.keys() - {"id", "kind"}
        problems: dict[str, Any] = {
            name: [serializers.ErrorDetail("This kind of change needs it.", code="required")]
            for name in sorted(needed - said)
        }
        problems |= {
            name: [serializers.ErrorDetail("This kind of change has no such member.", code="unknown_field")]
            for name in sorted(said - needed - further)
        }
        problems |= _long_notes(attrs)
        if problems:
            raise serializers.ValidationError(problems)
        return attrs


class ChangesInput(MoneyInAnyCurrency):
    """Changes of an open order, made in their order, all or none."""

    changes = ChangeInput(many=True, max_length=MAX_CHANGES)  # type: ignore[call-arg]

    def to_draft(self) -> tuple[ChangeDraft, ...]:
        """The frozen input of `change_order`."""
        return tuple(_change(values) for values in self.validated_data["changes"])


class FulfilmentInput(StrictSerializer):
    """How far an order is."""

    event = ChoiceField(choices=[(event, event) for event in STEPS])

    def to_draft(self) -> str:
        """The event."""
        event: str = self.validated_data["event"]
        return event


class CancelInput(StrictSerializer):
    """Why an order is cancelled, and where its goods go."""

    reason = TextField(max_length=MAX_REASON)
    goods = ChoiceField(
        choices=[(each, each) for each in GOODS], required=False, help_text=f"`{RESTOCK}` unless said."
    )
    approval = TextField(required=False, max_length=LONGEST_TOKEN, help_text=_APPROVAL)

    def to_draft(self) -> CancelDraft:
        """The frozen input of `cancel_order`."""
        return CancelDraft(**self.validated_data)


class PaymentsInput(MoneyInAnyCurrency):
    """What a guest hands over for an open order."""

    tenders = OrderTenderInput(  # type: ignore[call-arg]
        many=True, max_length=MAX_TENDERS, help_text="May be less than what is due."
    )
    tip = MoneyField(required=False, help_text="On top of what was tipped before.")
    expected_due = MoneyField(
        required=False,
        help_text="What the till shows as still to pay, this tip among it; 409 if it is not, a flag with `at`.",
    )
    drawer_id = IdField(required=False, help_text="Another drawer than the register's own.")
    at = TimestampField(
        required=False,
        help_text="When it was taken, if that was not just now. Then it is recorded as it happened: what would "
        "be refused otherwise is flagged, and its cash was in the drawer that was open then.",
    )

    def validate_at(self, value: dt.datetime) -> dt.datetime:
        """A time that a shop may have seen."""
        return plausible_time(value)

    def to_draft(self) -> PayDraft:
        """The frozen input of `pay_order`."""
        values = dict(self.validated_data)
        tenders = tuple(TenderDraft(**tender) for tender in values.pop("tenders"))
        return PayDraft(tenders=tenders, **values)


def _long_notes(attrs: dict[str, Any]) -> dict[str, Any]:
    """Notes of a line are shorter than those of an order."""
    if attrs.get("line_id") is None:
        return {}
    detail = f"At most {_ON_LINES} characters of a line."
    return {
        name: [serializers.ErrorDetail(detail, code="max_length")]
        for name in ("note", "kitchen_note", "internal_note")
        if len(attrs.get(name) or "") > _ON_LINES
    }


def _change(values: dict[str, Any]) -> ChangeDraft:
    said = dict(values)
    if "line" in said:
        said["line"] = line_draft(said["line"])
    if "discounts" in said:
        said["discounts"] = discount_drafts(said["discounts"])
    for name in ("waived_charges", "coupons"):
        if name in said:
            said[name] = tuple(said[name])
    return ChangeDraft(**said)
