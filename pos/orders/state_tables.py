"""The tables of `pos.orders.states` as a page of the documentation. Pure: text out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pos.orders.states import CHANGE, DRAFT, FULFILMENT, PAYMENT, TOGETHER, UNPAID, possible, walk

_INTRO: Final = """# States of an order

Two lives, each a table: what happens to the goods (`fulfilment_state`) and what happens to the money
(`payment_state`). A third table says in which states of both an event is possible. `walk` in `pos/orders/states.py`
is the only function that takes a step; every other one is answered with 409 `illegal_transition`, which names the
states and what is possible instead.

This page is written from those tables by `manage.py document_states`; a test compares it with them.
What each step does: [orders](../concepts/orders.md).
"""
_COMBINED: Final = """## Both together

What `walk` makes of every pair of states. An empty cell is refused. `change` steps nowhere: it asks whether what is
ordered may be changed. Only pairs that an order can come to are listed: a draft is never paid, and what is
completed was paid.
"""


@dataclass(slots=True)
class _Order:
    fulfilment_state: str
    payment_state: str


def states_page() -> str:
    """The whole page, as Markdown."""
    return "\n".join(
        (
            _INTRO,
            "## Goods\n",
            *_table(("from", "event", "to"), FULFILMENT.table()),
            "",
            "## Money\n",
            *_table(("from", "event", "to"), PAYMENT.table()),
            "",
            "## What is possible when\n",
            *_table(("event", "while the goods are", "and the money is"), _together()),
            "",
            _COMBINED,
            *_table(("goods", "money", *TOGETHER), _pairs()),
            "",
        )
    )


def _together() -> Iterable[Sequence[str]]:
    for event, (fulfilment, payment) in TOGETHER.items():
        yield event, "`, `".join(fulfilment), "`, `".join(payment)


def _pairs() -> Iterable[Sequence[str]]:
    reached = _reached()
    for fulfilment in FULFILMENT.states:
        for payment in PAYMENT.states:
            if (fulfilment, payment) in reached:
                yield fulfilment, payment, *(_cell(fulfilment, payment, event) for event in TOGETHER)


def _reached() -> set[tuple[str, str]]:
    """The pairs that an order can be in, from a ticket on."""
    reached, new = set[tuple[str, str]](), {(DRAFT, UNPAID)}
    while new:
        reached |= new
        new = {_after(*pair, event) for pair in new for event in possible(_Order(*pair))} - reached
    return reached


def _after(fulfilment: str, payment: str, event: str) -> tuple[str, str]:
    order = _Order(fulfilment, payment)
    walk(order, event)
    return order.fulfilment_state, order.payment_state


def _cell(fulfilment: str, payment: str, event: str) -> str:
    if event not in possible(_Order(fulfilment, payment)):
        return ""
    goods, money = _after(fulfilment, payment, event)
    if event == CHANGE:
        return "yes"
    return goods if goods != fulfilment else money


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield "| " + " | ".join(f"`{cell}`" if cell and cell != "yes" else cell for cell in row) + " |"
