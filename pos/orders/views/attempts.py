"""Asking for money of an order, over HTTP. Looking, cancelling and capturing are the payments app's."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from payments.gateways.documents import attempt_document
from payments.gateways.models import Attempt
from payments.gateways.serializers import AttemptOutput
from pos.orders.models import Order
from pos.orders.serializers.attempts import AttemptInput
from pos.orders.services.asking import ask_for_money


class OrderAttemptsView(ApiView):
    """Attempts to take what an order owes by a payment provider."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(responses=AttemptOutput(many=True))
    def get(self, request: Request, order_id: UUID) -> Response:
        """All of them, the oldest first, as they are known now."""
        del request
        self._check_here(order_id)
        rows = Attempt.objects.filter(order_id=order_id).order_by("id")
        return Response([attempt_document(row) for row in rows])

    @extend_schema(request=AttemptInput, responses={201: AttemptOutput})
    def post(self, request: Request, order_id: UUID) -> Response:
        """Ask for money. The answer says what the screen does next, and tells the truth in one sentence.

        The provider is asked after the attempt was written down, so this request is no unit of work: its `id` makes
        it safe to send again, and says what became of it.
        """
        del request
        draft = self.body(AttemptInput)
        attempt = ask_for_money(order_id=order_id, draft=draft, actor=self.actor, at=clock.now())
        return Response(attempt_document(attempt), status=HTTPStatus.CREATED)

    def _check_here(self, order_id: UUID) -> None:
        """Raise `NotFound` at a till of another location than the order's: links to pay by are nobody else's."""
        here = self.actor.location_id
        if here is not None and not Order.objects.filter(pk=order_id, location_id=here).exists():
            raise NotFound("There is no such order here.")
