"""Selling, loading, giving away and correcting gift cards, over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.views import ApiView
from fynlo.core import clock
from payments.credit.documents import stored_value_document
from payments.credit.serializers.values import GiftCardOutput
from payments.credit.services import guesses_counted
from payments.credit.views.values import StoredValuesListMixin
from pos.orders.serializers.value_sales import (
    GiftCardAdjustmentInput,
    GiftCardInput,
    GiftCardLoadInput,
    GiftCardSaleOutput,
    GiftDraft,
)
from pos.orders.services.value_changes import correct, give_away
from pos.orders.services.value_sale_rows import ValueSaleDraft
from pos.orders.services.value_sales import sell_value


class _PutsOn(ApiView):
    """What is common to selling and loading."""

    def put_on(self, draft: ValueSaleDraft | GiftDraft) -> Response:
        """The sale's document, or the card that was given something."""
        at = clock.now()
        with guesses_counted(actor=self.actor):
            if isinstance(draft, GiftDraft):
                account = give_away(draft=draft.give, approval=draft.approval, actor=self.actor, at=at)
                made = stored_value_document(account)
            else:
                made = sell_value(draft=draft, actor=self.actor, at=at)
        return Response(made, status=HTTPStatus.CREATED)


class GiftCardsView(_PutsOn, StoredValuesListMixin):
    """Gift cards and store credit."""

    permissions: ClassVar = {"GET": "orders.read", "POST": "gift_cards.sell"}

    @extend_schema(request=GiftCardInput, responses={201: GiftCardSaleOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Sell a card, or give one away; of that the answer is the card itself."""
        del request
        return self.put_on(self.body(GiftCardInput))


class GiftCardLoadsView(_PutsOn):
    """More on a card."""

    permission: ClassVar[str | None] = "gift_cards.sell"

    @extend_schema(request=GiftCardLoadInput, responses={201: GiftCardSaleOutput})
    @idempotent
    def post(self, request: Request, value_id: UUID) -> Response:
        """Load a card; what is overdrawn is covered first."""
        del request
        return self.put_on(self.body(GiftCardLoadInput)(value_id))


class GiftCardAdjustmentsView(ApiView):
    """What is on a card is corrected."""

    permission: ClassVar[str | None] = "gift_cards.sell"

    @extend_schema(request=GiftCardAdjustmentInput, responses={201: GiftCardOutput})
    @idempotent
    def post(self, request: Request, value_id: UUID) -> Response:
        """Needs `gift_cards.manage` and the own limit, or an approval."""
        del request
        draft, approval = self.body(GiftCardAdjustmentInput)(value_id)
        account = correct(draft=draft, approval=approval, actor=self.actor, at=clock.now())
        return Response(stored_value_document(account), status=HTTPStatus.CREATED)
