"""Setting Stripe up over HTTP: an account under the platform's, readers, and hosts for wallets."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.views import ApiView
from fynlo.core import clock
from payments.gateways.documents import reader_document
from payments.gateways.queries import connection
from payments.gateways.serializers import ReaderOutput
from payments.gateways.stripe.serializers import (
    OnboardingInput,
    OnboardingOutput,
    ReaderCodeInput,
    ReadersOutput,
    WalletHostInput,
    WalletHostOutput,
    onboarding_document,
    wallet_document,
)
from payments.gateways.stripe.services import (
    add_wallet_host,
    refresh_readers,
    register_reader,
    start_onboarding,
)

CONNECT = "payments.connect"


class OnboardingView(ApiView):
    """An account at Stripe under the platform's."""

    permission: ClassVar[str | None] = CONNECT

    @extend_schema(request=OnboardingInput, responses={201: OnboardingOutput})
    def post(self, request: Request) -> Response:
        """Make the account, or go on with it: the address of Stripe's form, a new one every time."""
        del request
        told = start_onboarding(draft=self.body(OnboardingInput), actor=self.actor, at=clock.now())
        document = onboarding_document(told)
        return Response(document, status=HTTPStatus.CREATED, headers={"Cache-Control": "no-store"})


class ReaderCodesView(ApiView):
    """Pairing readers."""

    permission: ClassVar[str | None] = CONNECT

    @extend_schema(request=ReaderCodeInput, responses={201: ReaderOutput})
    def post(self, request: Request, connection_id: UUID) -> Response:
        """Pair the reader that shows this code."""
        del request
        connection(connection_id=connection_id)
        draft = self.body(ReaderCodeInput)
        row = register_reader(connection_id=connection_id, draft=draft, actor=self.actor, at=clock.now())
        return Response(reader_document(row), status=HTTPStatus.CREATED)


class ReaderRefreshView(ApiView):
    """What became of the readers."""

    permission: ClassVar[str | None] = CONNECT

    @extend_schema(request=None, responses=ReadersOutput)
    def post(self, request: Request, connection_id: UUID) -> Response:
        """Ask Stripe for the account's readers; new ones are added, those that are gone are marked so."""
        del request
        connection(connection_id=connection_id)
        rows = refresh_readers(connection_id=connection_id, actor=self.actor, at=clock.now())
        return Response({"items": [reader_document(row) for row in rows]})


class WalletHostsView(ApiView):
    """Apple Pay and Google Pay on a host."""

    permission: ClassVar[str | None] = CONNECT

    @extend_schema(request=WalletHostInput, responses=WalletHostOutput)
    def post(self, request: Request, connection_id: UUID) -> Response:
        """Register the host, have Stripe look at it, and say which wallets work there."""
        del request
        connection(connection_id=connection_id)
        host = self.body(WalletHostInput)
        told = add_wallet_host(connection_id=connection_id, host=host, actor=self.actor)
        return Response(wallet_document(told))
