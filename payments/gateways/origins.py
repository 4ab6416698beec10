"""The merchant's own host, where our pages of a payment are served."""

from django.conf import settings

from payments.gateways.base import ConnectionFacts
from tenants.queries import main_host


def origin(connection: ConnectionFacts) -> str:
    """Scheme and host, so that a telephone can open what a QR code says.

    As the account's settings say, else the merchant's main domain: with TLS in production, elsewhere on the port
    the demo and developers are served on.
    """
    given = str(connection.settings.get("origin") or "").rstrip("/")
    if given:
        return given
    host = main_host(slug=connection.tenant)
    return f"https://{host}" if settings.PRODUCTION else f"http://{host}:{settings.FYNLO_PORT}"
