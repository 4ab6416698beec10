"""The page on which a guest pays a simulated payment: two buttons. Not for live accounts, for nobody to index."""

import base64
import hashlib
from html import escape
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_http_methods

from fynlo.api.limits import Limit, client_address, take
from fynlo.core.errors import TooManyRequests
from fynlo.core.money import spell_money
from fynlo.core.tenancy import current_tenant
from payments.gateways.base import ConnectionFacts
from payments.gateways.models import Attempt, Connection
from payments.gateways.simulator.gateway import trouble_with
from payments.gateways.simulator.guest import decline, pay
from payments.gateways.simulator.links import opened
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.payments import aged
from payments.gateways.simulator.store import Desk, desk_of, needed, own, vendor_id
from payments.gateways.states import OPEN
from payments.gateways.unwanted import is_unwanted

_LIMIT: Final = Limit(name="simulator-page", count=60, seconds=60)
_LONGEST: Final = 64
_STYLE: Final = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;color:#1b1b1f}"
    "h1{font-size:2.2rem;margin:.2rem 0}p{color:#55555f}form{display:flex;gap:1rem;margin-top:2rem}"
    "button{flex:1;font:inherit;padding:.8rem;border:1px solid #1b1b1f;border-radius:.5rem;background:#fff}"
    "button.pay{background:#1b1b1f;color:#fff}small{color:#77777f}"
)
_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_ENDED: Final = {
    "authorised": "Thank you. The amount is reserved.",
    "captured": "Thank you. It is paid.",
    "declined": "It was declined. The till can ask again.",
    "cancelled": "The till has taken this request back.",
    "expired": "This request has expired.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def simulator_page(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be paid, and "pay" and "decline". Any wrong address is answered in the same way."""
    try:
        take(_LIMIT, client_address(request))
    except TooManyRequests as error:
        refused = _page(HTTPStatus.TOO_MANY_REQUESTS, "<p>Please wait a minute.</p>")
        refused["Retry-After"] = str(error.retry_after)
        return refused
    found = _payment(token)
    if found is None:
        return _page(HTTPStatus.NOT_FOUND, "<p>There is no such payment.</p>")
    desk, row = found
    if _is_taken_back(row):
        return _page(HTTPStatus.OK, f"<p>{_ENDED['cancelled']}</p>")
    if request.method == "POST":
        act = pay if request.POST.get("answer") == "pay" else decline
        act(desk=desk, payment=vendor_id(row))
        row.refresh_from_db()
    return _page(HTTPStatus.OK, _content(request, row))


def _payment(token: str) -> tuple[Desk, SimulatedObject] | None:
    """The payment of an address, at an account that is not live."""
    key = opened(token) if len(token) <= _LONGEST else None
    row = None if key is None else SimulatedObject.objects.filter(pk=key, kind="payment").first()
    if row is None:
        return None
    connection = Connection.objects.get(pk=row.connection_id)
    facts = ConnectionFacts(
        id=connection.id,
        gateway=connection.gateway,
        tenant=current_tenant().slug,
        account=connection.account,
        is_live=connection.is_live,
        settings=connection.settings,
    )
    if trouble_with(facts):
        return None
    desk = desk_of(facts)
    with own():
        locked = needed(desk=desk, kind="payment", name=vendor_id(row))
        aged(desk=desk, row=locked)
    return desk, locked


def _is_taken_back(row: SimulatedObject) -> bool:
    """Whether nobody wants it paid any more, and it was not let go yet."""
    attempt = Attempt.objects.filter(pk=row.about).first() if row.about else None
    return attempt is not None and attempt.state in OPEN and is_unwanted(attempt)


def _content(request: HttpRequest, row: SimulatedObject) -> str:
    data = row.data
    head = (
        f"<p>{escape(current_tenant().name)} · {escape(data['reference'])}</p>"
        f"<h1>{escape(spell_money(data['amount'], data['currency']))}</h1>"
    )
    ended = _ENDED.get(data["state"])
    if ended is not None:
        back = data.get("return_url", "") if data["state"] in {"authorised", "captured"} else ""
        onwards = f'<p><a href="{escape(back)}">Go on</a></p>' if back else ""
        return f"{head}<p>{ended}</p>{onwards}"
    return (
        f'{head}<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
        '<button class="pay" name="answer" value="pay">Pay</button>'
        '<button name="answer" value="decline">Decline</button></form>'
    )


def _page(status: HTTPStatus, content: str) -> HttpResponse:
    body = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Simulated payment</title><style>{_STYLE}</style>{content}"
        "<p><small>This is the simulator: no money moves.</small></p>"
    )
    made = HttpResponse(body.encode(), status=status, content_type="text/html; charset=utf-8")
    made["Content-Security-Policy"] = _POLICY
    made["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    made["Referrer-Policy"] = "same-origin"
    made["X-Content-Type-Options"] = "nosniff"
    made["Cache-Control"] = "no-store"
    return made
