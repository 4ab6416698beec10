"""What a till may send: an order, a quote, and the parts both are made of."""

import datetime as dt
from typing import Any, ClassVar, Final

from rest_framework import serializers

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
from fynlo.core.ids import new_id
from pos.orders.drafts import (
    MAX_LINE_NOTE,
    MAX_LOT,
    MAX_NAME,
    MAX_ORDER_NOTE,
    MAX_SERIAL,
    ComponentDraft,
    DiscountDraft,
    LineDraft,
    ModifierDraft,
    OrderDraft,
    QuoteDraft,
    TenderDraft,
)
from pos.orders.serializers.lazy import lazy_list
from pos.orders.serializers.tenders import OrderTenderInput
from pos.orders.states import ORDER_TYPES
from pos.pricing.limits import MAX_COMPONENTS, MAX_DISCOUNTS, MAX_LINES, MAX_MODIFIERS
from pos.registers.serializers import MoneyInAnyCurrency

MAX_TENDERS: Final = 50
MAX_COUPONS: Final = 20
MAX_COVERS: Final = 10_000
MAX_MODIFIER_QUANTITY: Final = 1_000
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_TYPES: Final = [(kind, kind) for kind in ORDER_TYPES]


class InnermostModifierInput(StrictSerializer):
    """A modifier that has no modifiers itself: the third level below an item."""

    modifier_id = IdField()
    quantity = IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_MODIFIER_QUANTITY,
        help_text="How often, per unit of what it modifies; 1 unless said.",
    )


class InnerModifierInput(InnermostModifierInput):
    """A modifier of a modifier."""

    modifiers = lazy_list(InnermostModifierInput, max_length=MAX_MODIFIERS)


class ModifierInput(InnermostModifierInput):
    """A modifier chosen for an item, with modifiers of its own, three levels in all."""

    modifiers = lazy_list(InnerModifierInput, max_length=MAX_MODIFIERS)


class ComponentInput(StrictSerializer):
    """What was chosen for a slot of a combo."""

    slot_id = IdField()
    variant_id = IdField()
    modifiers = lazy_list(ModifierInput, max_length=MAX_MODIFIERS)


class DiscountInput(StrictSerializer):
    """A discount given by hand: either a share of what it is taken off, or an amount."""

    id = IdField(help_text="Made by the till.")
    name = TextField(required=False, max_length=80, help_text="Why; printed on the receipt.")
    percent = QuantityField(required=False, help_text="A fraction: 0.1 is ten per cent.")
    amount = MoneyField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of percent and amount."""
        if ("percent" in attrs) == ("amount" in attrs):
            raise serializers.ValidationError("Either percent or amount is expected.", code="one_of_expected")
        return attrs


class LineInput(StrictSerializer):
    """What a line of an order and of a quote have in common."""

    id = IdField(help_text="Made by the till.")
    variant_id = IdField()
    quantity = QuantityField(help_text="Above zero; whole for what is sold by the piece.")
    expected_unit_price = MoneyField(required=False, help_text="What the till showed; compared, never used.")
    override = MoneyField(
        required=False, help_text="Replaces the catalogue's unit price: an open price, or an approved one."
    )
    printed_amount = MoneyField(
        required=False, help_text="The price of the whole line as its label states it, without modifiers."
    )
    order_type = ChoiceField(choices=_TYPES, required=False, help_text="If it differs from the order's.")
    modifiers = lazy_list(ModifierInput, max_length=MAX_MODIFIERS)
    components = lazy_list(
        ComponentInput, max_length=MAX_COMPONENTS, help_text="One for each slot of a combo."
    )
    discounts = lazy_list(DiscountInput, max_length=MAX_DISCOUNTS)
    lot = TextField(
        required=False, allow_blank=True, max_length=MAX_LOT, help_text="As the scan read it: GS1 10."
    )
    serial = TextField(
        required=False, allow_blank=True, max_length=MAX_SERIAL, help_text="As the scan read it: GS1 21."
    )
    use_by = DateField(required=False, allow_null=True, help_text="As the scan read it: GS1 17.")
    note = TextField(required=False, allow_blank=True, max_length=MAX_LINE_NOTE, help_text="For the guest.")
    kitchen_note = TextField(required=False, allow_blank=True, max_length=MAX_LINE_NOTE)
    internal_note = TextField(
        required=False, allow_blank=True, max_length=MAX_LINE_NOTE, help_text="For the staff; on no paper."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A price per unit or a price for all of it, not both."""
        if "override" in attrs and "printed_amount" in attrs:
            raise serializers.ValidationError(
                "Either override or printed_amount is expected.", code="one_of_expected"
            )
        return attrs


class QuoteLineInput(LineInput):
    """One thing that somebody wants to buy."""

    id = IdField(required=False, help_text="Comes back in the answer.")


