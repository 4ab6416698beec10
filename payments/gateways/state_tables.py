"""The tables of `payments.gateways.states` as a page of the documentation. Pure: text out."""

from collections.abc import Iterable, Sequence
from typing import Final

from fynlo.core.states import Transitions
from payments.gateways.sentences import ENGLISH
from payments.gateways.states import ATTEMPT, BLOCKING, OPEN, REFUND


def _late(life: Transitions) -> tuple[str, ...]:
    ended = ("declined", "cancelled", "expired", "refused")
    return tuple(state for state in ended if "capture" in life.events(state))


def _listed(states: Iterable[str]) -> str:
    *most, last = [f"`{state}`" for state in states]
    return f"{', '.join(most)} or {last}" if most else last


_INTRO: Final = """# States of a payment at a gateway

Two lives: an attempt to take money, and money of it that goes back. The tables are those of
`payments/gateways/states.py`; every answer of a vendor goes through them, and one for which there is no step
changes nothing. This page is written from them by `manage.py document_states`; a test compares it with them.
What each step does: [payments](../concepts/payments.md).
"""
_OPEN: Final = f"""Money may still be taken while it is {_listed(OPEN)}: somebody looks until it is not.
While it is {_listed(BLOCKING)}, the same amount of the same order is not asked for again.

`unknown` is a state of its own: a request left, and no answer came. Only a look at the vendor's truth ends it,
never a new attempt and never another gateway.

What ended without money may turn out to have been too late to end: {_listed(_late(ATTEMPT))} may still be
authorised or captured. That money is kept.
"""
_SENTENCES: Final = """## What the cashier is told

One sentence for every state, narrowed by what is special about it. The keys never change; a translation is another
table of the same keys.
"""


def payment_states_page() -> str:
    """The whole page, as Markdown."""
    return "\n".join(
        (
            _INTRO,
            "## An attempt\n",
            *_table(("from", "event", "to"), ATTEMPT.table()),
            "",
            _OPEN,
            "## Money that goes back\n",
            *_table(("from", "event", "to"), REFUND.table()),
            "",
            _SENTENCES,
            *_sentences(),
            "",
        )
    )


def _sentences() -> Iterable[str]:
    yield "| key | sentence |"
    yield "| --- | --- |"
    for key, text in ENGLISH.items():
        yield f"| `{key}` | {text} |"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield "| " + " | ".join(f"`{cell}`" for cell in row) + " |"
