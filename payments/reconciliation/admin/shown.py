"""Rows of differences, drawers and machines as the pages show them."""

from typing import Any
from uuid import UUID

from fynlo.core.money import spell_money
from payments.reconciliation import actions
from payments.reconciliation.models import Difference, MachineTotal
from payments.reconciliation.ports import DrawerCount
from payments.reconciliation.queries.machines import booked_on


def difference_row(row: Difference) -> dict[str, Any]:
    """A difference with its sentence and the actions beside it."""
    return {
        "row": row,
        "sentence": actions.KINDS.get(row.kind, row.kind),
        "ours": _side(row.ours, row.ours_minor, row.currency),
        "theirs": _side(row.theirs, row.theirs_minor, row.currency),
        "actions": [
            {"code": code, "word": actions.WORDS[code], "asks": code in _ASKS_WHY}
            for code in actions.ACTIONS.get(row.kind, ())
        ],
    }


def drawer_row(count: DrawerCount) -> dict[str, Any]:
    """A counted drawer."""
    return {
        "count": count,
        "expected": spell_money(count.expected_minor, count.currency),
        "counted": spell_money(count.counted_minor, count.currency),
        "variance": spell_money(count.variance_minor, count.currency),
        "is_off": count.variance_minor != 0,
    }


def machine_row(row: MachineTotal, names: dict[UUID, str]) -> dict[str, Any]:
    """A machine's total beside the books of the day."""
    booked = booked_on(
        register_id=row.register_id, business_date=row.business_date, tender_type=row.tender_type
    )
    return {
        "row": row,
        "register": names.get(row.register_id, str(row.register_id)),
        "total": spell_money(row.total_minor, row.currency),
        "booked": spell_money(booked, row.currency),
        "difference": spell_money(row.total_minor - booked, row.currency),
        "is_off": row.total_minor != booked,
        "fee": "" if row.fee_minor is None else spell_money(row.fee_minor, row.currency),
    }


def _side(text: str, minor: int | None, currency: str) -> str:
    amount = "" if minor is None else spell_money(minor, currency)
    return " ".join(part for part in (text, amount) if part) or "–"


_ASKS_WHY = frozenset({actions.ACCEPT, actions.TO_FEES, actions.GIVE_BACK})
