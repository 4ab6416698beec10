"""The platform's admin: merchants and their settings, never their sales."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse

from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import BackOfficeSite
from tenants.sign_in import OperatorPasswordForm, SignInForm


class PlatformAdminSite(BackOfficeSite):
    """For operators, on the platform's own host. Django's own log and content types have no tables here."""

    settings_name = "UNFOLD_PLATFORM"
    index_title = "Overview"
    index_template = "backoffice/platform_index.html"
    login_form = SignInForm
    own_password_form = OperatorPasswordForm


class PlatformReadOnlyAdmin(ReadOnlyAdmin):
    """A table of the platform. It is only shown: the run-time role may change hardly anything here.

    Django's tables of log entries and content types exist for merchants only; the platform has its audit.
    """

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> Any:  # type: ignore[override]
        """The record. Django puts a content type's key into its context; it is given one that is stored nowhere."""
        unstored = ContentType(app_label=self.opts.app_label, model=self.opts.model_name)
        ContentType.objects._add_to_cache(ContentType.objects.db, unstored)  # type: ignore[attr-defined]  # noqa: SLF001  no other way in
        return super().render_change_form(request, {**context, "show_history": False}, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """There is no page of this kind; see the audit."""
        del request, object_id, extra_context
        raise Http404


platform_admin = PlatformAdminSite(name="admin")
