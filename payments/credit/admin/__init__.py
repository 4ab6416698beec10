"""House accounts, gift cards and store credit in the back office."""

from payments.credit.admin import houses, values

__all__ = ["houses", "values"]
