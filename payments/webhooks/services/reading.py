"""Whether what a vendor signed is an event that can be kept: all else is refused like a forgery."""

import math
from collections.abc import Mapping
from typing import Any, Final

from payments.gateways.base import BadSignature, Gateway, Inbound, VerifiedEvent

DEEPEST: Final = 64
"""Levels of a payload. What vendors send has about ten."""
_NO_EVENT: Final = "What was signed is no event."


def verified_event(*, gateway: Gateway, inbound: Inbound) -> VerifiedEvent:
    """The event, of which the database keeps every value. Raises `BadSignature`, whatever is in the body."""
    try:
        event = gateway.verify(inbound=inbound)
    except (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError):
        raise BadSignature(_NO_EVENT) from None
    names = (event.id, event.kind, event.account)
    if not event.id or not isinstance(event.payload, Mapping):
        raise BadSignature(_NO_EVENT)
    if not all(isinstance(name, str) for name in names) or not _can_be_kept([*names, event.payload]):
        raise BadSignature(_NO_EVENT)
    return event


def _can_be_kept(values: list[Any]) -> bool:
    """Level by level, so that no depth is too deep for whoever looks."""
    for _ in range(DEEPEST):
        below: list[Any] = []
        for value in values:
            if isinstance(value, Mapping):
                below += [*value.keys(), *value.values()]
            elif isinstance(value, list | tuple):
                below += value
            elif not _is_plain(value):
                return False
        if not below:
            return True
        values = below
    return False


def _is_plain(value: Any) -> bool:
    """A number that is one; text without half of a character, and without the one that no database keeps."""
    if isinstance(value, float):
        return math.isfinite(value)
    if not isinstance(value, str):
        return True
    return "\0" not in value and not any("\ud800" <= each <= "\udfff" for each in value)
