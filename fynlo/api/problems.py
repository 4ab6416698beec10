"""One handler renders every failure as problem details (RFC 9457), and none of them says more than it should.

`translate` gives each exception a name (a `DomainError`), `problem_response` renders it. Whatever has no name
is an `internal_error`: logged with its traceback, answered with nothing but the request id.
"""

import sys
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson
import structlog
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.html import escape
from redis.exceptions import RedisError
from rest_framework import exceptions as rest

from fynlo.api import errors, storage_errors
from fynlo.api.strict_json import refused_body
from fynlo.api.validation import field_problems, model_problems
from fynlo.core.errors import (
    DomainError,
    FieldProblem,
    Forbidden,
    InvalidInput,
    NotAuthenticated,
    NotFound,
    TooManyRequests,
)
from fynlo.observability import context

CONTENT_TYPE: Final = "application/problem+json"
ERRORS_PAGE: Final = "/api/docs/errors"
_RESERVED: Final = frozenset({"type", "title", "status", "code", "detail", "instance", "errors"})

log = structlog.get_logger("fynlo.api")


def exception_handler(error: Exception, handling: Mapping[str, Any]) -> HttpResponse:
    """REST framework's hook: the answer to whatever a view raised. Never None, so nothing escapes it."""
    return problem_response(error, handling.get("request"))


def problem_response(error: BaseException, request: Any = None) -> HttpResponse:
    """The problem document for `error`; a lost database connection is dropped on the way."""
    del request  # every failure is told apart by what it is, not by where it was
    named = translate(error)
    storage_errors.drop_lost_connection(error)
    if isinstance(named, errors.InternalError):
        log.error("request_failed", code=named.code, exc_info=error)
    elif named.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("request_unavailable", code=named.code, error=type(error).__name__)
    response = HttpResponse(document(named), status=named.status, content_type=CONTENT_TYPE)
    for name, value in _headers(named).items():
        response[name] = value
    return response


def document(error: DomainError) -> bytes:
    """The body: RFC 9457 members, `code`, `errors`, and the error's own data as further members."""
    if isinstance(error, NotAuthenticated):
        error = NotAuthenticated()  # the same body for every reason: it must not tell which part was wrong
    members: dict[str, Any] = {
        "type": f"{ERRORS_PAGE}#{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        "instance": context.request_id(),
        **{name: value for name, value in error.data.items() if name not in _RESERVED},
    }
    if error.errors:
        members["errors"] = [_member(problem) for problem in error.errors]
    return orjson.dumps(members, default=str)


def translate(error: BaseException) -> DomainError:
    """The named failure that `error` amounts to."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, rest.APIException):
        return _of_rest_framework(error)
    if isinstance(error, RedisError):
        return errors.RedisUnavailable(retry_after=2)
    return _of_django(error) or storage_errors.named(error) or errors.InternalError()


# More special classes first: AuthenticationFailed and the rest share APIException only.
_REST: Final[list[tuple[type[rest.APIException], Callable[[Any], DomainError]]]] = [
    (rest.ValidationError, lambda error: _invalid(list(field_problems(error.detail)))),
    (rest.ParseError, lambda _: InvalidInput()),
    (rest.NotAuthenticated, lambda _: NotAuthenticated()),
    (rest.AuthenticationFailed, lambda _: NotAuthenticated()),
    (rest.PermissionDenied, lambda _: Forbidden()),
    (rest.NotFound, lambda _: NotFound()),
    (rest.MethodNotAllowed, lambda _: errors.MethodNotAllowed()),
    (rest.NotAcceptable, lambda _: errors.NotAcceptable()),
    (
        rest.UnsupportedMediaType,
        lambda _: errors.UnsupportedMediaType("Send the body as application/json in UTF-8."),
    ),
    (rest.Throttled, lambda error: TooManyRequests(retry_after=int(error.wait or 1))),
]


def _of_rest_framework(error: rest.APIException) -> DomainError:
    for kind, name in _REST:
        if isinstance(error, kind):
            return name(error)
    return errors.InternalError()


def _of_django(error: BaseException) -> DomainError | None:
    match error:
        case Http404():
            return NotFound()
        case PermissionDenied():
            return Forbidden()
        case RequestDataTooBig():
            return refused_body("body_too_large", "The body is too large.")
        case SuspiciousOperation() | BadRequest() | UnreadablePostError():
            return InvalidInput()
        case DjangoValidationError():
            return _invalid(model_problems(error))
        case _:
            return None


def _invalid(problems: list[FieldProblem]) -> InvalidInput:
    if len(problems) == 1:
        return InvalidInput(problems[0].detail, errors=problems)
    return InvalidInput(f"{len(problems)} fields are not acceptable; `errors` names each.", errors=problems)


def _member(problem: FieldProblem) -> dict[str, str]:
    place = "parameter" if isinstance(problem, errors.ParameterProblem) else "pointer"
    return {place: problem.pointer, "code": problem.code, "detail": problem.detail}


def _headers(error: DomainError) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return headers


# -- Django's own handlers: what went wrong before or outside a view of the API -----------------------------


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that Django itself refuses (host, size, shape)."""
    return page_or_problem(exception or BadRequest(), request)


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refused outside the API, such as an admin page."""
    return page_or_problem(exception or PermissionDenied(), request)


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such address. The answer names nothing."""
    return page_or_problem(exception or Http404(), request)


def handler500(request: HttpRequest) -> HttpResponse:
    """An exception that nobody handled; Django has logged it, and it is still being handled here."""
    return page_or_problem(sys.exc_info()[1] or errors.InternalError(), request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token (`CSRF_FAILURE_VIEW`)."""
    del reason
    return page_or_problem(PermissionDenied(), request)


def page_or_problem(error: BaseException, request: HttpRequest) -> HttpResponse:
    """A problem document for callers of the API, a small plain page for a browser."""
    response = problem_response(error, request)
    if request.path.startswith("/api/"):
        return response
    title = escape(translate(error).title)
    response.content = _PAGE.format(title=title, instance=escape(context.request_id())).encode()
    response["Content-Type"] = "text/html; charset=utf-8"
    return response


_PAGE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><h1>{title}</h1><p>Request {instance}</p></html>
"""
