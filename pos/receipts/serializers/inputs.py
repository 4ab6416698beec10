"""What is asked for: a copy, a letter, an invoice."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fynlo.api.fields import ChoiceField, IdField, ListField, StrictSerializer, TextField
from pos.purchasing.serializers.fields import EmailField
from pos.receipts.document import GIFT, INVOICE, SALE, ReceiptCustomer

COPIED: Final = (SALE, GIFT, INVOICE)
"""Kinds of which a reprint is a copy. A pro forma is none of a receipt."""
_LONGEST_LINE: Final = 120
_MOST_LINES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDraft:
    """To whom a receipt shall be sent."""

    id: UUID
    to: str


class ReprintInput(StrictSerializer):
    """Which kind of paper shall be printed again; a receipt unless said."""

    kind = ChoiceField(choices=COPIED, required=False)

    def to_draft(self) -> str:
        """The kind."""
        return str(self.validated_data.get("kind", SALE))


class ReceiptEmailInput(StrictSerializer):
    """To whom. Another `id` sends it again."""

    id = IdField()
    to = EmailField()

    def to_draft(self) -> LetterDraft:
        """The frozen input of `request_email`."""
        return LetterDraft(**self.validated_data)


class InvoiceInput(StrictSerializer):
    """The customer, as an invoice has to name one."""

    name = TextField(max_length=_LONGEST_LINE)
    address = ListField(child=TextField(max_length=_LONGEST_LINE), required=False, max_length=_MOST_LINES)
    tax_number = TextField(required=False, allow_blank=True, max_length=40)

    def to_draft(self) -> ReceiptCustomer:
        """The frozen customer of `receipt_document`."""
        values = self.validated_data
        return ReceiptCustomer(
            name=values["name"],
            address=tuple(values.get("address", ())),
            tax_number=values.get("tax_number", ""),
        )
