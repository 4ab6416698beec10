"""A guest's bank takes money back: disputes at the simulated vendor."""

import datetime as dt
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from payments.gateways import base
from payments.gateways.simulator.balance import book
from payments.gateways.simulator.bells import ring
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.store import Desk, add, change, needed, of, own, vendor_id

_ANSWER_WITHIN: Final = dt.timedelta(days=7)
_FEE_MINOR: Final = 1500
_PAPERS: Final = {"application/pdf": b"%PDF", "image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8"}
"""What banks take as a paper, by what its content begins with."""


def open_dispute(
    *, desk: Desk, payment: str, amount_minor: int | None = None, reason: str = "fraudulent"
) -> str:
    """Somebody says they never paid that. The money and a fee are taken at once. The dispute's name.

    Raises `Refused` when nothing was captured, or less.
    """
    with own():
        return vendor_id(disputed(desk=desk, payment=payment, amount_minor=amount_minor, reason=reason))


def disputed(*, desk: Desk, payment: str, amount_minor: int | None, reason: str) -> SimulatedObject:
    """The same inside a transaction of the vendor's."""
    row = needed(desk=desk, kind="payment", name=payment)
    amount = row.data["captured"] if amount_minor is None else amount_minor
    if not 0 < amount <= row.data["captured"]:
        raise base.Refused("That much was not captured.", code="amount_too_large")
    data = {
        "state": "needs_response",
        "amount": amount,
        "currency": row.data["currency"],
        "reason": reason,
        "due_by": (desk.at + _ANSWER_WITHIN).isoformat(),
        "attempt": row.about,
        "changed_at": desk.at.isoformat(),
    }
    dispute = add(desk=desk, kind="dispute", data=data, about=payment)
    fee = int(desk.settings.get("dispute_fee_minor", _FEE_MINOR))
    _book(desk, dispute, "dispute", -amount, fee)
    ring(desk=desk, kind="dispute.created", row=dispute, attempt=row.about)
    return dispute


def close_dispute(*, desk: Desk, name: str, is_won: bool) -> None:
    """The bank has decided. Of one that is won the money comes back, the fee does not."""
    with own():
        dispute = needed(desk=desk, kind="dispute", name=name)
        if dispute.data["state"] in {"won", "lost"}:
            return
        change(dispute, state="won" if is_won else "lost", changed_at=desk.at.isoformat())
        if is_won:
            _book(desk, dispute, "dispute_reversal", dispute.data["amount"], 0)
        ring(desk=desk, kind="dispute.closed", row=dispute, attempt=dispute.data["attempt"])


def answered(
    *, desk: Desk, dispute: SimulatedObject, evidence: base.Evidence, is_draft: bool
) -> SimulatedObject:
    """What the merchant says about it; unless it is a draft the bank looks into it now.

    Raises `TooLate` when the bank need not know any more, `Refused` for a paper it does not take.

    Inside a transaction of the vendor's.
    """
    if (
        dispute.data["state"] != "needs_response"
        or dt.datetime.fromisoformat(dispute.data["due_by"]) <= desk.at
    ):
        raise base.TooLate
    for name, media_type, content in evidence.papers.values():
        if media_type not in _PAPERS or not content.startswith(_PAPERS[media_type]):
            raise base.Refused(f"{name} is no PDF, PNG or JPEG.", code="paper_not_taken")
    said = {
        "texts": dict(evidence.texts),
        "papers": {name: [paper[0], len(paper[2])] for name, paper in sorted(evidence.papers.items())},
    }
    state = dispute.data["state"] if is_draft else "under_review"
    change(dispute, state=state, evidence=said, changed_at=desk.at.isoformat())
    ring(desk=desk, kind="dispute.updated", row=dispute, attempt=dispute.data["attempt"])
    return dispute


def disputes_since(*, desk: Desk, since: dt.datetime) -> Iterator[base.DisputeFact]:
    """Disputes that were opened or changed since then, the oldest first."""
    for dispute in of(desk=desk, kind="dispute"):
        if dt.datetime.fromisoformat(dispute.data["changed_at"]) >= since:
            yield dispute_fact(dispute)


def dispute_fact(dispute: SimulatedObject) -> base.DisputeFact:
    """The dispute in the words of the gateway contract."""
    data = dispute.data
    return base.DisputeFact(
        id=vendor_id(dispute),
        payment=dispute.about,
        amount_minor=data["amount"],
        currency=data["currency"],
        state=data["state"],
        opened_at=dispute.at,
        due_at=dt.datetime.fromisoformat(data["due_by"]),
        reason=data["reason"],
        attempt_id=UUID(data["attempt"]),
    )


def _book(desk: Desk, dispute: SimulatedObject, category: str, gross_minor: int, fee_minor: int) -> None:
    book(
        desk=desk,
        category=category,
        source=vendor_id(dispute),
        payment=dispute.about,
        gross_minor=gross_minor,
        fee_minor=fee_minor,
        currency=dispute.data["currency"],
    )
