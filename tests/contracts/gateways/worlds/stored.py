"""The worlds of gift cards and store credit: the vendor is our own ledger of them."""

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from payments.credit.models import ValueActivity
from payments.credit.services import GiveDraft, OpenDraft, give_value, office_occasion
from payments.gateways.models import GatewayRefund
from tests.contracts.gateways.worlds.base import because
from tests.contracts.gateways.worlds.people import NOBODY_OUTSIDE, ByPeople

ENOUGH = 1_000_000


class GiftCard(ByPeople):
    """A card with plenty on it."""

    code: ClassVar[str] = "gift_card"
    channel: ClassVar[str] = "value"
    stays_on_tender: ClassVar[bool] = False
    without: ClassVar[Mapping[str, str]] = {
        **NOBODY_OUTSIDE,
        **because(
            "it is taken the moment it is asked for, so there is nothing to let go or to decline later",
            "declined_then_paid",
            "declined_and_begun_anew",
            "cancelled",
            "paid_before_the_cancel",
        ),
    }

    def open(self, *, actor: Actor, at: dt.datetime) -> None:
        super().open(actor=actor, at=at)
        self.card = new_id()
        opened = OpenDraft(id=self.card, kind=self.code)
        draft = GiveDraft(
            id=new_id(), account_id=self.card, amount_minor=ENOUGH, reason="opening", opened=opened
        )
        give_value(draft=draft, occasion=office_occasion(actor=actor, at=at))

    def details(self, amount_minor: int) -> dict[str, str]:
        return {"value_id": str(self.card), "tender_type": f"by_{self.code}"}

    def taken(self, attempt_id: UUID) -> list[int]:
        return self._activities("redeem", [attempt_id])

    def back(self, attempt_id: UUID) -> list[int]:
        refunds = GatewayRefund.objects.filter(attempt_id=attempt_id).values_list("pk", flat=True)
        return self._activities("refund", list(refunds))

    def _activities(self, kind: str, causes: list[UUID]) -> list[int]:
        rows = ValueActivity.objects.filter(kind=kind, cause_id__in=causes)
        return [abs(amount) for amount in rows.values_list("amount_minor", flat=True)]


class Credit(GiftCard):
    """Credit of a guest's, with plenty on it."""

    code: ClassVar[str] = "store_credit"
