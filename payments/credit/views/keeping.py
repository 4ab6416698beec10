"""Keeping money of a payment as credit, over HTTP."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.views import ApiView
from fynlo.core import clock
from payments.credit.documents import stored_value_document
from payments.credit.serializers.keeping import KeepAsCreditInput
from payments.credit.serializers.values import GiftCardOutput
from payments.credit.services import keep_as_credit
from payments.credit.services.keeping import PERMISSION
from payments.gateways.views.attempts import reached


class KeepAsCreditView(ApiView):
    """Money that was taken and belongs to nothing."""

    permission: ClassVar[str | None] = PERMISSION

    @extend_schema(request=KeepAsCreditInput, responses=GiftCardOutput)
    def post(self, request: Request, attempt_id: UUID) -> Response:
        """Keep it as credit of the guest instead of giving it back: late money all of it, else what is beyond.

        The same again answers the same credit.
        """
        del request
        draft = self.body(KeepAsCreditInput)(reached(self, attempt_id))
        return Response(stored_value_document(keep_as_credit(draft=draft, actor=self.actor, at=clock.now())))
