"""The merchant's signing key: made when it is first needed, sealed in the database, handed over when changed.

The row it lies in (the head of the catalogue, one per merchant) holds the public key in the clear and the private
one sealed with a key of the environment. So whoever has the database can read every signature and make none.
"""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection, transaction

from fynlo.core.sealing import reseal, seal, unseal
from fynlo.core.tenancy import current_tenant
from pos.fiscal.checkpoints import handover_text
from pos.fiscal.recipe import instant

_READ: Final = "SELECT sealed_keys -> 'journal' FROM pos_cataloghead WHERE id = 1"
_LOCK: Final = "SELECT sealed_keys FROM pos_cataloghead WHERE id = 1 FOR NO KEY UPDATE"
# Whoever comes second leaves what the first one made.
_FIRST: Final = """
UPDATE pos_cataloghead SET sealed_keys = sealed_keys || jsonb_build_object('journal', %s::jsonb)
WHERE id = 1 AND NOT jsonb_exists(sealed_keys, 'journal')
"""
_REPLACE: Final = "UPDATE pos_cataloghead SET sealed_keys = %s::jsonb WHERE id = 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key in use. `public_key` is written in hexadecimal; the private half shows itself nowhere."""

    public_key: str
    private: Ed25519PrivateKey = field(repr=False)

    def sign(self, message: bytes) -> str:
        """The signature, in hexadecimal."""
        return self.private.sign(message).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """What anybody may know: every public key there was, newest first, and the handovers between them."""

    keys: tuple[dict[str, str], ...]
    handovers: tuple[dict[str, str], ...]

    @property
    def known(self) -> frozenset[str]:
        """The keys alone."""
        return frozenset(each["public_key"] for each in self.keys)


def signing_key(*, at: dt.datetime) -> SigningKey:
    """The merchant's key, made now if there was none. One statement, three the first time.

    Raises `CannotUnseal` if the platform's keys do not open it.
    """
    stored = _stored()
    if stored is None:
        made, private = _made(at)
        with connection.cursor() as cursor:
            cursor.execute(_FIRST, [json.dumps(made | {"former": [], "handovers": []})])
            if cursor.rowcount:
                return SigningKey(public_key=made["public"], private=private)
        stored = _stored()
    if stored is None:
        raise RuntimeError("the head of the catalogue is missing")
    return _opened(stored)


def public_keys() -> PublicKeys:
    """The merchant's public keys; none before the first checkpoint. One statement."""
    stored = _stored()
    if stored is None:
        return PublicKeys(keys=(), handovers=())
    current = {"public_key": stored["public"], "since": stored["since"]}
    return PublicKeys(keys=(current, *stored["former"]), handovers=tuple(stored["handovers"]))


def replace_signing_key(*, at: dt.datetime) -> PublicKeys:
    """Make a new key and have both sign that one follows the other. The old private half is forgotten.

    Raises `CannotUnseal` if the old one cannot be opened: then nothing can vouch for the new one.
    """
    old = signing_key(at=at)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
            sealed_keys = json.loads(cursor.fetchone()[0])
        stored = sealed_keys["journal"]
        old = _opened(stored)
        made, private = _made(at)
        handover = {
            "merchant": current_tenant().slug,
            "former": old.public_key,
            "next": made["public"],
            "at": instant(at),
        }
        message = handover_text(handover)
        signed = {"former_signature": old.sign(message), "next_signature": private.sign(message).hex()}
        former = {"public_key": stored["public"], "since": stored["since"], "until": instant(at)}
        sealed_keys["journal"] = made | {
            "former": [former, *stored["former"]],
            "handovers": [*stored["handovers"], handover | signed],
        }
        _replace(sealed_keys)
    return public_keys()


def reseal_keys() -> int:
    """Seal every secret of the merchant anew with the platform's first key. Returns how many there are.

    For all that lies in the row, whatever it is for. Raises `CannotUnseal`, having changed nothing.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
            sealed_keys = json.loads(cursor.fetchone()[0])
        for each in sealed_keys.values():
            each["sealed"] = reseal(each["sealed"])
        _replace(sealed_keys)
    return len(sealed_keys)


def has_signed(public_key: str, message: bytes, signature: str) -> bool:
    """Whether the key signed the message; both in hexadecimal, nonsense has signed nothing."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        return False
    return True


def _stored() -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        row = cursor.fetchone()
    return None if row is None or row[0] is None else json.loads(row[0])


def _made(at: dt.datetime) -> tuple[dict[str, str], Ed25519PrivateKey]:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    return {"public": public, "sealed": seal(private.private_bytes_raw()), "since": instant(at)}, private


def _opened(stored: dict[str, Any]) -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(unseal(stored["sealed"]))
    return SigningKey(public_key=stored["public"], private=private)


def _replace(sealed_keys: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REPLACE, [json.dumps(sealed_keys)])
