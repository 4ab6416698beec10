"""Asking for money of an order or for a card, over HTTP. The payments app looks, cancels and captures."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from payments.credit.services import guesses_counted
from payments.gateways.documents import attempt_document
from payments.gateways.models import Attempt
from payments.gateways.serializers import AttemptOutput
from pos.orders.models import Order
from pos.orders.serializers.attempts import (
    AttemptInput,
    GiftCardAttemptInput,
    GiftCardLoadAttemptInput,
    HousePaymentAttemptInput,
)
from pos.orders.services.asking import ask_for_money
from pos.orders.services.asking_houses import ask_for_house
from pos.orders.services.asking_values import ValueAskDraft, ask_for_value


class OrderAttemptsView(ApiView):
    """Attempts to take what an order owes by a payment provider."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(responses=AttemptOutput(many=True))
    def get(self, request: Request, order_id: UUID) -> Response:
        """All of them, the oldest first, as they are known now."""
        del request
        self._check_here(order_id)
        rows = Attempt.objects.filter(order_id=order_id).prefetch_related("refunds").order_by("id")
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


class HouseAttemptsView(ApiView):
    """Attempts to pay what somebody owes by a payment provider."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=HousePaymentAttemptInput, responses={201: AttemptOutput})
    def post(self, request: Request, house_id: UUID) -> Response:
        """Ask for money that pays a house account once it was taken; what is more than is owed can be spent later.

        As with an order this request is no unit of work: its `id` makes it safe to send again.
        """
        del request
        draft = self.body(HousePaymentAttemptInput)(house_id)
        attempt = ask_for_house(draft=draft, actor=self.actor, at=clock.now())
        return Response(attempt_document(attempt), status=HTTPStatus.CREATED)


class _AsksForValue(ApiView):
    """What is common to selling and loading a card by a provider's money."""

    permission: ClassVar[str | None] = "gift_cards.sell"

    def ask(self, draft: ValueAskDraft) -> Response:
        """The attempt, as far as it goes now."""
        with guesses_counted(actor=self.actor):
            attempt = ask_for_value(draft=draft, actor=self.actor, at=clock.now())
        return Response(attempt_document(attempt), status=HTTPStatus.CREATED)


class GiftCardAttemptsView(_AsksForValue):
    """Attempts to sell a card for what a payment provider takes."""

    @extend_schema(request=GiftCardAttemptInput, responses={201: AttemptOutput})
    def post(self, request: Request) -> Response:
        """Ask for money for a card. It is pending until the money was taken, and stays so if it never is.

        As with an order this request is no unit of work: its `id` makes it safe to send again.
        """
        del request
        return self.ask(self.body(GiftCardAttemptInput))


class GiftCardLoadAttemptsView(_AsksForValue):
    """Attempts to load a card with what a payment provider takes."""

    @extend_schema(request=GiftCardLoadAttemptInput, responses={201: AttemptOutput})
    def post(self, request: Request, value_id: UUID) -> Response:
        """Ask for money that goes onto a card once it was taken."""
        del request
        return self.ask(self.body(GiftCardLoadAttemptInput)(value_id))
