"""Reading journals: pages of entries, marks of rare kinds, and looking at a chain from one end to the other."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import Max, Min, QuerySet

from fynlo.core.errors import NotFound
from fynlo.core.tenancy import current_tenant
from pos.fiscal.chain import ChainCheck, Finding, HasSigned
from pos.fiscal.clock import ClockWatch
from pos.fiscal.entries import SealedEntry
from pos.fiscal.kinds import CHECKPOINT, REPRINT, SIGNED, SYSTEM
from pos.fiscal.units import Outage
from pos.registers.journal.models import JournalEntry
from pos.registers.models import Register

CHUNK: Final = 2000
"""Entries in memory at a time, whatever is read."""
MOST_FINDINGS: Final = 100

FIELDS: Final = (
    "register_code",
    "position",
    "kind",
    "number",
    "at",
    "recorded_at",
    "business_date",
    "recipe",
    "body",
    "previous_hash",
    "hash",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalHead:
    """Where a register's journal ends, as the register itself says."""

    register_id: UUID
    code: str
    position: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What looking at a stretch of a journal found. `next_after` is where to go on, None at the end.

    `signed_position` is the last checkpoint with a valid signature; `finding_count` counts those not kept too.
    """

    register_code: str
    first_position: int
    last_position: int
    entry_count: int
    checkpoint_count: int
    signed_position: int
    findings: tuple[Finding, ...]
    finding_count: int
    next_after: int | None = field(default=None)


def journal_head(*, register_id: UUID) -> JournalHead:
    """Where the register's journal ends, in one statement. Raises `NotFound`."""
    fields = ("code", "last_journal_position", "journal_head")
    row = Register.objects.filter(pk=register_id).values_list(*fields).first()
    if row is None:
        raise NotFound("There is no such register.")
    return JournalHead(register_id=register_id, code=row[0], position=row[1], head=row[2])


def journal_heads() -> list[JournalHead]:
    """Every register with a journal, by code, in one statement."""
    rows = Register.objects.filter(last_journal_position__gt=0).order_by("code")
    fields = ("id", "code", "last_journal_position", "journal_head")
    return [
        JournalHead(register_id=key, code=code, position=position, head=head)
        for key, code, position, head in rows.values_list(*fields)
    ]


def entries(
    *,
    register_id: UUID,
    kind: str | None = None,
    number: str | None = None,
    business_date: dt.date | None = None,
) -> QuerySet[JournalEntry, JournalEntry]:
    """A register's entries by position; of a kind, under a number people read, of a day, if said."""
    found = JournalEntry.objects.filter(register_id=register_id).order_by("position")
    if kind is not None:
        found = found.filter(kind=kind)
    if number is not None:
        found = found.filter(number=number)
    if business_date is not None:
        found = found.filter(business_date=business_date)
    return found


def chain(*, register_id: UUID, after: int, last: int, kind: str | None = None) -> Iterator[SealedEntry]:
    """The entries after position `after` up to `last` (of a kind, if said), in order, few in memory at a time."""
    found = entries(register_id=register_id, kind=kind)
    while after < last:
        rows = found.filter(position__gt=after, position__lte=last)
        page = list(rows.values_list(*FIELDS)[:CHUNK])
        for row in page:
            yield SealedEntry(**dict(zip(FIELDS, row, strict=True)))
        if len(page) < CHUNK:
            return
        after = page[-1][1]


def chain_of(*, register_id: UUID, after: int, kinds: Sequence[str], limit: int) -> Iterator[SealedEntry]:
    """The next entries of these kinds after position `after`, at most `limit`."""
    rows = JournalEntry.objects.filter(register_id=register_id, position__gt=after, kind__in=kinds)
    for row in rows.order_by("position").values_list(*FIELDS)[:limit]:
        yield SealedEntry(**dict(zip(FIELDS, row, strict=True)))


def hash_at(*, register_id: UUID, position: int) -> str:
    """The hash of the entry at this position, "" for position 0. Raises `NotFound`."""
    if position == 0:
        return ""
    rows = JournalEntry.objects.filter(register_id=register_id, position=position)
    found: str | None = rows.values_list("hash", flat=True).first()
    if found is None:
        raise NotFound("There is no entry at this position.")
    return found


