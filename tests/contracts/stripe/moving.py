"""Moving the fake from outside: under its lock, with the account found by the object's id."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.contracts.stripe.bells import Bells
from tests.contracts.stripe.world import Body, Vendor, World


class Moving:
    """What every outsider shares; bells that ring at once ring when the lock is free again."""

    vendor: Vendor
    bells: Bells

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self.vendor.lock:
            yield
        if self.bells.at_once:
            self.bells.ring()

    @contextmanager
    def _moving(self, key: str, kind: str) -> Iterator[tuple[World, Body]]:
        """The world an object lives in, and the object."""
        with self._changing():
            homes = [world for world in self.vendor.worlds.values() if key in world.tables.get(kind, {})]
            assert len(homes) == 1, f"{kind} {key} lives in {len(homes)} accounts"
            yield homes[0], homes[0].tables[kind][key]
