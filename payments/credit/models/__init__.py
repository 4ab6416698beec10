"""House accounts, and what customers paid beforehand."""

from payments.credit.models.houses import HouseAccount
from payments.credit.models.values import StoredValue, ValueActivity, ValueImport, ValueReservation

__all__ = ["HouseAccount", "StoredValue", "ValueActivity", "ValueImport", "ValueReservation"]
