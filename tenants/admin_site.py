"""The platform's admin: merchants and their settings, never their sales."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse

from fynlo.backoffice.options import ReadOnlyAdmin, ServiceAdmin
from fynlo.backoffice.site import BackOfficeSite
from tenants.sign_in import SignInForm


class PlatformAdminSite(BackOfficeSite):
    """For operators, on the platform's own host. Django's own log and content types have no tables here."""

    settings_name = "UNFOLD_PLATFORM"
    index_title = "Overview"
    index_template = "backoffice/platform_index.html"
    login_form = SignInForm


class PlatformPages:
    """What the pages of a platform table do instead of using Django's tables of log and content types.

    Merchants have those tables, the platform has the audit; the services write it.
    """

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> Any:
        """The form; Django puts the key of a content type into its context, so it is told one that does not exist."""
        model = self.model  # type: ignore[attr-defined]
        unstored = ContentType(app_label=model._meta.app_label, model=model._meta.model_name)
        ContentType.objects._add_to_cache(ContentType.objects.db, unstored)
        return super().render_change_form(request, {**context, "show_history": False}, **kwargs)  # type: ignore[misc]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """There is no page of this kind; see the audit."""
        raise Http404

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The service has noted it in the audit."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The service has noted it in the audit."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """Nothing is deleted here."""


class PlatformReadOnlyAdmin(PlatformPages, ReadOnlyAdmin):
    """A table of the platform that is only shown."""


class PlatformServiceAdmin(PlatformPages, ServiceAdmin):
    """A table of the platform that is changed through services, in a transaction of the platform."""

    whole = staticmethod(transaction.atomic)


platform_admin = PlatformAdminSite(name="admin")
