"""What people do to one card in the back office, each with a reason: blocked, freed, corrected, closed."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.amounts import AmountField
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, NotFound
from fynlo.core.ids import new_id
from fynlo.core.money import spell_money
from payments.credit.kinds import ACTIVE, BLOCK, BLOCKED, CLOSED, DEACTIVATE, UNBLOCK
from payments.credit.models import StoredValue
from payments.credit.queries import stored_value
from payments.credit.services import AdjustDraft, StepDraft, adjust_value, office_occasion, take_step

MANAGE: Final = "gift_cards.manage"
MORE, LESS = "more", "less"
_DONE: Final = {
    BLOCK: "is blocked: nothing more is taken from it",
    UNBLOCK: "can be used again",
    DEACTIVATE: "is closed",
    MORE: "was corrected",
    LESS: "was corrected",
}
_LONGEST_REASON: Final = 200


class ActForm(forms.Form):
    """What is done, why, and of which amount. `id` is the page's: pressed twice it is done once."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    do = forms.ChoiceField(choices=[(each, each) for each in _DONE])
    reason = forms.CharField(max_length=_LONGEST_REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_correction = self.data.get("do") in (MORE, LESS)
        self.fields["amount"] = AmountField(required=is_correction)


@page(
    merchant_admin,
    "payments/storedvalue/<uuid:value_id>/act/",
    name="payments_value_act",
    permission=MANAGE,
)
def act(request: HttpRequest, value_id: UUID) -> HttpResponse:
    """What can be done to this card now. Posted: it is done, and the card is shown."""
    try:
        account = stored_value(account_id=value_id)
    except NotFound:
        raise Http404 from None
    form = ActForm(request.POST) if request.method == "POST" else ActForm()
    if form.is_valid():
        try:
            _carry_out(request, account, form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.detail)
        else:
            messages.success(request, f"{account} {_DONE[form.cleaned_data['do']]}.")
            return HttpResponseRedirect(reverse("admin:payments_storedvalue_change", args=(value_id,)))
    return render(
        merchant_admin,
        request,
        "value_act",
        f"Gift card {account}",
        row=account,
        form=form,
        new_id=new_id(),
        currency=account.currency,
        balance=spell_money(account.balance_minor, account.currency),
        left=spell_money(account.balance_minor - account.overdrawn_minor, account.currency),
        may_block=account.state not in (BLOCKED, CLOSED),
        may_free=account.state == BLOCKED,
        may_correct=account.state in (ACTIVE, BLOCKED),
        may_close=account.state != CLOSED,
        longest=_LONGEST_REASON,
    )


def _carry_out(request: HttpRequest, account: StoredValue, said: dict[str, Any]) -> None:
    occasion = office_occasion(actor=actor_of(request), at=now())
    if said["do"] in (MORE, LESS):
        amount = said["amount"] if said["do"] == MORE else -said["amount"]
        adjust = AdjustDraft(id=said["id"], account_id=account.pk, amount_minor=amount, reason=said["reason"])
        adjust_value(draft=adjust, occasion=occasion)
    else:
        step = StepDraft(id=said["id"], account_id=account.pk, kind=said["do"], reason=said["reason"])
        take_step(draft=step, occasion=occasion)
