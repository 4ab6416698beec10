"""Names of schemas, and a way to be in one that belongs to no merchant."""

import re
from dataclasses import dataclass
from typing import Final, cast

from fynlo.core.tenancy import TenantLike, tenant_context

TEMPLATE_SCHEMA: Final = "fynlo_template"
_SCHEMA_NAME: Final = re.compile(r"t_[a-z][a-z0-9_]{2,39}")


@dataclass(frozen=True, slots=True)
class _SchemaPlace:
    """What a connection needs to know to be placed in a schema."""

    schema_name: str


def in_schema(schema: str) -> tenant_context:
    """A context inside a schema by name: for the template, and for migrating without loading the merchant."""
    return tenant_context(cast("TenantLike", _SchemaPlace(schema)))


def merchant_schema(schema: str) -> str:
    """The name again, once it is sure to be a merchant's; raises ValueError (trap 10: names end up in SQL)."""
    if not _SCHEMA_NAME.fullmatch(schema):
        raise ValueError(f"{schema!r} is not the name of a merchant's schema")
    return schema
