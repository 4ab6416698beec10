"""The merchant's own host, where our pages of a payment are served."""

from django.conf import settings

from payments.gateways.base import ConnectionFacts


def origin(connection: ConnectionFacts) -> str:
    """Scheme and host: as the account's settings say, else the merchant's name below the platform's domain."""
    given = connection.settings.get("origin")
    return str(given or f"https://{connection.tenant}.{settings.FYNLO_BASE_DOMAIN}").rstrip("/")
