"""Sales and settings for tests of receipts."""

import datetime as dt
from typing import Any

from fynlo.core.ids import new_id
from fynlo.core.tenancy import platform_context, tenant_context
from pos.orders.services import place_order
from tenants.configuration.documents import Document
from tenants.configuration.sections import Surroundings
from tenants.configuration.services import store_configuration
from tenants.configuration.validation import check_document
from tests.factories import Shop
from tests.pos.orders.drafts import cash, sale, sold

AT = dt.datetime(2026, 3, 1, 12, 30, tzinfo=dt.UTC)

CONFIGURATION: dict[str, Any] = {
    "merchant": {
        "slug": "cafe",
        "name": "Café Morgenrot",
        "country": "DE",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "language": "de",
        "domains": ["cafe.localhost"],
    },
    "staff": {"employees": [{"number": "1", "name": "Mina", "role": "owner"}]},
    "pos": {
        "locations": [{"code": "main", "name": "Main", "registers": [{"code": "K1", "name": "Bar"}]}],
        "tax_classes": [{"code": "standard", "name": "MwSt", "rate": "0.19", "inclusive": True}],
    },
}


def sell(shop: Shop, *names: tuple[str, str], paid: int = 0, **changes: Any) -> str:
    """The id of a sale by the shop's till; `changes` are of the actor."""
    lines = [sold(shop, name, quantity) for name, quantity in names or (("cappuccino", "2"), ("book", "1"))]
    draft = sale(*lines, tenders=(cash(shop, paid),) if paid else ())
    with tenant_context(shop.tenant):
        return str(place_order(draft=draft, actor=shop.actor(**changes), at=AT).id)


def basket(shop: Shop) -> str:
    """Two cappuccinos and a book, paid with thirty to somebody who signed in: 19.60."""
    return sell(shop, paid=3000, employee_id=new_id(), name="Mina Yıldız")


def configure(tenant: Any, **receipt: Any) -> None:
    """Put these settings of receipts in force."""
    document = {**CONFIGURATION, "pos": {**CONFIGURATION["pos"], "receipt": receipt}}
    with platform_context():
        configuration = check_document(document=Document(document), around=Surroundings())
        store_configuration(tenant=tenant, configuration=configuration, at=AT)
