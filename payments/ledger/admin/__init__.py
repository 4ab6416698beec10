"""The books in the back office."""

from payments.ledger.admin import books, tables

__all__ = ["books", "tables"]
