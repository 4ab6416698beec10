"""Transfers over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier, timestamp
from fynlo.api.schema import page_of
from fynlo.core import clock
from pos.inventory import states
from pos.inventory.queries.transfers import TransferFilter, find_transfer, transfer_document, transfers
from pos.inventory.serializers.counts import CancelReasonInput
from pos.inventory.serializers.transfers import (
    StockTransferOutput,
    TransferInput,
    TransferLinesInput,
    TransferReceiptInput,
)
from pos.inventory.services.transfer_receiving import receive_transfer, reject_transfer
from pos.inventory.services.transfers import cancel_transfer, change_transfer, draft_transfer, send_transfer
from pos.inventory.views.base import StockView


class StockTransfersView(StockView):
    """Transfers."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.move"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "location_id",
        "from_location_id",
        "to_location_id",
        "state",
        "variant_id",
        "created_from",
        "created_to",
    }

    @extend_schema(responses=page_of("StockTransferPage", StockTransferOutput))
    def get(self, request: Request) -> Response:
        """Transfers, the newest first; `location_id` is either end of the way."""
        wanted = TransferFilter(
            location_id=identifier(self.query, "location_id"),
            from_location_id=identifier(self.query, "from_location_id"),
            to_location_id=identifier(self.query, "to_location_id"),
            state=choice(self.query, "state", known=states.TRANSFER.states),
            variant_id=identifier(self.query, "variant_id"),
            created_from=timestamp(self.query, "created_from"),
            created_to=timestamp(self.query, "created_to"),
        )
        return Response(paginate(transfers(wanted), request, transfer_document, newest_first=True))

    @extend_schema(request=TransferInput, responses={201: StockTransferOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Prepare a transfer; nothing moves before it is sent."""
        del request
        told = draft_transfer(draft=self.body(TransferInput), actor=self.actor, at=clock.now())
        return Response(told, status=HTTPStatus.CREATED)


class StockTransferView(StockView):
    """A transfer."""

    permission: ClassVar[str | None] = "stock.read"

    @extend_schema(responses=StockTransferOutput)
    def get(self, request: Request, transfer_id: UUID) -> Response:
        """The whole state of a transfer."""
        del request
        return Response(transfer_document(find_transfer(transfer_id)))


class StockTransferLinesView(StockView):
    """The lines of a transfer that was not sent yet."""

    permission: ClassVar[str | None] = "stock.move"

    @extend_schema(request=TransferLinesInput, responses=StockTransferOutput)
    @idempotent
    def post(self, request: Request, transfer_id: UUID) -> Response:
        """Replace all lines of a draft."""
        del request
        lines = self.body(TransferLinesInput)
        return Response(
            change_transfer(transfer_id=transfer_id, lines=lines, actor=self.actor, at=clock.now())
        )


class StockTransferSendView(StockView):
    """Sending."""

    permission: ClassVar[str | None] = "stock.move"

    @extend_schema(request=None, responses=StockTransferOutput)
    @idempotent
    def post(self, request: Request, transfer_id: UUID) -> Response:
        """The goods leave their source now, and are in transit."""
        del request
        return Response(send_transfer(transfer_id=transfer_id, actor=self.actor, at=clock.now()))


class StockTransferReceiveView(StockView):
    """Receiving."""

    permission: ClassVar[str | None] = "stock.move"

    @extend_schema(request=TransferReceiptInput, responses=StockTransferOutput)
    @idempotent
    def post(self, request: Request, transfer_id: UUID) -> Response:
        """Record what arrived, and what did not; the rest stays on its way."""
        del request
        draft = self.body(TransferReceiptInput)
        return Response(
            receive_transfer(transfer_id=transfer_id, draft=draft, actor=self.actor, at=clock.now())
        )


class StockTransferRejectView(StockView):
    """Refusing."""

    permission: ClassVar[str | None] = "stock.move"

    @extend_schema(request=CancelReasonInput, responses=StockTransferOutput)
    @idempotent
    def post(self, request: Request, transfer_id: UUID) -> Response:
        """Send back whatever has not arrived yet."""
        del request
        reason = self.body(CancelReasonInput)
        return Response(
            reject_transfer(transfer_id=transfer_id, reason=reason, actor=self.actor, at=clock.now())
        )


class StockTransferCancelView(StockView):
    """Giving a transfer up."""

    permission: ClassVar[str | None] = "stock.move"

    @extend_schema(request=CancelReasonInput, responses=StockTransferOutput)
    @idempotent
    def post(self, request: Request, transfer_id: UUID) -> Response:
        """Give up a transfer that was not sent."""
        del request
        reason = self.body(CancelReasonInput)
        return Response(
            cancel_transfer(transfer_id=transfer_id, reason=reason, actor=self.actor, at=clock.now())
        )
