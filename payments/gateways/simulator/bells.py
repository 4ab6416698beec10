"""The simulated vendor's calls to us: kept until they are delivered, signed when they go.

The signature is `t=<unix seconds>,v1=<hex>`, an HMAC-SHA256 with the connection's `webhook_secret` over the time
stamp, a point and the raw body. It is good for five minutes, in the past and in the future.
"""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from payments.gateways import base
from payments.gateways.simulator import faults
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.store import Desk, add, of, own, vendor_id
from payments.gateways.simulator.striking import struck

HEADER: Final = "simulator-signature"
SECRET: Final = "webhook_secret"  # noqa: S105  the name of it
TOLERANCE: Final = dt.timedelta(seconds=300)
_WAITING, _RUNG, _LOST = "waiting", "rung", "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """A call that waits to be made: the raw body and its headers, names in lower case."""

    id: str
    body: bytes
    headers: dict[str, str] = field(repr=False)


def ring(*, desk: Desk, kind: str, row: SimulatedObject, attempt: str = "", amount_minor: int = 0) -> None:
    """Something happened to `row`. Inside a transaction of the vendor's; a fault may lose or double the call."""
    if not desk.settings.get("bells", True):
        return
    fault = struck(desk=desk, verb="bell", amount_minor=amount_minor, subject=f"{row.id}:{kind}")
    name = "" if fault is None else fault.name
    data = {
        "type": kind,
        "object": vendor_id(row),
        "attempt": attempt,
        "times": 2 if name == faults.BELL_TWICE else 1,
        "snapshot": {key: value for key, value in row.data.items() if key != "card"},
    }
    add(desk=desk, kind="event", data=data, about=_LOST if name == faults.BELL_LOST else _WAITING)


def waiting_bells(*, desk: Desk, secret: str) -> list[Bell]:
    """Calls that wait, in their order, signed now; one that rings twice is there twice."""
    rows = of(desk=desk, kind="event").filter(about=_WAITING)
    return [_bell(desk, row, secret) for row in rows for _ in range(row.data["times"])]


def lost_bells(*, desk: Desk, secret: str) -> list[Bell]:
    """Calls that nobody will ever make, for those who want to see what they would have been."""
    return [_bell(desk, row, secret) for row in of(desk=desk, kind="event").filter(about=_LOST)]


def mark_rung(*, desk: Desk, bells: Iterable[Bell]) -> None:
    """They were delivered, or are lost for good."""
    names = {bell.id for bell in bells}
    with own():
        for row in of(desk=desk, kind="event").filter(about=_WAITING).select_for_update():
            if vendor_id(row) in names:
                row.about = _RUNG
                row.save(update_fields=["about"])


def _bell(desk: Desk, row: SimulatedObject, secret: str) -> Bell:
    said = {
        "id": vendor_id(row),
        "type": row.data["type"],
        "account": desk.account,
        "created": int(row.at.timestamp()),
        "data": {key: row.data[key] for key in ("object", "attempt", "snapshot")},
    }
    body = json.dumps(said, separators=(",", ":"), sort_keys=True).encode()
    return Bell(id=said["id"], body=body, headers={HEADER: signature(body=body, secret=secret, at=desk.at)})


def signature(*, body: bytes, secret: str, at: dt.datetime) -> str:
    """The header for this body, sent at this time."""
    stamp = int(at.timestamp())
    return f"t={stamp},v1={_mac(secret, stamp, body)}"


def _mac(secret: str, stamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), str(stamp).encode() + b"." + body, hashlib.sha256).hexdigest()


def verified(*, inbound: base.Inbound) -> base.VerifiedEvent:
    """The event of a call whose signature is right and new. Raises `BadSignature`."""
    secret = inbound.connection.secrets.get(SECRET, "")
    stamp, given = _parts(inbound.headers.get(HEADER, ""))
    if not secret or abs(inbound.received_at.timestamp() - stamp) > TOLERANCE.total_seconds():
        raise base.BadSignature
    wanted = _mac(secret, stamp, inbound.body)
    if not any(hmac.compare_digest(wanted.encode(), each.encode()) for each in given):
        raise base.BadSignature
    return _event(inbound.body)


def _parts(header: str) -> tuple[int, Sequence[str]]:
    pairs = [part.strip().split("=", 1) for part in header.split(",") if "=" in part]
    stamps = [value for name, value in pairs if name == "t" and value.isascii() and value.isdigit()]
    return (int(stamps[0][:12]) if stamps else 0), [value for name, value in pairs if name == "v1"]


def _event(body: bytes) -> base.VerifiedEvent:
    try:
        said: Any = json.loads(body)
        return base.VerifiedEvent(
            id=said["id"],
            kind=said["type"],
            account=said["account"],
            at=dt.datetime.fromtimestamp(said["created"], tz=dt.UTC),
            payload=said,
        )
    except (ArithmeticError, KeyError, OSError, RecursionError, TypeError, ValueError):
        raise base.BadSignature from None
