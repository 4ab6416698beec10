"""Quick keys over HTTP."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.etags import answer_tagged, etag, require_match
from fynlo.api.renderers import dumps
from fynlo.api.views import ApiView
from fynlo.core import clock
from pos.registers.quick_keys import quick_keys, set_quick_keys
from pos.registers.serializers import QuickKeysInput, QuickKeysOutput


class QuickKeysView(ApiView):
    """The buttons of a till; without a register, those of every till."""

    permissions: ClassVar = {"GET": "registers.read", "PUT": "catalog.write"}

    @extend_schema(responses=QuickKeysOutput)
    def get(self, request: Request, register_id: UUID | None = None) -> HttpResponse:
        """The keys, under an `ETag` of their content."""
        document = quick_keys(register_id=register_id)
        return answer_tagged(request, tag=_tag(document), build=lambda: document)

    @extend_schema(request=QuickKeysInput, responses=QuickKeysOutput)
    def put(self, request: Request, register_id: UUID | None = None) -> HttpResponse:
        """Replace all keys; needs `If-Match` with the `ETag` they were read under."""
        document = set_quick_keys(
            register_id=register_id,
            keys=self.body(QuickKeysInput),
            actor=self.actor,
            at=clock.now(),
            matches=lambda before: require_match(request, current=_tag(before)),
        )
        return Response(document, headers={"ETag": _tag(document)})


def _tag(document: dict[str, Any]) -> str:
    return etag("quick keys", dumps(document))
