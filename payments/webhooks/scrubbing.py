"""What of an event is kept: everything a person may read. Pure."""

from collections.abc import Mapping
from typing import Any, Final

_SECRET: Final = ("secret", "token", "password", "authorization")
_PEOPLE: Final = frozenset(
    {
        "address",
        "billing_details",
        "customer_details",
        "customer_email",
        "email",
        "individual",
        "phone",
        "receipt_email",
        "shipping",
    }
)
"""Members that say who paid: nobody here needs them to know where to look."""
_DEEPEST: Final = 24


def scrubbed(value: Any, *, depth: int = 0) -> Any:
    """The same without what opens something or names somebody (members whose name says so), and NUL, which no
    database keeps.
    """
    if depth > _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {
            _text(str(name)): scrubbed(each, depth=depth + 1)
            for name, each in value.items()
            if str(name).lower() not in _PEOPLE and not any(word in str(name).lower() for word in _SECRET)
        }
    if isinstance(value, list | tuple):
        return [scrubbed(each, depth=depth + 1) for each in value]
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    return value.replace("\x00", "")
