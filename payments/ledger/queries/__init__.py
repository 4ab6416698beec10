"""Reading the books."""

from payments.ledger.queries.balances import (
    EVER,
    AccountBalance,
    Period,
    accounts_with_balance,
    transfers,
    trial_balance,
)
from payments.ledger.queries.chart import Mapped, accounts, find_account, mappings
from payments.ledger.queries.journal import Entry, entries
from payments.ledger.queries.postings import PostedTransfer, posted_for
from payments.ledger.queries.statements import Statement, StatementLine, account_statement

__all__ = [
    "EVER",
    "AccountBalance",
    "Entry",
    "Mapped",
    "Period",
    "PostedTransfer",
    "Statement",
    "StatementLine",
    "account_statement",
    "accounts",
    "accounts_with_balance",
    "entries",
    "find_account",
    "mappings",
    "posted_for",
    "transfers",
    "trial_balance",
]
