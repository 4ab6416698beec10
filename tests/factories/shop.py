"""A shop that can sell: the smallest set of rows every part of a sale finds what it needs in."""

import uuid
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from fynlo.core.tenancy import TenantLike
from payments.tenders.models import TenderType
from pos.catalog.models import TaxClass, Variant
from pos.catalog.services.publishing import ensure_book
from pos.registers.models import Location, Register
from staff.employees.roles import DEVICE_PERMISSIONS
from tests.factories.catalog import CategoryFactory, ItemFactory, TaxClassFactory, VariantFactory
from tests.factories.payments import TenderTypeFactory, chart
from tests.factories.registers import LocationFactory, RegisterFactory
from tests.factories.staff import standard_roles
from tests.factories.stamps import stamped


@dataclass(frozen=True)
class Shop:
    """What `shop` made. Variants: `cappuccino` 3.80, `roll` 0.45, `cheese` 12.99 a kilogram, `book` 10.00.

    Contained are 19 % (`standard`: cappuccino), 7 % (`reduced`: roll) and 0 % (`zero`: cheese); the book's
    20 % are added to its price (`added`).
    """

    tenant: TenantLike
    location: Location
    register: Register
    second_register: Register
    tax_classes: dict[str, TaxClass]
    variants: dict[str, Variant]
    cash: TenderType
    device_id: uuid.UUID = field(default_factory=new_id)

    def actor(self, *, register: Register | None = None, **changes: Any) -> Actor:
        """The till at `register` (the first one unless said), with a device's permissions."""
        at = register or self.register
        facts: dict[str, Any] = {
            "kind": "device",
            "id": self.device_id,
            "name": f"till {at.code}",
            "device_id": self.device_id,
            "register_id": at.id,
            "location_id": at.location_id,
            "permissions": DEVICE_PERMISSIONS,
        }
        return Actor(**(facts | changes))


_TAXES = (
    ("standard", "0.19", True),
    ("reduced", "0.07", True),
    ("zero", "0", True),
    ("added", "0.20", False),
)
_GOODS = (
    ("cappuccino", "standard", "each", 380),
    ("roll", "reduced", "each", 45),
    ("cheese", "zero", "kg", 1299),
    ("book", "added", "each", 1000),
)


def shop(tenant: TenantLike, *, has_book: bool = True) -> Shop:
    """Seed `tenant` with one location, two registers (K1, K2), goods, cash, roles and the chart of accounts.

    Its catalogue is published unless `has_book` says otherwise: merchants from before there were price books.
    """
    name = "shop" if has_book else "shop without a book"
    made = stamped(tenant, name, lambda: _seed(tenant, has_book=has_book))
    return replace(made, device_id=new_id())


def _seed(tenant: TenantLike, *, has_book: bool) -> Shop:
    location = LocationFactory.create(code="main", name=tenant.name, time_zone=tenant.time_zone)
    taxes = {
        code: TaxClassFactory.create(code=code, rate=Decimal(rate), is_inclusive=inclusive)
        for code, rate, inclusive in _TAXES
    }
    category = CategoryFactory.create(name="Everything")
    variants = {
        name: VariantFactory.create(
            item=ItemFactory.create(category=category, tax_class=taxes[tax], name=name.title(), unit=unit),
            sku=name.upper(),
            price_minor=price,
        )
        for name, tax, unit, price in _GOODS
    }
    if has_book:
        ensure_book()
    chart(taxes)
    standard_roles()
    return Shop(
        tenant=tenant,
        location=location,
        register=RegisterFactory.create(location=location, code="K1"),
        second_register=RegisterFactory.create(location=location, code="K2"),
        tax_classes=taxes,
        variants=variants,
        cash=TenderTypeFactory.create(),
    )
