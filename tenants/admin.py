"""The platform's tables in its admin: merchants, hosts, configurations, onboarding, operators, audit. No sales."""

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import titled
from fynlo.backoffice.options import ReadOnlyInline
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from tenants.admin_site import PlatformReadOnlyAdmin, platform_admin
from tenants.forms import SuspensionForm
from tenants.models import (
    ConfigurationVersion,
    Domain,
    OnboardingRun,
    OnboardingStep,
    Operator,
    PlatformAudit,
    Tenant,
)
from tenants.services import resume_tenant, suspend_tenant


def _json(value: Any) -> SafeString:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)


document = titled(lambda version: _json(version.document), "Document")
audit_data = titled(lambda entry: _json(entry.data), "Data")
step_outcome = titled(lambda step: json.dumps(step.outcome.get("counts", {})), "Counts")


class DomainInline(ReadOnlyInline):
    """Under which host names the merchant is found."""

    model = Domain
    fields = ("domain", "is_primary")
    readonly_fields = fields


@admin.register(Tenant, site=platform_admin)
class TenantAdmin(PlatformReadOnlyAdmin):
    """Merchants. They are onboarded by command; here they are seen, suspended and resumed."""

    list_display = (
        "slug",
        "name",
        "state",
        "plan",
        titled(lambda tenant: ", ".join(each.domain for each in tenant.domains.all()), "Host names"),
        "country",
        "currency",
        "created_at",
        titled(lambda tenant: "suspended" if tenant.is_suspended else "", "Suspended", "suspended_at"),
    )
    list_filter = ("state", "plan", "country", "is_canary")
    search_fields = ("slug", "name", "domains__domain")
    ordering = ("slug",)
    inlines = (DomainInline,)
    fieldsets = (
        (None, {"fields": (("name", "slug", "schema_name"), ("state", "plan", "created_at"))}),
        ("Place", {"fields": (("country", "time_zone"), ("currency", "language"))}),
        ("Suspension", {"fields": (("suspended_at", "suspended_reason"),)}),
        ("Schema", {"fields": (("schema_fingerprint", "is_canary"),), "classes": ("collapse",)}),
    )
    actions_detail = ("suspend", "resume")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        """Merchants with their hosts, in two statements."""
        found: QuerySet[Tenant] = super().get_queryset(request).prefetch_related("domains")
        return found

    def get_urls(self) -> list[Any]:
        """The table's own pages, and the one that asks before suspending or resuming."""
        ask = self.admin_site.admin_view(self.ask)
        return [
            path("<uuid:object_id>/<slug:verb>/ask/", ask, name="tenants_tenant_ask"),
            *super().get_urls(),
        ]

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Suspend whoever is served, resume whoever is suspended."""
        tenant = self.get_object(request, str(object_id))
        wanted = "resume" if tenant is not None and tenant.is_suspended else "suspend"
        return [each for each in super().get_actions_detail(request, object_id) if each.path == wanted]

    @action(description="Suspend", url_path="suspend", icon="pause_circle")
    def suspend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that asks for the reason."""
        del request
        return HttpResponseRedirect(reverse("admin:tenants_tenant_ask", args=(object_id, "suspend")))

    @action(description="Resume", url_path="resume", icon="play_circle")
    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that asks whether this is meant."""
        del request
        return HttpResponseRedirect(reverse("admin:tenants_tenant_ask", args=(object_id, "resume")))

    def ask(self, request: HttpRequest, object_id: Any, verb: str) -> HttpResponse:
        """Ask, then suspend or resume through the service."""
        tenant = self.get_object(request, str(object_id))
        if not self.has_view_permission(request) or verb not in ("suspend", "resume"):
            raise PermissionDenied
        if tenant is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        form = SuspensionForm(request.POST or None) if verb == "suspend" else None
        if request.method == "POST" and (form is None or form.is_valid()):
            try:
                self._carry_out(request, tenant, form)
            except DomainError as error:
                self.message_user(request, error.detail, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:tenants_tenant_change", args=(tenant.pk,)))
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        context = {
            "title": f"{verb.title()} {tenant.name}?",
            "opts": self.opts,
            "tenant": tenant,
            "form": form,
        }
        return TemplateResponse(
            request,
            "backoffice/ask_about_tenant.html",
            {**self.admin_site.each_context(request), **context, "verb": verb.title()},
        )

    def _carry_out(self, request: HttpRequest, tenant: Tenant, form: SuspensionForm | None) -> None:
        actor, at = actor_of(request), now()
        if form is not None:
            suspend_tenant(slug=tenant.slug, reason=form.cleaned_data["reason"], actor=actor, at=at)
            self.message_user(request, f"{tenant.name} is suspended.", messages.SUCCESS)
        else:
            resume_tenant(slug=tenant.slug, actor=actor, at=at)
            self.message_user(request, f"{tenant.name} is served again.", messages.SUCCESS)


@admin.register(Domain, site=platform_admin)
class DomainAdmin(PlatformReadOnlyAdmin):
    """Host names, exact."""

    list_display = ("domain", "tenant", "is_primary")
    list_display_links = None
    list_select_related = ("tenant",)
    search_fields = ("domain", "tenant__name")
    ordering = ("domain",)


@admin.register(ConfigurationVersion, site=platform_admin)
class ConfigurationVersionAdmin(PlatformReadOnlyAdmin):
    """Accepted configurations; secrets are not in them."""

    list_display = ("tenant", "version", "is_current", "created_at", "digest")
    list_filter = ("is_current",)
    list_select_related = ("tenant",)
    search_fields = ("tenant__slug", "tenant__name")
    ordering = ("tenant__slug", "-version")
    fields = (("tenant", "version", "is_current"), ("created_at", "digest"), document)
    readonly_fields = (document,)


class OnboardingStepInline(ReadOnlyInline):
    """What a run has committed."""

    model = OnboardingStep
    fields = ("name", "finished_at", "milliseconds", step_outcome)
    readonly_fields = fields
    ordering = ("finished_at", "id")


@admin.register(OnboardingRun, site=platform_admin)
class OnboardingRunAdmin(PlatformReadOnlyAdmin):
    """Attempts to bring a merchant to what their file describes."""

    list_display = ("tenant", "started_at", "finished_at", "digest")
    list_select_related = ("tenant",)
    search_fields = ("tenant__slug", "tenant__name")
    ordering = ("-started_at", "-id")
    inlines = (OnboardingStepInline,)


@admin.register(Operator, site=platform_admin)
class OperatorAdmin(PlatformReadOnlyAdmin):
    """Who may enter here. Operators are made by `manage.py operators`, with the owner's rights."""

    list_display = ("email", "name", "is_active", "last_login")
    search_fields = ("email", "name")
    ordering = ("email",)
    fields = (("email", "name"), ("is_active", "last_login"))


@admin.register(PlatformAudit, site=platform_admin)
class PlatformAuditAdmin(PlatformReadOnlyAdmin):
    """What was done, by whom."""

    list_display = ("at", "actor", "action", "tenant_slug")
    search_fields = ("actor", "action", "tenant_slug")
    date_hierarchy = "at"
    ordering = ("-at", "-id")
    fields = (("at", "actor"), ("action", "tenant_slug"), audit_data)
    readonly_fields = (audit_data,)
