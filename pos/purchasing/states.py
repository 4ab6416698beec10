"""The life of a purchase order."""

from typing import Final

from fynlo.core.states import Transitions

DRAFT, SENT, CONFIRMED = "draft", "sent", "confirmed"
PARTLY_RECEIVED, RECEIVED, CANCELLED = "partly_received", "received", "cancelled"

ORDER: Final = Transitions(
    "purchase order",
    {
        (DRAFT, "send"): SENT,
        (DRAFT, "cancel"): CANCELLED,
        (SENT, "confirm"): CONFIRMED,
        (SENT, "receive_part"): PARTLY_RECEIVED,
        (SENT, "receive_all"): RECEIVED,
        (SENT, "cancel"): CANCELLED,
        (CONFIRMED, "confirm"): CONFIRMED,
        (CONFIRMED, "receive_part"): PARTLY_RECEIVED,
        (CONFIRMED, "receive_all"): RECEIVED,
        (CONFIRMED, "cancel"): CANCELLED,
        (PARTLY_RECEIVED, "confirm"): PARTLY_RECEIVED,
        (PARTLY_RECEIVED, "receive_part"): PARTLY_RECEIVED,
        (PARTLY_RECEIVED, "receive_all"): RECEIVED,
        # The rest is not coming: what came stays received.
        (PARTLY_RECEIVED, "close"): RECEIVED,
    },
)
OPEN: Final = (SENT, CONFIRMED, PARTLY_RECEIVED)
"""On their way: what is ordered and not yet received counts as on order."""

QUEUED, EMAIL_SENT, FAILED = "queued", "sent", "failed"
EMAIL: Final = Transitions(
    "e-mail to a supplier",
    {
        (QUEUED, "send"): EMAIL_SENT,
        (QUEUED, "fail"): FAILED,
    },
)
