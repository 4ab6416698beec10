"""Asking for money in tests: one account at the vendor, one reader, drafts with exact figures."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from payments.gateways.models import Attempt, Connection, Reader
from payments.gateways.services import (
    AttemptDraft,
    ConnectionDraft,
    ReaderDraft,
    drive_attempt,
    save_connection,
    save_reader,
    start_attempt,
)
from tests.payments.gateways.vendor import Vendor

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def later(**units: float) -> dt.datetime:
    """An instant after `AT`."""
    return AT + dt.timedelta(**units)


@dataclass(slots=True)
class Desk:
    """The café's account and reader at the vendor, and an order that owes money."""

    vendor: Vendor
    settled: list[Any]
    connection: Connection
    reader: Reader
    order_id: UUID = field(default_factory=new_id)

    def draft(self, minor: int = 1250, **facts: Any) -> AttemptDraft:
        values: dict[str, Any] = {
            "id": new_id(),
            "order_id": self.order_id,
            "purpose": "test",
            "connection_id": self.connection.pk,
            "tender_type": "card",
            "channel": "present",
            "amount": eur(minor),
            "reference": "A-17",
            "reader_id": self.reader.pk,
        }
        return AttemptDraft(**{**values, **facts})

    def start(self, minor: int = 1250, **facts: Any) -> Attempt:
        return start_attempt(draft=self.draft(minor, **facts), actor=SYSTEM, at=AT)

    def presented(self, minor: int = 1250, **facts: Any) -> Attempt:
        """An attempt that waits for the guest."""
        return drive_attempt(attempt_id=self.start(minor, **facts).pk, at=AT)


def desk_of(vendor: Vendor, settled: list[Any]) -> Desk:
    draft = ConnectionDraft(
        id=new_id(), gateway="vendor", name="Cards", account="acct_1", secrets={"key": "sk_open_sesame"}
    )
    connection = save_connection(draft=draft, actor=SYSTEM, at=AT)
    placed = ReaderDraft(id=new_id(), connection_id=connection.pk, vendor_id="rd_1", name="Bar")
    return Desk(vendor, settled, connection, save_reader(draft=placed, actor=SYSTEM))
