"""Rows for tests, made the way the code makes them. Call them inside a tenant's context.

`shop(tenant)` seeds everything one sale needs; `paired_till(tenant)` adds a till that may speak HTTP.
"""

from tests.factories.catalog import (
    BarcodeFactory,
    CategoryFactory,
    ItemFactory,
    TaxClassFactory,
    VariantFactory,
    published,
)
from tests.factories.payments import AccountFactory, TenderTypeFactory, chart
from tests.factories.registers import LocationFactory, RegisterFactory
from tests.factories.shop import Shop, shop
from tests.factories.staff import EmployeeFactory, RoleFactory, standard_roles
from tests.factories.tills import TillClient, order_body, paired_till, signed_in

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
    "TillClient",
    "VariantFactory",
    "chart",
    "order_body",
    "paired_till",
    "published",
    "shop",
    "signed_in",
    "standard_roles",
]
