"""Opening house accounts and changing their terms."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint
from fynlo.core.errors import FieldProblem, InvalidInput
from fynlo.core.money import MAX_MINOR
from fynlo.events.log import append, unit_of_work
from payments.credit.documents import house_account_document
from payments.credit.errors import HouseAccountCodeTaken, HouseAccountFixed
from payments.credit.events import HouseAccountChanged
from payments.credit.models import HouseAccount

MANAGE: Final = "configuration.write"
LONGEST_CODE: Final = 20
LONGEST_NAME: Final = 120
LONGEST_CONTACT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseAccountDraft:
    """A house account as it shall be. `limit_minor` is what may be owed; None: as much as they like."""

    id: UUID
    code: str
    name: str
    contact: str = ""
    limit_minor: int | None = None
    is_active: bool = True


def save_house_account(*, draft: HouseAccountDraft, actor: Actor, at: dt.datetime) -> HouseAccount:
    """Open the account or bring it to `draft`; the same again changes nothing and is told nobody.

    Raises `InvalidInput`, `HouseAccountCodeTaken`, `HouseAccountFixed`.
    """
    actor.require(MANAGE)
    _check(draft)
    try:
        with unit_of_work():
            return _save(draft, actor, at)
    except IntegrityError as error:
        if constraint(error).startswith("payments_houseaccount_code"):
            raise HouseAccountCodeTaken(f"There is a house account {draft.code}.", pointer="/code") from error
        raise


def _save(draft: HouseAccountDraft, actor: Actor, at: dt.datetime) -> HouseAccount:
    known = HouseAccount.objects.select_for_update().filter(pk=draft.id).first()
    account: HouseAccount = known or HouseAccount(id=draft.id, code=draft.code, opened_at=at)
    if account.code != draft.code:
        raise HouseAccountFixed(pointer="/code")
    told = (account.name, account.contact, account.limit_minor, account.is_active)
    wanted = (draft.name, draft.contact, draft.limit_minor, draft.is_active)
    if known is not None and told == wanted:
        return account
    account.name, account.contact, account.limit_minor, account.is_active = wanted
    account.save(force_insert=known is None, force_update=known is not None)
    append(
        HouseAccountChanged(
            entity_id=account.id,
            at=at,
            change="created" if known is None else "changed",
            account=house_account_document(account),
            changed_by=actor.id,
        )
    )
    return account


def _check(draft: HouseAccountDraft) -> None:
    problems = []
    plain = draft.code.replace("-", "").replace("_", "")
    if not (0 < len(draft.code) <= LONGEST_CODE and plain.isascii() and plain.isalnum()):
        problems.append(
            FieldProblem("/code", "code", f"A code has 1 to {LONGEST_CODE} letters, digits, - and _.")
        )
    if not 0 < len(draft.name.strip()) <= LONGEST_NAME or not draft.name.isprintable():
        problems.append(
            FieldProblem("/name", "name", f"A name has 1 to {LONGEST_NAME} printable characters.")
        )
    if len(draft.contact) > LONGEST_CONTACT or not draft.contact.isprintable():
        detail = f"A contact has up to {LONGEST_CONTACT} printable characters."
        problems.append(FieldProblem("/contact", "contact", detail))
    if draft.limit_minor is not None and not 0 <= draft.limit_minor <= MAX_MINOR:
        problems.append(FieldProblem("/limit", "out_of_range", "A limit is not below zero."))
    if problems:
        raise InvalidInput(problems[0].detail, errors=problems)
