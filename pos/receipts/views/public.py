"""The page of a receipt for whoever has its address: read-only, for nobody to index, and nothing else on it."""

from html import escape
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from fynlo.api.limits import client_address, take
from fynlo.core.errors import DomainError, TooManyRequests
from pos.receipts import links
from pos.receipts.answers import answer, page
from pos.receipts.limits import PUBLIC
from pos.receipts.queries.public import public_receipt
from pos.receipts.renderers.html import POLICY
from pos.receipts.renderers.receipt_blocks import receipt_paper

_LONGEST: Final = 64
_FORM: Final = {"pdf": {"format": "pdf"}}


@require_safe
def public_receipt_page(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt as a page, or with `?format=pdf` to keep. Any wrong address is answered in the same way."""
    try:
        take(PUBLIC, client_address(request))
    except TooManyRequests as error:
        refused = _nothing(HTTPStatus.TOO_MANY_REQUESTS, "Please wait a minute.")
        refused["Retry-After"] = str(error.retry_after)
        return refused
    found = links.opened(token) if len(token) <= _LONGEST else None
    if found is None:
        return _nothing(HTTPStatus.NOT_FOUND, "There is no such receipt.")
    try:
        document = public_receipt(kind=found[0], key=found[1])
    except DomainError:
        return _nothing(HTTPStatus.NOT_FOUND, "There is no such receipt.")
    form = _FORM.get(request.GET.get("format", ""))
    made = page(receipt_paper(document)) if form is None else answer(document=document, query=form)
    return _private(made)


def _nothing(status: HTTPStatus, text: str) -> HttpResponse:
    body = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(text)}</title><p>{escape(text)}'
    )
    made = HttpResponse(body.encode(), status=status, content_type="text/html; charset=utf-8")
    made["Content-Security-Policy"] = POLICY
    return _private(made)


def _private(made: HttpResponse) -> HttpResponse:
    made["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    made["Referrer-Policy"] = "no-referrer"
    made["X-Content-Type-Options"] = "nosniff"
    made["Cache-Control"] = "no-store"
    return made
