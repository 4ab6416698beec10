"""The life of money at a gateway: attempts, and what goes back. `unknown` is a state of its own."""

from typing import Final

from fynlo.core.states import Transitions

PREPARED: Final = "prepared"
PRESENTED: Final = "presented"
AUTHORISED: Final = "authorised"
CAPTURED: Final = "captured"
DECLINED: Final = "declined"
CANCELLED: Final = "cancelled"
EXPIRED: Final = "expired"
REFUSED: Final = "refused"
UNKNOWN: Final = "unknown"

OPEN: Final = (PREPARED, PRESENTED, AUTHORISED, UNKNOWN)
"""Money may still be taken: somebody has to look."""
BLOCKING: Final = (PREPARED, PRESENTED, UNKNOWN)
"""While one of these is there, the same amount of the same order is not asked for again."""
NEVER_MADE: Final = "never_made"
"""What an attempt failed by that the vendor has never heard of."""
UNDECIDABLE: Final = "undecidable"
"""What stands in the way of an unknown attempt of which the vendor cannot say whether it ever had it."""

# What ended without money may turn out to have been too late to end: then the money counts.
_LATE: Final = {
    (ended, event): after
    for ended in (DECLINED, CANCELLED, EXPIRED, REFUSED)
    for event, after in (("authorise", AUTHORISED), ("capture", CAPTURED))
}
_RESOLVED: Final = {
    (UNKNOWN, "find"): PREPARED,  # the vendor has it, and nobody was asked to pay yet
    (UNKNOWN, "present"): PRESENTED,
    (UNKNOWN, "authorise"): AUTHORISED,
    (UNKNOWN, "capture"): CAPTURED,
    (UNKNOWN, "decline"): DECLINED,
    (UNKNOWN, "cancel"): CANCELLED,
    (UNKNOWN, "expire"): EXPIRED,
    (UNKNOWN, "refuse"): REFUSED,
}

ATTEMPT: Final = Transitions(
    "payment attempt",
    {
        (PREPARED, "present"): PRESENTED,
        (PREPARED, "authorise"): AUTHORISED,
        (PREPARED, "capture"): CAPTURED,
        (PREPARED, "decline"): DECLINED,
        (PREPARED, "cancel"): CANCELLED,
        (PREPARED, "expire"): EXPIRED,
        (PREPARED, "refuse"): REFUSED,
        (PREPARED, "lose"): UNKNOWN,
        (PRESENTED, "authorise"): AUTHORISED,
        (PRESENTED, "capture"): CAPTURED,
        (PRESENTED, "decline"): DECLINED,
        (PRESENTED, "cancel"): CANCELLED,
        (PRESENTED, "expire"): EXPIRED,
        (PRESENTED, "refuse"): REFUSED,
        (PRESENTED, "lose"): UNKNOWN,
        (DECLINED, "present"): PRESENTED,
        (DECLINED, "cancel"): CANCELLED,
        (DECLINED, "lose"): UNKNOWN,  # it was put before the guest once more, or let go, and no answer came
        (AUTHORISED, "capture"): CAPTURED,
        (AUTHORISED, "cancel"): CANCELLED,
        (AUTHORISED, "expire"): EXPIRED,
        (AUTHORISED, "lose"): UNKNOWN,
        **_RESOLVED,
        **_LATE,
    },
)
EVENT_TO: Final = {
    PREPARED: "find",
    PRESENTED: "present",
    AUTHORISED: "authorise",
    CAPTURED: "capture",
    DECLINED: "decline",
    CANCELLED: "cancel",
    EXPIRED: "expire",
    REFUSED: "refuse",
    UNKNOWN: "lose",
}
"""The event that leads to a state."""

PENDING: Final = "pending"
SUCCEEDED: Final = "succeeded"
FAILED: Final = "failed"

REFUND: Final = Transitions(
    "gateway refund",
    {
        (PREPARED, "accept"): PENDING,
        (PREPARED, "succeed"): SUCCEEDED,
        (PREPARED, "fail"): FAILED,
        (PREPARED, "lose"): UNKNOWN,
        (UNKNOWN, "accept"): PENDING,
        (UNKNOWN, "succeed"): SUCCEEDED,
        (UNKNOWN, "fail"): FAILED,
        (PENDING, "succeed"): SUCCEEDED,
        (PENDING, "fail"): FAILED,
        (SUCCEEDED, "fail"): FAILED,
        (FAILED, "retry"): PREPARED,
        (FAILED, "settle"): "settled",
    },
)
"""A refund may fail days after it succeeded. A failed one is sent anew (another number, another key) or settled by
other means."""
REFUND_STATES: Final = REFUND.states
