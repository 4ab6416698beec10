"""What is bought on account raises what is owed, what is paid or given back lowers it.

The ledger has the transfers; the row's balance follows them in the same transaction. Two tills that charge one
account wait for each other at its row, so neither looks at a balance that the other is about to raise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from fynlo.core.money import spell_money
from fynlo.core.tenancy import current_tenant
from payments.credit.errors import HouseAccountInactive, HouseLimitExceeded

# Locked in the order of the keys first: an UPDATE of several rows takes them as it finds them.
_CHARGE: Final = """
WITH charge AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(amounts)s::bigint[]) AS charge (id, amount_minor)
), locked AS MATERIALIZED (
    SELECT id FROM payments_houseaccount WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE
)
UPDATE payments_houseaccount AS account SET balance_minor = account.balance_minor + charge.amount_minor
FROM charge JOIN locked USING (id) WHERE account.id = charge.id
RETURNING account.id, account.code, account.name, account.is_active, account.limit_minor, account.balance_minor,
    charge.amount_minor
"""


@dataclass(frozen=True, slots=True)
class Charged:
    """A house account after `amount_minor` was added to what it owes (taken off below 0)."""

    id: UUID
    code: str
    name: str
    is_active: bool
    limit_minor: int | None
    balance_minor: int
    amount_minor: int

    @property
    def is_over(self) -> bool:
        """Whether more is owed now than may be, because of this."""
        return (
            self.amount_minor > 0 and self.limit_minor is not None and self.balance_minor > self.limit_minor
        )


def charge_accounts(*, amounts: Mapping[UUID, int]) -> list[Charged]:
    """Add these minor units to what the accounts owe (below 0: take off), in one statement; none without any.

    Runs in the caller's unit of work and keeps the accounts' rows locked until COMMIT, in the order of their keys.
    Accounts that do not exist are missing from the answer.
    """
    filled = {key: amount for key, amount in amounts.items() if amount}
    if not filled:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_CHARGE, {"ids": list(filled), "amounts": list(filled.values())})
        return sorted((Charged(*row) for row in cursor.fetchall()), key=lambda charged: charged.id)


def check_charges(*, charged: Iterable[Charged], pointer: str = "/tenders") -> None:
    """Raise `HouseAccountInactive` or `HouseLimitExceeded` for a question; facts are flagged by the caller."""
    for account in charged:
        if account.amount_minor > 0 and not account.is_active:
            raise HouseAccountInactive(
                f"Nothing more goes on the account of {account.name}.", pointer=pointer
            )
        if account.is_over:
            before = account.balance_minor - account.amount_minor
            currency = current_tenant().currency
            limit, owed = (spell_money(each or 0, currency) for each in (account.limit_minor, before))
            raise HouseLimitExceeded(
                f"{account.name} may owe {limit} and owes {owed} already.",
                pointer=pointer,
                limit_minor=account.limit_minor,
                balance_minor=before,
                asked_minor=account.amount_minor,
            )
