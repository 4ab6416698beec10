"""The API's own pages: the OpenAPI document, a page to read it with, and the list of error codes."""

import hashlib
import inspect
from functools import cache
from typing import Final

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView

from fynlo.api.errors import known_errors


class DocumentationView(SpectacularSwaggerSplitView):
    """Swagger UI from our own static files: works without the internet, and no script is inline."""

    public = True
    http_method_names = ["get", "head"]  # the page is no resource and has no OPTIONS of its own
    url_name = "api-schema"


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as JSON; made once per process, since it only depends on the code."""
    document = schema_document(settings.ROOT_URLCONF)
    tag = f'"{hashlib.sha256(document).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(document, content_type="application/vnd.oai.openapi+json")
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=300"
    return response


@cache
def schema_document(urlconf: str) -> bytes:
    """The document that describes the API of a URL configuration, encoded."""
    return orjson.dumps(SchemaGenerator(urlconf=urlconf).get_schema(request=None, public=True))


@require_safe
def errors_page(request: HttpRequest) -> HttpResponse:
    """Every error code, with its status and what it means: where the `type` of a problem points."""
    del request
    rows = format_html_join(
        "",
        '<tr id="{}"><td><code>{}</code><td>{}<td>{}<td>{}</tr>',
        (
            (kind.code, kind.code, kind.status, kind.title, inspect.cleandoc(kind.__doc__ or ""))
            for kind in known_errors()
        ),
    )
    return HttpResponse(format_html(_ERRORS, rows))


_ERRORS: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Error codes of the Fynlo API</title>
<h1>Error codes</h1>
<p>Every failure is a problem document (RFC 9457); its <code>code</code> is one of these and never changes.</p>
<table><thead><tr><th>Code<th>Status<th>Title<th>Meaning</tr></thead><tbody>{}</tbody></table></html>
"""
