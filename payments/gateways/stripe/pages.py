"""The public page on which a guest pays one attempt, with the vendor's form and wallets.

Scripts come from the vendor's origin and from one whose digest the policy names; nothing else is loaded. The client
secret is fetched by the page's token, is never part of the page, and no cache keeps it.
"""

from html import escape
from http import HTTPStatus
from typing import Final
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from fynlo.api.limits import Limit, client_address, take
from fynlo.core.errors import TooManyRequests
from payments.gateways import states
from payments.gateways.base import GatewayFailure, OutcomeUnknown
from payments.gateways.facts import attempt_facts
from payments.gateways.guest_pages import (
    STYLE,
    GuestPage,
    about,
    answer,
    digest,
    guest_words,
    kept_private,
    said,
    too_often,
)
from payments.gateways.languages import Words
from payments.gateways.models import Attempt
from payments.gateways.services import connection_facts
from payments.gateways.stripe.online import opened, page_session
from payments.gateways.stripe.page_script import SCRIPT
from payments.gateways.unwanted import is_unwanted

_LIMIT: Final = Limit(name="stripe-page", count=120, seconds=60)
_LONGEST: Final = 64
_OVER: Final = (states.CAPTURED, states.CANCELLED, states.EXPIRED, states.REFUSED)
_VENDOR: Final = "https://js.stripe.com"
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        f"script-src {_VENDOR} https://*.js.stripe.com {digest(SCRIPT)}",
        f"style-src {digest(STYLE)}",
        "connect-src 'self' https://api.stripe.com",
        f"frame-src {_VENDOR} https://*.js.stripe.com https://hooks.stripe.com",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""What the page may load: the vendor's script and frames, and the one script and style it carries."""


@require_safe
def payment_page(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be paid, and the vendor's form. Any wrong address is answered in the same way."""
    words = guest_words(request)
    refused = _limited(request, words)
    if refused is not None:
        return refused
    row = _attempt(token)
    if row is None:
        return _page(words, said(words.page["no_such"]), HTTPStatus.NOT_FOUND)
    return _page(words, _content(row, words))


@require_safe
def payment_session(request: HttpRequest, token: str) -> HttpResponse:
    """What the page's script needs now: the client secret while it can be paid, else only how it stands."""
    refused = _limited(request, guest_words(request))
    if refused is not None:
        return refused
    row = _attempt(token)
    if row is None:
        return kept_private(JsonResponse({"state": "unknown"}, status=HTTPStatus.NOT_FOUND))
    state = _state(row)
    if state in _OVER:
        return kept_private(JsonResponse({"state": state, **_onwards(row, state)}))
    try:
        facts = connection_facts(connection=row.connection)
        told = page_session(attempt_facts(row=row, connection=facts))
    except (GatewayFailure, OutcomeUnknown):
        return kept_private(JsonResponse({"state": "wait"}, status=HTTPStatus.SERVICE_UNAVAILABLE))
    document = {
        "state": told.state,
        "publishable_key": told.publishable_key,
        "account": told.account,
        "client_secret": told.client_secret,
        **_onwards(row, told.state),
    }
    return kept_private(JsonResponse({name: value for name, value in document.items() if value}))


def _onwards(row: Attempt, state: str) -> dict[str, str]:
    """Where the guest goes once it is paid, if the till said so; never before."""
    address = row.details["asked"].get("return_url", "")
    return {"return_url": address} if address and state in (states.CAPTURED, states.AUTHORISED) else {}


@require_safe
def thanks_page(request: HttpRequest) -> HttpResponse:
    """Where guests come back to from a hosted page."""
    words = guest_words(request)
    return _page(words, f"<h1>{escape(words.page['thanks'])}</h1><p>{escape(words.page['close'])}</p>")


def _limited(request: HttpRequest, words: Words) -> HttpResponse | None:
    try:
        take(_LIMIT, client_address(request))
    except TooManyRequests as error:
        return too_often(words=words, retry_after=error.retry_after, policy=POLICY)
    return None


def _attempt(token: str) -> Attempt | None:
    """The attempt of an address, if it is one to be paid on this page."""
    key: UUID | None = opened(token) if len(token) <= _LONGEST else None
    if key is None:
        return None
    rows = Attempt.objects.select_related("connection", "reader")
    return rows.filter(pk=key, channel="remote", connection__gateway="stripe").first()


def _state(row: Attempt) -> str:
    """How it stands as far as we know: what nobody wants any more is taken back for the guest."""
    return states.CANCELLED if is_unwanted(row) and row.state not in _OVER else row.state


def _content(row: Attempt, words: Words) -> str:
    """The form, or the sentence that says why there is none. Its script goes on from there."""
    state = _state(row)
    told = orjson.dumps(dict(words.page)).decode()
    vendor = "" if state in _OVER else f'<script src="{_VENDOR}/v3/"></script>'
    return (
        about(words=words, reference=row.reference, minor=row.amount_minor, currency=row.currency)
        + '<form id="form" hidden><div id="element"></div>'
        f'<button id="pay" class="pay">{escape(words.page["pay"])}</button></form>'
        f'<p id="told" role="status" data-words="{escape(told)}">'
        f"{escape(words.page[state]) if state in _OVER else ''}</p>"
        f"<noscript><p>{escape(words.page['no_script'])}</p></noscript>"
        f"{vendor}<script>{SCRIPT}</script>"
    )


def _page(words: Words, content: str, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    page = GuestPage(title=words.page["title"], content=content, status=status)
    made = answer(words=words, page=page, policy=POLICY)
    # Wallets open windows of their own.
    made["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
    return made
