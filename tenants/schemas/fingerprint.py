"""What a schema was built from: a hash over every migration that can have shaped it."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

import django
from django.apps import apps
from django.conf import settings

from fynlo.core import history
from tenants.schemas import grants

# Count up when the way a template is dumped or replayed changes without any migration changing.
_FORMAT: Final = "1"


@lru_cache
def tenant_fingerprint() -> str:
    """Hash of what shapes a merchant's schema: migrations of the tenant apps, rights, triggers, Django."""
    return _fingerprint(settings.TENANT_APPS)


@lru_cache
def platform_fingerprint() -> str:
    """Hash of what shapes the platform's schema."""
    return _fingerprint(settings.SHARED_APPS)


def _fingerprint(app_names: list[str]) -> str:
    digest = hashlib.sha256(f"{_FORMAT} {django.get_version()}".encode())
    for module in (history, grants):
        digest.update(Path(str(module.__file__)).read_bytes())
    for config in apps.get_app_configs():
        if config.name in app_names:
            for file in sorted(Path(config.path).glob("migrations/*.py")):
                digest.update(f"\n{config.label}/{file.name}\n".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
