"""Refunds over HTTP."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from payments.credit.services import guesses_counted
from pos.orders.queries.refunds import (
    refund_document,
    refundable_document,
    refunds,
    refunds_of,
    with_providers,
)
from pos.orders.refund_drafts import LooseRefundDraft, RefundDraft
from pos.orders.serializers.exchanges import ExchangeInput, ExchangeOutput
from pos.orders.serializers.refunds import (
    LooseRefundInput,
    OrderRefundsOutput,
    RefundableOutput,
    RefundInput,
    RefundOutput,
)
from pos.orders.services.exchanges import exchange_goods
from pos.orders.services.loose_refunds import refund_without_receipt
from pos.orders.services.refunds import refund_order
from pos.orders.views.pin_counting import pins_counted


class OrderRefundsView(ApiView):
    """Refunds of one order."""

    permissions: ClassVar = {"GET": "orders.read", "POST": "orders.place"}

    @extend_schema(request=RefundInput, responses={201: RefundOutput})
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """Give back goods of an order, an amount of money, the tip, or several of these.

        With `at` it has happened and is recorded within what was sold, flagged where somebody should have been
        asked. Without, it is asked: beyond the limits of whoever asks it needs an approval.
        """
        del request
        draft = self.body(RefundInput)(order_id)
        with guesses_counted(actor=self.actor, is_guess=_is_guess(draft)):
            made = refund_order(draft=draft, actor=self.actor, at=clock.now())
        return Response(_told(made), status=HTTPStatus.CREATED)

    @extend_schema(responses=OrderRefundsOutput)
    def get(self, request: Request, order_id: UUID) -> Response:
        """What was given back of the order, the first refund first."""
        del request
        return Response({"items": with_providers(refunds_of(order_id=order_id))})


class RefundableView(ApiView):
    """What of an order may still be given back."""

    permission: ClassVar[str | None] = "orders.read"

    @extend_schema(responses=RefundableOutput)
    def get(self, request: Request, order_id: UUID) -> Response:
        """Of each line, of each payment, and in money."""
        del request
        return Response(refundable_document(order_id=order_id))


class RefundsView(ApiView):
    """Refunds of all orders, and without a receipt."""

    permissions: ClassVar = {"GET": "orders.read", "POST": "orders.place"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"order_id"}

    @extend_schema(request=LooseRefundInput, responses={201: RefundOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Give money back for goods without a receipt, as the merchant allows (`pos.refunds.receiptless`)."""
        del request
        draft = self.body(LooseRefundInput)
        with guesses_counted(actor=self.actor, is_guess=_is_guess(draft)):
            made = refund_without_receipt(draft=draft, actor=self.actor, at=clock.now())
        return Response(_told(made), status=HTTPStatus.CREATED)

    @extend_schema(responses=page_of("RefundPage", RefundOutput))
    def get(self, request: Request) -> Response:
        """Refunds, the newest first; of one order if said."""
        found = refunds(order_id=identifier(self.query, "order_id"))
        return Response(paginate(found, request, RefundOutput, newest_first=True))


class ExchangesView(ApiView):
    """Goods against other goods."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=ExchangeInput, responses={201: ExchangeOutput})
    @pins_counted
    @idempotent
    def post(self, request: Request) -> Response:
        """Take goods of an order back and sell others for them, both or neither.

        What came back pays the new order first; what is over goes back to the guest like any refund.
        """
        del request
        made = exchange_goods(draft=self.body(ExchangeInput), actor=self.actor, at=clock.now())
        return Response({**made, "refund": _told(made["refund"])}, status=HTTPStatus.CREATED)


class RefundView(ApiView):
    """One refund."""

    permission: ClassVar[str | None] = "orders.read"

    @extend_schema(responses=RefundOutput)
    def get(self, request: Request, refund_id: UUID) -> Response:
        """The refund as it was answered when it was made, with what became of its money at providers."""
        del request
        return Response(_told(refund_document(refund_id=refund_id)))


def _told(document: dict[str, Any]) -> dict[str, Any]:
    return with_providers([document])[0]


def _is_guess(draft: RefundDraft | LooseRefundDraft) -> bool:
    """Whether a card is asked for by its code."""
    return draft.at is None and any(tender.value is not None for tender in draft.tenders)
