"""House accounts, gift cards and store credit in the back office."""

from payments.credit.admin import houses, keeping, values

__all__ = ["houses", "keeping", "values"]
