"""Signing units: a port to certified devices (in Germany a TSE) that sign every transaction of a till.

The shape is that of § 146a AO and its directive: a transaction is started, may be updated, and is finished; the
unit numbers transactions without gaps and counts signatures. Fynlo has no certified unit: one is bought, and an
adapter speaks to it. An adapter is called outside of transactions of the database, takes a time limit of its own,
and raises `UnitUnavailable` for anything that is not the caller's fault. It can never fail a sale.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Protocol


class UnitUnavailable(Exception):
    """The unit did not answer, or said that it cannot sign now. The message is the cause, for the outage log."""


class UnitRefused(Exception):
    """The unit was used wrongly: an unknown or finished transaction, or data it does not take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSignature:
    """What a unit says when a transaction is finished. All of it is printed or exported; none of it is secret."""

    unit: str
    transaction: int
    counter: int
    started_at: dt.datetime
    finished_at: dt.datetime
    algorithm: str
    public_key: str
    signature: str = field(repr=False)


class SigningUnit(Protocol):
    """One unit, as a till uses it. `client` is the till's code, which the unit may have to know beforehand."""

    def start(self, *, client: str, at: dt.datetime) -> int:
        """Begin a transaction; its number, dense per unit."""

    def update(self, *, client: str, transaction: int, data: bytes, at: dt.datetime) -> None:
        """Say more of a transaction that is not finished."""

    def finish(
        self, *, client: str, transaction: int, process: str, data: bytes, at: dt.datetime
    ) -> UnitSignature:
        """End a transaction and have it signed. `process` says what it was, `data` is what is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A stretch without signatures: since when, why, and until when it lasted (None while it lasts)."""

    began_at: dt.datetime
    cause: str
    ended_at: dt.datetime | None = None
