"""Rows for tests, made the way the code makes them. Call them inside a tenant's context.

`shop(tenant)` seeds everything one sale needs; `paired_till(tenant)` adds a till that may speak HTTP.
"""

from tests.factories.catalog import (
    BarcodeFactory,
    CategoryFactory,
    ItemFactory,
    TaxClassFactory,
    VariantFactory,
)
from tests.factories.payments import AccountFactory, TenderTypeFactory, chart
from tests.factories.registers import LocationFactory, RegisterFactory
from tests.factories.shop import Shop, shop
from tests.factories.staff import EmployeeFactory, RoleFactory, standard_roles

__all__ = [
    "AccountFactory",
    "BarcodeFactory",
    "CategoryFactory",
    "EmployeeFactory",
    "ItemFactory",
    "LocationFactory",
    "RegisterFactory",
    "RoleFactory",
    "Shop",
    "TaxClassFactory",
    "TenderTypeFactory",
    "VariantFactory",
    "chart",
    "shop",
    "standard_roles",
]
