"""Pages of the back office that are no table: each has an address, a permission, and a view."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.site import BackOfficeSite

View = Callable[..., HttpResponse]


def page(
    site: BackOfficeSite, route: str, *, name: str, permission: str, only_looks: bool = False
) -> Callable[[View], View]:
    """Hang a view into `site` at `route` (`admin:name`); 403 for whoever lacks `permission`.

    `only_looks`: what is posted there changes nothing, so a merchant who may only read can still ask.
    """

    def hang(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **values: Any) -> HttpResponse:
            if not actor_of(request).may(permission):
                raise PermissionDenied
            return view(request, **values)

        guarded.allowed_when_read_only = only_looks  # type: ignore[attr-defined]
        site.pages.append((route, guarded, name))
        return view

    return hang


def repeat_no_choice(form: Form) -> None:
    """Let the form refuse a choice without repeating it: what somebody asks for may be another merchant's key."""
    for field in form.fields.values():
        if "invalid_choice" in field.error_messages:
            field.error_messages["invalid_choice"] = "Choose one of these."


def render(
    site: BackOfficeSite, request: HttpRequest, template: str, title: str, **context: Any
) -> HttpResponse:
    """A page of `site` made of `backoffice/<template>.html`."""
    request.current_app = site.name  # type: ignore[attr-defined]
    whole = {**site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"backoffice/{template}.html", whole)
