"""Rows of differences, drawers and machines as the pages show them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict

from fynlo.core.actors import Actor
from fynlo.core.money import spell_money
from payments.gateways.words import word
from payments.reconciliation import actions, states, words
from payments.reconciliation.models import Difference, Dispute, MachineTotal, Payout, Reconciliation
from payments.reconciliation.ports import DrawerCount, register_names
from payments.reconciliation.queries.machines import booked_beside, place_of
from payments.tenders.models import TenderType


def difference_row(row: Difference, actor: Actor) -> dict[str, Any]:
    """A difference with its sentence, and beside it the actions that `actor` may take."""
    return {
        "row": row,
        "sentence": actions.KINDS.get(row.kind, row.kind),
        "ours": _side(row.ours, row.ours_minor, row.currency),
        "theirs": _side(row.theirs, row.theirs_minor, row.currency),
        "done": word(row.action, words.DONE) if row.action else "",
        "actions": [
            {"code": code, "word": actions.WORDS[code], "asks": code in _ASKS_WHY}
            for code in actions.ACTIONS.get(row.kind, ())
            if row.state == states.OPEN and actor.may(_ALSO_NEEDS.get(code, WRITE))
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


def machine_rows(totals: Sequence[MachineTotal]) -> list[dict[str, Any]]:
    """Machines' totals beside the books of their days; four statements, however many there are."""
    if not totals:
        return []
    names, ways, books = register_names(), ways_to_pay(), booked_beside(totals)
    return [_machine_row(row, names, ways, books[place_of(row)]) for row in totals]


def _machine_row(
    row: MachineTotal, names: Mapping[UUID, str], ways: Mapping[str, str], booked: int
) -> dict[str, Any]:
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


def page_number(said: QueryDict) -> int:
    """The page that is asked for, from 0; what is no number is the first."""
    text = said.get("page", "")
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < _LONGEST else 0


def ways_to_pay() -> dict[str, str]:
    """The names of ways to pay by their codes."""
    return dict(TenderType.objects.values_list("code", "name"))


def _side(text: str, minor: int | None, currency: str) -> str:
    amount = "" if minor is None else spell_money(minor, currency)
    return " ".join(part for part in (words.side(text), amount) if part) or "–"


MOST_PAGES: Final = 100_000
_LONGEST: Final = 8
WRITE: Final = "payments.reconcile"
_ALSO_NEEDS: Final = {actions.GIVE_BACK: "payments.refund_retry"}
_ASKS_WHY: Final = frozenset({actions.ACCEPT, actions.TO_FEES, actions.GIVE_BACK})
