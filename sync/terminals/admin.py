"""Devices in the back office: paired ones to see and to revoke, and a code to pair a new one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from unfold.decorators import action

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import titled
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from sync.terminals.forms import PairingForm
from sync.terminals.models import Terminal
from sync.terminals.services import PAIR, REVOKE, create_pairing_code, revoke_terminal


def _state(terminal: Any) -> str:
    if terminal.revoked_at is not None:
        return "revoked"
    return "expired" if terminal.token_expires_at <= now() else "paired"


@admin.register(Terminal, site=merchant_admin)
class TerminalAdmin(ReadOnlyAdmin):
    """Paired devices, newest first. Tokens are not shown; only their hashes exist."""

    list_display = ("name", "register", titled(_state, "State"), "paired_at", "token_expires_at", "epoch")
    list_filter = ("register",)
    list_select_related = ("register",)
    search_fields = ("name",)
    ordering = ("-paired_at", "-id")
    fields = (
        ("name", "register", "epoch"),
        ("paired_at", "token_expires_at", "revoked_at"),
        "replaces",
    )
    actions = ("revoke_selected",)
    actions_list = ("new_pairing_code",)
    actions_detail = ("revoke",)

    def get_urls(self) -> list[Any]:
        """The table's own pages, and the one that confirms a revocation."""
        confirm = self.admin_site.admin_view(self.confirm_revocation)
        return [
            path("<uuid:object_id>/confirm-revocation/", confirm, name="sync_terminal_confirm"),
            *super().get_urls(),
        ]

    def has_pair_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether this person may pair devices."""
        del object_id
        return actor_of(request).may(PAIR)

    def has_revoke_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether this person may revoke devices."""
        del object_id
        return actor_of(request).may(REVOKE)

    @action(description="New pairing code", url_path="pairing-code", permissions=["pair"], icon="add_link")
    def new_pairing_code(self, request: HttpRequest) -> HttpResponse:
        """Ask for the register, then show the code once. Nothing stores it, so no page shows it again."""
        form, made = PairingForm(request.POST or None), None
        if request.method == "POST" and form.is_valid():
            try:
                made = create_pairing_code(
                    register_id=form.cleaned_data["register"].pk, actor=actor_of(request), at=now()
                )
            except DomainError as error:
                form.add_error(None, error.detail)
        return self._page(request, "backoffice/pairing_code.html", "New pairing code", form=form, made=made)

    @action(description="Revoke", url_path="revoke", permissions=["revoke"], icon="block")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that asks whether this is meant."""
        del request
        return HttpResponseRedirect(reverse("admin:sync_terminal_confirm", args=(object_id,)))

    @admin.action(description="Revoke selected devices", permissions=["revoke"])
    def revoke_selected(self, request: HttpRequest, chosen: QuerySet[Terminal]) -> None:
        """Take every right from the chosen devices, at once."""
        for terminal in chosen:
            revoke_terminal(terminal_id=terminal.pk, actor=actor_of(request), at=now())
        self.message_user(request, f"{len(chosen)} devices are revoked.", messages.SUCCESS)

    def confirm_revocation(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Ask, then revoke."""
        terminal = self.get_object(request, str(object_id))
        if not self.has_revoke_permission(request):
            raise PermissionDenied
        if terminal is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        if request.method != "POST":
            return self._page(
                request, "backoffice/confirm_revocation.html", "Revoke this device?", terminal=terminal
            )
        revoke_terminal(terminal_id=terminal.pk, actor=actor_of(request), at=now())
        self.log_change(request, terminal, "Revoked.")
        self.message_user(request, f"{terminal.name} is revoked.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:sync_terminal_changelist"))

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        whole = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return TemplateResponse(request, template, whole)
