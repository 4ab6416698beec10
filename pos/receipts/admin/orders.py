"""The receipt of an order in the back office: to look at, to keep, to print again, to send."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.api.limits import take
from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.errors import DomainError, NotFound
from fynlo.core.ids import new_id
from pos.receipts.answers import FORMATS, answer
from pos.receipts.document import GIFT, INVOICE, PROFORMA, SALE
from pos.receipts.forms import LetterForm
from pos.receipts.limits import LETTERS, LETTERS_TO_ONE
from pos.receipts.queries import Asked, receipt_document
from pos.receipts.renderers.html import render_html
from pos.receipts.renderers.receipt_blocks import receipt_paper
from pos.receipts.services.emails import request_email
from pos.receipts.services.reprints import check_copy, reprint

_KINDS: Final = {SALE: "Receipt", GIFT: "Gift receipt", PROFORMA: "Pro forma", INVOICE: "Invoice"}
_MOST_COPIES: Final = 9999
_MOST_DIGITS: Final = 4


@page(
    merchant_admin, "pos/order/<uuid:order_id>/receipt/", name="pos_order_receipt", permission="orders.read"
)
def order_receipt(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """A preview with buttons. Posted: one more copy, or a letter."""
    asked, problem, letter = _asked(request), "", LetterForm()
    if request.method == "POST":
        letter = LetterForm(request.POST) if "to" in request.POST else letter
        try:
            return _done(request, order_id, asked, letter)
        except DomainError as error:
            problem = error.detail or error.title
    shown: dict[str, Any] = {"preview": "", "number": ""}
    try:
        if asked.copy:
            check_copy(order_id=order_id, copy=asked.copy)
        document = receipt_document(order_id=order_id, asked=asked)
        form = request.GET.get("format", "")
        if form in FORMATS and request.method == "GET":
            return answer(document=document, query={"format": form})
        shown = {"preview": render_html(paper=receipt_paper(document)), "number": document.number}
    except NotFound:
        return HttpResponseRedirect(reverse("admin:pos_order_changelist", current_app=merchant_admin.name))
    except DomainError as error:
        problem = problem or error.detail or error.title
    return render(
        merchant_admin,
        request,
        "order_receipt",
        f"Receipt {shown['number']}".strip(),
        **shown,
        problem=problem,
        letter=letter,
        kind=asked.kind,
        kinds=_KINDS.items(),
        copy=asked.copy,
        may_reprint=actor_of(request).may("receipts.reprint"),
        order_page=reverse("admin:pos_order_change", args=[order_id], current_app=merchant_admin.name),
    )


def _asked(request: HttpRequest) -> Asked:
    kind, copy = request.GET.get("kind", SALE), request.GET.get("copy", "")
    is_number = copy.isascii() and copy.isdigit() and len(copy) <= _MOST_DIGITS
    return Asked(
        kind=kind if kind in _KINDS else SALE,
        copy=int(copy) if is_number else 0,
        origin=f"{request.scheme}://{request.get_host()}",
    )


def _done(request: HttpRequest, order_id: UUID, asked: Asked, letter: LetterForm) -> HttpResponse:
    """Carry out what was posted and show it. Raises what the service raises."""
    actor, at = actor_of(request), clock.now()
    here = reverse("admin:pos_order_receipt", args=[order_id], current_app=merchant_admin.name)
    if "to" not in request.POST:
        actor.require("receipts.reprint")
        kind = SALE if asked.kind == PROFORMA else asked.kind
        made = reprint(order_id=order_id, kind=kind, actor=actor, at=at)
        return HttpResponseRedirect(f"{here}?kind={kind}&copy={made['copy']}")
    if letter.is_valid():
        to = letter.cleaned_data["to"]
        take(LETTERS, str(actor.id))
        take(LETTERS_TO_ONE, to.casefold())
        request_email(order_id=order_id, letter_id=new_id(), to=to, origin=asked.origin, actor=actor, at=at)
        messages.success(request, "The letter is on its way.")
    else:
        messages.error(request, "That is no e-mail address.")
    return HttpResponseRedirect(here)
