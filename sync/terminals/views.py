"""Pairing codes, pairing, and devices.

Codes and tokens are secrets, so neither answer is stored under an idempotency key. Asking for a code twice gives
two codes. A pairing whose answer was lost is sent again with the same `Idempotency-Key` and gets the same
answer, computed anew (`sync.terminals.tokens`).
"""

import dataclasses
import re
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api import limits
from fynlo.api.errors import InvalidQuery
from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import Forbidden
from fynlo.core.tenancy import current_tenant
from sync.terminals import queries, services
from sync.terminals.serializers import (
    OwnTerminalOutput,
    PairedOutput,
    PairingCodeOutput,
    PairingCodeSerializer,
    PairSerializer,
    TerminalOutput,
    own_terminal_json,
    paired_json,
    pairing_code_json,
)

PAIRINGS: Final = limits.Limit(name="pair", count=30, seconds=600)
"""Per address. A right code is not counted, so a shop may pair all its tills in one go."""
_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}")
_KEY_HEADER: Final = OpenApiParameter(
    name="Idempotency-Key",
    location=OpenApiParameter.HEADER,
    type=OpenApiTypes.STR,
    description="With it, the same request sent again within the code's ten minutes gets the same answer.",
)


class PairingCodesView(ApiView):
    """Codes that pair a device with a register."""

    permission: ClassVar[str | None] = services.PAIR

    @extend_schema(
        operation_id="terminals_pairing_code",
        request=PairingCodeSerializer,
        responses={201: PairingCodeOutput},
    )
    def post(self, request: Request) -> Response:
        """A new code: good for ten minutes, five tries, one device."""
        del request
        draft = self.body(PairingCodeSerializer)
        code = services.create_pairing_code(
            register_id=draft.register_id, terminal_id=draft.terminal_id, actor=self.actor, at=clock.now()
        )
        return Response(pairing_code_json(code), status=HTTPStatus.CREATED)


class PairView(ApiView):
    """Pairing a device: the one thing a device may do without a token."""

    public: ClassVar[bool] = True

    @extend_schema(
        operation_id="terminals_pair",
        parameters=[_KEY_HEADER],
        request=PairSerializer,
        responses={201: PairedOutput},
    )
    def post(self, request: Request) -> Response:
        """Turn a code into a token. 422 `pairing_refused` for a code that is wrong, used, too old or tried out."""
        address = limits.client_address(request)
        limits.take(PAIRINGS, address)
        draft = dataclasses.replace(self.body(PairSerializer), idempotency_key=_idempotency_key(request))
        paired = services.pair_terminal(request=draft, at=clock.now())
        limits.give_back(PAIRINGS, address)
        return Response(paired_json(paired, current_tenant()), status=HTTPStatus.CREATED)


class TerminalsView(ApiView):
    """Every device that was ever paired."""

    permission: ClassVar[str | None] = services.PAIR
    query_parameters: ClassVar[frozenset[str]] = PAGE_PARAMETERS

    @extend_schema(operation_id="terminals_list", responses=page_of("TerminalPage", TerminalOutput))
    def get(self, request: Request) -> Response:
        """Devices in the order of their pairing, revoked ones as well."""
        return Response(paginate(queries.terminals(), request, TerminalOutput))


class OwnTerminalView(ApiView):
    """The device that asks."""

    permission: ClassVar[str | None] = None

    @extend_schema(operation_id="terminals_me", responses=OwnTerminalOutput)
    def get(self, request: Request) -> Response:
        """Which device the token belongs to, at which register, for which merchant."""
        del request
        if self.actor.device_id is None:
            raise Forbidden("This works on a paired device only.")
        terminal = queries.terminal(terminal_id=self.actor.device_id)
        return Response(own_terminal_json(terminal, current_tenant()))


class RevokeView(ApiView):
    """Revoking a device. A merchant who may only read can still do it: a lost till does not wait."""

    permissions: ClassVar[Mapping[str, str | None]] = {"POST": services.REVOKE}
    allowed_when_read_only: ClassVar[bool] = True

    @extend_schema(operation_id="terminals_revoke", request=None, responses={200: TerminalOutput})
    @idempotent
    def post(self, request: Request, terminal_id: uuid.UUID) -> Response:
        """From now on the device's requests are answered with 401, and its sockets are closed."""
        del request
        terminal = services.revoke_terminal(terminal_id=terminal_id, actor=self.actor, at=clock.now())
        return Response(TerminalOutput(terminal).data)


def _idempotency_key(request: Request) -> str:
    key: str = request.headers.get("Idempotency-Key", "")
    if key and not _KEY.fullmatch(key):
        raise InvalidQuery.of(
            "Idempotency-Key", "invalid", "1 to 255 printable ASCII characters are expected."
        )
    return key
