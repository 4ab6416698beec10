"""`create_missing_schemas` of the tenancy library is not available here."""

from tenants.management.replaced import ReplacedCommand


class Command(ReplacedCommand):
    """Refuses and says what to use."""

    instead = "manage.py onboard merchant.yaml"
