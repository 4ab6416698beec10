"""House accounts over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from payments.credit.documents import house_account_document
from payments.credit.queries import house_account, house_accounts
from payments.credit.serializers import HouseAccountChangeInput, HouseAccountInput, HouseAccountOutput
from payments.credit.services import save_house_account


class HouseAccountsView(ApiView):
    """People and firms who pay later."""

    permissions: ClassVar = {"GET": "orders.read", "POST": "configuration.write"}
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(request=HouseAccountInput, responses={201: HouseAccountOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Open a house account."""
        del request
        account = save_house_account(draft=self.body(HouseAccountInput), actor=self.actor, at=clock.now())
        return Response(house_account_document(account), status=HTTPStatus.CREATED)

    @extend_schema(responses=page_of("HouseAccountPage", HouseAccountOutput))
    def get(self, request: Request) -> Response:
        """House accounts in the order they were opened, with what each owes."""
        return Response(paginate(house_accounts(), request, HouseAccountOutput))


class HouseAccountView(ApiView):
    """One house account."""

    permissions: ClassVar = {"GET": "orders.read", "PUT": "configuration.write"}

    @extend_schema(responses=HouseAccountOutput)
    def get(self, request: Request, house_id: UUID) -> Response:
        """Its terms, and what it owes."""
        del request
        return Response(house_account_document(house_account(account_id=house_id)))

    @extend_schema(request=HouseAccountChangeInput, responses=HouseAccountOutput)
    def put(self, request: Request, house_id: UUID) -> Response:
        """Change its terms. What it owes is changed by sales, payments and refunds alone."""
        del request
        known = house_account(account_id=house_id)
        draft = self.body(HouseAccountChangeInput).draft(id=house_id, code=known.code)
        account = save_house_account(draft=draft, actor=self.actor, at=clock.now())
        return Response(house_account_document(account))
