"""Django keeps content types in one process-wide cache; here it is kept per schema (trap 3).

Ids differ between schemas whose histories differ, and threads of several tenants share the cache. The
manager reads and fills `_cache[alias]`; this mapping adds the schema of the calling thread to that key.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType

from fynlo.core.tenancy import TenantContextMissing, current_schema


class CachePerSchema(dict[Any, Any]):
    """A stand-in for the manager's cache whose entries are separate for each schema."""

    def _key(self, alias: str) -> tuple[str, str]:
        schema = current_schema()
        if schema is None:
            raise TenantContextMissing("content types were looked up while the connection is in no tenant")
        return schema, alias

    def __getitem__(self, alias: str) -> Any:
        return super().__getitem__(self._key(alias))

    def setdefault(self, alias: str, default: Any = None) -> Any:
        """The schema's own part of the cache, made when missing."""
        return super().setdefault(self._key(alias), default)

    def clear(self) -> None:
        """Keep everything: entries are keyed by schema, so a change of place invalidates nothing.

        The library clears this cache at every change of tenant, which would empty it for other threads.
        """


def install() -> None:
    """Give the content type manager a cache per schema (called once when the apps are ready)."""
    ContentType.objects._cache = CachePerSchema()  # type: ignore[attr-defined]  # noqa: SLF001
