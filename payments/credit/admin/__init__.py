"""House accounts, gift cards and store credit in the back office."""

from payments.credit.admin import acting, houses, imports, keeping, values

__all__ = ["acting", "houses", "imports", "keeping", "values"]
