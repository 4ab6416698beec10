"""Card readers of the simulated vendor: any name is one, and does one thing at a time."""

from payments.gateways import base
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.store import Desk, add, change, found, of, own, vendor_id


def reader_row(*, desk: Desk, name: str) -> SimulatedObject:
    """The reader with this name, made when it is first heard of. Locked, inside a transaction of the vendor's."""
    row = of(desk=desk, kind="reader").select_for_update().filter(key=name).first()
    if row is None:
        row = add(desk=desk, kind="reader", key=name, data={"is_online": True, "payment": ""})
    return row


def occupy(*, desk: Desk, name: str, row: SimulatedObject) -> None:
    """Show the payment on it. Raises `ReaderTrouble` when it is offline or does something else."""
    reader, payment = reader_row(desk=desk, name=name), vendor_id(row)
    if not reader.data["is_online"]:
        raise base.ReaderTrouble("The reader is offline.", code="reader_offline", trouble="offline")
    if reader.data["payment"] not in {"", payment} and _is_on_screen(desk, reader.data["payment"]):
        raise base.ReaderTrouble(
            "The reader is busy with another payment.", code="reader_busy", trouble="busy"
        )
    change(reader, payment=payment)


def _is_on_screen(desk: Desk, name: str) -> bool:
    if name == ELSEWHERE:
        return True
    row = found(desk=desk, kind="payment", name=name)
    return row is not None and row.data["state"] == "presented"


def free(*, desk: Desk, row: SimulatedObject) -> None:
    """Its reader is free again, if it shows this payment."""
    if row.data["reader"]:
        reader = reader_row(desk=desk, name=row.data["reader"])
        if reader.data["payment"] == vendor_id(row):
            change(reader, payment="")


ELSEWHERE = "elsewhere"
"""What a reader shows that another till uses."""


def set_reader(*, desk: Desk, name: str, is_online: bool = True, is_busy: bool = False) -> None:
    """Pull its plug or put it back, or let another till use it."""
    with own():
        change(reader_row(desk=desk, name=name), is_online=is_online, payment=ELSEWHERE if is_busy else "")


def reader_state(*, desk: Desk, name: str) -> tuple[bool, str]:
    """Whether it is online, and which payment it shows."""
    with own():
        data = reader_row(desk=desk, name=name).data
    return data["is_online"], data["payment"]
