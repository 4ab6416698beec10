"""PINs of many cards are hashed a piece at a time: each takes some hundredths of a second, all of them minutes."""

from collections.abc import Callable, Sequence
from typing import Protocol

from payments.credit.pins import hash_pin
from payments.credit.staged_cards import PIECE

Progress = Callable[[int, int], None]


class KeptHashes(Protocol):
    """Where pieces that are done outlive who did them."""

    def get(self, piece: int) -> list[str] | None: ...

    def keep(self, piece: int, hashes: list[str]) -> None: ...


def hash_pins(
    *, pins: Sequence[str], kept: KeptHashes | None = None, told: Progress | None = None
) -> list[str]:
    """What is to be kept of each PIN, in their order; of none it is empty."""
    hashed: list[str] = []
    for piece, start in enumerate(range(0, len(pins), PIECE)):
        wanted = pins[start : start + PIECE]
        done = kept.get(piece) if kept is not None else None
        if done is None or len(done) != len(wanted):
            done = [hash_pin(pin) for pin in wanted]
            if kept is not None:
                kept.keep(piece, done)
        hashed += done
        if told is not None:
            told(len(hashed), len(pins))
    return hashed
