"""The doors for vendors: raw bytes in, a status out, and not a word to whoever cannot sign."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fynlo.api.limits import client_address, give_back, take
from fynlo.core import clock
from fynlo.core.errors import TooManyRequests
from payments.gateways.base import BadSignature
from payments.webhooks.limits import FORGERIES, LARGEST_BODY
from payments.webhooks.metrics import rung
from payments.webhooks.services.receiving import (
    Received,
    UnknownAccount,
    receive_for_merchant,
    receive_for_platform,
)
from payments.webhooks.tasks import announce

Receive = Callable[..., Received]
_NAMED = frozenset({"simulator", "stripe"})


@csrf_exempt
@require_POST
def merchant_door(request: HttpRequest, gateway: str) -> HttpResponse:
    """A vendor calls a merchant: 200 once it is kept (also when it was kept before), 400 when it is not signed."""
    return _answer(request, gateway, receive_for_merchant)


@csrf_exempt
@require_POST
def platform_door(request: HttpRequest, gateway: str) -> HttpResponse:
    """A vendor calls the platform for one of its merchants; 404, so that it calls again, while nobody has it."""
    return _answer(request, gateway, receive_for_platform)


# Money that was taken is heard of, whatever the merchant may do otherwise.
merchant_door.allowed_when_read_only = True  # type: ignore[attr-defined]


def _answer(request: HttpRequest, gateway: str, receive: Receive) -> HttpResponse:
    address = client_address(request)
    try:
        take(FORGERIES, address)
    except TooManyRequests as error:
        return _said(gateway, HTTPStatus.TOO_MANY_REQUESTS, "refused", retry_after=error.retry_after)
    body = _body(request)
    if body is None:
        return _said(gateway, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        received = receive(gateway=gateway, body=body, headers=headers, at=clock.now())
    except BadSignature:
        return _said(gateway, HTTPStatus.BAD_REQUEST, "forged")
    except UnknownAccount:
        return _said(gateway, HTTPStatus.NOT_FOUND, "nobodys")
    give_back(FORGERIES, address)
    _tell(received)
    return _said(gateway, HTTPStatus.OK, "stored" if received.is_new else "replayed")


def _body(request: HttpRequest) -> bytes | None:
    """The raw bytes; None when there are too many or they do not come."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            return None
        body = request.body
    except (RequestDataTooBig, UnreadablePostError, ValueError):
        return None
    return body if len(body) <= LARGEST_BODY else None


def _tell(received: Received) -> None:
    """It is committed: have it handled now. One that came before was told then, and the sweep has it anyway."""
    if received.is_new and isinstance(received.event_id, UUID):
        announce(received.event_id, schema=received.schema)


def _said(gateway: str, status: HTTPStatus, outcome: str, *, retry_after: int | None = None) -> HttpResponse:
    rung.labels(gateway if gateway in _NAMED else "other", outcome).inc()
    answer = HttpResponse(status=status, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    if retry_after is not None:
        answer["Retry-After"] = str(retry_after)
    return answer
