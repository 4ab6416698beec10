"""Secrets the database keeps but cannot read: sealed with keys of the platform that only the environment holds.

`FYNLO_SEALING_KEYS` is a list: the first key seals, any opens. To change it, put a new one in front, seal
everything anew, and take the old one away. Whoever steals the database has none of them.
"""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"fynlo sealing key 1"


class CannotUnseal(RuntimeError):
    """What is stored was sealed with a key that this platform does not have (any more), or was altered."""

    def __init__(self) -> None:
        super().__init__("a sealed secret cannot be opened with FYNLO_SEALING_KEYS")


def seal(secret: bytes) -> str:
    """The secret as a text that only the platform's keys open. Another text every time."""
    return _box().encrypt(secret).decode()


def unseal(sealed: str) -> bytes:
    """The secret back. Raises `CannotUnseal`, which says nothing of it."""
    try:
        return _box().decrypt(sealed.encode())
    except InvalidToken:
        raise CannotUnseal from None


def reseal(sealed: str) -> str:
    """The same secret, sealed with the first key of the list. Raises `CannotUnseal`."""
    try:
        return _box().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise CannotUnseal from None


def is_sealed_anew(sealed: str) -> bool:
    """Whether the first key of the list opens it: then the others are not needed for it any more."""
    try:
        Fernet(_key(settings.FYNLO_SEALING_KEYS[0])).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def _box() -> MultiFernet:
    texts: Sequence[str] = settings.FYNLO_SEALING_KEYS
    return MultiFernet([Fernet(_key(text)) for text in texts])


def _key(text: str) -> bytes:
    """A Fernet key of any secret text. The texts are long and random, so stretching them would add nothing."""
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(text.encode())
    return base64.urlsafe_b64encode(made)
