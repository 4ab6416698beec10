"""The texts of an archive: one line per entry, and the manifest that names every file with its digest."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pos.fiscal.entries import SealedEntry
from pos.fiscal.recipe import instant

FORMAT: Final = "fynlo-journal-archive-1"
"""Goes up when a verifier of before could not read what is written."""

README: Final = """\
Archive of register journals
============================

This archive holds the journals of {merchant}, {first} to {last}, made {made_at}.

To check it you need Python 3.8 or newer and nothing else:

    python3 verify-journal THIS-ARCHIVE.zip --public-key KEY

KEY is the merchant's public key as it was written down when the shop began. A key read from this very archive
proves less, because whoever makes an archive of his own can put a key of his own into it. A checkpoint that was
kept elsewhere (--checkpoint FILE) shows even a journal that was written anew from its first entry to its last.
If you do not trust the verify-journal in here, take it from the software's source, or write one: this is all of it.

Files
-----
manifest.json            what is in here, each file with its size and SHA-256; where each journal begins and ends
manifest-signature.json  Ed25519 (RFC 8032) by the merchant's key over "fynlo-archive-1", a line feed, and the
                         SHA-256 of manifest.json in hexadecimal
public-keys.json         the merchant's public keys, and the handovers from one to the next, signed by both:
                         "fynlo-key-1", a line feed, and the handover without its signatures as canonical JSON
checkpoints.jsonl        the signed checkpoints among the entries, once more, to be kept elsewhere
registers/*.jsonl        the entries of each register, one a line, by position
verify-journal           the program above

An entry
--------
The hash of an entry by recipe 1 is the SHA-256 of these lines in UTF-8, joined by a line feed: "fynlo-journal-1",
register, position, kind, number, at, recorded_at, business_date, previous_hash, body. The first entry of a
register has position 1 and an empty previous_hash. body is canonical JSON: names sorted by code point, no spaces,
every value a text.

A checkpoint is an entry of kind checkpoint. Its body is signed without its member "signature":
"fynlo-checkpoint-1", a line feed, the rest as canonical JSON. It says which hash the entry before it has, and the
totals of the register for ever.

Amounts are in the currency named beside them. Entries of kind training are practice and were never sold.
"""


def entry_line(entry: SealedEntry) -> bytes:
    """An entry as a line of its register's file."""
    values = {
        "register": entry.register_code,
        "position": entry.position,
        "kind": entry.kind,
        "number": entry.number,
        "at": instant(entry.at),
        "recorded_at": instant(entry.recorded_at),
        "business_date": entry.business_date.isoformat(),
        "recipe": entry.recipe,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
        "body": entry.body,
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def document(values: Mapping[str, Any]) -> bytes:
    """A JSON file of an archive: for people to read, and the same bytes whenever it is made."""
    return json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
