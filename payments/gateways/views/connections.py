"""Accounts at vendors and card readers over HTTP. Secrets go in and never come out."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import DomainError, Unavailable
from payments.gateways.base import GatewayFailure, OutcomeUnknown
from payments.gateways.documents import connection_document, reader_document
from payments.gateways.queries import connection, connections, readers
from payments.gateways.serializers import (
    ConnectionChangeInput,
    ConnectionInput,
    ConnectionOutput,
    ReaderInput,
    ReaderOutput,
)
from payments.gateways.services import check_connection, check_secrets, save_connection, save_reader


def _secrets_first(post: Callable[..., Response]) -> Any:
    """Whose the secrets are of an account that is there already is asked before any transaction begins."""

    @functools.wraps(post)
    def answer(view: ApiView, request: Request) -> Response:
        try:
            draft = view.body(ConnectionInput)
        except (APIException, DomainError):
            return post(view, request)  # which refuses it, and remembers that it did
        check_secrets(draft=draft, actor=view.actor)
        return post(view, request)

    return answer


class ConnectionsView(ApiView):
    """Accounts at payment providers."""

    permissions: ClassVar = {"GET": "payments.read", "POST": "payments.connect"}
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("ConnectionPage", ConnectionOutput))
    def get(self, request: Request) -> Response:
        """Accounts in the order they were connected."""
        return Response(paginate(connections(), request, ConnectionOutput))

    @extend_schema(request=ConnectionInput, responses={201: ConnectionOutput})
    @_secrets_first
    @idempotent
    def post(self, request: Request) -> Response:
        """Connect an account. `check` asks it afterwards what it can do."""
        del request
        row = save_connection(draft=self.body(ConnectionInput), actor=self.actor, at=clock.now())
        return Response(connection_document(row), status=HTTPStatus.CREATED)


class ConnectionView(ApiView):
    """One account."""

    permissions: ClassVar = {"GET": "payments.read", "PUT": "payments.connect"}

    @extend_schema(responses=ConnectionOutput)
    def get(self, request: Request, connection_id: UUID) -> Response:
        """How it is, and what it said it can do."""
        del request
        return Response(connection_document(connection(connection_id=connection_id)))

    @extend_schema(request=ConnectionChangeInput, responses=ConnectionOutput)
    def put(self, request: Request, connection_id: UUID) -> Response:
        """Change it, or replace its settings or its secrets. Whatever the body leaves out stays as it is."""
        del request
        known = connection(connection_id=connection_id)
        draft = self.body(ConnectionChangeInput).draft(id=known.pk, gateway=known.gateway)
        return Response(connection_document(save_connection(draft=draft, actor=self.actor, at=clock.now())))


class CheckView(ApiView):
    """Asking an account how it is."""

    permission: ClassVar[str | None] = "payments.read"

    @extend_schema(request=None, responses=ConnectionOutput)
    def post(self, request: Request, connection_id: UUID) -> Response:
        """Ask it now what it can do. 503 when the provider does not answer."""
        del request
        connection(connection_id=connection_id)
        try:
            check_connection(connection_id=connection_id, at=clock.now())
        except (GatewayFailure, OutcomeUnknown) as failure:
            raise Unavailable("The payment provider does not answer.", retry_after=5) from failure
        return Response(connection_document(connection(connection_id=connection_id)))


class ReadersView(ApiView):
    """Card readers."""

    permissions: ClassVar = {"GET": "registers.read", "POST": "payments.connect"}
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("ReaderPage", ReaderOutput))
    def get(self, request: Request) -> Response:
        """Readers in the order they were added."""
        return Response(paginate(readers(), request, ReaderOutput))

    @extend_schema(request=ReaderInput, responses={201: ReaderOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Add a reader, or say where it stands and what it is called."""
        del request
        row = save_reader(draft=self.body(ReaderInput), actor=self.actor)
        return Response(reader_document(row), status=HTTPStatus.CREATED)
