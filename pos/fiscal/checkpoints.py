"""What is signed, as texts. A signature is over one of these and nothing else, so none can be taken for another.

Signatures are Ed25519 (RFC 8032); keys and signatures are written in hexadecimal. Whoever has the database has no
key: it is sealed with one of the platform's, which the database does not hold.
"""

from typing import Final

from pos.fiscal.canonical import Body, canonical_text

SIGNATURE: Final = "signature"
"""Where a signed body holds its signature; everything else in it is signed."""

_CHECKPOINT: Final = "fynlo-checkpoint-1\n"
_ARCHIVE: Final = "fynlo-archive-1\n"
_HANDOVER: Final = "fynlo-key-1\n"


def checkpoint_values(
    *,
    merchant: str,
    register: str,
    position: int,
    head: str,
    at: str,
    currency: str,
    grand_total: str,
    refund_total: str,
    public_key: str,
) -> dict[str, str]:
    """What a checkpoint says: the entry at `position` of `register` has the hash `head`, and the totals for ever.

    `at` is when it was said. Whoever keeps this and its signature elsewhere can tell a chain that was made
    anew from the one that was there: the new one has another hash at that position.
    """
    return {
        "merchant": merchant,
        "register": register,
        "position": str(position),
        "head": head,
        "at": at,
        "currency": currency,
        "grand_total": grand_total,
        "refund_total": refund_total,
        "public_key": public_key,
    }


def checkpoint_text(values: Body) -> bytes:
    """What is signed of a checkpoint: its values without the signature."""
    return _signed(_CHECKPOINT, values)


def handover_text(values: Body) -> bytes:
    """What both keys sign when one follows the other: `merchant`, `former`, `next`, `at`."""
    unsigned = {name: each for name, each in values.items() if not name.endswith(SIGNATURE)}
    return _signed(_HANDOVER, unsigned)


def archive_text(*, manifest_digest: str) -> bytes:
    """What is signed of an archive: the SHA-256 of its manifest, which has those of its files."""
    return (_ARCHIVE + manifest_digest).encode()


def _signed(prefix: str, values: Body) -> bytes:
    unsigned = {name: each for name, each in values.items() if name != SIGNATURE}
    return (prefix + canonical_text(unsigned)).encode()
