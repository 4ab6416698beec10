"""Shapes of attempts, accounts at vendors, and card readers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    ChoiceField,
    IdField,
    MoneyField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from payments.gateways import states
from payments.gateways.documents import (
    attempt_document,
    connection_document,
    reader_document,
    refund_document,
)
from payments.gateways.models.connections import CONNECTION_STATES, UNCHECKED
from payments.gateways.services import ConnectionDraft, ReaderDraft, Slip

_LONGEST_SECRET = 4000
_MOST_MEMBERS = 30


@extend_schema_field({"type": "object", "maxProperties": 30, "additionalProperties": {"type": "string"}})
class TextsField(serializers.Field[dict[str, str], Any, Any, Any]):
    """An object whose members are texts: names and values an account needs."""

    default_error_messages = {"invalid": "An object of at most 30 texts is expected."}

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """The texts."""
        is_right = isinstance(data, dict) and len(data) <= _MOST_MEMBERS
        if not is_right or not all(
            isinstance(each, str) and len(each) <= _LONGEST_SECRET for each in data.values()
        ):
            self.fail("invalid")
        return dict(data)

    def to_representation(self, value: Any) -> Any:
        """As it is."""
        return value


class _AccountTerms(StrictSerializer):
    name = TextField(max_length=80)
    account = TextField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="The vendor's name for it. Left out, it stays as it is; empty of a new account.",
    )
    is_live = BooleanField(
        required=False,
        help_text="Whether real money moves. Left out, it stays as it is; false of a new account.",
    )
    is_active = BooleanField(
        required=False, help_text="Whether it is used. Left out, it stays as it is; true of a new account."
    )
    settings = TextsField(
        required=False,
        help_text="What its gateway is told, by name; never a secret. Given, it replaces all that is there (`{}` "
        "empties it). Left out, it stays as it is.",
    )
    secrets = TextsField(
        required=False,
        write_only=True,
        help_text="Sealed at once and never shown again. Given, they replace all that are there. Left out, those "
        "that are there stay.",
    )

    def draft(self, **keys: Any) -> ConnectionDraft:
        """The frozen input of `save_connection`."""
        return ConnectionDraft(**{**self.validated_data, **keys})


class ConnectionInput(_AccountTerms):
    """An account at a payment provider to be connected."""

    id = IdField(help_text="Made by whoever asks. The same account may be sent again.")
    gateway = TextField(max_length=40, help_text="Code of the gateway, such as `stripe` or `card_machine`.")

    def to_draft(self) -> ConnectionDraft:
        """As `draft`, with everything in the body."""
        return self.draft()


class ConnectionChangeInput(_AccountTerms):
    """An account as it shall be. What is left out stays as it is."""

    def to_draft(self) -> "ConnectionChangeInput":
        """Itself: which account it is stands in the address."""
        return self


class _ReaderTerms(StrictSerializer):
    name = TextField(max_length=80)
    model = TextField(required=False, allow_blank=True, max_length=60)
    register_id = IdField(required=False, allow_null=True, help_text="The till it stands at; null: any.")
    is_active = BooleanField(required=False)


class ReaderInput(_ReaderTerms):
    """A card reader to be added."""

    id = IdField(help_text="Made by whoever asks.")
    connection_id = IdField()
    vendor_id = TextField(max_length=100, help_text="The vendor's name for it.")

    def to_draft(self) -> ReaderDraft:
        """The frozen input of `save_reader`."""
        return ReaderDraft(**self.validated_data)


class CaptureInput(StrictSerializer):
    """What is taken of what is authorised; what the slip of a card machine says."""

    amount: Any = MoneyField(required=False, help_text="All of it unless said; the rest is let go.")
    last4 = TextField(required=False, allow_blank=True, max_length=4, help_text="Of a card machine's slip.")
    reference = TextField(
        required=False, allow_blank=True, max_length=80, help_text="Of the slip; never a card's number."
    )

    def to_draft(self) -> Slip:
        """What was typed."""
        return Slip(**self.validated_data)


class IncrementInput(StrictSerializer):
    """How much shall be authorised in all."""

    to: Any = MoneyField()

    def to_draft(self) -> Any:
        """The amount."""
        return self.validated_data["to"]


class PresentInput(StrictSerializer):
    """Where it is put before the guest once more."""

    reader_id = IdField(required=False, allow_null=True, help_text="Another reader; the same unless said.")

    def to_draft(self) -> Any:
        """The reader's key, or None."""
        return self.validated_data.get("reader_id")


class RefundSettleInput(StrictSerializer):
    """How the guest got money that the provider did not give back."""

    reason = TextField(max_length=200)
    paid_from = ChoiceField(
        choices=("drawer", "bank"),
        required=False,
        help_text="`drawer` (unless said): the till records it as money paid out as well. `bank`: transferred.",
    )

    def to_draft(self) -> dict[str, str]:
        """As `settle_refund_otherwise` takes it."""
        said = dict(self.validated_data)
        account = "bank" if said.get("paid_from") == "bank" else "paid_out"
        return {"reason": said["reason"], "account": account}


