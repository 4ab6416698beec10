"""Reading the books."""

from payments.ledger.queries.balances import AccountBalance, accounts_with_balance, transfers, trial_balance
from payments.ledger.queries.postings import PostedTransfer, posted_for

__all__ = [
    "AccountBalance",
    "PostedTransfer",
    "accounts_with_balance",
    "posted_for",
    "transfers",
    "trial_balance",
]
