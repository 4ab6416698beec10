"""Which ways to pay a merchant offers: set up at onboarding, renamed or put away in the back office."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import Conflict, FieldProblem, InvalidInput, RuleViolation
from fynlo.events.log import append, unit_of_work
from payments.tenders.events import TenderTypeChanged
from payments.tenders.kinds import EXCHANGE, TENDER_KINDS
from payments.tenders.models import TenderType
from payments.tenders.queries import TenderTerms, terms_of_kind

CONFIGURE: Final = "configuration.write"
LONGEST_CODE: Final = 20
LONGEST_NAME: Final = 80


class TenderCodeTaken(Conflict):
    """Another way to pay has this code."""

    code: ClassVar[str] = "code_taken"
    title: ClassVar[str] = "This code is already taken"


class TenderTypeFixed(RuleViolation):
    """Code and kind of a way to pay name accounts of the books and never change."""

    code: ClassVar[str] = "tender_type_fixed"
    title: ClassVar[str] = "Code and kind of a way to pay cannot change"


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTypeDraft:
    """A way to pay as it shall be; `kind` says what happens to the money."""

    id: UUID
    code: str
    name: str
    kind: str
    is_active: bool = True


def save_tender_type(*, draft: TenderTypeDraft, actor: Actor, at: dt.datetime) -> str:
    """Make the way to pay or bring it to `draft`; returns created, changed or kept.

    Raises `InvalidInput`, `TenderCodeTaken`, `TenderTypeFixed`.
    """
    actor.require(CONFIGURE)
    _check(draft)
    with unit_of_work():
        known = TenderType.objects.select_for_update().filter(pk=draft.id).first()
        if known is None and TenderType.objects.filter(code=draft.code).exists():
            raise TenderCodeTaken(f"There is a way to pay {draft.code} already.", pointer="/code")
        if known is not None and (known.code, known.kind) != (draft.code, draft.kind):
            raise TenderTypeFixed(pointer="/code")
        if known is not None and (known.name, known.is_active) == (draft.name, draft.is_active):
            return "kept"
        TenderType.objects.update_or_create(
            pk=draft.id,
            defaults={
                "code": draft.code,
                "name": draft.name,
                "kind": draft.kind,
                "is_active": draft.is_active,
            },
        )
        outcome = "created" if known is None else "changed"
        append(
            TenderTypeChanged(
                entity_id=draft.id,
                at=at,
                change=outcome,
                code=draft.code,
                name=draft.name,
                tender_kind=draft.kind,
                is_active=draft.is_active,
                changed_by=actor.id,
            )
        )
    return outcome


def exchange_terms() -> TenderTerms:
    """The way to pay that is the money of an exchange; made when the first exchange needs it."""
    known = terms_of_kind(kind=EXCHANGE)
    if known is None:
        row = TenderType(code=EXCHANGE, name="Exchange", kind=EXCHANGE)
        TenderType.objects.bulk_create([row], ignore_conflicts=True)
        known = terms_of_kind(kind=EXCHANGE)
    if known is None:
        raise TenderCodeTaken("The code exchange is taken by another kind of way to pay.")
    return known


def _check(draft: TenderTypeDraft) -> None:
    problems = []
    plain = draft.code.replace("-", "").replace("_", "")
    if not (0 < len(draft.code) <= LONGEST_CODE and plain.isascii() and plain.isalnum()):
        detail = f"A code has 1 to {LONGEST_CODE} letters, digits, - and _."
        problems.append(FieldProblem("/code", "code", detail))
    if not 0 < len(draft.name.strip()) <= LONGEST_NAME or not draft.name.isprintable():
        detail = f"A name has 1 to {LONGEST_NAME} printable characters."
        problems.append(FieldProblem("/name", "name", detail))
    if draft.kind not in TENDER_KINDS:
        detail = f"The kinds are {', '.join(TENDER_KINDS)}."
        problems.append(FieldProblem("/kind", "unknown_kind", detail))
    if problems:
        raise InvalidInput(problems[0].detail, errors=problems)
