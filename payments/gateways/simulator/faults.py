"""What can go wrong at the simulated vendor, and which amounts make it so. Pure.

A fault strikes once for each payment (or refund): whoever asks again is answered. `declined` is the exception, a
bad card stays bad. The table is told to people in docs/concepts/simulator.md; a test compares them.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

DECLINED: Final = "declined"
LOST_AFTER: Final = "lost_after"
LOST_BEFORE: Final = "lost_before"
SERVER_ERROR: Final = "server_error"
RATE_LIMITED: Final = "rate_limited"
RATE_LIMITED_SILENTLY: Final = "rate_limited_silently"
READER_BUSY: Final = "reader_busy"
READER_OFFLINE: Final = "reader_offline"
TAKEN_AFTER_CANCEL: Final = "taken_after_cancel"
REFUND_FAILS_LATER: Final = "refund_fails_later"
UNKNOWN_STATE: Final = "unknown_state"
NOT_CONNECTED: Final = "not_connected"
DISPUTED: Final = "disputed"
BELL_LOST: Final = "bell_lost"
BELL_TWICE: Final = "bell_twice"

NAMES: Final = (
    DECLINED,
    LOST_AFTER,
    LOST_BEFORE,
    SERVER_ERROR,
    RATE_LIMITED,
    RATE_LIMITED_SILENTLY,
    READER_BUSY,
    READER_OFFLINE,
    TAKEN_AFTER_CANCEL,
    REFUND_FAILS_LATER,
    UNKNOWN_STATE,
    NOT_CONNECTED,
    DISPUTED,
    BELL_LOST,
    BELL_TWICE,
)
VERBS: Final = ("begin", "present", "tap", "advance", "increment", "capture", "cancel", "refund", "bell")
"""Where a fault can strike; `tap` is the guest's card, `bell` the vendor's call to us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault and the verb it waits for ("": the next one, whichever it is)."""

    name: str
    verb: str = ""


BY_ENDING: Final = MappingProxyType(
    {
        5: Fault(name=DECLINED, verb="tap"),
        6: Fault(name=LOST_AFTER, verb="present"),
        7: Fault(name=LOST_BEFORE, verb="present"),
        8: Fault(name=READER_BUSY, verb="present"),
        9: Fault(name=READER_OFFLINE, verb="present"),
        11: Fault(name=TAKEN_AFTER_CANCEL, verb="cancel"),
        12: Fault(name=REFUND_FAILS_LATER, verb="refund"),
        13: Fault(name=UNKNOWN_STATE, verb="advance"),
        14: Fault(name=RATE_LIMITED, verb="begin"),
        15: Fault(name=RATE_LIMITED_SILENTLY, verb="begin"),
        16: Fault(name=LOST_AFTER, verb="begin"),
        17: Fault(name=LOST_BEFORE, verb="begin"),
        18: Fault(name=SERVER_ERROR, verb="begin"),
        19: Fault(name=LOST_AFTER, verb="capture"),
        21: Fault(name=LOST_AFTER, verb="refund"),
        22: Fault(name=LOST_BEFORE, verb="refund"),
        23: Fault(name=BELL_TWICE, verb="bell"),
        24: Fault(name=BELL_LOST, verb="bell"),
        26: Fault(name=DISPUTED, verb="tap"),
        27: Fault(name=LOST_AFTER, verb="cancel"),
    }
)
"""The last two digits of the amount in minor units (of 4.05 EUR 05, of 405 JPY 05 too), and what they do."""


def by_amount(*, amount_minor: int, verb: str) -> Fault | None:
    """The fault that this amount brings upon this verb, if it does."""
    fault = BY_ENDING.get(amount_minor % 100)
    return fault if fault is not None and fault.verb == verb else None


def read_fault(stated: Any) -> Fault:
    """A fault as a script states it: `"lost_after"`, or `{"fault": "lost_after", "verb": "capture"}`.

    Raises ValueError for a fault or a verb that does not exist.
    """
    name, verb = (stated, "") if isinstance(stated, str) else (stated["fault"], stated.get("verb", ""))
    if name not in NAMES:
        raise ValueError(f"{name!r} is no fault of the simulator")
    if verb and verb not in VERBS:
        raise ValueError(f"{verb!r} is no verb a fault could strike")
    return Fault(name=name, verb=verb)