class OverrideInput(StrictSerializer):
    """Why another payment is taken although nobody knows what became of this one."""

    reason = TextField(max_length=200)
    approval = TextField(
        required=False,
        help_text="Of `payment_override` on this attempt; for whoever has not `payments.override` themselves.",
    )

    def to_draft(self) -> dict[str, str]:
        """The reason, and the approval if there is one."""
        return dict(self.validated_data)


class _DocumentList(serializers.ListSerializer[Any]):
    def to_representation(self, data: Any) -> list[Any]:
        """Documents in the order of the page."""
        child: Any = self.child
        return [child.to_representation(each) for each in data]


class _Document(serializers.Serializer[Any]):
    class Meta:
        list_serializer_class = _DocumentList


class NextOutput(serializers.Serializer[Any]):
    """What the screen does now."""

    kind = serializers.CharField(help_text="show_qr, use_reader, client_secret, redirect, wait, or none.")
    url = serializers.CharField(allow_null=True)
    until = TimestampField(allow_null=True)
    reader = serializers.CharField(allow_null=True)


class FailureOutput(serializers.Serializer[Any]):
    """Why something was not possible; `code` and `text` are the vendor's."""

    kind = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)


class CardOutput(serializers.Serializer[Any]):
    """What is kept of a card."""

    brand = serializers.CharField(allow_blank=True)
    last4 = serializers.CharField(allow_blank=True)
    wallet = serializers.CharField(allow_blank=True)


class GatewayRefundOutput(_Document):
    """Money a provider gives back, and the truth about it in one sentence."""

    id = IdField()
    attempt_id = IdField()
    amount = MoneyField()
    state = serializers.ChoiceField(choices=states.REFUND_STATES)
    sentence = serializers.CharField(help_text="For the cashier.")
    sentence_key = serializers.CharField(help_text="Stable; for translations.")
    number = serializers.IntegerField(
        help_text="Which request it is; a failed one is sent again as the next."
    )
    reason = serializers.CharField(allow_blank=True)
    failure = FailureOutput(allow_null=True)
    at = TimestampField()
    done_at = TimestampField(allow_null=True)
    settled_by = serializers.CharField(
        allow_null=True, help_text="Who said that the guest got it another way."
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The refund's document."""
        return refund_document(instance)


class AttemptOutput(_Document):
    """An attempt to take money, and the truth about it in one sentence."""

    id = IdField(help_text="Becomes the payment's id.")
    order_id = IdField(allow_null=True)
    purpose = serializers.CharField(help_text="`order`, `value_sale` (a card) or `house_payment`.")
    gift_card_id = IdField(allow_null=True, help_text="The card that is sold or loaded with it.")
    house_account_id = IdField(allow_null=True, help_text="The account that is paid with it.")
    connection_id = IdField()
    reader_id = IdField(allow_null=True)
    register_id = IdField(allow_null=True)
    tender_type = serializers.CharField()
    channel = serializers.CharField()
    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=states.ATTEMPT.states)
    sentence = serializers.CharField(help_text="For the cashier.")
    sentence_key = serializers.CharField(help_text="Stable; for translations.")
    amount = MoneyField()
    tip = MoneyField()
    authorised = MoneyField()
    captured = MoneyField()
    refunded = MoneyField()
    capture = serializers.CharField()
    capture_before = TimestampField(allow_null=True)
    expires_at = TimestampField(allow_null=True)
    card = CardOutput()
    can_increment = serializers.BooleanField()
    failure = FailureOutput(allow_null=True)
    trouble = serializers.CharField(allow_null=True, help_text="Why the money is not put to an order yet.")
    at = TimestampField()
    captured_at = TimestampField(allow_null=True)
    settled_at = TimestampField(allow_null=True)
    overridden_at = TimestampField(allow_null=True)
    overridden_by = serializers.CharField(allow_null=True)
    override_reason = serializers.CharField(allow_null=True)
    refunds = GatewayRefundOutput(
        many=True, help_text="What of it went back or should, and what became of it."
    )
    next = NextOutput()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The attempt's document."""
        return attempt_document(instance)


class ConnectionOutput(_Document):
    """An account at a payment provider. Its secrets are never shown."""

    id = IdField()
    gateway = serializers.CharField()
    name = serializers.CharField()
    account = serializers.CharField(allow_blank=True)
    is_live = serializers.BooleanField()
    is_active = serializers.BooleanField()
    state = serializers.ChoiceField(
        choices=(*CONNECTION_STATES, UNCHECKED),
        help_text="`unchecked`: its provider was never asked; `check` does.",
    )
    settings = serializers.DictField()
    has_secrets = serializers.BooleanField()
    capabilities = serializers.DictField(help_text="What it said it can do when it was asked last.")
    health = serializers.DictField()
    checked_at = TimestampField(allow_null=True)
    created_at = TimestampField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The account's document."""
        return connection_document(instance)


class ReaderOutput(_Document):
    """A card reader, and the till it stands at."""

    id = IdField()
    connection_id = IdField()
    vendor_id = serializers.CharField()
    name = serializers.CharField()
    model = serializers.CharField(allow_blank=True)
    register_id = IdField(allow_null=True)
    state = serializers.CharField()
    action = serializers.DictField()
    is_active = serializers.BooleanField()
    seen_at = TimestampField(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The reader's document."""
        return reader_document(instance)
