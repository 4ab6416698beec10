"""The vendor's store: what it keeps under which name, in transactions of its own.

Every write is `durable`: inside a transaction of ours it would raise, and a vendor's commit is never undone by us.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NoReturn
from uuid import UUID

from django.db import IntegrityError, transaction

from fynlo.core import clock
from payments.gateways import base
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.options import read_settings

PREFIXES: Final = MappingProxyType(
    {
        "payment": "sim_pay_",
        "refund": "sim_ref_",
        "dispute": "sim_dis_",
        "payout": "sim_out_",
        "line": "sim_txn_",
        "event": "sim_evt_",
        "reader": "sim_rdr_",
        "fault": "sim_flt_",
        "request": "sim_req_",
    }
)
_FAILURES: Final[Mapping[str, Callable[..., base.GatewayFailure]]] = MappingProxyType(
    {each.kind: each for each in (base.Declined, base.ReaderTrouble, base.Refused)}
)
"""Answers that the vendor remembers under a key. What it was too busy for was never begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A merchant's account at the simulated vendor, and what time it is there."""

    connection_id: UUID
    account: str
    at: dt.datetime
    settings: Mapping[str, Any] = field(default_factory=dict)


def desk_of(connection: base.ConnectionFacts) -> Desk:
    """The account of a connection. The vendor has a clock of its own: `settings["clock"]`, or the real one."""
    settings = read_settings(settings=connection.settings)
    stated = settings.get("clock")
    at = dt.datetime.fromisoformat(stated) if stated else clock.now()
    return Desk(connection_id=connection.id, account=connection.account, at=at, settings=settings)


def own() -> transaction.Atomic:
    """A transaction of the vendor's. Raises RuntimeError inside one of ours."""
    return transaction.atomic(durable=True)


def vendor_id(row: SimulatedObject) -> str:
    """What the vendor calls it."""
    return PREFIXES[row.kind] + row.id.hex


def add(*, desk: Desk, kind: str, data: Mapping[str, Any], key: str = "", about: str = "") -> SimulatedObject:
    """A new thing. Raises IntegrityError when one was made with this key."""
    row: SimulatedObject = SimulatedObject.objects.create(
        connection_id=desk.connection_id, kind=kind, key=key, about=about, data=dict(data), at=desk.at
    )
    return row


def found(*, desk: Desk, kind: str, name: str) -> SimulatedObject | None:
    """The thing with this name of the vendor's, locked."""
    head, tail = name[: len(PREFIXES[kind])], name[len(PREFIXES[kind]) :]
    try:
        key = UUID(hex=tail)
    except ValueError:
        return None
    if head != PREFIXES[kind]:
        return None
    return of(desk=desk, kind=kind).select_for_update().filter(pk=key).first()


def needed(*, desk: Desk, kind: str, name: str) -> SimulatedObject:
    """The same. Raises `Refused` when there is none."""
    row = found(desk=desk, kind=kind, name=name)
    if row is None:
        raise base.Refused(f"No such {kind}: {name}.", code="resource_missing")
    return row


def of(*, desk: Desk, kind: str) -> Any:
    """Everything of a kind at this account, the oldest first."""
    return SimulatedObject.objects.filter(connection_id=desk.connection_id, kind=kind)


def change(row: SimulatedObject, **data: Any) -> None:
    """Write some of what is kept of it."""
    row.data = {**row.data, **data}
    row.save(update_fields=["data"])


def once(
    *, desk: Desk, verb: str, key: str, asked: Iterable[Any], do: Callable[[], SimulatedObject]
) -> SimulatedObject:
    """Do it, or when it was done under this key, say what it is about as it is by now.

    A certain no is remembered too. Raises it, `Refused` when the key was used for something else, and `TryAgain`
    while a twin is at it.
    """
    stated = [verb, *(str(each) for each in asked)]
    refused: base.GatewayFailure | None = None
    try:
        with own():
            before = of(desk=desk, kind="request").filter(key=key).first() if key else None
            if before is not None:
                return _again(desk, before, stated)
            try:
                with transaction.atomic():
                    row = do()
                said: dict[str, Any] = {"kind": row.kind, "name": vendor_id(row)}
            except base.GatewayFailure as failure:
                if failure.kind not in _FAILURES:
                    raise
                refused, said = (
                    failure,
                    {"failure": [failure.kind, failure.text, failure.code, _rest(failure)]},
                )
            add(desk=desk, kind="request", key=key, data={"asked": stated, **said})
    except IntegrityError:
        raise base.TryAgain("The same request is being handled.", code="idempotency_in_progress") from None
    if refused is not None:
        raise refused
    return row


def _again(desk: Desk, before: SimulatedObject, stated: list[str]) -> SimulatedObject:
    if before.data["asked"] != stated:
        raise base.Refused("This key was used for another request.", code="idempotency_error")
    if "failure" in before.data:
        _fail(*before.data["failure"])
    return needed(desk=desk, kind=before.data["kind"], name=before.data["name"])


def _fail(kind: str, text: str, code: str, rest: Mapping[str, Any]) -> NoReturn:
    raise _FAILURES[kind](text, code=code, **rest)


def _rest(failure: base.GatewayFailure) -> dict[str, Any]:
    if isinstance(failure, base.ReaderTrouble):
        return {"trouble": failure.trouble}
    if isinstance(failure, base.Declined):
        return {"may_retry_same_card": failure.may_retry_same_card}
    return {}