def days(*, register_id: UUID, first: dt.date, last: dt.date) -> tuple[int, int] | None:
    """First and last position with a business date in [first, last]; None if there is none.

    What lies between may be of other days: a late sale stands where it became known.
    """
    rows = JournalEntry.objects.filter(register_id=register_id, business_date__range=(first, last))
    found = rows.aggregate(first=Min("position"), last=Max("position"))
    return None if found["first"] is None else (found["first"], found["last"])


def last_mark(*, register_id: UUID, kind: str, up_to: int | None = None) -> SealedEntry | None:
    """The last entry of a rare kind, up to a position if said; None if there is none. One statement."""
    rows = JournalEntry.objects.filter(register_id=register_id, kind=kind)
    if up_to is not None:
        rows = rows.filter(position__lte=up_to)
    row = rows.order_by("-position").values_list(*FIELDS).first()
    return None if row is None else SealedEntry(**dict(zip(FIELDS, row, strict=True)))


def last_system_entry(*, register_id: UUID, event: str) -> SealedEntry | None:
    """The last entry of the technical log that tells of this event; None if there is none. One statement."""
    # Names are sorted in a body, and that of an event is the first.
    begins = f'{{"event":"{event}"'
    rows = JournalEntry.objects.filter(register_id=register_id, kind=SYSTEM, body__startswith=begins)
    row = rows.order_by("-position").values_list(*FIELDS).first()
    return None if row is None else SealedEntry(**dict(zip(FIELDS, row, strict=True)))


def checkpoint_after(*, register_id: UUID, position: int) -> int | None:
    """Position of the first checkpoint at or after `position`; None if there is none."""
    rows = JournalEntry.objects.filter(register_id=register_id, kind=CHECKPOINT, position__gte=position)
    found: int | None = rows.order_by("position").values_list("position", flat=True).first()
    return found


def reprint_count(*, register_id: UUID, number: str) -> int:
    """How often the receipt with this number was printed again at this register."""
    return JournalEntry.objects.filter(register_id=register_id, kind=REPRINT, number=number).count()


def open_outage(*, register_id: UUID) -> Outage | None:
    """The outage of the register's signing unit that lasts; None if there is none. Two statements."""
    began = last_system_entry(register_id=register_id, event="signing_outage_began")
    ended = last_system_entry(register_id=register_id, event="signing_outage_ended")
    if began is None or (ended is not None and ended.position > began.position):
        return None
    return Outage(began_at=began.at, cause=json.loads(began.body)["values"]["cause"])


def signing_of(*, register_id: UUID, number: str) -> dict[str, str] | None:
    """What the signing unit said of the receipt with this number, the last time: `state` is `signed` or `outage`.

    None while it has not been asked, or where there is no unit. For receipts, which must show an outage.
    """
    rows = JournalEntry.objects.filter(register_id=register_id, kind=SIGNED, number=number)
    body: str | None = rows.order_by("-position").values_list("body", flat=True).first()
    return None if body is None else json.loads(body)


def verify(
    *,
    register_id: UUID,
    keys: frozenset[str],
    has_signed: HasSigned,
    after: int = 0,
    limit: int | None = None,
    watch: ClockWatch | None = None,
) -> Verification:
    """Look at the journal after position `after`, at most `limit` entries, and say what is wrong.

    `keys` are the public keys that may have signed. Raises `NotFound` for an unknown register or position. Reads
    as it goes: entries that come meanwhile are left for the next time. `watch` sees every entry, too.
    """
    end = journal_head(register_id=register_id)
    before = hash_at(register_id=register_id, position=after)
    last = end.position if limit is None else min(end.position, after + limit)
    check = ChainCheck(
        merchant=current_tenant().slug,
        keys=keys,
        has_signed=has_signed,
        before=before,
        after_position=after,
    )
    kept: list[Finding] = []
    count = 0
    for entry in chain(register_id=register_id, after=after, last=last):
        if watch is not None:
            watch.see(entry)
        for finding in check.see(entry):
            count += 1
            if count <= MOST_FINDINGS:
                kept.append(finding)
    if last == end.position:
        found = list(check.end(position=end.position, head=end.head))
        count += len(found)
        kept += found
    return Verification(
        register_code=end.code,
        first_position=min(after + 1, last),
        last_position=last,
        entry_count=check.seen,
        checkpoint_count=check.checkpoints,
        signed_position=check.signed_position,
        findings=tuple(kept),
        finding_count=count,
        next_after=None if last == end.position else last,
    )
