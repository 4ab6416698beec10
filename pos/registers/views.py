"""Locations, registers and drawers over HTTP."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.etags import answer_tagged, etag, require_match
from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import identifier
from fynlo.api.renderers import dumps
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.tenancy import current_tenant
from pos.registers import queries
from pos.registers.errors import NoOpenSession
from pos.registers.quick_keys import quick_keys, set_quick_keys
from pos.registers.serializers import (
    CashSessionOutput,
    ClosingInput,
    LocationOutput,
    OpeningInput,
    QuickKeysInput,
    QuickKeysOutput,
    RegisterOutput,
)
from pos.registers.services import close_session, open_session


class LocationsView(ApiView):
    """The merchant's locations."""

    permission: ClassVar[str | None] = "registers.read"
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("LocationPage", LocationOutput))
    def get(self, request: Request) -> Response:
        """The locations."""
        return Response(paginate(queries.locations(), request, LocationOutput))


class RegistersView(ApiView):
    """The merchant's registers."""

    permission: ClassVar[str | None] = "registers.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"location_id"}

    @extend_schema(responses=page_of("RegisterPage", RegisterOutput))
    def get(self, request: Request) -> Response:
        """The registers, with their locations."""
        found = queries.registers(location_id=identifier(self.query, "location_id"))
        return Response(paginate(found, request, RegisterOutput))


class RegisterSessionsView(ApiView):
    """Opening a drawer."""

    permission: ClassVar[str | None] = "registers.open"

    @extend_schema(request=OpeningInput, responses={201: CashSessionOutput})
    @idempotent
    def post(self, request: Request, register_id: UUID) -> Response:
        """Open the drawer of this till with what is in it."""
        del request
        draft = self.body(OpeningInput)
        session = open_session(
            register_id=register_id,
            session_id=draft.id,
            opening_float=draft.opening_float,
            actor=self.actor,
            at=clock.now(),
        )
        return Response(session, status=HTTPStatus.CREATED)


class RegisterSessionView(ApiView):
    """The open drawer of a register."""

    permission: ClassVar[str | None] = "registers.read"

    @extend_schema(responses=CashSessionOutput)
    def get(self, request: Request, register_id: UUID) -> Response:
        """The open session; 404 `no_open_session` while the drawer is closed."""
        del request
        session = queries.open_session(register_id=register_id)
        if session is None:
            raise NoOpenSession
        opening_float = queries.session_float(session_id=session.pk)
        currency = current_tenant().currency
        return Response(queries.session_document(session, currency=currency, float_minor=opening_float))


class CashSessionCloseView(ApiView):
    """Closing a drawer. A merchant who may only read can still do it: the evening's money must be counted."""

    permission: ClassVar[str | None] = "registers.close"
    allowed_when_read_only: ClassVar[bool] = True

    @extend_schema(request=ClosingInput, responses=CashSessionOutput)
    @idempotent
    def post(self, request: Request, session_id: UUID) -> Response:
        """Count and close the drawer of this till; what is over or short is booked."""
        del request
        session = close_session(
            session_id=session_id, counted=self.body(ClosingInput), actor=self.actor, at=clock.now()
        )
        return Response(session)


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
