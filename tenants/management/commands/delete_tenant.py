"""`delete_tenant` of the tenancy library is not available here."""

from tenants.management.replaced import ReplacedCommand


class Command(ReplacedCommand):
    """Refuses and says what to use."""

    instead = "manage.py tenants suspend"
