"""The list of reasons for which things are thrown away, in the back office."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.database import run_transaction
from fynlo.events.log import unit_of_work
from pos.inventory.forms.waste_reasons import WasteReasonsForm, reason_values
from pos.inventory.models import StockHead
from pos.inventory.services.waste import WRITE, save_waste_reasons


@page(merchant_admin, "pos/waste-reasons/", name="pos_waste_reasons", permission=WRITE)
def reasons_page(request: HttpRequest) -> HttpResponse:
    """Change the list; whoever is late is told."""
    form = WasteReasonsForm(request.POST if request.method == "POST" else None, initial=reason_values())

    def save(reasons: Any) -> Any:
        with unit_of_work():
            StockHead.objects.select_for_update().get()
            form.matches()
            return save_waste_reasons(reasons=reasons, actor=actor_of(request), at=now())

    told = form.bound_to(lambda reasons: run_transaction(lambda: save(reasons)))
    if told is not None:
        messages.success(request, "The reasons are saved.")
        return HttpResponseRedirect(reverse("admin:pos_waste_reasons"))
    back = reverse("admin:pos_stockwaste_changelist")
    lead = "An empty list brings the usual reasons back."
    return render(
        merchant_admin,
        request,
        "entry",
        "Reasons for waste",
        form=form,
        lead=lead,
        button="Save",
        back=back,
    )
