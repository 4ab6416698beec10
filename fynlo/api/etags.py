"""Entity tags: `If-None-Match` saves sending what the caller has, `If-Match` keeps changes from colliding."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.core.errors import PreconditionFailed, PreconditionRequired


def etag(*parts: object) -> str:
    """A strong tag for a thing whose state is told by `parts` (a version, a feed position, an address)."""
    text = "\x1f".join(str(part) for part in parts)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def tagged(request: Request, *, version: object, build: Callable[[], Any]) -> HttpResponse:
    """The answer `build()` under a tag of `version` and the full address, or 304 when the caller has it.

    `build` runs only when the answer is sent. `version` must change whenever the answer would.
    """
    return answer_tagged(request, tag=etag(version, request.get_full_path()), build=build)


def answer_tagged(request: Request, *, tag: str, build: Callable[[], Any]) -> HttpResponse:
    """The same under a tag that the thing has by itself (a digest); it stands for this address alone."""
    if is_known(request, tag):
        response: HttpResponse = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = Response(build())
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization", "Staff-Session"])
    return response


def is_known(request: Request, tag: str) -> bool:
    """Whether the caller has the thing with this tag already (`If-None-Match`)."""
    return names(request.headers.get("If-None-Match", ""), tag)


def names(given: str, tag: str) -> bool:
    """Whether `given`, the text of an `If-None-Match`, names this tag; weak ones count."""
    known = parse_etags(given)
    return "*" in known or tag in {item.removeprefix("W/") for item in known}


def require_match(request: Request, *, current: str) -> None:
    """Refuse a change of a shared record unless `If-Match` names the state it has (RFC 9110, section 13.1.1).

    Raises `PreconditionRequired` without the header and `PreconditionFailed` when the record has moved on.
    Weak tags never match.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise PreconditionRequired("Send If-Match with the ETag of the record as you read it.")
    tags = parse_etags(given)
    if "*" not in tags and current not in tags:
        raise PreconditionFailed("Read the record again before changing it.")
