"""Where reconciling begins: every account with its last runs and payouts, machines, drawers, what waits."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render, repeat_no_choice
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.errors import DomainError
from fynlo.core.money import Money, exponent
from fynlo.core.tenancy import current_tenant
from payments.gateways.admin.shown import account_state
from payments.reconciliation.admin.shown import (
    difference_row,
    dispute_row,
    drawer_row,
    machine_rows,
    payout_row,
    run_row,
)
from payments.reconciliation.ports import business_day, drawer_counts, register_names
from payments.reconciliation.queries.reading import (
    SHOWN,
    connections_with_listing,
    disputes,
    last_runs,
    machine_totals,
    open_counts,
    open_differences,
    payouts,
    runs,
)
from payments.reconciliation.services import MachineDraft, enter_machine_total
from payments.reconciliation.services.running import ask_by_hand, has_listing
from payments.reconciliation.tasks import begin
from payments.tenders.models import TenderType

READ: Final = "payments.read"
WRITE: Final = "payments.reconcile"
_DAYS: Final = dt.timedelta(days=14)
_LATEST: Final = 10


class MachineForm(forms.Form):
    """The total a card machine printed for a register and a day."""

    register = forms.ChoiceField()
    business_date = forms.DateField(label="Day", widget=forms.DateInput({"type": "date"}))
    tender_type = forms.ChoiceField(label="Way to pay")
    total = forms.DecimalField(max_digits=14)
    fee = forms.DecimalField(max_digits=14, required=False, label="Fee, once the bank shows it")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        named: dict[str, Any] = self.fields
        named["register"].choices = [(str(key), name) for key, name in register_names().items()]
        # What a provider lists is compared line by line; totals are for machines that stand alone.
        alone = Q(connection__isnull=True) | Q(connection__gateway="card_machine")
        ways = TenderType.objects.filter(alone, is_active=True, kind="card").order_by("code")
        named["tender_type"].choices = list(ways.values_list("code", "name"))
        for name in ("total", "fee"):
            named[name].decimal_places = exponent(current_tenant().currency)

    def draft(self) -> MachineDraft:
        """The total as it is entered."""
        values = self.cleaned_data
        return MachineDraft(
            register_id=UUID(values["register"]),
            business_date=values["business_date"],
            tender_type=values["tender_type"],
            total=_money(values["total"]),
            fee=None if values["fee"] is None else _money(values["fee"]),
        )


@page(merchant_admin, "payments/reconciliation/", name="payments_reconciliation", permission=READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that is compared, on one page."""
    until = business_day(at=clock.now())
    since, open_ones, actor = until - _DAYS, open_counts(), actor_of(request)
    return render(
        merchant_admin,
        request,
        "reconciliation",
        "Reconciliation",
        accounts=_accounts(open_ones),
        runs=[run_row(each) for each in runs()[:_LATEST]],
        payouts=[payout_row(each) for each in payouts()[:_LATEST]],
        disputes=[dispute_row(each) for each in disputes(only_open=True)[:_LATEST]],
        drawers=[drawer_row(each) for each in drawer_counts(since=since, until=until)][:SHOWN],
        machines=machine_rows(machine_totals(since=since, until=until)),
        machine_differences=[
            difference_row(each, actor) for each in open_differences(connection_id=None)[:_LATEST]
        ],
        machine_open=open_ones.get(None, 0),
        form=MachineForm(initial={"business_date": until}),
        may_write=actor.may(WRITE),
    )


@page(merchant_admin, "payments/reconciliation/begin/", name="payments_reconcile", permission=WRITE)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Compare an account now."""
    try:
        key = ask_by_hand(
            connection_id=_uuid(request.POST.get("connection", "")), actor=actor_of(request), at=clock.now()
        )
    except DomainError as error:
        messages.error(request, error.detail)
        return HttpResponseRedirect(reverse("admin:payments_reconciliation"))
    begin(key)
    return HttpResponseRedirect(reverse("admin:payments_reconciliation_run", args=(key,)))


@page(merchant_admin, "payments/machine-totals/enter/", name="payments_machine_total", permission=WRITE)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Keep the total of a card machine."""
    form = MachineForm(request.POST)
    try:
        if form.is_valid():
            enter_machine_total(draft=form.draft(), actor=actor_of(request), at=clock.now())
            messages.success(request, "The total was kept.")
        else:
            messages.error(
                request, "; ".join(f"{form[name].label}: {said[0]}" for name, said in form.errors.items())
            )
    except DomainError as error:
        messages.error(request, error.detail)
    return HttpResponseRedirect(reverse("admin:payments_reconciliation"))


def _accounts(open_ones: Mapping[UUID | None, int]) -> list[dict[str, Any]]:
    """Every account with its last run, how much is open there, and whether it is compared; two statements."""
    runs_of = last_runs()
    return [
        {
            "row": each,
            "last": (last := runs_of.get(each.pk)),
            "last_state": "" if last is None else run_row(last)["state"],
            "open": open_ones.get(each.pk, 0),
            "state": account_state(each),
            "is_compared": has_listing(connection=each),
        }
        for each in connections_with_listing()
    ]


def _money(value: Any) -> Money:
    currency = current_tenant().currency
    return Money(int(value.scaleb(exponent(currency))), currency)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
