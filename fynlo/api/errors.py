"""Named failures of the API itself. Rooms have their own; `problems.py` renders all of them alike."""

from typing import ClassVar

from fynlo.core.errors import Conflict, DomainError, FieldProblem, InvalidInput, RuleViolation, Unavailable


class ParameterProblem(FieldProblem):
    """What is wrong with a query parameter or header; `pointer` holds its name, shown as `parameter`."""


class InvalidQuery(InvalidInput):
    """A query parameter or header is unknown, repeated or malformed; `errors` names it."""

    code, title = "invalid_query", "A parameter could not be understood"

    @classmethod
    def of(cls, parameter: str, code: str, detail: str) -> "InvalidQuery":
        """The error for one `parameter`."""
        return cls(detail, errors=[ParameterProblem(parameter, code, detail)])


class MethodNotAllowed(DomainError):
    """The address exists, but not with this method; `Allow` lists those it knows."""

    code, status, title = "method_not_allowed", 405, "This method is not allowed here"


class NotAcceptable(DomainError):
    """None of the forms in `Accept` can be given."""

    code, status, title = "not_acceptable", 406, "No acceptable form of the answer exists"


class UnsupportedMediaType(DomainError):
    """The body's type or encoding is not read here: send uncompressed `application/json` in UTF-8."""

    code, status, title = "unsupported_media_type", 415, "The body is in a form that is not read here"


class ConstraintConflict(Conflict):
    """The database refused the change because it contradicts what is stored."""


class NumberTooLarge(RuleViolation):
    """What was asked for, or what it comes to with what is there, is a number no column holds. Nothing was kept."""

    code, title = "number_too_large", "A number is larger than can be kept"


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached right now; nothing of the request was kept. Repeat it unchanged."""

    code, title = "database_unavailable", "The database is not available at the moment"


class DatabaseBusy(Unavailable):
    """Other writers held what this request needed for too long; nothing was kept. Repeat it unchanged."""

    code, title = "database_busy", "The record is in use by another request"


class DatabaseTimeout(Unavailable):
    """The request took the database longer than allowed; nothing of it was kept."""

    code, title = "database_timeout", "The request took too long"


class RedisUnavailable(Unavailable):
    """The message store cannot be reached right now."""

    code, title = "redis_unavailable", "A part of the service is not available at the moment"


class InternalError(DomainError):
    """A fault of Fynlo. The log has the details under the request id in `instance`."""

    code, status, title = "internal_error", 500, "Something went wrong on our side"


class IdempotencyKeyMissing(InvalidInput):
    """This request has an effect and needs the header `Idempotency-Key` (1 to 255 printable ASCII)."""

    code, title = "idempotency_key_missing", "An Idempotency-Key is needed"


class IdempotencyKeyReused(Conflict):
    """The key was used before for another request. Take a new key for a new request."""

    code, title = "idempotency_key_reused", "The Idempotency-Key belongs to another request"


class IdempotencyKeyInUse(Conflict):
    """The first request with this key is still being answered. Repeat the request after a moment."""

    code, title = "idempotency_key_in_use", "The first request with this Idempotency-Key is still running"
    retry_after: ClassVar[int] = 1


def known_errors() -> list[type[DomainError]]:
    """Every named failure of the house, one per code, by status and code: the page `/api/docs/errors`."""
    found: dict[str, type[DomainError]] = {}
    pending: list[type[DomainError]] = [DomainError]
    for kind in pending:
        found.setdefault(kind.code, kind)
        pending.extend(kind.__subclasses__())
    return sorted(found.values(), key=lambda kind: (kind.status, kind.code))
