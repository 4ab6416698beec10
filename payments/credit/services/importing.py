"""Cards of an earlier system are taken over together, and taken back as far as nobody has used them.

What the merchant owes for them comes from `gift_card_opening`: they were paid for before these books began.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint
from fynlo.core.errors import InvalidInput, NotFound
from fynlo.core.ids import new_id
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.credit.card_files import CardRow, Written, field_problems
from payments.credit.codes import Presented, secret_digest
from payments.credit.errors import GiftCardIdConflict, GiftCardRows
from payments.credit.kinds import ACTIVE, CLOSED, GIFT_CARD, IMPORT, IMPORT_REVERSAL
from payments.credit.models import StoredValue, ValueImport
from payments.credit.services.card_reading import CardsRead, look_at_cards
from payments.credit.services.issuing import office_occasion, post
from payments.credit.services.moving import Move, move_values
from payments.credit.services.pin_hashing import KeptHashes, Progress, hash_pins
from payments.ledger.accounts import GIFT_CARD_OPENING, GIFT_CARDS

MANAGE: Final = "gift_cards.manage"
CAUSE: Final = "import"
LONGEST_NAME: Final = 120
_TWICE: Final = ("payments_valueimport_pkey", "payments_storedvalue_code_digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDraft:
    """A file of cards. `id` becomes the import's; `is_dry_run`: only look.

    `is_waited_for`: somebody waits for the answer, so only so many cards may have a PIN.
    """

    id: UUID
    name: str
    content: bytes = field(repr=False)
    written: Written = field(default_factory=Written)
    is_dry_run: bool = False
    is_waited_for: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What was or would be taken over; `is_known`: it had been before, and nothing was done.

    `kept_count` of a reversal: cards that were used and stay.
    """

    id: UUID
    name: str
    rows_count: int
    total_minor: int
    currency: str
    is_dry_run: bool = False
    is_known: bool = False
    is_reversed: bool = False
    kept_count: int = 0


def import_cards(
    *,
    draft: ImportDraft,
    actor: Actor,
    at: dt.datetime,
    kept: KeptHashes | None = None,
    told: Progress | None = None,
) -> ImportReport:
    """Take the cards over, all or none; the same file under the same id again does nothing.

    `kept` has what was hashed of the PINs before somebody was killed, `told` hears how far it is.
    Raises `InvalidInput` for what is no file of cards, `GiftCardRows` with every problem of every row,
    `GiftCardIdConflict` for another file under the id.
    """
    actor.require(MANAGE)
    if not 0 < len(draft.name.strip()) <= LONGEST_NAME or not draft.name.isprintable():
        raise InvalidInput(f"A name has 1 to {LONGEST_NAME} printable characters.", pointer="/name")
    digest = secret_digest(draft.content)
    known = ValueImport.objects.filter(pk=draft.id).first()
    if known is not None:
        return _known(known, digest)
    read = _read(draft)
    if not draft.is_dry_run:
        # Made before anything is locked: hashing PINs takes a moment.
        hashes = hash_pins(pins=[row.pin for row in read.rows], kept=kept, told=told)
        accounts = [
            _account(row, read.codes[row.line], pin_hash, draft.id, at)
            for row, pin_hash in zip(read.rows, hashes, strict=True)
        ]
        try:
            with unit_of_work():
                _write(draft, read, accounts, digest, actor, at)
        except IntegrityError as error:
            if not constraint(error).startswith(_TWICE):
                raise
            return import_cards(draft=draft, actor=actor, at=at)  # somebody was first, and is seen now
    return ImportReport(
        id=draft.id,
        name=draft.name,
        rows_count=len(read.rows),
        total_minor=read.total_minor,
        currency=read.currency,
        is_dry_run=draft.is_dry_run,
    )


def _read(draft: ImportDraft) -> CardsRead:
    """The rows, if nothing is wrong with any. Raises `InvalidInput` and `GiftCardRows`."""
    read = look_at_cards(content=draft.content, written=draft.written, is_waited_for=draft.is_waited_for)
    if read.problems:
        errors = list(field_problems(read.problems, header_line=read.header_line))
        raise GiftCardRows(f"{len(errors)} problems were found.", errors=errors)
    return read


