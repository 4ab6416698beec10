"""Money of a provider on its way back, over HTTP: what failed is sent again, or was given another way."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.views import ApiView
from fynlo.core import clock
from payments.gateways.documents import refund_document
from payments.gateways.queries import refund
from payments.gateways.serializers import GatewayRefundOutput, RefundSettleInput
from payments.gateways.services import retry_refund, settle_refund_otherwise
from payments.gateways.views.attempts import reached


class _RefundView(ApiView):
    permission: ClassVar[str | None] = "payments.refund_retry"

    def found(self, refund_id: UUID) -> UUID:
        """Its key. Raises `NotFound` at a till of another location than the payment's."""
        reached(self, refund(refund_id=refund_id).attempt_id)
        return refund_id


class RefundRetryView(_RefundView):
    """Sending a refund again."""

    @extend_schema(request=None, responses=GatewayRefundOutput)
    def post(self, request: Request, gateway_refund_id: UUID) -> Response:
        """Send one that failed again, as a new request to the provider."""
        del request
        row = retry_refund(refund_id=self.found(gateway_refund_id), actor=self.actor, at=clock.now())
        return Response(refund_document(row))


class RefundSettleView(_RefundView):
    """Saying that the guest got the money another way."""

    @extend_schema(request=RefundSettleInput, responses=GatewayRefundOutput)
    def post(self, request: Request, gateway_refund_id: UUID) -> Response:
        """The guest got the money of a failed refund from a drawer or by a transfer; nothing is sent any more."""
        del request
        key = self.found(gateway_refund_id)
        said = self.body(RefundSettleInput)
        return Response(
            refund_document(settle_refund_otherwise(refund_id=key, **said, actor=self.actor, at=clock.now()))
        )
