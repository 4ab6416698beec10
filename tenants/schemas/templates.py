"""The template schema: migrated like a merchant's, dumped, and kept as text for new merchants."""

import datetime as dt

from django.db import connection, transaction
from django.db.utils import ProgrammingError

from fynlo.core.database import sqlstate
from fynlo.core.tenancy import platform_context
from tenants.models import SchemaTemplate
from tenants.schemas.applying import Progress, apply_migrations
from tenants.schemas.dumping import dump_template
from tenants.schemas.fingerprint import platform_fingerprint, tenant_fingerprint
from tenants.schemas.pending import UNDEFINED
from tenants.schemas.places import TEMPLATE_SCHEMA, in_schema


class TemplateMissing(RuntimeError):
    """The database was not migrated by this release, so no merchant's schema can be built."""

    def __init__(self) -> None:
        super().__init__("the database is not migrated to this release; run `manage.py migrate` first")


def find_template() -> SchemaTemplate | None:
    """The template of this release, or None when the database was not migrated to it (or never)."""
    try:
        with platform_context():
            return SchemaTemplate.objects.filter(fingerprint=tenant_fingerprint()).first()
    except ProgrammingError as error:
        if sqlstate(error) not in UNDEFINED:
            raise
        return None


def current_template() -> SchemaTemplate:
    """The template of this release. Raises `TemplateMissing`."""
    template = find_template()
    if template is None:
        raise TemplateMissing
    return template


def refresh_template(*, at: dt.datetime, progress: Progress | None = None) -> SchemaTemplate:
    """Migrate the template schema and keep its dump; replaces the templates of earlier releases.

    Commits on its way (`pg_dump` reads what is committed), so it must not run inside a transaction. Where no
    `pg_dump` is found the text stays empty and new schemas are migrated instead, which is slower.
    """
    with platform_context(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {TEMPLATE_SCHEMA}")
    with in_schema(TEMPLATE_SCHEMA):
        apply_migrations(progress=progress)
    ddl = dump_template()
    with platform_context(), transaction.atomic():
        SchemaTemplate.objects.all().delete()
        return SchemaTemplate.objects.create(
            fingerprint=tenant_fingerprint(),
            platform_fingerprint=platform_fingerprint(),
            ddl=ddl or "",
            created_at=at,
        )
