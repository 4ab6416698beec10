"""House accounts, gift cards and store credit in the back office."""

from payments.credit.admin import houses, imports, keeping, values

__all__ = ["houses", "imports", "keeping", "values"]
