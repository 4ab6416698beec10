"""House accounts, gift cards and store credit in the back office."""

from payments.credit.admin import houses

__all__ = ["houses"]
