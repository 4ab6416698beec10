"""The store of first answers: who may answer a claim, what was answered, and for how long it is known.

The look and the insert are plain statements: every request with an effect passes here, and the ORM would spend
more on them than the database does.

Of a request's body a keyed hash is kept. A plain one would give away what is short: whoever has the table tries all
PINs of four digits in no time. Rows of releases that kept a plain one are compared with a plain one; they are
forgotten after a day.
"""

import base64
import datetime as dt
import hashlib
import hmac
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection
from django.http import HttpResponse

from fynlo.api.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from fynlo.api.models import IdempotencyKey
from fynlo.core.ids import new_id
from fynlo.core.macs import is_genuine, mac
from fynlo.core.tenancy import tenant_key
from fynlo.observability import metrics

KEPT_FOR: Final = dt.timedelta(hours=24)
_BATCH: Final = 1_000
_PURPOSE: Final = "idempotency body"
_KEYED: Final = "mac1:"
_CLAIM: Final = "SELECT * FROM claim_key(%s, %s, %s)"
_FIND: Final = """
SELECT method, path, body_sha256, status, content_type, body, txn FROM api_idempotencykey
WHERE scope = %s AND key = %s
"""
_KEEP: Final = """
INSERT INTO api_idempotencykey
(id, scope, key, method, path, body_sha256, status, content_type, body, txn, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_UNLESS_KEPT: Final = "ON CONFLICT (scope, key) DO NOTHING"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a key is claimed for: by whom, and for which request."""

    scope: str
    key: str
    method: str
    path: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """The first answer to a claim; `txn` is the unit of work it belongs to, None for a refusal."""

    status: int
    content_type: str
    body: bytes
    txn: uuid.UUID | None

    @classmethod
    def of(cls, response: HttpResponse, *, txn: uuid.UUID | None) -> "Answer":
        """What is kept of a response."""
        return cls(response.status_code, response.headers.get("Content-Type", ""), response.content, txn)


def claimed(claim: Claim) -> Answer | None:
    """Claim the key until the transaction ends and return the answer kept for it, in one round trip.

    Raises `IdempotencyKeyInUse` while somebody else is answering the same claim, and `IdempotencyKeyReused`.
    """
    name = tenant_key("idempotency", claim.scope, claim.key)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [name, claim.scope, claim.key])
        is_free, *row = cursor.fetchone()
    if not is_free:
        raise IdempotencyKeyInUse
    return None if row[0] is None else _kept(claim, row)


def find(claim: Claim) -> Answer | None:
    """The answer kept for `claim`; raises `IdempotencyKeyReused` when its key belongs to another request."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [claim.scope, claim.key])
        row = cursor.fetchone()
    return None if row is None else _kept(claim, row)


def _kept(claim: Claim, row: Sequence[Any]) -> Answer:
    method, path, digest, status, content_type, body, txn = row
    if (method, path) != (claim.method, claim.path) or not _is_digest_of(claim.body, digest):
        metrics.idempotency(outcome="reused")
        raise IdempotencyKeyReused("Take a new Idempotency-Key for a new request.")
    return Answer(status, content_type, bytes(body), uuid.UUID(str(txn)) if txn else None)


def _digest(body: bytes) -> str:
    """What is kept of a body: which way it was made, and the keyed hash."""
    return _KEYED + base64.urlsafe_b64encode(mac(purpose=_PURPOSE, about=body)).decode().rstrip("=")


def _is_digest_of(body: bytes, kept: str) -> bool:
    if not kept.startswith(_KEYED):
        return hmac.compare_digest(hashlib.sha256(body).hexdigest(), kept)
    text = kept.removeprefix(_KEYED)
    return is_genuine(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), purpose=_PURPOSE, about=body)


def keep(claim: Claim, answer: Answer, *, at: dt.datetime, unless_kept: bool = False) -> None:
    """Keep the first answer; a second one for the same claim violates the constraint, or changes nothing."""
    values = [
        *(str(new_id()), claim.scope, claim.key, claim.method, claim.path, _digest(claim.body)),
        *(answer.status, answer.content_type, answer.body, str(answer.txn) if answer.txn else None, at),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP + _UNLESS_KEPT if unless_kept else _KEEP, values)


def forget(*, before: dt.datetime) -> int:
    """Delete the current tenant's answers made before `before`, in small transactions. Returns how many."""
    total = 0
    while True:
        batch = IdempotencyKey.objects.filter(created_at__lt=before).values_list("pk", flat=True)[:_BATCH]
        count, _ = IdempotencyKey.objects.filter(pk__in=list(batch)).delete()
        total += count
        if count < _BATCH:
            return total
