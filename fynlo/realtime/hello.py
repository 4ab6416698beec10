"""The first message of a socket, read strictly. Pure.

    {"type": "authenticate", "ticket": "…", "since": 41}

`since` is the last position the client has; everything after it follows. Left out, only what happens from
now on follows.
"""

import json
from dataclasses import dataclass
from typing import Any

LARGEST_MESSAGE = 4096
LARGEST_POSITION = 2**53 - 1
_LONGEST_TICKET = 128


class BadMessage(ValueError):
    """A client's message is not one the protocol knows; the socket is closed with 4400."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a client asks for."""

    ticket: str
    since: int | None


def parse_hello(text: str | None) -> Hello:
    """Read the first message; anything but exactly the shape above raises `BadMessage`."""
    if text is None:
        raise BadMessage("binary messages are not understood")
    if len(text) > LARGEST_MESSAGE:
        raise BadMessage(f"longer than {LARGEST_MESSAGE} characters")
    try:
        message = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse, parse_float=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadMessage("not JSON") from error
    if not isinstance(message, dict) or message.get("type") != "authenticate":
        raise BadMessage("the first message must be of type authenticate")
    unknown = message.keys() - {"type", "ticket", "since"}
    if unknown:
        raise BadMessage(f"unknown fields: {', '.join(sorted(unknown))}")
    return Hello(ticket=_ticket(message.get("ticket")), since=_since(message.get("since")))


def _ticket(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TICKET or not value.isascii():
        raise BadMessage("ticket must be a short text")
    return value


def _since(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_POSITION:
        raise BadMessage("since must be a position")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadMessage("a key appears twice")
    return found


def _refuse(text: str) -> Any:
    raise BadMessage(f"{text} is no value of the protocol")
