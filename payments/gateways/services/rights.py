"""Rights that the key of an account lacks: told for the verb that needs them, while all others go on.

`health` of the account holds them by verb in `missing`, until that verb goes through or the secrets are replaced.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from fynlo.core.locks import lock_rows
from fynlo.events.log import unit_of_work
from payments.gateways.base import RightMissing
from payments.gateways.models import Connection
from payments.gateways.services.calling import Answer

log = structlog.get_logger("fynlo.payments")


def health_kept(*, trouble: str, missing: Mapping[str, str]) -> dict[str, Any]:
    """How an account is, as it is kept and told: whether it works, why not, and what its key may not do."""
    lacks = f"Its key has no right to: {', '.join(sorted(missing))}." if missing else ""
    told: dict[str, Any] = {"ok": not trouble, "text": trouble or lacks}
    return {**told, "missing": dict(missing)} if missing else told


def note_rights(*, connection: Connection, verb: str, answer: Answer) -> None:
    """Keep what an answer says of the right to `verb`: it is missing, or it is there (again)."""
    known = connection.health.get("missing", {})
    if isinstance(answer.failure, RightMissing):
        note_missing(connection_id=connection.pk, verb=verb, text=answer.failure.text)
    elif verb in known and (answer.told is not None or answer.refund is not None):
        _keep(connection.pk, {name: text for name, text in known.items() if name != verb})


def note_missing(*, connection_id: UUID, verb: str, text: str) -> None:
    """The key has no right to `verb`. Said once, until it has."""
    with unit_of_work():
        (row,) = lock_rows(Connection.objects.all(), [connection_id])
        known = row.health.get("missing", {})
        if known.get(verb) == text:
            return
        row.health = _health(row, {**known, verb: text})
        row.save(update_fields=["health"])
    log.error("payment_right_missing", connection=str(connection_id), verb=verb, reason=text)


def _keep(connection_id: UUID, missing: Mapping[str, str]) -> None:
    with unit_of_work():
        (row,) = lock_rows(Connection.objects.all(), [connection_id])
        row.health = _health(row, missing)
        row.save(update_fields=["health"])


def _health(row: Connection, missing: Mapping[str, str]) -> dict[str, Any]:
    return health_kept(trouble=row.capabilities.get("trouble", ""), missing=missing)
