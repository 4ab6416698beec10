"""Gift cards on paper in the back office: the slip of what is on one, and the card itself with its code."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.errors import DomainError, InvalidInput, NotFound
from payments.credit.codes import NoCode
from payments.credit.queries import stored_value
from payments.credit.services import guesses_counted
from pos.receipts.answers import FORMATS, answer
from pos.receipts.queries import value_slip
from pos.receipts.renderers.html import render_html
from pos.receipts.renderers.sheet_blocks import sheet_paper
from pos.receipts.services.vouchers import print_voucher

_SELL: Final = "gift_cards.sell"
_LONGEST_TYPED: Final = 80


@page(
    merchant_admin,
    "payments/storedvalue/<uuid:value_id>/paper/",
    name="pos_value_paper",
    permission="orders.read",
)
def value_paper(request: HttpRequest, value_id: UUID) -> HttpResponse:
    """A preview of the slip with buttons. Posted: the card with its code as PDF."""
    problem = ""
    try:
        account = stored_value(account_id=value_id)
    except NotFound:
        index = reverse("admin:payments_storedvalue_changelist", current_app=merchant_admin.name)
        return HttpResponseRedirect(index)
    if request.method == "POST":
        try:
            return _card(request, value_id)
        except DomainError as error:
            problem = error.detail or error.title
    slip = value_slip(account_id=value_id, cause_id=None, register_id=None, at=clock.now())
    form = request.GET.get("format", "")
    if form in FORMATS and request.method == "GET":
        return answer(document=slip, query={"format": form})
    return render(
        merchant_admin,
        request,
        "value_paper",
        f"Gift card {account}",
        preview=render_html(paper=sheet_paper(slip)),
        problem=problem,
        is_own_code=account.is_own_code,
        may_print=actor_of(request).may(_SELL),
        card_page=reverse(
            "admin:payments_storedvalue_change", args=[value_id], current_app=merchant_admin.name
        ),
    )


def _card(request: HttpRequest, value_id: UUID) -> HttpResponse:
    """The card on paper. Raises what `print_voucher` raises, and `InvalidInput`."""
    actor = actor_of(request)
    actor.require(_SELL)
    code = request.POST.get("code", "")[:_LONGEST_TYPED]
    try:
        with guesses_counted(actor=actor):
            voucher = print_voucher(account_id=value_id, code=code, actor=actor, at=clock.now())
    except NoCode as error:
        raise InvalidInput(str(error)) from error
    return answer(document=voucher, query={"format": "pdf"})
