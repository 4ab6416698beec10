"""Signed checkpoints: what stands at a register's head, said so that nobody can say otherwise later.

One a day, and one at every closing. A checkpoint is an entry of the journal it speaks of, so it travels with every
export; kept anywhere else it shows a journal that was written anew, which the journal alone never could.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

import structlog
from django.db import connection

from fynlo.core.errors import NotFound
from fynlo.core.money import exponent
from fynlo.core.sealing import CannotUnseal
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from pos.events import JournalCheckpointSigned
from pos.fiscal.amounts import amount_text
from pos.fiscal.checkpoints import SIGNATURE, checkpoint_text, checkpoint_values
from pos.fiscal.clock import ClockWatch
from pos.fiscal.entries import JournalDraft, SealedEntry
from pos.fiscal.kinds import CHECKPOINT, SYSTEM
from pos.fiscal.recipe import instant
from pos.registers.journal.bodies import Moment, system_entry
from pos.registers.journal.queries import JournalHead, journal_heads, last_mark, verify
from pos.registers.journal.services.appending import append_entries
from pos.registers.journal.services.keys import SigningKey, has_signed, public_keys, signing_key
from pos.registers.journal.services.technical import clock_jumped
from pos.registers.queries import register_place

log = structlog.get_logger("fynlo.pos")

SIGN_EVERY: Final = dt.timedelta(hours=23)
"""How old a register's last checkpoint is when the daily task makes the next one."""

_LOCK: Final = """
SELECT code, last_journal_position, journal_head, grand_total_minor, refund_total_minor
FROM pos_register WHERE id = %s FOR NO KEY UPDATE
"""


def append_checkpoint(
    *, register_id: UUID, key: SigningKey, business_date: dt.date, at: dt.datetime
) -> SealedEntry | None:
    """Sign what stands at the register's head, as the journal's next entry; None before the first entry.

    Runs in the caller's unit of work and locks the register's row; `key` is read before, because making the first
    one locks the catalogue's row.
    """
    draft = _draft(register_id, key, business_date, at)
    if draft is None:
        return None
    (sealed,) = append_entries(register_id=register_id, drafts=[draft], recorded_at=at)
    state = {"entry": sealed.position, "checkpoint": dict(draft.body)}
    append(JournalCheckpointSigned(entity_id=register_id, at=at, state=state))
    return sealed


def sign_checkpoints(*, at: dt.datetime, closed: Collection[UUID] = ()) -> int:
    """Sign every register's journal that has grown and whose last checkpoint is a day old. Returns how many.

    Those in `closed` have just been closed and are signed whatever the day. What came since the last checkpoint is
    verified first; a journal that does not hold is not signed, and says so. So does one whose key cannot be
    opened. Safe to run as often as one likes.
    """
    keys = public_keys().known
    return sum(_sign(head, keys, at, is_closed=head.register_id in closed) for head in journal_heads())


def _sign(head: JournalHead, keys: frozenset[str], at: dt.datetime, *, is_closed: bool) -> bool:
    last = last_mark(register_id=head.register_id, kind=CHECKPOINT)
    if last is not None:
        is_fresh = at - last.recorded_at < SIGN_EVERY and not is_closed
        if last.position == head.position or is_fresh:
            return False
    after = 0 if last is None else last.position - 1
    watch = ClockWatch()
    found = verify(register_id=head.register_id, keys=keys, has_signed=has_signed, after=after, watch=watch)
    place = register_place(register_id=head.register_id)
    if place is None:
        return False
    moment = Moment(at=at, business_date=place.business_date(at))
    if found.finding_count:
        log.error("journal_does_not_verify", register=head.code, findings=found.finding_count)
        values = {"findings": str(found.finding_count), "first": found.findings[0].message}
        return _say_once(head, "journal_does_not_verify", values, moment)
    try:
        key = signing_key(at=at)
    except CannotUnseal:
        log.exception("checkpoint_not_signed", register=head.code)
        return _say_once(head, "checkpoint_not_signed", {"reason": "key_sealed"}, moment)
    jumps = [clock_jumped(jump=jump, moment=moment) for jump in watch.jumps]
    with unit_of_work():
        append_entries(register_id=head.register_id, drafts=jumps, recorded_at=at)
        return (
            append_checkpoint(
                register_id=head.register_id, key=key, business_date=moment.business_date, at=at
            )
            is not None
        )


def _say_once(head: JournalHead, event: str, values: Mapping[str, str], moment: Moment) -> bool:
    """Tell the journal why it is not signed, unless that is the last thing it was told. Nothing was signed."""
    draft = system_entry(moment=moment, event=event, values=values)
    before = last_mark(register_id=head.register_id, kind=SYSTEM)
    if before is None or before.body != draft.text:
        with unit_of_work():
            append_entries(register_id=head.register_id, drafts=[draft], recorded_at=moment.at)
    return False


def _draft(
    register_id: UUID, key: SigningKey, business_date: dt.date, at: dt.datetime
) -> JournalDraft | None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [register_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such register.")
    code, position, head, grand_total, refund_total = row
    if position == 0:
        return None
    tenant = current_tenant()
    amount = amount_text(digits=exponent(tenant.currency))
    values = checkpoint_values(
        merchant=tenant.slug,
        register=code,
        position=position,
        head=head,
        at=instant(at),
        currency=tenant.currency,
        grand_total=amount(grand_total),
        refund_total=amount(refund_total),
        public_key=key.public_key,
    )
    body = values | {SIGNATURE: key.sign(checkpoint_text(values))}
    return JournalDraft(kind=CHECKPOINT, at=at, business_date=business_date, body=body)
