"""Writing the books: transfers, and the chart of accounts."""

from payments.ledger.services.transfers import (
    Posting,
    ensure_accounts,
    record_transfers,
    resolve_accounts,
    transfer_rows,
)

__all__ = ["Posting", "ensure_accounts", "record_transfers", "resolve_accounts", "transfer_rows"]
