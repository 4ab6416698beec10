"""Mistakes that systems make with money of cards, built into the product one at a time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fynlo.core.ids import new_id
from payments.gateways import states
from payments.gateways.services import attempts, refunds, writing
from payments.gateways.services.writing import Claim
from payments.webhooks.services import receiving

Mutant = Callable[[pytest.MonkeyPatch], None]


def random_key_per_retry(patch: pytest.MonkeyPatch) -> None:
    """Whoever asks again asks for something else."""
    right_claim, right_facts = attempts._claim_of_start, refunds.refund_facts

    def claim_of_start(row: Any) -> Claim:
        return replace(right_claim(row), key=str(new_id()))

    def facts(**said: Any) -> Any:
        return replace(right_facts(**said), key=str(new_id()))

    patch.setattr(attempts, "_claim_of_start", claim_of_start)
    patch.setattr(refunds, "refund_facts", facts)
    patch.setattr(writing, "key_for", lambda **_said: str(new_id()))


def refund_cap_off(patch: pytest.MonkeyPatch) -> None:
    """Nobody counts what went back before."""
    from pos.orders.refund_shares import History
    from pos.orders.services import refund_plan

    patch.setattr(refund_plan, "history_of", lambda _made: History())
    patch.setattr(refunds, "_raise_refunded", lambda *_said: None)


def paid_on_intent_creation(patch: pytest.MonkeyPatch) -> None:
    """The vendor has made a payment: surely it is paid."""
    right = writing.apply_told

    def paid(*, row: Any, told: Any, at: Any, expiring: bool = False) -> Any:
        if told.state == states.PREPARED:
            told = replace(told, state=states.CAPTURED, captured_minor=told.amount_minor)
        return right(row=row, told=told, at=at, expiring=expiring)

    patch.setattr(writing, "apply_told", paid)


def webhook_not_deduplicated(patch: pytest.MonkeyPatch) -> None:
    """What rings twice is kept twice."""
    right = receiving._keep

    def kept(connection: Any, event: Any, at: Any) -> Any:
        return right(connection, replace(event, id=str(new_id())), at)

    patch.setattr(receiving, "_keep", kept)


def fallback_on_unknown(patch: pytest.MonkeyPatch) -> None:
    """No answer is a no: the till may ask elsewhere."""
    right = writing.apply_unknown

    def declined(*, row: Any, text: str, at: Any) -> Any:
        applied = right(row=row, text=text, at=at)
        if row.state == states.UNKNOWN:
            row.state, row.next_look_at = states.DECLINED, None
        return applied

    patch.setattr(writing, "apply_unknown", declined)
    patch.setattr(attempts, "_let_go_of_siblings", lambda _row, _at: None)
