"""Attempts, their steps and their refunds as the pages show them: words for codes, amounts as people write them."""

from collections import Counter
from typing import Any

from fynlo.backoffice.columns import amount
from fynlo.core.money import spell_money
from payments.gateways import states, words
from payments.gateways.facts import state_told
from payments.gateways.models import Attempt, AttemptStep, Connection, GatewayRefund, Reader
from payments.gateways.services.failed_refunds import never_left

_AMOUNTS = (
    ("Asked", "amount"),
    ("Tip", "tip"),
    ("Reserved", "authorised"),
    ("Taken", "captured"),
)


def attempt_head(row: Attempt) -> dict[str, Any]:
    """What stands above a payment: its state, where it was asked for, and its amounts that are not zero."""
    shown = [each for each in _AMOUNTS if each[1] != "authorised" or not row.captured_minor]
    amounts = [(title, getattr(row, f"{name}_minor")) for title, name in shown]
    amounts += amounts_back(row)
    return {
        "is_open": row.state in states.OPEN,
        "state": words.word(row.state, words.ATTEMPT),
        "where": words.word(row.channel, words.CHANNEL),
        "account": row.connection.name,
        "reader": "" if row.reader is None else row.reader.name,
        "money": [(title, spell_money(minor, row.currency)) for title, minor in amounts if minor],
    }


def amounts_back(row: Attempt) -> list[tuple[str, int]]:
    """What arrived, and what is on its way, failed or was settled otherwise: each with its sum, zero too."""
    sums: Counter[str] = Counter()
    for refund in row.refunds.all():
        sums[refund.state] += refund.amount_minor
    return [(title, sum(sums[state] for state in those)) for title, those in words.BACK.items()]


def step_rows(row: Attempt) -> list[dict[str, Any]]:
    """Every step, in order; keys of readers and refunds as people know them, each name of the vendor's once."""
    known = {str(each.pk): spell_money(each.amount_minor, each.currency) for each in row.refunds.all()}
    if row.reader is not None:
        known[str(row.reader.pk)] = row.reader.name
    steps, told = [], ""
    for step in row.steps.order_by("number"):
        kept = dict(step.detail)
        if kept.get("vendor_id") == told:
            kept.pop("vendor_id", None)
        told = kept.get("vendor_id", told)
        steps.append(_step(step, words.details(kept, row.currency, known)))
    return steps


def refund_rows(row: Attempt) -> list[dict[str, Any]]:
    """Everything that went back or should have, in order."""
    return [refund_row(each) for each in row.refunds.order_by("id")]


def refund_row(refund: GatewayRefund) -> dict[str, Any]:
    """Money on its way back."""
    is_open = refund.state in (states.PREPARED, states.PENDING, states.UNKNOWN)
    return {
        "row": refund,
        "is_open": is_open,
        "is_actable": is_open or refund.state == states.FAILED,
        "never_left": never_left(refund.attempt, refund),
        "amount": spell_money(refund.amount_minor, refund.currency),
        "state": words.word(refund.state, words.REFUND),
    }


def account_head(row: Connection) -> dict[str, Any]:
    """An account's state, and what it said it can do."""
    return {
        "state": account_state(row),
        "gateway": words.word(row.gateway, words.GATEWAY),
        "offered": [
            (words.word(name, words.CAPABILITY), _offer(name, row.capabilities[name]))
            for name in words.CAPABILITY
            if row.capabilities.get(name) not in (None, "")
        ],
    }


def account_state(row: Connection) -> str:
    """How an account is, in words."""
    return words.word(state_told(row=row), words.ACCOUNT)


def reader_row(reader: Reader) -> dict[str, Any]:
    """A reader with its state."""
    return {"row": reader, "state": words.word(reader.state, words.READER)}


def _offer(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "channels":
        return ", ".join(words.word(each, words.CHANNEL) for each in value)
    if name == "currencies":
        return ", ".join(value) or "any"
    return amount(value) if name.endswith("_minor") else str(value)


def _step(step: AttemptStep, details: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "number": step.number,
        "at": step.at,
        "by": step.by,
        "what": words.word(step.what, words.WHAT),
        "verb": words.word(step.verb, words.VERB),
        "state": words.word(step.state, words.ATTEMPT),
        "details": details,
    }
