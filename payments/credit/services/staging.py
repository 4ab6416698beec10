"""A file of cards is sent, looked at, and then imported or thrown away; nothing of it is in the database before."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import InvalidInput, NotFound
from fynlo.core.ids import new_id
from payments.credit.card_files import Written
from payments.credit.codes import secret_digest
from payments.credit.errors import GiftCardImportBusy
from payments.credit.models import ValueImport
from payments.credit.services.card_reading import CardsRead, look_at_cards
from payments.credit.services.importing import (
    LONGEST_NAME,
    MANAGE,
    ImportDraft,
    ImportReport,
    import_cards,
    known_import,
)
from payments.credit.staged_cards import (
    KeptPins,
    StagedCards,
    claim_staged,
    follower,
    forget_staged,
    keep_staged,
    staged_cards,
    stop_working,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDraft:
    """A file as somebody sends it, and what they call it."""

    name: str
    content: bytes = field(repr=False)
    written: Written = field(default_factory=Written)


def stage_cards(*, draft: StageDraft, actor: Actor) -> UUID:
    """Keep a file to look at it; the key of the import it would become, or of the one it is already.

    Raises `InvalidInput` for what is no file of cards.
    """
    actor.require(MANAGE)
    name = draft.name.strip()[:LONGEST_NAME]
    if not name or not name.isprintable():
        raise InvalidInput(f"A name has 1 to {LONGEST_NAME} printable characters.", pointer="/name")
    known = imported_before(content=draft.content)
    if known is not None:
        return known.pk
    look_at_cards(content=draft.content, written=draft.written)
    staged = StagedCards(
        id=new_id(), name=name, content=draft.content, written=draft.written, sent_by=actor.name
    )
    keep_staged(staged)
    return staged.id


def imported_before(*, content: bytes) -> ValueImport | None:
    """The import of the very same file, unless it was taken back."""
    found = ValueImport.objects.filter(digest=secret_digest(content), reversed_at__isnull=True)
    return found.order_by("imported_at", "id").first()


def staged_file(*, import_id: UUID) -> StagedCards:
    """The file that was sent. Raises `NotFound` when it is not here (any more)."""
    staged = staged_cards(import_id=import_id)
    if staged is None:
        raise NotFound("The file is not here any more: it is kept for an hour. Send it again.")
    return staged


def look_at_staged(*, import_id: UUID) -> CardsRead:
    """What the file would do now. Raises `NotFound` and `InvalidInput`."""
    staged = staged_file(import_id=import_id)
    return look_at_cards(content=staged.content, written=staged.written)


def begin_import(*, import_id: UUID, actor: Actor) -> None:
    """Say that the file is being imported. Raises `GiftCardImportBusy` for the second of two, `NotFound`."""
    actor.require(MANAGE)
    staged_file(import_id=import_id)
    if not claim_staged(import_id=import_id, by=actor.name):
        raise GiftCardImportBusy("Somebody imports this file at this moment.")


def import_staged(*, import_id: UUID, actor: Actor, at: dt.datetime) -> ImportReport:
    """Import the file, all or nothing, and forget it. Safe to run twice, also beside itself.

    Raises `NotFound`, `InvalidInput`, `GiftCardRows`; the file stays then.
    """
    known = known_import(import_id=import_id)
    if known is not None:
        forget_staged(import_id=import_id)
        return known
    staged = staged_file(import_id=import_id)
    draft = ImportDraft(
        id=import_id,
        name=staged.name,
        content=staged.content,
        written=staged.written,
        is_waited_for=False,
    )
    told = follower(import_id=import_id, by=actor.name)
    report = import_cards(draft=draft, actor=actor, at=at, kept=KeptPins(import_id), told=told)
    forget_staged(import_id=import_id)
    return report


def discard_staged(*, import_id: UUID, actor: Actor) -> None:
    """Throw the file away. Raises `GiftCardImportBusy` while somebody imports it, `NotFound`."""
    begin_import(import_id=import_id, actor=actor)
    forget_staged(import_id=import_id)


def record_failure(*, import_id: UUID, detail: str) -> None:
    """Nothing came of it; whoever looks at the file reads why."""
    stop_working(import_id=import_id, failure=detail)
