"""Stripe in the back office: an account under the platform's, its readers, and hosts for wallets.

The address of the vendor's form is shown once and kept nowhere; leaving our host is a link that a person clicks,
for the policy of these pages lets no form lead elsewhere.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from payments.gateways.admin.shown import reader_row
from payments.gateways.models import Connection
from payments.gateways.stripe.services import (
    CODE,
    OnboardingDraft,
    ReaderCode,
    add_wallet_host,
    refresh_readers,
    register_reader,
    start_onboarding,
)
from payments.gateways.words import ACCOUNT, word

Said = dict[str, Any]


class AccountForm(forms.Form):
    """Who wants an account at Stripe."""

    name = forms.CharField(max_length=80)
    email = forms.EmailField(max_length=254)
    country = forms.RegexField(
        r"^[A-Z]{2}$", label="Country, in two letters", widget=forms.TextInput({"placeholder": "DE"})
    )


class ReaderForm(forms.Form):
    """A reader that shows a code; the place it stands at is asked for with the first one."""

    connection = forms.UUIDField(widget=forms.HiddenInput)
    code = forms.CharField(max_length=100, help_text="As the reader shows it.")
    name = forms.CharField(max_length=80)
    line1 = forms.CharField(max_length=200, required=False, label="Street")
    postal_code = forms.CharField(max_length=20, required=False)
    city = forms.CharField(max_length=100, required=False)
    country = forms.RegexField(
        r"^[A-Z]{2}$", required=False, help_text="With the first reader of an account."
    )


class ConnectionOnly(forms.Form):
    """Which account is meant."""

    connection = forms.UUIDField(widget=forms.HiddenInput)


class HostForm(ConnectionOnly):
    """A host on which guests pay."""

    host = forms.RegexField(r"^[a-z0-9.-]{4,253}$", help_text="Such as cafe.example.")


@page(merchant_admin, "payments/stripe/", name="payments_stripe", permission="payments.connect")
def stripe_page(request: HttpRequest) -> HttpResponse:
    """Everything that is set up at Stripe, and the next steps."""
    shown: Said = {}
    act = _ACTS.get(request.POST.get("do", ""))
    if request.method == "POST" and act is not None:
        kind, do = act
        form = kind(request.POST)
        if form.is_valid():
            try:
                shown = do(request, form.cleaned_data)
            except DomainError as refusal:
                messages.error(request, refusal.detail)
        else:
            found = (f"{form[name].label}: {said[0]}" for name, said in form.errors.items())
            messages.error(request, "; ".join(found))
    rows = Connection.objects.filter(gateway=CODE).prefetch_related("readers").order_by("id")
    return render(
        merchant_admin,
        request,
        "payment_stripe",
        "Stripe",
        rows=[{"row": row, "state": word(row.state, ACCOUNT), "readers": _readers(row)} for row in rows],
        account_form=AccountForm(),
        reader_form=ReaderForm(),
        host_form=HostForm(),
        **shown,
    )


def _readers(row: Connection) -> list[Said]:
    return [reader_row(each) for each in row.readers.all()]


def _onboard(request: HttpRequest, said: Mapping[str, Any]) -> Said:
    """A new account, or the one that was begun and has no name at the vendor yet."""
    begun = Connection.objects.filter(gateway=CODE, account="", sealed_secrets="").first()
    draft = OnboardingDraft(id=new_id() if begun is None else begun.pk, return_url=_here(request), **said)
    return _form_of_stripe(request, draft)


def _go_on(request: HttpRequest, said: Mapping[str, Any]) -> Said:
    """The vendor's form once more, for an account that is there."""
    row = Connection.objects.filter(gateway=CODE, pk=said["connection"]).exclude(account="").first()
    if row is None:
        return {}
    country = str(row.settings.get("country", ""))
    draft = OnboardingDraft(id=row.pk, name=row.name, email="", country=country, return_url=_here(request))
    return _form_of_stripe(request, draft)


def _form_of_stripe(request: HttpRequest, draft: OnboardingDraft) -> Said:
    told = start_onboarding(draft=draft, actor=actor_of(request), at=now())
    return {"form_url": told.url, "form_of": told.connection.name}


def _pair(request: HttpRequest, said: Mapping[str, Any]) -> Said:
    names = ("line1", "postal_code", "city", "country")
    address = {name: said[name] for name in names if said[name]}
    draft = ReaderCode(id=new_id(), code=said["code"], name=said["name"], address=address or None)
    row = register_reader(connection_id=said["connection"], draft=draft, actor=actor_of(request), at=now())
    messages.success(request, f"{row.name} is paired.")
    return {}


def _refresh(request: HttpRequest, said: Mapping[str, Any]) -> Said:
    key: UUID = said["connection"]
    found = refresh_readers(connection_id=key, actor=actor_of(request), at=now())
    messages.success(request, f"{len(found)} readers.")
    return {}


def _host(request: HttpRequest, said: Mapping[str, Any]) -> Said:
    told = add_wallet_host(connection_id=said["connection"], host=said["host"], actor=actor_of(request))
    return {"wallets": told}


def _here(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("admin:payments_stripe"))


_ACTS: Final[dict[str, tuple[type[forms.Form], Callable[[HttpRequest, Mapping[str, Any]], Said]]]] = {
    "onboard": (AccountForm, _onboard),
    "go_on": (ConnectionOnly, _go_on),
    "pair": (ReaderForm, _pair),
    "refresh": (ConnectionOnly, _refresh),
    "host": (HostForm, _host),
}
