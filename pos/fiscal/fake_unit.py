"""A signing unit that signs nothing: strict and stateful like a real one, for tests and for trying out.

NOT FOR USE IN A SHOP. Its signatures say so, and Fynlo refuses it in production.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Final

from pos.fiscal.units import UnitRefused, UnitSignature, UnitUnavailable

ALGORITHM: Final = "FAKE-NOT-FOR-USE"
LONGEST_DATA: Final = 65_536
MOST_OPEN: Final = 500


@dataclass(slots=True)
class _Transaction:
    client: str
    started_at: dt.datetime
    parts: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class FakeUnit:
    """Numbers transactions, remembers which are open, counts signatures, and refuses what a real unit refuses.

    `break_down` makes it unavailable with a cause until `repair`.
    """

    serial: str = "fake-unit-1"
    last_transaction: int = 0
    signature_counter: int = 0
    latest: dt.datetime | None = None
    cause: str = ""
    open: dict[int, _Transaction] = field(default_factory=dict)

    def break_down(self, cause: str) -> None:
        """Be unavailable from now on."""
        self.cause = cause

    def repair(self) -> None:
        """Be available again. Transactions that were open are lost, as after a power cut."""
        self.cause = ""
        self.open.clear()

    def start(self, *, client: str, at: dt.datetime) -> int:
        """Begin a transaction."""
        self._check(at)
        if not client:
            raise UnitRefused("a client has a name")
        if len(self.open) >= MOST_OPEN:
            raise UnitRefused("too many transactions are open")
        self.last_transaction += 1
        self.signature_counter += 1
        self.open[self.last_transaction] = _Transaction(client=client, started_at=at)
        return self.last_transaction

    def update(self, *, client: str, transaction: int, data: bytes, at: dt.datetime) -> None:
        """Add to a transaction."""
        self._check(at)
        self._open(client, transaction).parts.append(self._taken(data))

    def finish(
        self, *, client: str, transaction: int, process: str, data: bytes, at: dt.datetime
    ) -> UnitSignature:
        """End a transaction."""
        self._check(at)
        found = self._open(client, transaction)
        if not process:
            raise UnitRefused("a process has a name")
        found.parts.append(self._taken(data))
        del self.open[transaction]
        self.signature_counter += 1
        about = f"{self.serial}\n{client}\n{transaction}\n{self.signature_counter}\n{process}\n".encode()
        return UnitSignature(
            unit=self.serial,
            transaction=transaction,
            counter=self.signature_counter,
            started_at=found.started_at,
            finished_at=at,
            algorithm=ALGORITHM,
            public_key="none",
            signature=hashlib.sha256(about + b"".join(found.parts)).hexdigest(),
        )

    def _check(self, at: dt.datetime) -> None:
        if self.cause:
            raise UnitUnavailable(self.cause)
        if self.latest is not None and at < self.latest:
            raise UnitRefused("the unit's clock does not go back")
        self.latest = at

    def _open(self, client: str, transaction: int) -> _Transaction:
        found = self.open.get(transaction)
        if found is None or found.client != client:
            raise UnitRefused(f"transaction {transaction} is not open for {client}")
        return found

    def _taken(self, data: bytes) -> bytes:
        if len(data) > LONGEST_DATA:
            raise UnitRefused("too much data for one transaction")
        return data
