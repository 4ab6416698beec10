"""Rows of differences, drawers and machines as the pages show them."""

from typing import Any
from uuid import UUID

from fynlo.core.money import spell_money
from payments.gateways.words import word
from payments.reconciliation import actions, words
from payments.reconciliation.models import Difference, Dispute, MachineTotal, Payout, Reconciliation
from payments.reconciliation.ports import DrawerCount
from payments.reconciliation.queries.machines import booked_on
from payments.tenders.models import TenderType


def difference_row(row: Difference) -> dict[str, Any]:
    """A difference with its sentence and the actions beside it."""
    return {
        "row": row,
        "sentence": actions.KINDS.get(row.kind, row.kind),
        "ours": _side(row.ours, row.ours_minor, row.currency),
        "theirs": _side(row.theirs, row.theirs_minor, row.currency),
        "done": word(row.action, words.DONE) if row.action else "",
        "actions": [
            {"code": code, "word": actions.WORDS[code], "asks": code in _ASKS_WHY}
            for code in actions.ACTIONS.get(row.kind, ())
        ],
    }


def run_row(run: Reconciliation) -> dict[str, Any]:
    """A run with its state and why it was begun, in words."""
    state = word(run.state, words.RUN)
    return {
        "row": run,
        "state": f"{state}: {word(run.step, words.STEP)}" if run.state == "running" else state,
        "step": word(run.step, words.STEP),
        "reason": word(run.reason, words.REASON),
    }


def payout_row(row: Payout) -> dict[str, Any]:
    """A payout with its sums."""
    return {
        "row": row,
        "state": word(row.state, words.PAYOUT),
        "amount": spell_money(row.amount_minor, row.currency),
        "fee": spell_money(row.fee_minor, row.currency),
        "unexplained": spell_money(row.unexplained_minor, row.currency),
    }


def dispute_row(row: Dispute) -> dict[str, Any]:
    """A dispute, and why the guest's bank took the money back."""
    return {
        "row": row,
        "state": word(row.state, words.DISPUTE),
        "reason": word(row.reason, words.DISPUTED) if row.reason else "",
        "amount": spell_money(row.amount_minor, row.currency),
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


def machine_row(row: MachineTotal, names: dict[UUID, str], ways: dict[str, str]) -> dict[str, Any]:
    """A machine's total beside the books of the day; `names` of registers, `ways` to pay by their codes."""
    booked = booked_on(
        register_id=row.register_id, business_date=row.business_date, tender_type=row.tender_type
    )
    return {
        "row": row,
        "register": names.get(row.register_id, str(row.register_id)),
        "way": ways.get(row.tender_type, row.tender_type),
        "total": spell_money(row.total_minor, row.currency),
        "booked": spell_money(booked, row.currency),
        "difference": spell_money(row.total_minor - booked, row.currency),
        "is_off": row.total_minor != booked,
        "fee": "" if row.fee_minor is None else spell_money(row.fee_minor, row.currency),
    }


def ways_to_pay() -> dict[str, str]:
    """The names of ways to pay by their codes."""
    return dict(TenderType.objects.values_list("code", "name"))


def _side(text: str, minor: int | None, currency: str) -> str:
    amount = "" if minor is None else spell_money(minor, currency)
    return " ".join(part for part in (words.side(text), amount) if part) or "–"


_ASKS_WHY = frozenset({actions.ACCEPT, actions.TO_FEES, actions.GIVE_BACK})
