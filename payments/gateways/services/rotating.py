"""Sealing the secrets of gateways anew, so that an old key of the platform can be taken away.

One short transaction per row, and only rows that the first key does not open: whoever is stopped in between starts
again and goes on where they were.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fynlo.core.locks import lock_rows
from fynlo.core.sealing import is_sealed_anew, reseal
from payments.gateways.models import Attempt, Connection


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many secrets there are of a kind, and how many of them were sealed anew by this."""

    what: str
    found: int
    sealed: int


def rotate_secrets() -> Iterator[Rotated]:
    """Seal the current merchant's accounts, then what open attempts keep for screens, with the first key.

    Raises `CannotUnseal` at a secret that none of the keys opens; what was done until then stays done.
    """
    accounts = Connection.objects.exclude(sealed_secrets="").order_by("pk").values_list("pk", flat=True)
    yield _counted("accounts", [_account(key) for key in accounts])
    rows = Attempt.objects.filter(next__has_key="sealed_secret").order_by("pk").values_list("pk", flat=True)
    yield _counted("attempts", [_attempt(key) for key in rows])


def _account(key: UUID) -> bool:
    with transaction.atomic():
        (row,) = lock_rows(Connection.objects.all(), [key])
        if not row.sealed_secrets or is_sealed_anew(row.sealed_secrets):
            return False
        row.sealed_secrets = reseal(row.sealed_secrets)
        row.save(update_fields=["sealed_secrets"])
    return True


def _attempt(key: UUID) -> bool:
    with transaction.atomic():
        (row,) = lock_rows(Attempt.objects.all(), [key])
        sealed = row.next.get("sealed_secret", "")
        if not sealed or is_sealed_anew(sealed):
            return False
        row.next = {**row.next, "sealed_secret": reseal(sealed)}
        row.save(update_fields=["next"])
    return True


def _counted(what: str, done: list[bool]) -> Rotated:
    return Rotated(what, len(done), sum(done))
