"""What the journal tells of drawers, sessions, closings, reprints and the machine itself: names, codes, amounts.

Each function makes one draft from plain values; `pos.orders.journaling` does it for what is sold. Persons are
named as they were called, nobody has an id, and what may be personal otherwise (notes) is not in a chain that can
never be shortened.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fynlo.core.money import exponent
from pos.fiscal import kinds
from pos.fiscal.amounts import amount_text
from pos.fiscal.canonical import Body
from pos.fiscal.entries import JournalDraft
from pos.fiscal.recipe import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something happened, and who did it: "" for a device by itself, `approver` who allowed it if asked."""

    at: dt.datetime
    business_date: dt.date
    employee: str = ""
    approver: str = ""


def session_opened_entry(
    *,
    moment: Moment,
    drawer: str,
    number: str,
    opening_float_minor: int,
    currency: str,
    foreign: Mapping[str, int] | None = None,
) -> JournalDraft:
    """A drawer's session began (or its float was confirmed) with this much in it. `number`: `D1-S4`."""
    amount = amount_text(digits=exponent(currency))
    body: Body = {"drawer": drawer, "currency": currency, "opening_float": amount(opening_float_minor)}
    if foreign:
        body = {**body, "foreign": foreign_texts(foreign)}
    return _draft(kinds.SESSION_OPENED, moment, body, number)


def cash_moved_entry(
    *,
    moment: Moment,
    drawer: str,
    movement: str,
    amount_minor: int,
    currency: str,
    number: str = "",
    reason: str = "",
    flags: Sequence[str] = (),
) -> JournalDraft:
    """Cash went into (above 0) or out of a drawer other than by a sale. `movement` is the kind of the movement."""
    amount = amount_text(digits=exponent(currency))
    body: Body = {
        "drawer": drawer,
        "movement": movement,
        "currency": currency,
        "amount": amount(amount_minor),
        "reason": reason or None,
        "flags": list(flags) or None,
    }
    return _draft(kinds.CASH_MOVED, moment, body, number)


def drawer_opened_entry(
    *, moment: Moment, drawer: str, number: str = "", reason: str = "", flags: Sequence[str] = ()
) -> JournalDraft:
    """A drawer was opened without a sale."""
    body: Body = {"drawer": drawer, "reason": reason or None, "flags": list(flags) or None}
    return _draft(kinds.DRAWER_OPENED, moment, body, number)


def closing_entry(
    *,
    moment: Moment,
    number: str,
    from_position: int,
    to_position: int,
    digest: str,
    currency: str,
    grand_total_minor: int,
    refund_total_minor: int,
    totals: Mapping[str, int] | None = None,
    foreign: Mapping[str, int] | None = None,
) -> JournalDraft:
    """A Z: which positions it covers, the digest of its document, and the totals of the register for ever.

    `totals` are figures of the Z worth a line of their own, in minor units by name (`sales`, `refunds`, `expected`,
    `counted`, `variance` …), `foreign` what was counted of other currencies.
    """
    amount = amount_text(digits=exponent(currency))
    body: Body = {
        "from_position": str(from_position),
        "to_position": str(to_position),
        "document_digest": digest,
        "currency": currency,
        "grand_total": amount(grand_total_minor),
        "refund_total": amount(refund_total_minor),
        "totals": {name: amount(minor) for name, minor in (totals or {}).items()},
    }
    if foreign:
        body = {**body, "foreign": foreign_texts(foreign)}
    return _draft(kinds.CLOSING, moment, body, number)


def late_entry(
    *,
    moment: Moment,
    number: str,
    closing: str,
    told: str,
    digest: str,
    currency: str,
    total_minor: int,
) -> JournalDraft:
    """A sale or refund (`told` is its number) became known after the Z it belongs to; `number`: `K1-Z4-L2`."""
    amount = amount_text(digits=exponent(currency))
    body: Body = {
        "closing": closing,
        "entry": told,
        "document_digest": digest,
        "currency": currency,
        "total": amount(total_minor),
    }
    return _draft(kinds.LATE, moment, body, number)


def reprint_entry(*, moment: Moment, number: str, copy: int, document: str) -> JournalDraft:
    """A receipt was printed again, as its copy number `copy`. `number` is the receipt's, `document` its kind."""
    return _draft(kinds.REPRINT, moment, {"copy": str(copy), "document": document}, number)


def system_entry(*, moment: Moment, event: str, values: Mapping[str, str] | None = None) -> JournalDraft:
    """Something happened to the machine: `event` is one word, `values` say more. For the technical log.

    Nothing in the body comes before `event`, so that entries are found by how they begin.
    """
    people = {"employee": moment.employee or None, "approver": moment.approver or None}
    body = {"event": event, "values": {**people, **(values or {})}}
    return JournalDraft(kind=kinds.SYSTEM, at=moment.at, business_date=moment.business_date, body=body)


def training_switched_entry(*, moment: Moment, is_training: bool) -> JournalDraft:
    """Training was switched on or off at a register."""
    return system_entry(moment=moment, event="training_on" if is_training else "training_off")


def foreign_texts(amounts: Mapping[str, int]) -> dict[str, str]:
    """Amounts of other currencies by their codes."""
    return {name: amount_text(digits=exponent(name))(amounts[name]) for name in sorted(amounts)}


def told_instant(at: dt.datetime) -> str:
    """A time within a body, written like those of the entries."""
    return instant(at)


def _draft(kind: str, moment: Moment, body: Body, number: str) -> JournalDraft:
    people = {"employee": moment.employee or None, "approver": moment.approver or None}
    return JournalDraft(
        kind=kind,
        at=moment.at,
        business_date=moment.business_date,
        number=number,
        body={**body, **people},
    )
