"""Recording by hand in the back office: an adjustment, waste, or a batch, each by its service."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from fynlo.core.tenancy import current_tenant
from pos.inventory.forms.recording import FORMS
from pos.inventory.services.adjustments import MOVE, adjust_stock
from pos.inventory.services.productions import produce
from pos.inventory.services.waste import record_waste

_Record = Callable[[Any, Actor, dt.datetime], dict[str, Any]]
_RECORD: Final[dict[str, _Record]] = {
    "adjustment": lambda form, actor, at: adjust_stock(draft=form.draft(), actor=actor, at=at),
    "waste": lambda form, actor, at: record_waste(draft=form.draft(), actor=actor, at=at),
    "batch": lambda form, actor, at: produce(draft=form.draft(), actor=actor, at=at),
}
_KINDS: Final = (("adjustment", "More or less"), ("waste", "Thrown away"), ("batch", "A batch"))
_FIELDS: Final = {"variant_id": "sku", "lot_id": "lot", "set_to": "quantity", "lot": "new_lot", "id": None}


@page(merchant_admin, "pos/stock-record/", name="pos_stock_record", permission=MOVE)
def record(request: HttpRequest) -> HttpResponse:
    """Record what `what` says: `adjustment`, `waste` or `batch`."""
    what = request.GET.get("what", "adjustment")
    if what not in FORMS:
        raise Http404
    form = FORMS[what](request.POST or None, initial={"key": new_id()})
    if request.method == "POST" and form.is_valid() and _recorded(request, what, form):
        messages.success(request, "It is recorded.")
        return HttpResponseRedirect(f"{reverse('admin:pos_stock_record')}?what={what}")
    context = {"form": form, "what": what, "kinds": _KINDS, "currency": current_tenant().currency}
    return render(merchant_admin, request, "stock_record", "Record", **context)


def _recorded(request: HttpRequest, what: str, form: Any) -> bool:
    try:
        _RECORD[what](form, actor_of(request), clock.now())
    except DomainError as error:
        for problem in error.errors:
            member = problem.pointer.rsplit("/", 1)[-1]
            name = _FIELDS.get(member, member)
            form.add_error(name if name in form.fields else None, problem.detail)
        if not error.errors:
            form.add_error(None, error.detail)
        return False
    return True
