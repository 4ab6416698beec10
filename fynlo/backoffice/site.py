"""The sites of the back office: the merchant's at their own host, and the base of the platform's.

The merchant's site stands here, below all apps, because payments and staff are strangers to each other and
both register their tables with it (docs/structure.md).
"""

import datetime as dt
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from unfold.sites import UnfoldAdminSite

THROTTLED = "throttled"
"""The code of the form error that means: too many tries. The form puts `retry_after` in its parameters."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        # The admin's theme is built on Alpine, which evaluates attributes and writes styles.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class BackOfficeSite(UnfoldAdminSite):
    """What both sites share: no cache keeps a page, nothing is loaded from elsewhere, sign-ins are limited."""

    own_password_form: Any = None
    """The form with which people change their own password; set by whoever knows the people."""

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.pages: list[tuple[str, Any, str]] = []
        self.disable_action("delete_selected")

    def get_urls(self) -> list[Any]:
        """The site's own pages (`fynlo.backoffice.pages`), then Django's routes without "view on site".

        That one looks tables up by number and has nothing to show.
        """
        own = [path(route, self.admin_view(view), name=name) for route, view, name in self.pages]
        return own + [route for route in super().get_urls() if getattr(route, "name", "") != "view_on_site"]

    def clock(self, request: HttpRequest) -> dt.tzinfo:
        """The time zone in which pages show times."""
        del request
        return dt.UTC

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's wrapper (sign-in, CSRF, no-store), and a content security policy."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if any("\x00" in value for values in request.GET.lists() for value in (values[0], *values[1])):
                raise BadRequest("An address holds no NUL.")
            with timezone.override(self.clock(request)):
                return _guarded(_rendered(inner(request, *args, **kwargs)))

        guarded.__dict__.update(inner.__dict__)
        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The sign-in page; 429 when its form says that there were too many tries."""
        response: Any = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        errors = form.non_field_errors().as_data() if form is not None and form.is_bound else []
        for error in errors:
            if error.code == THROTTLED:
                response.status_code = HTTPStatus.TOO_MANY_REQUESTS
                response["Retry-After"] = str(error.params["retry_after"])
        return _guarded(response)

    # A merchant who may only read can still sign in to look.
    login.allowed_when_read_only = True  # type: ignore[attr-defined]

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The theme's search over tables; a page that is not there is 404."""
        try:
            return super().search(request, extra_context)
        except (ValueError, InvalidPage):
            raise Http404 from None

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """One's own password, changed by `own_password_form`."""
        request.current_app = self.name  # type: ignore[attr-defined]
        view = PasswordChangeView.as_view(
            form_class=self.own_password_form,
            success_url=reverse("admin:password_change_done"),
            template_name="registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Sign out; possible in every state of a merchant."""
        return super().logout(request, extra_context)

    logout.allowed_when_read_only = True  # type: ignore[attr-defined]


class MerchantAdminSite(BackOfficeSite):
    """Back office of one merchant: the catalogue and people can be changed, history can only be read."""

    settings_name = "UNFOLD_MERCHANT"
    index_title = "Today"
    index_template = "backoffice/merchant_index.html"

    def clock(self, request: HttpRequest) -> dt.tzinfo:
        """The merchant's time zone."""
        return ZoneInfo(request.tenant.time_zone)  # type: ignore[attr-defined]  # set by the middleware


def _rendered(response: Any) -> HttpResponse:
    """The answer with its template rendered now, while the page's time zone is in force."""
    rendered: HttpResponse = response.render() if hasattr(response, "render") else response
    return rendered


def _guarded(response: HttpResponse) -> HttpResponse:
    if not response.has_header("Cache-Control") and response["Content-Type"].startswith("text/html"):
        add_never_cache_headers(response)
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response


merchant_admin = MerchantAdminSite(name="admin")
