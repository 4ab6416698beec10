"""Shapes of gift cards that are sold, loaded, given away and corrected."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, MoneyField, StrictSerializer, TextField, TimestampField
from payments.credit.kinds import ACTIVATE, LOAD
from payments.credit.models.values import LONGEST_REASON
from payments.credit.serializers.values import GiftCardOpenInput, GiftCardOutput, open_draft
from payments.credit.services import AdjustDraft, GiveDraft, OpenDraft
from pos.orders.drafts import TenderDraft
from pos.orders.serializers.tenders import TenderDetailsInput
from pos.orders.services.value_sale_rows import ValueSaleDraft

MAX_TENDERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftDraft:
    """Value that is given away, and the approval for it."""

    give: GiveDraft
    approval: str | None


class GiftCardPaymentInput(TenderDetailsInput):
    """What was handed over for a card."""

    house_account_id = None  # type: ignore[assignment]  # a card is paid with money
    id = IdField(help_text="Made by the till; becomes the payment's id.")
    tender_type = TextField(max_length=20, help_text="Code of a way to pay that is money.")
    amount: Any = MoneyField(help_text="Above zero. What cash is more than what is due goes back as change.")


class GiftCardLoadInput(StrictSerializer):
    """So much is put on a card: paid by tenders, or given away for a reason."""

    id = IdField(help_text="Made by whoever asks. The same may be sent again.")
    amount: Any = MoneyField()
    tenders = GiftCardPaymentInput(many=True, required=False, max_length=MAX_TENDERS)  # type: ignore[call-arg]
    reason = TextField(
        required=False, max_length=LONGEST_REASON, help_text="Why it is given away, if nobody pays for it."
    )
    approval = TextField(
        required=False, max_length=200, help_text="The token of an approval to give it away."
    )
    at = TimestampField(required=False, help_text="When it was sold, if that was not just now.")

    def validate(self, attrs: Any) -> Any:
        """Somebody pays, or it is given away for a reason."""
        if bool(attrs.get("tenders")) == bool(attrs.get("reason")):
            detail = "Either tenders pay for it, or a reason says why it is given away."
            raise serializers.ValidationError({"tenders": [detail]}, code="tenders_or_reason")
        return attrs

    def to_draft(self) -> Callable[[UUID], ValueSaleDraft | GiftDraft]:
        """The frozen input of `sell_value` or `give_away`, once the card is known."""
        return lambda account_id: self._draft(account_id, None)

    def _draft(self, account_id: UUID, opened: OpenDraft | None) -> ValueSaleDraft | GiftDraft:
        values = self.validated_data
        if values.get("tenders"):
            return ValueSaleDraft(
                id=values["id"],
                account_id=account_id,
                amount=values["amount"],
                tenders=tuple(TenderDraft(**tender) for tender in values["tenders"]),
                opened=opened,
                at=values.get("at"),
            )
        give = GiveDraft(
            id=values["id"],
            account_id=account_id,
            amount_minor=values["amount"].minor,
            reason=values["reason"],
            opened=opened,
        )
        return GiftDraft(give=give, approval=values.get("approval"))


class GiftCardInput(GiftCardLoadInput):
    """A card that is sold, or given away."""

    gift_card = GiftCardOpenInput()

    def to_draft(self) -> Any:
        """As above, with the card to be opened."""
        opened = open_draft(dict(self.validated_data["gift_card"]))
        return self._draft(opened.id, opened)


class GiftCardAdjustmentInput(StrictSerializer):
    """What a card shall have more (below 0: less), and why."""

    id = IdField(help_text="Made by whoever asks. The same may be sent again.")
    amount: Any = MoneyField(allow_negative=True)
    reason = TextField(max_length=LONGEST_REASON)
    approval = TextField(required=False, max_length=200, help_text="The token of an approval.")

    def to_draft(self) -> Callable[[UUID], tuple[AdjustDraft, str | None]]:
        """The frozen input of `correct`, once the card is known."""
        values = dict(self.validated_data)
        approval = values.pop("approval", None)
        amount = values.pop("amount").minor
        return lambda account_id: (
            AdjustDraft(account_id=account_id, amount_minor=amount, **values),
            approval,
        )


class GiftCardPaymentOutput(serializers.Serializer[Any]):
    """A payment for a card."""

    id = IdField()
    tender_type = serializers.CharField()
    name = serializers.CharField()
    amount = MoneyField()
    tendered = MoneyField()
    change = MoneyField()
    last4 = serializers.CharField(allow_null=True)
    reference = serializers.CharField(allow_null=True)


class GiftCardSaleOutput(serializers.Serializer[Any]):
    """A card that was sold or loaded. Of one that was given away there are no payments."""

    id = IdField()
    kind = serializers.ChoiceField(choices=(ACTIVATE, LOAD))
    gift_card = GiftCardOutput()
    amount = MoneyField()
    payments = GiftCardPaymentOutput(many=True)
    at = TimestampField()
    business_date = DateField()
