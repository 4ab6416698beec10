"""What vendors sign their calls to the platform's own door with: kept sealed, opened for one call, sealed anew."""

import datetime as dt

import structlog
from django.db import transaction

from fynlo.core.sealing import CannotUnseal, is_sealed_anew, reseal, seal, unseal
from fynlo.core.tenancy import platform_context
from tenants.models import VendorSecret

log = structlog.get_logger("fynlo.tenants")


def keep_vendor_secret(*, gateway: str, endpoint: str, secret: str, at: dt.datetime) -> None:
    """From now on calls signed with it are genuine. Saying it again replaces the endpoint's secret."""
    with platform_context(), transaction.atomic():
        VendorSecret.objects.update_or_create(
            gateway=gateway,
            endpoint=endpoint,
            defaults={"sealed": seal(secret.encode()), "created_at": at},
        )
    log.info("vendor_secret_kept", gateway=gateway, endpoint=endpoint)


def forget_vendor_secret(*, gateway: str, endpoint: str) -> None:
    """Calls signed with it are genuine no more. Nothing happens when it was not kept."""
    with platform_context():
        VendorSecret.objects.filter(gateway=gateway, endpoint=endpoint).delete()
    log.info("vendor_secret_forgotten", gateway=gateway, endpoint=endpoint)


def vendor_secrets(*, gateway: str) -> dict[str, str]:
    """The secrets by the names of their endpoints, the newest first. One that no key opens is left out and told."""
    with platform_context():
        rows = list(VendorSecret.objects.filter(gateway=gateway).order_by("-created_at", "-id"))
    found = {}
    for row in rows:
        try:
            found[row.endpoint] = unseal(row.sealed).decode()
        except CannotUnseal:
            log.warning("vendor_secret_not_opened", gateway=gateway, endpoint=row.endpoint)
    return found


def reseal_vendor_secrets() -> tuple[int, int]:
    """Seal all of them with the first key. How many there are, and how many were sealed anew.

    Raises `CannotUnseal` at one that none of the keys opens.
    """
    done = []
    with platform_context(), transaction.atomic():
        for row in VendorSecret.objects.select_for_update(of=("self",)).order_by("id"):
            is_old = not is_sealed_anew(row.sealed)
            done.append(is_old)
            if is_old:
                row.sealed = reseal(row.sealed)
                row.save(update_fields=["sealed"])
    return len(done), sum(done)
