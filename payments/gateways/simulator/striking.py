"""Faults that strike: in the order of a script, or by the amount, each once."""

from collections.abc import Iterable
from typing import Any

from payments.gateways import base
from payments.gateways.simulator import faults
from payments.gateways.simulator.faults import Fault
from payments.gateways.simulator.store import Desk, add, of, own

_WAITING, _STRUCK = "waiting", "struck"
_RETRY_AFTER_SECONDS = 1.0


def plan_faults(*, desk: Desk, stated: Iterable[Any]) -> None:
    """Put faults at the end of the account's script. Raises ValueError for one that does not exist."""
    read = [faults.read_fault(each) for each in stated]
    with own():
        for fault in read:
            _wait(desk, fault)


def drop_faults(*, desk: Desk) -> None:
    """Take off the script what has not struck yet, but for what the account's settings put there."""
    with own():
        of(desk=desk, kind="fault").filter(about=_WAITING, key="").delete()


def waiting_faults(*, desk: Desk) -> list[Fault]:
    """What of the script has not struck yet."""
    return [faults.read_fault(row.data) for row in of(desk=desk, kind="fault").filter(about=_WAITING)]


def strike(*, desk: Desk, verb: str, amount_minor: int, subject: str) -> Fault | None:
    """The fault that this call meets, taken off the script. `subject`: what a fault by amount strikes once."""
    with own():
        return struck(desk=desk, verb=verb, amount_minor=amount_minor, subject=subject)


def struck(*, desk: Desk, verb: str, amount_minor: int, subject: str) -> Fault | None:
    """The same inside a transaction of the vendor's."""
    for number, stated in enumerate(desk.settings.get("faults", ())):
        key = f"settings:{number}"
        if not of(desk=desk, kind="fault").filter(key=key).exists():
            _wait(desk, faults.read_fault(stated), key=key)
    head = of(desk=desk, kind="fault").filter(about=_WAITING).select_for_update().first()
    if head is not None and head.data["verb"] in {"", verb}:
        head.about = _STRUCK
        head.save(update_fields=["about"])
        return faults.read_fault(head.data)
    return _by_amount(desk, verb, amount_minor, subject)


def _by_amount(desk: Desk, verb: str, amount_minor: int, subject: str) -> Fault | None:
    if not desk.settings.get("faults_by_amount", True):
        return None
    fault = faults.by_amount(amount_minor=amount_minor, verb=verb)
    if fault is None or fault.name == faults.DECLINED:
        return fault
    key = f"{subject}:{verb}"
    if of(desk=desk, kind="fault").filter(key=key).exists():
        return None
    add(desk=desk, kind="fault", key=key, about=_STRUCK, data={"fault": fault.name, "verb": fault.verb})
    return fault


def _wait(desk: Desk, fault: Fault, key: str = "") -> None:
    data = {"fault": fault.name, "verb": fault.verb}
    add(desk=desk, kind="fault", key=key, about=_WAITING, data=data)


def before(fault: Fault | None, *, is_read: bool = False) -> None:
    """Raise what stops a request before the vendor has done anything. A read that is lost is tried again."""
    name = "" if fault is None else fault.name
    if name == faults.RATE_LIMITED:
        raise base.TryAgain("Too many requests.", code="rate_limit", after=_RETRY_AFTER_SECONDS)
    if name == faults.RATE_LIMITED_SILENTLY:
        raise base.TryAgain("Too many requests.", code="rate_limit")
    if name == faults.NOT_CONNECTED:
        raise base.NotConnected("The simulator does not know this account any more.", code="account_invalid")
    if name == faults.READER_BUSY:
        raise base.ReaderTrouble("The reader is busy.", code="reader_busy", trouble="busy")
    if name == faults.READER_OFFLINE:
        raise base.ReaderTrouble("The reader is offline.", code="reader_offline", trouble="offline")
    if name == faults.DECLINED:
        raise base.Declined("The issuer said no.", code="declined")
    if name in {faults.LOST_BEFORE, faults.SERVER_ERROR} or (is_read and name == faults.LOST_AFTER):
        text = "The simulator answered 500." if name == faults.SERVER_ERROR else "No answer came."
        raise base.TryAgain(text, code="lost") if is_read else base.OutcomeUnknown(text)


def after(fault: Fault | None) -> None:
    """Raise `OutcomeUnknown` when the answer to what was done is lost."""
    if fault is not None and fault.name == faults.LOST_AFTER:
        raise base.OutcomeUnknown("No answer came.")
