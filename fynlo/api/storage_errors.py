"""What a database error means to a caller, told by SQLSTATE and constraint name, never by text."""

from dataclasses import dataclass
from typing import Final

import structlog
from django.db import connection
from django.db.utils import Error, IntegrityError

from fynlo.api.errors import (
    ConstraintConflict,
    DatabaseBusy,
    DatabaseTimeout,
    DatabaseUnavailable,
    NumberTooLarge,
)
from fynlo.core.database import (
    DEADLOCK_DETECTED,
    LOCK_NOT_AVAILABLE,
    SERIALIZATION_FAILURE,
    constraint,
    is_outage,
    sqlstate,
)
from fynlo.core.errors import DomainError

_BUSY: Final = frozenset({DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE, SERIALIZATION_FAILURE})
_QUERY_CANCELED: Final = "57014"
_NUMERIC_OUT_OF_RANGE: Final = "22003"
_READ_ONLY_SERVER: Final = "25006"  # a standby answers: the primary is being replaced
# Unique, foreign key, exclusion, check. A missing value (23502) is a fault of ours, not a conflict.
_CONFLICTS: Final = frozenset({"23505", "23503", "23P01", "23514"})

log = structlog.get_logger("fynlo.api")


@dataclass(frozen=True, slots=True)
class Meaning:
    """How the violation of a constraint is told: an error class of the room that owns it, and a sentence."""

    error: type[DomainError]
    detail: str


_meanings: dict[str, Meaning] = {}


def explain(*, prefix: str, error: type[DomainError] = ConstraintConflict, detail: str) -> None:
    """Say what a violated constraint whose name starts with `prefix` means (call it in `AppConfig.ready`).

    The longest matching prefix wins. Prefixes, because a sharding engine appends to the names.
    """
    _meanings[prefix] = Meaning(error, detail)


def named(error: BaseException) -> DomainError | None:  # noqa: PLR0911  one line per meaning
    """The named failure behind a database error, or None when it is none or a fault of ours."""
    if not isinstance(error, Error):
        return None
    state = sqlstate(error)
    if is_outage(error) or state == _READ_ONLY_SERVER:
        return DatabaseUnavailable(retry_after=2)
    if state in _BUSY:
        return DatabaseBusy(retry_after=1)
    if state == _QUERY_CANCELED:
        return DatabaseTimeout(retry_after=5)
    if state == _NUMERIC_OUT_OF_RANGE:
        return NumberTooLarge("This comes to more than can be kept.", pointer="")
    if isinstance(error, IntegrityError) and state in _CONFLICTS:
        return _conflict(constraint(error))
    return None


def _conflict(name: str) -> DomainError:
    log.warning("constraint_violated", constraint=name)
    prefixes = sorted((prefix for prefix in _meanings if name.startswith(prefix)), key=len)
    if not prefixes:
        return ConstraintConflict("The change contradicts what is stored.")
    meaning = _meanings[prefixes[-1]]
    return meaning.error(meaning.detail)


def drop_lost_connection(error: BaseException) -> None:
    """Let go of a connection that `error` says is lost, so that the next request makes a new one.

    Inside a transaction it is left to whoever opened that.
    """
    if isinstance(error, Error) and is_outage(error) and not connection.in_atomic_block:
        connection.close()
