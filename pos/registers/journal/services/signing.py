"""Having a signing unit sign what a journal tells, after it was recorded, outside of every transaction.

Works along the journal itself: the last `signed` entry says up to where. What cannot be signed is told as such and
left: selling goes on. An outage has a beginning, a cause and an end in the journal. Two at once do no harm: the
second one's entry is not written.
"""

import datetime as dt
import json
from typing import Final
from uuid import UUID

import structlog

from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from pos.fiscal.entries import JournalDraft, SealedEntry
from pos.fiscal.kinds import CANCEL, REFUND, SALE, SIGNED, TRAINING, VOID
from pos.fiscal.recipe import instant
from pos.fiscal.units import SigningUnit, UnitRefused, UnitSignature, UnitUnavailable
from pos.registers.journal.bodies import Moment, system_entry
from pos.registers.journal.models import JournalEntry
from pos.registers.journal.queries import JournalHead, chain_of, journal_heads, last_mark, open_outage
from pos.registers.journal.services.appending import append_entries
from pos.registers.journal.units import unit_of
from pos.registers.models import Register

log = structlog.get_logger("fynlo.pos")

SIGNED_KINDS: Final = (SALE, REFUND, VOID, CANCEL, TRAINING)
OUTAGE_BEGAN: Final = "signing_outage_began"
OUTAGE_ENDED: Final = "signing_outage_ended"
AT_ONCE: Final = 200
"""Entries of a register signed in one go."""
BEFORE_THE_FIRST: Final = dt.timedelta(minutes=5)
"""What is older when a unit is asked for the first time was recorded without one, and is left."""


def sign_what_was_told(*, unit: str, at: dt.datetime) -> int:
    """Have the merchant's `unit` sign what is in the journals since the last time. Returns how many were signed.

    A unit that fails once is not asked again for that register until the next time. Call it outside of a
    transaction: only what the unit said is written in one.
    """
    return sum(_sign_register(head, unit, at) for head in journal_heads())


def _sign_register(head: JournalHead, name: str, at: dt.datetime) -> int:
    after = _signed_up_to(head.register_id) or _before(head.register_id, at - BEFORE_THE_FIRST)
    todo = list(chain_of(register_id=head.register_id, after=after, kinds=SIGNED_KINDS, limit=AT_ONCE))
    signed, cause = 0, ""
    for entry in todo:
        signature = None
        if not cause:
            try:
                signature = _signature(unit_of(name), entry, at)
            except (UnitUnavailable, OSError) as error:
                cause = str(error)[:200] or "no answer"
            except UnitRefused as error:
                log.exception("signing_unit_refused", register=head.code, position=entry.position)
                cause = f"refused: {error}"[:200]
        signed += _record(head, entry, signature, cause, at)
    return signed


def _signature(unit: SigningUnit, entry: SealedEntry, at: dt.datetime) -> UnitSignature:
    client, data = entry.register_code, entry.body.encode()
    transaction = unit.start(client=client, at=at)
    return unit.finish(client=client, transaction=transaction, process=entry.kind, data=data, at=at)


def _record(
    head: JournalHead, entry: SealedEntry, signature: UnitSignature | None, cause: str, at: dt.datetime
) -> bool:
    moment = Moment(at=at, business_date=entry.business_date)
    with unit_of_work():
        list(Register.objects.filter(pk=head.register_id).select_for_update(no_key=True))
        if _signed_up_to(head.register_id) >= entry.position:
            return False
        drafts = _outage_drafts(head.register_id, signature, cause, moment)
        drafts.append(_draft(entry, signature, cause, at))
        append_entries(register_id=head.register_id, drafts=drafts, recorded_at=at)
    return signature is not None


def _outage_drafts(
    register_id: UUID, signature: UnitSignature | None, cause: str, moment: Moment
) -> list[JournalDraft]:
    outage = open_outage(register_id=register_id)
    if signature is None and outage is None:
        log.error("signing_outage_began", cause=cause, tenant=current_tenant().slug)
        return [system_entry(moment=moment, event=OUTAGE_BEGAN, values={"cause": cause})]
    if signature is not None and outage is not None:
        values = {"began_at": instant(outage.began_at), "cause": outage.cause}
        return [system_entry(moment=moment, event=OUTAGE_ENDED, values=values)]
    return []


def _draft(entry: SealedEntry, signature: UnitSignature | None, cause: str, at: dt.datetime) -> JournalDraft:
    about = {"of_position": str(entry.position), "of_hash": entry.hash}
    if signature is None:
        body = about | {"state": "outage", "cause": cause}
    else:
        body = about | {
            "state": "signed",
            "unit": signature.unit,
            "transaction": str(signature.transaction),
            "counter": str(signature.counter),
            "started_at": instant(signature.started_at),
            "finished_at": instant(signature.finished_at),
            "algorithm": signature.algorithm,
            "public_key": signature.public_key,
            "signature": signature.signature,
        }
    return JournalDraft(kind=SIGNED, at=at, business_date=entry.business_date, number=entry.number, body=body)


def _signed_up_to(register_id: UUID) -> int:
    last = last_mark(register_id=register_id, kind=SIGNED)
    return 0 if last is None else int(json.loads(last.body)["of_position"])


def _before(register_id: UUID, moment: dt.datetime) -> int:
    rows = JournalEntry.objects.filter(register_id=register_id, recorded_at__lt=moment)
    return rows.order_by("-position").values_list("position", flat=True).first() or 0
