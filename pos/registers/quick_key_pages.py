"""Quick keys in the back office: which registers have which, and a page to fill in the keys of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, NotFound
from pos.registers.models import QuickKey, Register
from pos.registers.quick_key_forms import QuickKeysForm
from pos.registers.quick_keys import EDIT, quick_keys, set_quick_keys


@page(merchant_admin, "quick-keys/", name="pos_quick_keys", permission=EDIT)
def registers(request: HttpRequest) -> HttpResponse:
    """Every register, and the keys that all of them share."""
    rows = Register.objects.select_related("location").annotate(keys=Count("quick_keys")).order_by("code")
    shared = QuickKey.objects.filter(register=None).count()
    return render(
        merchant_admin, request, "quick_keys_list", "Quick keys", registers=list(rows), shared=shared
    )


@page(merchant_admin, "quick-keys/shared/", name="pos_quick_keys_shared", permission=EDIT)
def shared_keys(request: HttpRequest) -> HttpResponse:
    """The keys of every till."""
    return _keys(request, None, "Quick keys of every till")


@page(merchant_admin, "quick-keys/<uuid:register_id>/", name="pos_quick_keys_of", permission=EDIT)
def register_keys(request: HttpRequest, register_id: UUID) -> HttpResponse:
    """The keys of one register."""
    register = Register.objects.filter(pk=register_id).first()
    if register is None:
        raise Http404
    return _keys(request, register_id, f"Quick keys of {register.code}")


def _keys(request: HttpRequest, register_id: UUID | None, title: str) -> HttpResponse:
    try:
        current = quick_keys(register_id=register_id)["keys"]
    except NotFound:
        raise Http404 from None
    form = QuickKeysForm(request.POST or None, keys=current)
    if request.method == "POST" and form.is_valid() and _saved(request, register_id, form):
        messages.success(request, "The keys are saved; tills show them with their next sync.")
        return HttpResponseRedirect(reverse("admin:pos_quick_keys"))
    context: dict[str, Any] = {"form": form, "register_id": register_id}
    return render(merchant_admin, request, "quick_keys", title, **context)


def _saved(request: HttpRequest, register_id: UUID | None, form: QuickKeysForm) -> bool:
    try:
        set_quick_keys(
            register_id=register_id,
            keys=form.drafts(),
            actor=actor_of(request),
            at=now(),
            matches=form.matches,
        )
    except DomainError as error:
        form.refuse(error)
        return False
    return True
