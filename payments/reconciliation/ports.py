"""What reconciling needs of the shop. Payments do not know orders and drawers; whoever does registers here."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from fynlo.core.clock import business_date
from fynlo.core.tenancy import current_tenant
from payments.gateways.base import Evidence
from payments.gateways.places import tell_registers


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerCount:
    """A drawer that was counted: what should have been in it, what was, and whose it is."""

    register_id: UUID
    register_name: str
    business_date: dt.date
    closed_at: dt.datetime
    expected_minor: int
    counted_minor: int
    currency: str

    @property
    def variance_minor(self) -> int:
        """Above zero: more than there should be."""
        return self.counted_minor - self.expected_minor


class DrawerCounts(Protocol):
    """Drawers counted on business days from `since` to `until`, both counted, the newest first."""

    def __call__(self, *, since: dt.date, until: dt.date) -> Iterable[DrawerCount]: ...


class EvidenceOf(Protocol):
    """What speaks for a sale: what was sold, its receipt, the signature."""

    def __call__(self, *, order_id: UUID) -> Evidence: ...


class RegisterNames(Protocol):
    """The names of registers by their keys."""

    def __call__(self) -> dict[UUID, str]: ...


class BusinessDay(Protocol):
    """The shop's trading day at an instant, for what happens at no register; None when it has no place yet."""

    def __call__(self, *, at: dt.datetime) -> dt.date | None: ...


@dataclass
class _Ports:
    drawers: list[DrawerCounts] = field(default_factory=list)
    evidence: list[EvidenceOf] = field(default_factory=list)
    registers: list[RegisterNames] = field(default_factory=list)
    days: list[BusinessDay] = field(default_factory=list)


_ports = _Ports()


def register_ports(
    *, drawers: DrawerCounts, evidence: EvidenceOf, registers: RegisterNames, day: BusinessDay
) -> None:
    """Offer what the shop knows (once, at start-up; again replaces it)."""
    _ports.drawers, _ports.evidence, _ports.registers = [drawers], [evidence], [registers]
    tell_registers(registers)
    _ports.days = [day]


def drawer_counts(*, since: dt.date, until: dt.date) -> list[DrawerCount]:
    """Counted drawers of these days; none when nobody offers any."""
    return [count for provider in _ports.drawers for count in provider(since=since, until=until)]


def evidence_of(*, order_id: UUID) -> Evidence:
    """What speaks for a sale; empty when nobody knows it."""
    for provider in _ports.evidence:
        return provider(order_id=order_id)
    return Evidence()


def business_day(*, at: dt.datetime) -> dt.date:
    """The shop's trading day at an instant; the calendar day where the merchant is when nobody knows better."""
    found = next((day for provider in _ports.days if (day := provider(at=at)) is not None), None)
    return found or business_date(at=at, time_zone=current_tenant().time_zone)


def register_names() -> dict[UUID, str]:
    """The names of registers by their keys."""
    return {key: name for provider in _ports.registers for key, name in provider().items()}
