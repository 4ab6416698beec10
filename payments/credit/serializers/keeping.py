"""Shapes of keeping money of a payment as credit."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fynlo.api.fields import IdField, StrictSerializer, TextField
from payments.credit.models.values import LONGEST_HOLDER, LONGEST_REASON
from payments.credit.services import KeepDraft


class KeepAsCreditInput(StrictSerializer):
    """Why money that belongs to nothing is kept, and on which credit."""

    reason = TextField(max_length=LONGEST_REASON)
    value_id = IdField(
        required=False,
        help_text="A store credit or a gift card it is put on; a new store credit unless given.",
    )
    holder = TextField(required=False, max_length=LONGEST_HOLDER, help_text="Whose a new store credit is.")

    def to_draft(self) -> Callable[[UUID], KeepDraft]:
        """The draft, once it is known of which attempt."""
        values: dict[str, Any] = dict(self.validated_data)
        return lambda attempt_id: KeepDraft(attempt_id=attempt_id, **values)
