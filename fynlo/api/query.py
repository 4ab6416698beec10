"""Query parameters: only declared ones, each once, each in one spelling."""

import datetime as dt
import re
import uuid
from collections.abc import Collection, Mapping
from typing import Any, Final

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from fynlo.api.errors import InvalidQuery, ParameterProblem
from fynlo.api.fields import DateField, IdField, TimestampField
from fynlo.api.serializers import hint

_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]{0,15})", re.ASCII)
_CONTROL: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffd]")
_MAX_LENGTH: Final = 500


def read_query(request: Request, allowed: Collection[str]) -> dict[str, str]:
    """The parameters of `request` by name; raises `InvalidQuery` for unknown, repeated or unreadable ones."""
    problems: list[ParameterProblem] = []
    values: dict[str, str] = {}
    for name, given in request.query_params.lists():
        if name not in allowed:
            known = sorted(allowed)
            advice = hint(name, known) if known else "There are no parameters here."
            problems.append(_problem(name, "unknown_parameter", f"This parameter is not known. {advice}"))
        elif len(given) > 1:
            problems.append(_problem(name, "repeated_parameter", "This parameter is given more than once."))
        elif len(given[0]) > _MAX_LENGTH or _CONTROL.search(given[0]):
            problems.append(_problem(name, "invalid", "This value cannot be read."))
        else:
            values[name] = given[0]
    if problems:
        raise InvalidQuery(problems[0].detail, errors=problems)
    return values


def integer(
    query: Mapping[str, str], name: str, *, default: int, minimum: int = 0, maximum: int = 2**53 - 1
) -> int:
    """A whole number in ASCII digits between `minimum` and `maximum`, or `default` when not given."""
    text = query.get(name)
    if text is None:
        return default
    if not _INTEGER.fullmatch(text) or not minimum <= int(text) <= maximum:
        raise InvalidQuery.of(name, "invalid", f"A whole number from {minimum} to {maximum} is expected.")
    return int(text)


def identifier(query: Mapping[str, str], name: str) -> uuid.UUID | None:
    """A UUIDv7 in its canonical spelling, or None when not given."""
    return None if name not in query else _by_field(IdField(), query[name], name)


def timestamp(query: Mapping[str, str], name: str) -> dt.datetime | None:
    """An instant of RFC 3339 in UTC, or None when not given."""
    return None if name not in query else _by_field(TimestampField(), query[name], name)


def day(query: Mapping[str, str], name: str) -> dt.date | None:
    """A calendar day, `YYYY-MM-DD`, or None when not given."""
    return None if name not in query else _by_field(DateField(), query[name], name)


def choice(query: Mapping[str, str], name: str, *, known: Collection[str]) -> str | None:
    """One of the `known` texts, or None when not given."""
    text = query.get(name)
    if text is not None and text not in known:
        raise InvalidQuery.of(name, "invalid_choice", f"This value is not known. {hint(text, sorted(known))}")
    return text


def _by_field(field: DateField | IdField | TimestampField, text: str, name: str) -> Any:
    try:
        return field.to_internal_value(text)
    except ValidationError:
        detail = str(field.error_messages["invalid"])
        raise InvalidQuery.of(name, "invalid", detail) from None


def _problem(name: str, code: str, detail: str) -> ParameterProblem:
    return ParameterProblem(_CONTROL.sub("\ufffd", name[:_MAX_LENGTH]), code, detail)