def reverse_import(*, import_id: UUID, actor: Actor, at: dt.datetime) -> ImportReport:
    """Take back the cards of an import that nothing has happened to since; their codes may be imported again.

    The others stay, and are counted. Raises `NotFound`.
    """
    actor.require(MANAGE)
    occasion = office_occasion(actor=actor, at=at)
    with unit_of_work():
        known = ValueImport.objects.select_for_update(no_key=True).filter(pk=import_id).first()
        if known is None:
            raise NotFound("There is no such import.")
        if known.reversed_at is None:
            unused = _unused(known)
            left = {account.pk: account.balance_minor for account in unused}
            moves = [
                Move(
                    account_id=key,
                    kind=IMPORT_REVERSAL,
                    amount_minor=-amount,
                    cause=CAUSE,
                    cause_id=key,
                    reason=known.name,
                )
                for key, amount in left.items()
            ]
            for account in unused:
                account.state, account.code_digest = CLOSED, _gone(account.pk)
            StoredValue.objects.bulk_update(unused, ["state", "code_digest"])
            if moves:
                move_values(moves=moves, occasion=occasion)
            post(
                debit=GIFT_CARDS, credit=GIFT_CARD_OPENING, amount_minor=sum(left.values()), occasion=occasion
            )
            known.reversed_at = at
            known.save(update_fields=["reversed_at"])
        kept = (
            StoredValue.objects.filter(value_import=known).exclude(activities__kind=IMPORT_REVERSAL).count()
        )
    return _report(known, kept)


def _write(
    draft: ImportDraft,
    read: CardsRead,
    accounts: Sequence[StoredValue],
    digest: str,
    actor: Actor,
    at: dt.datetime,
) -> None:
    ValueImport(
        id=draft.id,
        name=draft.name,
        digest=digest,
        rows_count=len(read.rows),
        total_minor=read.total_minor,
        currency=read.currency,
        imported_by=actor.id,
        imported_at=at,
    ).save(force_insert=True)
    StoredValue.objects.bulk_create(accounts)
    moves = [
        Move(
            account_id=account.pk,
            kind=IMPORT,
            amount_minor=row.balance_minor,
            cause=CAUSE,
            cause_id=account.pk,
            reason=draft.name,
        )
        for account, row in zip(accounts, read.rows, strict=True)
    ]
    occasion = office_occasion(actor=actor, at=at)
    if moves:
        move_values(moves=moves, occasion=occasion)
    post(debit=GIFT_CARD_OPENING, credit=GIFT_CARDS, amount_minor=read.total_minor, occasion=occasion)


def _account(row: CardRow, code: Presented, pin_hash: str, import_id: UUID, at: dt.datetime) -> StoredValue:
    return StoredValue(
        id=new_id(),
        kind=GIFT_CARD,
        code_digest=code.digest,
        shown=code.shown,
        is_own_code=False,
        pin_hash=pin_hash,
        state=ACTIVE,
        currency=current_tenant().currency,
        holder=row.holder,
        expires_on=row.expires_on,
        created_at=at,
        value_import_id=import_id,
    )


def _unused(known: ValueImport) -> list[StoredValue]:
    """Cards of the import to which nothing else has happened, locked in the order of their keys."""
    locked = list(
        StoredValue.objects.select_for_update(no_key=True).filter(value_import=known).order_by("id")
    )
    counts = dict(
        StoredValue.objects.filter(value_import=known)
        .order_by("id")
        .annotate(count=Count("activities"))
        .values_list("id", "count")
    )
    return [account for account in locked if counts[account.pk] == 1 and not account.reserved_minor]


def _gone(account_id: UUID) -> str:
    """What stands in the place of a code that is free again."""
    return hashlib.sha256(b"reversed" + account_id.bytes).hexdigest()


def known_import(*, import_id: UUID) -> ImportReport | None:
    """What was imported under this key before."""
    known = ValueImport.objects.filter(pk=import_id).first()
    return None if known is None else replace(_report(known, 0), is_known=True)


def _known(known: ValueImport, digest: str) -> ImportReport:
    if known.digest != digest:
        raise GiftCardIdConflict("Ids are made once and never used again.", pointer="/id")
    return replace(_report(known, 0), is_known=True)


def _report(known: ValueImport, kept_count: int) -> ImportReport:
    return ImportReport(
        id=known.pk,
        name=known.name,
        rows_count=known.rows_count,
        total_minor=known.total_minor,
        currency=known.currency,
        is_reversed=known.reversed_at is not None,
        kept_count=kept_count,
    )
