"""Two merchants full of marks: whatever carries the other's mark in an answer has leaked.

Every text of the grocer that a person can choose carries `OSTRICH`, and every primary key of the grocer is a
mark as well. The café's identities then ask for everything.
"""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models

from fynlo.core.tenancy import tenant_context

WORD = "OSTRICH"
_FREE_TEXT = {"name", "description", "employee_name", "device_name"}
FRAMEWORK = {"contenttypes", "auth", "sessions", "admin"}


def tenant_models() -> list[type[models.Model]]:
    """Every model with a table in a merchant's schema."""
    from django.conf import settings

    return [
        model
        for config in apps.get_app_configs()
        if config.name in settings.TENANT_APPS
        for model in config.get_models(include_auto_created=True)
    ]


def mark_texts(word: str) -> None:
    """Put `word` into every free text of the tenant the connection is in (history is written marked)."""
    for model in tenant_models():
        if model._meta.app_label in FRAMEWORK or getattr(model, "history", False) is True:
            continue
        for column in model._meta.concrete_fields:
            if column.name in _FREE_TEXT and not column.choices:
                model._base_manager.exclude(**{column.name: ""}).update(
                    **{column.name: models.functions.Concat(models.Value(f"{word} "), models.F(column.name))}
                )


def keys_of(tenant: Any) -> set[str]:
    """Every UUID primary key of the tenant's own rows, as text."""
    found: set[str] = set()
    with tenant_context(tenant):
        for model in tenant_models():
            if isinstance(model._meta.pk, models.UUIDField):
                found |= {str(key) for key in model._base_manager.values_list("pk", flat=True)}
    return found


def checksum(tenant: Any) -> dict[str, str]:
    """A digest of every table of the tenant, by table."""
    digests = {}
    with tenant_context(tenant), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{table}\" t"
            )
            digests[table] = cursor.fetchone()[0]
    return digests


@dataclass
class Marks:
    """What must never appear: the other tenant's keys, secrets and words."""

    keys: set[str]
    secrets: set[str] = field(default_factory=set)
    _shapes: re.Pattern[str] = field(
        default=re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}"),
        repr=False,
    )

    def found_in(self, text: str) -> list[str]:
        """The marks that `text` carries."""
        lowered = text.lower()
        seen = {str(uuid.UUID(found)) for found in self._shapes.findall(lowered)} & self.keys
        seen |= {secret for secret in self.secrets if secret in text}
        if WORD.lower() in lowered:
            at = lowered.index(WORD.lower())
            seen.add(text[max(0, at - 40) : at + 60])
        return sorted(seen)
