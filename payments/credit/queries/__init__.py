"""What house accounts owe, and what is left on gift cards."""

from payments.credit.queries.houses import HouseTerms, house_account, house_accounts, house_terms
from payments.credit.queries.values import (
    ValueTerms,
    activities_of,
    reservations_of,
    stored_value,
    stored_values,
    value_imports,
    value_terms,
)

__all__ = [
    "HouseTerms",
    "ValueTerms",
    "activities_of",
    "house_account",
    "house_accounts",
    "house_terms",
    "reservations_of",
    "stored_value",
    "stored_values",
    "value_imports",
    "value_terms",
]
