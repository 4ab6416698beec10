"""The lives of counts, transfers and reservations."""

from typing import Final

from fynlo.core.states import Transitions

DRAFT: Final = "draft"
CANCELLED: Final = "cancelled"

COUNTING: Final = "counting"
SUBMITTED: Final = "submitted"
CLOSED: Final = "closed"

COUNT: Final = Transitions(
    "count",
    {
        (DRAFT, "enter"): COUNTING,
        (DRAFT, "cancel"): CANCELLED,
        (COUNTING, "enter"): COUNTING,
        (COUNTING, "submit"): SUBMITTED,
        (COUNTING, "cancel"): CANCELLED,
        (SUBMITTED, "approve"): CLOSED,
        (SUBMITTED, "recount"): COUNTING,
        (SUBMITTED, "cancel"): CANCELLED,
    },
)

SENT: Final = "sent"
PARTLY_RECEIVED: Final = "partly_received"
RECEIVED: Final = "received"
REJECTED: Final = "rejected"

TRANSFER: Final = Transitions(
    "transfer",
    {
        (DRAFT, "send"): SENT,
        (DRAFT, "cancel"): CANCELLED,
        (SENT, "receive_part"): PARTLY_RECEIVED,
        (SENT, "receive_rest"): RECEIVED,
        (SENT, "reject"): REJECTED,
        (PARTLY_RECEIVED, "receive_part"): PARTLY_RECEIVED,
        (PARTLY_RECEIVED, "receive_rest"): RECEIVED,
        (PARTLY_RECEIVED, "reject"): RECEIVED,
    },
)
"""Goods are in transit while it is sent or partly received. Rejecting a rest sends that rest back."""

ACTIVE: Final = "active"
CONSUMED: Final = "consumed"
RELEASED: Final = "released"
EXPIRED: Final = "expired"

RESERVATION: Final = Transitions(
    "reservation",
    {
        (ACTIVE, "extend"): ACTIVE,
        (ACTIVE, "consume"): CONSUMED,
        (ACTIVE, "release"): RELEASED,
        (ACTIVE, "expire"): EXPIRED,
    },
)
"""Goods are kept while it is active, and past its time until the sweep comes by."""
