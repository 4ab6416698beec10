"""Writing the books: transfers, and the chart of accounts."""

from payments.ledger.services.chart import (
    AccountDraft,
    account_draft,
    apply_chart,
    map_posting,
    save_account,
)
from payments.ledger.services.transfers import (
    Posting,
    ensure_accounts,
    record_transfers,
    resolve_accounts,
    transfer_rows,
)

__all__ = [
    "AccountDraft",
    "Posting",
    "account_draft",
    "apply_chart",
    "ensure_accounts",
    "map_posting",
    "record_transfers",
    "resolve_accounts",
    "save_account",
    "transfer_rows",
]
