"""What becomes known after its drawer was closed: a numbered late entry of that Z.

A till that was offline sells, refunds or pays out while its drawer is open, and says so when the drawer is closed.
It belongs to that session and that Z, whose document never changes: the late entry stands beside it, `K1-Z4-L2`.

Whoever counted the drawer counted this cash: the variance that was booked then is explained by it now. So a
`correction` of the session takes back as much as came late (debit and credit of over/short exchanged), and the sum
of the session's movements stays what was expected on the Z.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pos.registers.models import Closing


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntry:
    """What came late: `kind` is sale, refund or movement, `told` its number (`K1-R12`).

    `total_minor` is the receipt's total (of a refund below zero), `cash_minor` what it put into the drawer (took
    out: below zero). `at` is when it happened.
    """

    kind: str
    told: str
    total_minor: int
    cash_minor: int
    at: dt.datetime
    employee_id: UUID | None = None
    employee_name: str = ""


def record_late(
    *, register_id: UUID, session_id: UUID, entry: LateEntry, currency: str, recorded_at: dt.datetime
) -> Closing | None:
    """Write the late entry; None when the session has no Z."""
    del register_id, session_id, entry, currency, recorded_at
    return None
