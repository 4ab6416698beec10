"""`manage.py pairing_code <slug> --register K1`: a fresh code for a till, for whoever runs the platform."""

import argparse
import json
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import platform_context, tenant_context
from pos.registers.models import Register
from sync.terminals.services import NewPairingCode, create_pairing_code
from tenants import states
from tenants.configuration.fields import nearest
from tenants.models import Tenant

NO_SUCH_NAME = 2
_MOST_NAMES = 8


class Command(BaseCommand):
    """Prints a code that pairs one device with one register within ten minutes."""

    help = "Print a pairing code for a till: good for ten minutes, five tries, one device."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The merchant, the register, and the form of the answer."""
        parser.add_argument("slug", help="the merchant, such as cafe_morgenrot")
        parser.add_argument("--register", required=True, help="the register's code, such as K1")
        parser.add_argument("--json", dest="as_json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, slug: str, register: str, as_json: bool, **_options: Any) -> None:
        """Make the code. An unknown merchant or register ends with 2 and names what was probably meant."""
        tenant = _tenant(slug)
        refusal = states.refusal(tenant, states.Request(writes=True))
        if refusal is not None:
            raise CommandError(f"{slug}: {refusal.detail}")
        with tenant_context(tenant):
            code = create_pairing_code(
                register_id=_register(tenant, register).pk, actor=SYSTEM, at=clock.now()
            )
        self.stdout.write(_as_json(tenant, code) if as_json else _as_text(tenant, code))


def _tenant(slug: str) -> Tenant:
    with platform_context():
        found = Tenant.objects.filter(slug=slug).first()
        if found is None:
            known = list(Tenant.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(_no_such("merchant", slug, known), returncode=NO_SUCH_NAME)
    return found


def _register(tenant: Tenant, code: str) -> Register:
    found: Register | None = Register.objects.filter(code=code).first()
    if found is None:
        known = list(Register.objects.order_by("code").values_list("code", flat=True))
        message = _no_such(f"register of {tenant.slug}", code, known)
        raise CommandError(message, returncode=NO_SUCH_NAME)
    return found


def _no_such(kind: str, given: str, known: list[str]) -> str:
    by_fold = {name.casefold(): name for name in known}
    meant = by_fold.get(given.casefold()) or nearest(given, known)
    if meant:
        return f'There is no {kind} "{given}"; did you mean "{meant}"?'
    if not known:
        return f'There is no {kind} "{given}"; there is none at all.'
    more = "" if len(known) <= _MOST_NAMES else f" and {len(known) - _MOST_NAMES} more"
    return f'There is no {kind} "{given}"; known are {", ".join(known[:_MOST_NAMES])}{more}.'


def _as_text(tenant: Tenant, code: NewPairingCode) -> str:
    until = code.expires_at.astimezone(ZoneInfo(tenant.time_zone))
    return (
        f"{tenant.name}, register {code.register.code} ({code.register.name})\n"
        f"Pairing code: {code.code}\n"
        f"Good for one till until {until:%H:%M} ({tenant.time_zone})."
    )


def _as_json(tenant: Tenant, code: NewPairingCode) -> str:
    return json.dumps(
        {
            "code": str(code.code),
            "expires_at": clock.rfc3339(code.expires_at),
            "merchant": tenant.slug,
            "register": code.register.code,
            "register_id": str(code.register.pk),
        }
    )
