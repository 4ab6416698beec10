"""The page on which a guest pays a simulated payment: two buttons. Not for live accounts, for nobody to index."""

from html import escape
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.views.decorators.http import require_http_methods

from fynlo.api.limits import Limit, client_address, take
from fynlo.core.errors import TooManyRequests
from fynlo.core.tenancy import current_tenant
from payments.gateways.base import ConnectionFacts
from payments.gateways.guest_pages import (
    STYLE,
    GuestPage,
    about,
    answer,
    digest,
    guest_words,
    said,
    too_often,
)
from payments.gateways.languages import Words
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
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        f"style-src {digest(STYLE)}",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_ENDED: Final = ("authorised", "captured", "declined", "cancelled", "expired")
_PAID: Final = ("authorised", "captured")


@require_http_methods(["GET", "HEAD", "POST"])
def simulator_page(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be paid, and "pay" and "decline". Any wrong address is answered in the same way.

    What was pressed leads back here: loading the page again presses nothing again.
    """
    words = guest_words(request)
    try:
        take(_LIMIT, client_address(request))
    except TooManyRequests as error:
        return too_often(words=words, retry_after=error.retry_after, policy=_POLICY)
    found = _payment(token)
    if found is None:
        return _page(words, said(words.page["no_such"]), HTTPStatus.NOT_FOUND)
    desk, row = found
    if request.method == "POST":
        if not _is_taken_back(row):
            act = pay if request.POST.get("answer") == "pay" else decline
            act(desk=desk, payment=vendor_id(row))
        return HttpResponseRedirect(request.path)
    return _page(words, _content(request, words, row))


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


def _content(request: HttpRequest, words: Words, row: SimulatedObject) -> str:
    data = row.data
    head = about(words=words, reference=data["reference"], minor=data["amount"], currency=data["currency"])
    if _is_taken_back(row):
        return head + said(words.page["cancelled"])
    if data["state"] in _ENDED:
        back = data.get("return_url", "") if data["state"] in _PAID else ""
        onwards = f'<p><a href="{escape(back)}">{escape(words.page["go_on"])}</a></p>' if back else ""
        return head + said(words.page[data["state"]]) + onwards
    return (
        f'{head}<form class="two" method="post">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
        f'<button class="pay" name="answer" value="pay">{escape(words.page["pay"])}</button>'
        f'<button name="answer" value="decline">{escape(words.page["decline"])}</button></form>'
    )


def _page(words: Words, content: str, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    simulated = f"<p><small>{escape(words.page['no_money'])}</small></p>"
    page = GuestPage(title=words.page["simulated"], content=content + simulated, status=status)
    made = answer(words=words, page=page, policy=_POLICY)
    # Its own form is known by where it came from.
    made["Referrer-Policy"] = "same-origin"
    return made
