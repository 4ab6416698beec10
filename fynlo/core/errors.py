"""Failures have names: a domain error carries a stable code, a status and data; one handler renders it.

The rendering (RFC 9457 problem details) is in `fynlo.api.problems`; nothing here knows HTTP libraries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one place of the input: a JSON pointer (RFC 6901), a stable code, a sentence."""

    pointer: str
    code: str
    detail: str


class DomainError(Exception):
    """A refusal with a name. `code` never changes once released; `detail` is a sentence for a person."""

    code: ClassVar[str] = "rule_violation"
    status: ClassVar[int] = 422
    title: ClassVar[str] = "The request breaks a rule"

    def __init__(
        self,
        detail: str = "",
        *,
        pointer: str | None = None,
        errors: Sequence[FieldProblem] = (),
        **data: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.data = data
        self.errors: tuple[FieldProblem, ...] = tuple(errors)
        if pointer is not None:
            self.errors = (*self.errors, FieldProblem(pointer, self.code, self.detail))


class InvalidInput(DomainError):
    """The request's shape is wrong; nothing was looked at beyond it."""

    code, status, title = "invalid_input", 400, "The request could not be understood"


class NotAuthenticated(DomainError):
    """No valid credential came along. The body never tells which part was wrong."""

    code, status, title = "not_authenticated", 401, "A valid credential is needed"


class Forbidden(DomainError):
    """The credential is valid but does not allow this."""

    code, status, title = "forbidden", 403, "This is not allowed"


class NotFound(DomainError):
    """There is no such thing here (here is this tenant and the caller's scope)."""

    code, status, title = "not_found", 404, "There is no such thing here"


class Conflict(DomainError):
    """The state of the thing does not allow it, or another writer came first."""

    code, status, title = "conflict", 409, "The current state does not allow this"


class PreconditionFailed(DomainError):
    """The record changed since the caller read it (`If-Match`)."""

    code, status, title = "precondition_failed", 412, "The record has changed since it was read"


class RuleViolation(DomainError):
    """The request is well formed but breaks a business rule."""


class PreconditionRequired(DomainError):
    """A change to a shared record came without `If-Match`."""

    code, status, title = "precondition_required", 428, "A precondition is needed"


class TooManyRequests(DomainError):
    """A limit was reached; `retry_after` seconds are in the data."""

    code, status, title = "too_many_requests", 429, "Too many requests"

    def __init__(self, detail: str = "", *, retry_after: int, **data: Any) -> None:
        super().__init__(detail, **data)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """A part of the system does not answer; `retry_after` seconds are in the data."""

    code, status, title = "unavailable", 503, "The service is not available at the moment"

    def __init__(self, detail: str = "", *, retry_after: int = 2, **data: Any) -> None:
        super().__init__(detail, **data)
        self.retry_after = retry_after
