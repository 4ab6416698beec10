"""`manage.py makemigrations`: Django's command, placed on the platform for its one look at the database."""

from typing import Any

from django.core.management.commands import makemigrations

from fynlo.core.tenancy import platform_context


class Command(makemigrations.Command):
    """Compares the recorded migrations with the platform's schema, as merchants' schemas follow the same files."""

    def handle(self, *app_labels: Any, **options: Any) -> Any:
        """Run Django's command inside the platform's context."""
        with platform_context():
            return super().handle(*app_labels, **options)
