"""Stripe in the back office: an account under the platform's, its readers, and hosts for wallets.

The address of the vendor's form is shown once and kept nowhere; leaving our host is a link that a person clicks,
for the policy of these pages lets no form lead elsewhere.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final
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
from payments.gateways.admin.shown import account_state, reader_row
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

Said = dict[str, Any]


class CountryField(forms.RegexField):
    """Two letters, however they were typed."""

    default_error_messages: ClassVar = {"invalid": "Write two letters, such as DE or FR."}

    def __init__(self, **said: Any) -> None:
        super().__init__(r"^[A-Z]{2}$", widget=forms.TextInput({"placeholder": "DE", "maxlength": 2}), **said)

    def to_python(self, value: Any) -> str:
        """In capitals."""
        return str(super().to_python(value)).upper()


class AccountForm(forms.Form):
    """Who wants an account at Stripe."""

    name = forms.CharField(max_length=80)
    email = forms.EmailField(max_length=254)
    country = CountryField(label="Country, in two letters")


class ReaderForm(forms.Form):
    """A reader that shows a code; the place it stands at is asked for with the first one."""

    connection = forms.UUIDField(widget=forms.HiddenInput)
    code = forms.CharField(max_length=100, help_text="As the reader shows it.")
    name = forms.CharField(max_length=80)
    line1 = forms.CharField(max_length=200, required=False, label="Street")
    postal_code = forms.CharField(max_length=20, required=False)
    city = forms.CharField(max_length=100, required=False)
    country = CountryField(required=False, help_text="With the first reader of an account.")


class ConnectionOnly(forms.Form):
    """Which account is meant."""

    connection = forms.UUIDField(widget=forms.HiddenInput)


class HostForm(ConnectionOnly):
    """A host on which guests pay."""

    host = forms.RegexField(
        r"^[a-z0-9.-]{4,253}$",
        help_text="Such as cafe.example.",
        error_messages={
            "invalid": "Write the name alone, such as cafe.example: no https://, nothing behind it."
        },
    )


@page(merchant_admin, "payments/stripe/", name="payments_stripe", permission="payments.connect")
def stripe_page(request: HttpRequest) -> HttpResponse:
    """Everything that is set up at Stripe, and the next steps. What was typed stays where something is wrong."""
    shown: Said = {}
    refused: forms.Form | None = None
    act = _ACTS.get(request.POST.get("do", ""))
    if request.method == "POST" and act is not None:
        kind, do = act
        form = kind(request.POST, auto_id=False)
        if form.is_valid():
            try:
                shown = do(request, form.cleaned_data)
            except DomainError as refusal:
                _tell(form, refusal)
        refused = form if form.errors else None
    rows = Connection.objects.filter(gateway=CODE).prefetch_related("readers").order_by("id")
    if refused is not None and not _has_place(refused, rows):
        messages.error(request, " ".join(str(said) for each in refused.errors.values() for said in each))
    return render(
        merchant_admin,
        request,
        "payment_stripe",
        "Stripe",
        rows=[_shown(row, refused) for row in rows],
        account_form=_form(AccountForm, refused),
        **shown,
    )


def _shown(row: Connection, refused: forms.Form | None) -> Said:
    """An account with its forms; one that was refused is of the account it was sent for."""
    is_its = refused is not None and refused.data.get("connection") == str(row.pk)
    return {
        "row": row,
        "state": account_state(row),
        "readers": [reader_row(each) for each in row.readers.all()],
        "reader_form": _form(ReaderForm, refused if is_its else None),
        "host_form": _form(HostForm, refused if is_its else None),
    }


def _has_place(refused: forms.Form, rows: Iterable[Connection]) -> bool:
    """Whether the page shows the form that was refused, and so what is wrong with it."""
    if isinstance(refused, AccountForm):
        return True
    is_shown = isinstance(refused, ReaderForm | HostForm)
    return is_shown and any(refused.data.get("connection") == str(row.pk) for row in rows)


def _form(kind: type[forms.Form], refused: forms.Form | None) -> forms.Form:
    return refused if isinstance(refused, kind) else kind(auto_id=False)


def _tell(form: forms.Form, refusal: DomainError) -> None:
    """Say under each field what is wrong with it, and above the form what is wrong with none."""
    for each in refusal.errors:
        name = each.pointer.strip("/")
        form.add_error(name if name in form.fields else None, each.detail)
    if not refusal.errors:
        form.add_error(None, refusal.detail)


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
