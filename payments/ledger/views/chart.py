"""The chart of accounts over HTTP."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.etags import answer_tagged, etag, require_match
from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from payments.ledger.models import Account
from payments.ledger.queries import accounts, find_account, mappings
from payments.ledger.serializers import (
    AccountOutput,
    AccountSerializer,
    ChartSerializer,
    ChartsOutput,
    MappingSerializer,
    MappingsOutput,
    account_document,
    charts_document,
    mappings_document,
)
from payments.ledger.services import apply_chart, map_posting, save_account

READ, WRITE = "ledger.read", "ledger.write"


class AccountsView(ApiView):
    """The chart."""

    permission: ClassVar[str | None] = READ
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("AccountPage", AccountOutput))
    def get(self, request: Request) -> Response:
        """Every account."""
        return Response(paginate(accounts(), request, AccountOutput))


class AccountView(ApiView):
    """One account."""

    permissions: ClassVar = {"GET": READ, "PUT": WRITE}

    @extend_schema(responses=AccountOutput)
    def get(self, request: Request, ledger_account_id: UUID) -> HttpResponse:
        """The account; its `ETag` is what a change needs."""
        document = account_document(find_account(account_id=ledger_account_id))
        return answer_tagged(request, tag=_tag(document), build=lambda: document)

    @extend_schema(request=AccountSerializer, responses=AccountOutput)
    def put(self, request: Request, ledger_account_id: UUID) -> Response:
        """Make the account with this id, or bring it to what is sent.

        A change needs `If-Match`: 428 without, 412 when the account has changed since it was read. 409
        `posting_key_taken` for a key of another account, `account_code_taken`, `account_inactive`.
        """
        known = Account.objects.filter(pk=ledger_account_id).first()
        if known is not None:
            require_match(request, current=_tag(account_document(known)))
        draft = self.body(AccountSerializer)
        document = account_document(save_account(draft=draft, actor=self.actor, at=clock.now()))
        status = HTTPStatus.CREATED if known is None else HTTPStatus.OK
        return Response(document, status=status, headers={"ETag": _tag(document)})


class MappingsView(ApiView):
    """What is booked where."""

    permissions: ClassVar = {"GET": READ, "PUT": WRITE}

    @extend_schema(responses=MappingsOutput)
    def get(self, request: Request) -> Response:
        """Every posting key that is fixed, mapped or has a standard account, and where it is booked now."""
        del request
        return Response(mappings_document(mappings()))

    @extend_schema(request=MappingSerializer, responses=MappingsOutput)
    def put(self, request: Request) -> Response:
        """Book a key in an account from the next sale on, wherever it was booked before; null takes it back."""
        del request
        draft = self.body(MappingSerializer)
        map_posting(key=draft.key, account_id=draft.account_id, actor=self.actor, at=clock.now())
        return Response(mappings_document(mappings()))


class ChartsView(ApiView):
    """Charts to start from."""

    permissions: ClassVar = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="ledger_charts", responses=ChartsOutput)
    def get(self, request: Request) -> Response:
        """The templates, with where each was read."""
        del request
        return Response(charts_document())

    @extend_schema(operation_id="ledger_charts_apply", request=ChartSerializer, responses=MappingsOutput)
    @idempotent
    def post(self, request: Request) -> Response:
        """Make the accounts of a template and book there what it says. What was booked stays where it is."""
        del request
        draft = self.body(ChartSerializer)
        apply_chart(template=draft.template, sales=draft.sales, actor=self.actor, at=clock.now())
        return Response(mappings_document(mappings()))


def _tag(document: Mapping[str, Any]) -> str:
    return etag("account", orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode())
