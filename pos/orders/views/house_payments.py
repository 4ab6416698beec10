"""Paying what is owed, over HTTP. The accounts themselves are the payments app's."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.views import ApiView
from fynlo.core import clock
from pos.orders.serializers.house_payments import HousePaymentInput, HousePaymentOutput
from pos.orders.services.house_payments import pay_house_account


class HousePaymentsView(ApiView):
    """Payments of a house account."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=HousePaymentInput, responses={201: HousePaymentOutput})
    @idempotent
    def post(self, request: Request, house_id: UUID) -> Response:
        """Take money for what somebody owes; cash goes into this till's drawer."""
        del request
        draft = self.body(HousePaymentInput)(house_id)
        made = pay_house_account(draft=draft, actor=self.actor, at=clock.now())
        return Response(made, status=HTTPStatus.CREATED)
