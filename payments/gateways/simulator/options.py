"""What a simulated account is told by its settings: over HTTP they are texts, read as what they mean. Pure."""

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from fynlo.core.errors import FieldProblem, InvalidInput
from payments.gateways.simulator import faults

_CODE: Final = "setting_invalid"
_DIGITS: Final = re.compile(r"[0-9]{1,9}")


def _number(least: int, most: int) -> Callable[[Any], int]:
    def read(stated: Any) -> int:
        said = str(stated)
        if isinstance(stated, bool) or not _DIGITS.fullmatch(said) or not least <= int(said) <= most:
            raise ValueError(said)
        return int(said)

    return read


def _yes(stated: Any) -> bool:
    if isinstance(stated, bool):
        return stated
    return {"true": True, "false": False}[stated]


def _one_of(*words: str) -> Callable[[Any], str]:
    def read(stated: Any) -> str:
        if stated not in words:
            raise ValueError
        return str(stated)

    return read


def _instant(stated: Any) -> str:
    if dt.datetime.fromisoformat(stated).tzinfo is None:
        raise ValueError
    return str(stated)


def _faults(stated: Any) -> list[Any]:
    told = json.loads(stated) if isinstance(stated, str) else list(stated)
    for each in told:
        faults.read_fault(each)
    return list(told)


_READ: Final[Mapping[str, tuple[Callable[[Any], Any], str]]] = MappingProxyType(
    {
        "bells": (_yes, "`true` or `false`"),
        "capture_hours": (_number(1, 720), "whole hours from 1 to 720"),
        "clock": (_instant, "an instant with its offset, as 2026-03-02T12:00:00Z"),
        "dispute_fee_minor": (_number(0, 999_999), "minor units"),
        "faults": (_faults, "a list of faults"),
        "faults_by_amount": (_yes, "`true` or `false`"),
        "fee_basis_points": (_number(0, 10_000), "hundredths of a per cent from 0 to 10000"),
        "fee_fixed_minor": (_number(0, 999_999), "minor units"),
        "guest": (_one_of("taps", "waits"), "`taps` or `waits`"),
        "guest_tip_percent": (_number(0, 100), "whole per cent from 0 to 100"),
        "is_revoked": (_yes, "`true` or `false`"),
        "uncaptured": (_one_of("capture", "cancel"), "`capture` or `cancel`"),
    }
)


def check_settings(*, settings: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` with a pointer for each setting that cannot be read; others mean nothing here."""
    problems = [
        FieldProblem(f"/settings/{name}", _CODE, f"Expected: {_READ[name][1]}.")
        for name, stated in settings.items()
        if name in _READ and not _reads(name, stated)
    ]
    if problems:
        raise InvalidInput(problems[0].detail, errors=problems)


def read_settings(*, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Each setting as what it means; what cannot be read is left out, so it is as if nobody had said it."""
    return {
        name: _READ[name][0](stated) if name in _READ else stated
        for name, stated in settings.items()
        if name not in _READ or _reads(name, stated)
    }


def _reads(name: str, stated: Any) -> bool:
    try:
        _READ[name][0](stated)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return False
    return True
