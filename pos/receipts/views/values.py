"""Papers of gift cards and store credit over HTTP."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from fynlo.api.query import identifier
from fynlo.core import clock
from payments.credit.services import guesses_counted
from pos.receipts.answers import answer
from pos.receipts.queries import value_slip
from pos.receipts.serializers.outputs import SheetOutput
from pos.receipts.serializers.vouchers import VoucherInput, VoucherOutput
from pos.receipts.services.vouchers import print_voucher
from pos.receipts.views.base import PAPER_PARAMETERS, PaperView, papers


class ValueSlipView(PaperView):
    """The slip of a gift card."""

    permission: ClassVar[str | None] = "orders.read"
    query_parameters: ClassVar = PaperView.query_parameters | {"cause"}

    @extend_schema(
        parameters=[
            *PAPER_PARAMETERS,
            OpenApiParameter(
                "cause", OpenApiTypes.UUID, description="What happened: the `cause_id` of an activity."
            ),
        ],
        responses=papers(SheetOutput),
    )
    def get(self, request: Request, value_id: UUID) -> HttpResponse:
        """What is on it; with a `cause` what that sale, payment, refund or step did to it, and the balance then."""
        del request
        slip = value_slip(
            account_id=value_id,
            cause_id=identifier(self.query, "cause"),
            register_id=self.actor.register_id,
            at=clock.now(),
        )
        return answer(document=slip, query=self.query)


class VouchersView(PaperView):
    """A gift card on paper. Holds a secret and keeps nothing, so it takes no Idempotency-Key."""

    permission: ClassVar[str | None] = "gift_cards.sell"

    @extend_schema(parameters=PAPER_PARAMETERS, request=VoucherInput, responses=papers(VoucherOutput))
    def post(self, request: Request, value_id: UUID) -> HttpResponse:
        """The card with its code, to be scanned and to be typed; who may is as for `code`.

        A code that is printed on a card of somebody else's has to be said: it is not known here.
        """
        del request
        code = self.body(VoucherInput)
        with guesses_counted(actor=self.actor):
            voucher = print_voucher(account_id=value_id, code=code, actor=self.actor, at=clock.now())
        return answer(document=voucher, query=self.query)
