"""The merchant's admin site moved to `fynlo.backoffice.site`, so that payments can register with it."""

from fynlo.backoffice.site import merchant_admin

__all__ = ["merchant_admin"]
