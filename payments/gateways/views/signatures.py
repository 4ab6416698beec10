"""What a guest signed, over HTTP: brought by a till, read by whoever answers disputes."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.views import ApiView
from fynlo.core import clock
from payments.gateways.queries import signature
from payments.gateways.services import attach_signature
from payments.gateways.signature_pages import signature_page
from payments.gateways.signature_serializers import SignatureInput, SignatureOutput
from payments.gateways.views.attempts import reached


class SignatureView(ApiView):
    """The signature of an attempt."""

    permissions: ClassVar[Mapping[str, str | None]] = {"GET": "payments.read", "PUT": "orders.place"}

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, attempt_id: UUID) -> HttpResponse:
        """The picture, as we encoded it. Nothing keeps a copy of it on its way."""
        del request
        return signature_page(signature(attempt_id=reached(self, attempt_id)))

    @extend_schema(request=SignatureInput, responses=SignatureOutput)
    def put(self, request: Request, attempt_id: UUID) -> Response:
        """Keep what the guest signed. The first signature stays: the same again is fine, another is a 409.

        A till that was offline brings it later, with `signed_at`. What is odd about it is flagged, never refused.
        """
        del request
        attempt = reached(self, attempt_id)
        signed = self.body(SignatureInput)
        kept = attach_signature(
            attempt_id=attempt,
            signature=signed.signature,
            signed_at=signed.signed_at,
            actor=self.actor,
            at=clock.now(),
        )
        return Response(SignatureOutput(kept).data)
