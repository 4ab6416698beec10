"""What the pages guests pay on have in common: language, look, and the headers that keep them private."""

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header

from fynlo.core.tenancy import current_tenant
from payments.gateways.languages import LANGUAGES, Words, words_for

STYLE: Final = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:26rem;margin:2.5rem auto;padding:0 1.25rem;"
    "color:#1b1b1f;background:#fff}"
    "h1{font-size:2.2rem;line-height:1.2;margin:.3rem 0 1rem;overflow-wrap:anywhere}p{margin:.5rem 0}"
    ".of{color:#55555f;overflow-wrap:anywhere}small{color:#55555f}[hidden]{display:none!important}"
    "form{margin-top:1.5rem}.two{display:flex;flex-wrap:wrap;gap:1rem}.two button{flex:1 1 9rem;margin:0}"
    "button{width:100%;min-height:3rem;font:inherit;font-weight:600;padding:.7rem 1rem;margin-top:1.2rem;"
    "border:2px solid #1b1b1f;border-radius:.5rem;background:#fff;color:#1b1b1f;cursor:pointer}"
    "button.pay{background:#1b1b1f;color:#fff}button:disabled{opacity:.5;cursor:default}"
    "button:focus-visible,a:focus-visible{outline:3px solid #1d5fd6;outline-offset:3px}"
    "a{color:#1d4fb8}#told{min-height:1.5em;font-weight:600}"
)


def digest(text: str) -> str:
    """A style or script as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestPage:
    """What a page shows. `content` is HTML; `title` is plain text."""

    title: str
    content: str
    status: HTTPStatus = HTTPStatus.OK


def guest_words(request: HttpRequest) -> Words:
    """The words of the first language the guest's browser asks for that we have, else those of the shop."""
    for tag, quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        found = LANGUAGES.get(tag.partition("-")[0])
        if found is not None and quality > 0:
            return found
    return words_for(current_tenant().language)


def about(*, words: Words, reference: str, minor: int, currency: str) -> str:
    """What is to be paid where, as HTML: the shop, what people call the payment, and the amount."""
    return (
        f'<p class="of">{escape(current_tenant().name)} · {escape(reference)}</p>'
        f"<h1>{escape(words.amount(minor=minor, currency=currency))}</h1>"
    )


def said(sentence: str) -> str:
    """A sentence about how it stands, as HTML: read aloud where pages are."""
    return f'<p id="told" role="status">{escape(sentence)}</p>'


def answer(*, words: Words, page: GuestPage, policy: str) -> HttpResponse:
    """The page in its language. `policy` says what it may load, `STYLE` among it."""
    body = (
        f'<!doctype html><html lang="{words.tag}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(page.title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{page.content}</main></body></html>"
    )
    made = HttpResponse(body.encode(), status=page.status, content_type="text/html; charset=utf-8")
    made["Content-Security-Policy"] = policy
    made["Vary"] = "Accept-Language"
    return kept_private(made)


def too_often(*, words: Words, retry_after: int, policy: str) -> HttpResponse:
    """Somebody asks more often than a guest does."""
    page = GuestPage(
        title=words.page["title"], content=said(words.page["too_often"]), status=HTTPStatus.TOO_MANY_REQUESTS
    )
    refused = answer(words=words, page=page, policy=policy)
    refused["Retry-After"] = str(retry_after)
    return refused


def kept_private(made: HttpResponse) -> HttpResponse:
    """In no cache and no index; nobody is told the address."""
    made["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    made["Referrer-Policy"] = "no-referrer"
    made["X-Content-Type-Options"] = "nosniff"
    made["Cache-Control"] = "no-store"
    return made
