"""What is left to migrate, asked in one statement for the platform, the template and every merchant."""

from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.utils import ProgrammingError

from fynlo.core.database import sqlstate
from fynlo.core.tenancy import platform_context
from tenants.schemas.fingerprint import platform_fingerprint, tenant_fingerprint

OFF_THE_PATH: Final = "off the path"
"""Fingerprint of a schema that was migrated to somewhere else than the newest migrations."""

UNDEFINED: Final = frozenset({"42P01", "42703"})
"""SQLSTATEs of a table or column that is not there: the database was not migrated yet."""

# An empty fingerprint means that the schema is not built yet: onboarding builds it, no migration.
_ASK: Final = """
    SELECT (SELECT platform_fingerprint FROM tenants_schematemplate WHERE fingerprint = %(tenant)s),
           (SELECT count(*) FROM tenants_tenant WHERE schema_fingerprint = %(tenant)s),
           ARRAY(SELECT schema_name::text FROM tenants_tenant
                 WHERE schema_fingerprint NOT IN ('', %(tenant)s)
                 AND (is_canary OR slug = ANY(%(canaries)s)) ORDER BY schema_name),
           ARRAY(SELECT schema_name::text FROM tenants_tenant
                 WHERE schema_fingerprint NOT IN ('', %(tenant)s)
                 AND NOT (is_canary OR slug = ANY(%(canaries)s)) ORDER BY schema_name)
"""


@dataclass(frozen=True, slots=True)
class Pending:
    """What is stale: platform and template together, then merchants' schemas, the canaries apart."""

    foundations: bool
    canaries: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    current: int = 0

    @property
    def nothing(self) -> bool:
        """Whether everything is at this release."""
        return not (self.foundations or self.canaries or self.others)


def pending(*, canaries: tuple[str, ...] = ()) -> Pending:
    """What is stale now. `canaries` are slugs that go first in addition to those marked as canaries."""
    try:
        with platform_context(), connection.cursor() as cursor:
            cursor.execute(_ASK, {"tenant": tenant_fingerprint(), "canaries": list(canaries)})
            platform, current, first, others = cursor.fetchone()
    except ProgrammingError as error:
        if sqlstate(error) not in UNDEFINED:
            raise
        return Pending(foundations=True)
    return Pending(platform != platform_fingerprint(), tuple(first), tuple(others), current)