def plausible_time(value: dt.datetime) -> dt.datetime:
    """The time as it is. Times that no shop has seen are mistakes of a program: raises `ValidationError`."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise serializers.ValidationError(
            f"A time from {_FIRST_YEAR} to {_LAST_YEAR} is expected.", code="out_of_range"
        )
    return value


class BasketInput(MoneyInAnyCurrency):
    """What decides a price besides the lines."""

    placed_at = TimestampField(required=False, help_text="When it happened, if that was not just now.")
    order_type = ChoiceField(choices=_TYPES, required=False)
    channel = TextField(required=False, max_length=40, help_text="How the order came in, such as `web`.")
    customer_group = TextField(required=False, max_length=64)
    exempt = BooleanField(required=False, help_text="The customer is exempt from tax.")
    destination = TextField(
        required=False, max_length=20, help_text="Where it goes, as tax rules name places: `CA-QC`."
    )
    covers = IntegerField(required=False, min_value=0, max_value=MAX_COVERS, help_text="How many guests.")
    coupons = ListField(child=TextField(max_length=64), required=False, max_length=MAX_COUPONS)
    discounts = lazy_list(DiscountInput, max_length=MAX_DISCOUNTS, help_text="Off the whole order.")
    waived_charges = ListField(
        child=IdField(), required=False, max_length=MAX_COUPONS, help_text="Service charges not to be taken."
    )
    tip = MoneyField(required=False, help_text="On top of the total; no tax is due on it.")
    price_book = IdField(required=False, help_text="The version of the price book the till sells from.")
    note = TextField(required=False, allow_blank=True, max_length=MAX_ORDER_NOTE, help_text="For the guest.")
    kitchen_note = TextField(required=False, allow_blank=True, max_length=MAX_ORDER_NOTE)
    internal_note = TextField(
        required=False, allow_blank=True, max_length=MAX_ORDER_NOTE, help_text="For the staff; on no paper."
    )
    name = TextField(
        required=False, allow_blank=True, max_length=MAX_NAME, help_text="What it is called while it is open."
    )
    customer = TextField(
        required=False, allow_blank=True, max_length=MAX_NAME, help_text="A name or a number to find it by."
    )

    def validate_placed_at(self, value: dt.datetime) -> dt.datetime:
        """A time that a shop may have seen."""
        return plausible_time(value)


class QuoteInput(BasketInput):
    """What somebody wants to buy. Nothing is saved."""

    lines = QuoteLineInput(many=True, max_length=MAX_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> QuoteDraft:
        """The frozen input of pricing; lines without an id get one for themselves."""
        values = dict(self.validated_data)
        lines = values.pop("lines")
        return QuoteDraft(
            lines=tuple(line_draft({**line, "id": line.get("id") or new_id()}) for line in lines),
            given_ids=tuple(line.get("id") for line in lines),
            **basket_values(values),
        )


class OrderInput(BasketInput):
    """A sale, as the till tells it."""

    is_kept: ClassVar[bool] = True

    id = IdField(help_text="Made by the till. The same order may be sent again, by any till.")
    lines = LineInput(many=True, max_length=MAX_LINES)  # type: ignore[call-arg]
    tenders = OrderTenderInput(  # type: ignore[call-arg]
        many=True, max_length=MAX_TENDERS, help_text="May be less than what is due."
    )
    expected_total = MoneyField(required=False, help_text="What the till showed; compared, never used.")
    expected_tax = MoneyField(required=False, help_text="What the till showed; compared, never used.")
    reservation_id = IdField(
        required=False, help_text="What was kept for this guest; the sale ends it and takes from it."
    )
    training = BooleanField(
        required=False, help_text="For practice: priced and told as a sale, and in no books."
    )

    def to_draft(self) -> OrderDraft:
        """The frozen input of `place_order`."""
        return order_draft(self.validated_data)


def order_draft(validated: dict[str, Any]) -> OrderDraft:
    """An order of these members, as they were checked."""
    values = dict(validated)
    lines = tuple(line_draft(line) for line in values.pop("lines"))
    tenders = tuple(TenderDraft(**tender) for tender in values.pop("tenders"))
    return OrderDraft(lines=lines, tenders=tenders, **basket_values(values))


def basket_values(values: dict[str, Any]) -> dict[str, Any]:
    """The members of a basket draft, lists frozen."""
    for name in ("coupons", "waived_charges"):
        if name in values:
            values[name] = tuple(values[name])
    if "discounts" in values:
        values["discounts"] = discount_drafts(values["discounts"])
    return values


def line_draft(values: dict[str, Any]) -> LineDraft:
    """The frozen line of what a `LineInput` read."""
    line = dict(values)
    if "modifiers" in line:
        line["modifiers"] = _modifiers(line["modifiers"])
    if "components" in line:
        line["components"] = tuple(_component(part) for part in line["components"])
    if "discounts" in line:
        line["discounts"] = discount_drafts(line["discounts"])
    return LineDraft(**line)


def _component(values: dict[str, Any]) -> ComponentDraft:
    return ComponentDraft(**{**values, "modifiers": _modifiers(values.get("modifiers", ()))})


def _modifiers(chosen: Any) -> tuple[ModifierDraft, ...]:
    return tuple(
        ModifierDraft(**{**values, "modifiers": _modifiers(values.get("modifiers", ()))}) for values in chosen
    )


def discount_drafts(given: Any) -> tuple[DiscountDraft, ...]:
    """The frozen discounts of what `DiscountInput`s read."""
    return tuple(DiscountDraft(**values) for values in given)
