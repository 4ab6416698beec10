"""What a receipt says of the signing unit, where the merchant has one: what it signed, or that it was out.

An outage must be seen on the receipt (AEAO zu § 146a, 7). Nothing is printed, and nothing asked, without a unit.
"""

from types import MappingProxyType
from typing import Final
from uuid import UUID

from pos.registers.journal.queries import open_outage, signing_of

_OUT: Final = MappingProxyType(
    {
        "en": "Signing unit out of order",
        "de": "Sicherheitseinrichtung ausgefallen",
        "fr": "Dispositif de signature hors service",
        "el": "Η μονάδα υπογραφής είναι εκτός λειτουργίας",
        "ar": "وحدة التوقيع معطلة",
        "zh": "签名设备故障",
    }
)


def signing_lines(
    *, unit: str | None, register_id: UUID, number: str | None, language: str
) -> tuple[str, ...]:
    """Lines for the end of the receipt with this number. No statement without a unit, up to three with one.

    A receipt the unit has not been asked about says nothing, unless the unit is out right now.
    """
    if unit is None or number is None:
        return ()
    said = signing_of(register_id=register_id, number=number)
    if said is None:
        is_out = open_outage(register_id=register_id) is not None
        return (_out(language),) if is_out else ()
    if said["state"] == "outage":
        return (_out(language),)
    return (
        f"{said['unit']} {said['transaction']}/{said['counter']}",
        f"{said['started_at']} - {said['finished_at']}",
        f"{said['algorithm']} {said['signature']}",
    )


def _out(language: str) -> str:
    return _OUT.get(language.split("-", maxsplit=1)[0].lower(), _OUT["en"])
