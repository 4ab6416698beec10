"""Changing the chart of accounts: accounts, what is booked where, and charts to start from.

A posting key is in one account at most. That is checked under a lock of the whole chart, the row of the standard
account `receivable`, which every chart has; so changes come one after the other. Sales do not wait for it: they
read the chart, and an account is never deleted. Reports do not change when the chart does: a transfer stays in
its account, and its keys say what it is (`docs/concepts/books.md`).
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import InvalidInput, NotFound
from fynlo.events.log import append, unit_of_work
from payments.ledger.accounts import RECEIVABLE, is_key
from payments.ledger.charts import TEMPLATES
from payments.ledger.errors import AccountCodeTaken, AccountInactive, PostingKeyTaken
from payments.ledger.events import AccountChanged
from payments.ledger.models import KINDS, Account
from payments.ledger.services.transfers import ensure_accounts

WRITE: Final = "ledger.write"
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_. -]{0,59}", re.ASCII)
_NUMBER: Final = re.compile(r"[A-Za-z0-9-]{0,20}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDraft:
    """An account as it should be. The code is set once; `posting_keys` are all that are booked here."""

    id: UUID
    code: str
    name: str
    kind: str
    number: str = ""
    is_active: bool = True
    posting_keys: tuple[str, ...] = field(default_factory=tuple)


def save_account(*, draft: AccountDraft, actor: Actor, at: dt.datetime) -> Account:
    """Make an account, or bring the one with this id to what `draft` says.

    Raises `Forbidden`, `InvalidInput` with a pointer, `AccountCodeTaken`, `PostingKeyTaken`, and `AccountInactive`
    for new keys of an account that is not active.
    """
    actor.require(WRITE)
    _check(draft)
    with unit_of_work():
        chart = _lock_chart()
        known = next((row for row in chart if row.pk == draft.id), None)
        if any(row.code == draft.code and row.pk != draft.id for row in chart):
            raise AccountCodeTaken(pointer="/code")
        if known is not None and known.code != draft.code:
            raise InvalidInput("The code of an account is set once.", pointer="/code")
        _check_keys(draft, known, chart)
        account = known or Account(id=draft.id, code=draft.code)
        before = (account.name, account.kind, account.number, account.is_active, account.posting_keys)
        account.name, account.kind, account.number = draft.name, draft.kind, draft.number
        account.is_active, account.posting_keys = draft.is_active, sorted(set(draft.posting_keys))
        after = (account.name, account.kind, account.number, account.is_active, account.posting_keys)
        if known is None or before != after:
            account.save(force_insert=known is None)
            append(_changed(account, at))
    return account


def map_posting(*, key: str, account_id: UUID | None, actor: Actor, at: dt.datetime) -> Account | None:
    """Book `key` in an account from now on, wherever it was booked before; None: where wider keys say.

    Raises `Forbidden`, `InvalidInput`, `NotFound`, `AccountInactive`.
    """
    actor.require(WRITE)
    if not is_key(key):
        raise InvalidInput(f"Nothing is booked as {key}.", pointer="/key")
    with unit_of_work():
        chart = _lock_chart()
        target = next((row for row in chart if row.pk == account_id), None)
        if account_id is not None and target is None:
            raise NotFound("There is no such account.", pointer="/account_id")
        if target is not None and not target.is_active and key not in target.posting_keys:
            raise AccountInactive(pointer="/account_id")
        _move_key(key, target, chart, at)
    return target


def apply_chart(
    *, template: str, actor: Actor, at: dt.datetime, sales: Mapping[str, str] | None = None
) -> int:
    """Make the accounts of a template and book there what it says; returns how many accounts were made.

    `sales` names for tax classes another account of the template by number: `{"food": "8300"}`. Accounts that are
    there are kept, with the name they have. Running it again changes nothing that was not changed since. Raises
    `Forbidden`, `NotFound`, `InvalidInput`.
    """
    actor.require(WRITE)
    if template not in TEMPLATES:
        raise NotFound(f"There is no chart {template}.", pointer="/template")
    rows = TEMPLATES[template].accounts
    numbers = {row.number for row in rows}
    wanted = {key: row.number for row in rows for key in row.keys}
    for tax_class, number in (sales or {}).items():
        if number not in numbers or not is_key(f"sales:{tax_class}"):
            raise InvalidInput(f"The chart has no account {number}.", pointer=f"/sales/{tax_class}")
        wanted[f"sales:{tax_class}"] = number
    with unit_of_work():
        chart = _lock_chart()
        by_code = {row.code: row for row in chart}
        made = [
            Account(code=row.number, number=row.number, name=row.name, kind=row.kind)
            for row in rows
            if row.number not in by_code
        ]
        Account.objects.bulk_create(made)
        for account in made:
            append(_changed(account, at))
        by_code |= {account.code: account for account in made}
        for key, number in sorted(wanted.items()):
            _move_key(key, by_code[number], list(by_code.values()), at)
    return len(made)


def account_draft(account: Account) -> AccountDraft:
    """An account as a draft of what it is."""
    return AccountDraft(
        id=account.pk,
        code=account.code,
        name=account.name,
        kind=account.kind,
        number=account.number,
        is_active=account.is_active,
        posting_keys=tuple(account.posting_keys),
    )


def _lock_chart() -> list[Account]:
    """Every account, read after the chart is ours. `NO KEY`: transfers that refer to the row do not wait."""
    locked = Account.objects.select_for_update(no_key=True).filter(code=RECEIVABLE)
    if not list(locked):
        ensure_accounts(codes=[RECEIVABLE])
        list(locked.all())
    return list(Account.objects.order_by("code"))


def _check(draft: AccountDraft) -> None:
    if not _CODE.fullmatch(draft.code):
        raise InvalidInput("A code has 1 to 60 letters, digits and : _ . -", pointer="/code")
    if not _NUMBER.fullmatch(draft.number):
        raise InvalidInput("A number has up to 20 letters, digits and -", pointer="/number")
    if not draft.name.strip() or len(draft.name) > 120 or not draft.name.isprintable():  # noqa: PLR2004
        raise InvalidInput("A name has 1 to 120 printable characters.", pointer="/name")
    if draft.kind not in KINDS:
        raise InvalidInput(f"A kind is one of {', '.join(KINDS)}.", pointer="/kind")
    for index, key in enumerate(draft.posting_keys):
        if not is_key(key):
            raise InvalidInput(f"Nothing is booked as {key}.", pointer=f"/posting_keys/{index}")


def _check_keys(draft: AccountDraft, known: Account | None, chart: Iterable[Account]) -> None:
    taken = {key: row for row in chart if row.pk != draft.id for key in row.posting_keys}
    before = known.posting_keys if known else []
    for index, key in enumerate(draft.posting_keys):
        if key in taken:
            raise PostingKeyTaken(
                f"The account {taken[key].code} takes {key}.", pointer=f"/posting_keys/{index}", key=key
            )
        if not draft.is_active and key not in before:
            raise AccountInactive(pointer=f"/posting_keys/{index}")


def _move_key(key: str, target: Account | None, chart: Iterable[Account], at: dt.datetime) -> None:
    for row in chart:
        is_target = target is not None and row.pk == target.pk
        keys = set(row.posting_keys) - {key} | ({key} if is_target else set())
        if keys != set(row.posting_keys):
            row.posting_keys = sorted(keys)
            row.save(update_fields=["posting_keys"])
            append(_changed(row, at))


def _changed(account: Account, at: dt.datetime) -> AccountChanged:
    return AccountChanged(
        account.pk,
        code=account.code,
        number=account.number,
        name=account.name,
        posting_keys=tuple(account.posting_keys),
        is_active=account.is_active,
        at=at,
    )
