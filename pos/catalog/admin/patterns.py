"""Barcode patterns in the back office: made, ordered, and tried on codes before a till reads by them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.options import ServiceAdmin, ServiceForm
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from pos.catalog.admin.trials import MAX_CODES, pattern_problem, read_trial, try_codes
from pos.catalog.models import BarcodePattern
from pos.catalog.services.patterns import PatternDraft, order_patterns, save_pattern

READ, WRITE = "catalog.read", "catalog.write"


class PatternForm(ServiceForm):
    """A pattern; below it stand the signs it is made of."""

    pattern = forms.CharField(
        max_length=80,
        help_text="One sign per digit: digits stand for themselves, I article, W weight, P price, Q pieces, "
        "X anything, C check digit. A full stop says where decimals begin: 21IIIIIWW.WWWC. Weights are kg; "
        "in grams with :g at the end.",
        widget=UnfoldAdminTextInputWidget(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )

    class Meta:
        model = BarcodePattern
        fields = ("name", "pattern", "position", "is_active")


@admin.register(BarcodePattern, site=merchant_admin)
class PatternAdmin(ServiceAdmin):
    """Patterns in the order in which they are tried."""

    form = PatternForm
    list_display = ("name", "pattern", "position", "is_active")
    search_fields = ("name", "pattern")
    ordering = ("position", "id")
    actions_list = ("try_codes",)
    change_form_outer_after_template = "backoffice/catalog_pattern_trial.html"

    @action(description="Try codes, change the order", url_path="try", icon="barcode_scanner")
    def try_codes(self, request: HttpRequest) -> HttpResponse:
        """Lead to the tester."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_pattern_trial"))

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the pattern."""
        del formsets
        values = form.cleaned_data
        draft = PatternDraft(
            id=obj.pk,
            name=values["name"],
            pattern=values["pattern"],
            position=values["position"],
            is_active=values["is_active"],
        )
        save_pattern(draft=draft, actor=actor, at=at)


@page(merchant_admin, "pos/barcodepattern/trial/", name="pos_pattern_trial", permission=READ)
def trial_page(request: HttpRequest) -> HttpResponse:
    """Codes and what each means, by one pattern or as a till would read them; and the order of the patterns."""
    if request.method == "POST":
        return _move(request)
    return render(
        merchant_admin,
        request,
        "catalog_patterns",
        "Try barcodes",
        patterns=list(BarcodePattern.objects.order_by("position", "id")),
        may_change=actor_of(request).may(WRITE),
        **_results(request.GET),
    )


@page(
    merchant_admin,
    "pos/barcodepattern/trial/results/",
    name="pos_pattern_results",
    permission=READ,
    only_looks=True,
)
def trial_results(request: HttpRequest) -> HttpResponse:
    """The same answer while somebody types: `{"html": …}`."""
    results = _results(request.POST if request.method == "POST" else request.GET)
    return JsonResponse({"html": render_to_string("backoffice/catalog_trial_results.html", results)})


def _results(data: QueryDict) -> dict[str, Any]:
    trial = read_trial(data)
    problem = pattern_problem(trial.pattern) if trial.pattern else ""
    return {"trial": trial, "tried": try_codes(trial), "pattern_problem": problem, "most_codes": MAX_CODES}


def _move(request: HttpRequest) -> HttpResponse:
    """Let a pattern change places with its neighbour: `move` is its id, `to` is `up` or `down`."""
    if not actor_of(request).may(WRITE):
        raise PermissionDenied
    ids = list(BarcodePattern.objects.order_by("position", "id").values_list("pk", flat=True))
    place = _place_of(ids, request.POST.get("move", ""))
    other = {"up": -1, "down": 1}.get(request.POST.get("to", ""), 0)
    if place is not None and other and 0 <= place + other < len(ids):
        ids[place], ids[place + other] = ids[place + other], ids[place]
        try:
            order_patterns(ids=ids, actor=actor_of(request), at=now())
        except DomainError as error:
            messages.error(request, error.detail)
    return HttpResponseRedirect(reverse("admin:pos_pattern_trial"))


def _place_of(ids: Sequence[UUID], text: str) -> int | None:
    return next((place for place, key in enumerate(ids) if str(key) == text), None)
