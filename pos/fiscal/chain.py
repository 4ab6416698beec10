"""Looking at a register's entries one after the other, and saying in plain words what is wrong and where.

The verifier in `bin/verify-journal` does the same on an export without a line of this package, so that neither can
be wrong alone. Memory does not grow with the journal.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pos.fiscal.checkpoints import SIGNATURE, checkpoint_text
from pos.fiscal.entries import SealedEntry
from pos.fiscal.kinds import CHECKPOINT
from pos.fiscal.recipe import UnknownRecipe
from pos.fiscal.totals import RunningTotals, read_minor

HasSigned = Callable[[str, bytes, str], bool]
"""Whether the key (hexadecimal) has signed the text with the signature (hexadecimal)."""

ALTERED: Final = "altered"
BROKEN: Final = "broken"
MISSING: Final = "missing"
MISPLACED: Final = "misplaced"
UNREADABLE: Final = "unreadable"
UNSIGNED: Final = "unsigned"
CONTRADICTED: Final = "contradicted"
CUT: Final = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong: a stable `code`, the position it shows at, and what it means."""

    code: str
    position: int
    message: str


class ChainCheck:
    """Sees the entries of one register in their order and says what does not fit.

    `before` and `after_position` are the hash and position of the entry before the first one ("" and 0 for a whole
    journal). `keys` are the public keys that may sign for this merchant.
    """

    def __init__(
        self,
        *,
        merchant: str,
        keys: frozenset[str],
        has_signed: HasSigned,
        before: str = "",
        after_position: int = 0,
    ) -> None:
        self.position = after_position
        self.head = before
        self.seen = 0
        self.checkpoints = 0
        self.signed_position = 0
        self._merchant = merchant
        self._keys = keys
        self._has_signed = has_signed
        self._totals = RunningTotals((0, 0) if after_position == 0 else None)

    def see(self, entry: SealedEntry) -> Iterator[Finding]:
        """What is wrong with this entry, or with its place after those seen before."""
        self.seen += 1
        yield from self._place(entry)
        yield from self._content(entry)
        self._totals.see(entry)
        if entry.kind == CHECKPOINT:
            yield from self._checkpoint(entry)
        self.position, self.head = entry.position, entry.hash

    def end(self, *, position: int, head: str) -> Iterator[Finding]:
        """What is wrong with where it ends: the register counts `position` entries, the last with hash `head`."""
        if self.position < position:
            gap = _span(self.position + 1, position)
            yield Finding(code=CUT, position=position, message=f"{gap} at the end of the journal")
        elif (self.position, self.head) != (position, head):
            text = f"the register says that its journal ends at {position} with another hash"
            yield Finding(code=CUT, position=self.position, message=text)

    def _place(self, entry: SealedEntry) -> Iterator[Finding]:
        expected = self.position + 1
        if entry.position > expected:
            text = _span(expected, entry.position - 1)
            yield Finding(code=MISSING, position=expected, message=text)
        elif entry.position < expected:
            text = f"entry {entry.position} stands after entry {self.position}"
            yield Finding(code=MISPLACED, position=entry.position, message=text)
        if entry.previous_hash != self.head:
            text = f"entry {entry.position} does not follow the entry before it: it names another hash"
            yield Finding(code=BROKEN, position=entry.position, message=text)

    def _content(self, entry: SealedEntry) -> Iterator[Finding]:
        try:
            made = entry.made_hash()
        except (UnknownRecipe, ValueError) as error:
            text = f"entry {entry.position} cannot be checked: {error}"
            yield Finding(code=UNREADABLE, position=entry.position, message=text)
            return
        if made != entry.hash:
            text = f"entry {entry.position} was altered: its content makes another hash than it has"
            yield Finding(code=ALTERED, position=entry.position, message=text)

    def _checkpoint(self, entry: SealedEntry) -> Iterator[Finding]:
        body = _object(entry.body)
        if body is None:
            text = f"checkpoint {entry.position} cannot be read"
            yield Finding(code=UNREADABLE, position=entry.position, message=text)
            return
        self.checkpoints += 1
        told = (body.get("merchant"), body.get("register"), body.get("position"), body.get("head"))
        here = (self._merchant, entry.register_code, str(entry.position - 1), entry.previous_hash)
        if told != here:
            text = f"checkpoint {entry.position} was signed for something else than what stands before it"
            yield Finding(code=CONTRADICTED, position=entry.position, message=text)
        grand, refunds = read_minor(body.get("grand_total")), read_minor(body.get("refund_total"))
        signed = None if grand is None or refunds is None else (grand, refunds)
        if signed is None or self._totals.now not in (None, signed):
            text = f"checkpoint {entry.position}: its totals for ever are not those of the entries before it"
            yield Finding(code=CONTRADICTED, position=entry.position, message=text)
        self._totals.now = signed
        if not self._is_signed(body):
            text = f"checkpoint {entry.position} has no valid signature of this merchant"
            yield Finding(code=UNSIGNED, position=entry.position, message=text)
        else:
            self.signed_position = entry.position

    def _is_signed(self, body: Mapping[str, Any]) -> bool:
        key, signature = body.get("public_key"), body.get(SIGNATURE)
        if not isinstance(key, str) or not isinstance(signature, str) or key not in self._keys:
            return False
        return self._has_signed(key, checkpoint_text(body), signature)


def _span(first: int, last: int) -> str:
    return f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"


def _object(text: str) -> dict[str, Any] | None:
    try:
        read = json.loads(text)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
