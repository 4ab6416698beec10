"""Two lives of an order: what happens to the goods, and what happens to the money; and where a price came from.

Both are tables, a third one says what of one life is possible in which state of the other, and `walk` is the only
function that takes a step. `docs/algorithms/order-states.md` is written from these tables.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from fynlo.core.states import IllegalTransition, Transitions

DRAFT: Final = "draft"
PLACED: Final = "placed"
PREPARING: Final = "preparing"
READY: Final = "ready"
SERVED: Final = "served"
COMPLETED: Final = "completed"
CANCELLED: Final = "cancelled"

FULFILMENT: Final = Transitions(
    "fulfilment",
    {
        (DRAFT, "place"): PLACED,
        (DRAFT, "cancel"): CANCELLED,
        (PLACED, "prepare"): PREPARING,
        (PLACED, "ready"): READY,
        (PLACED, "serve"): SERVED,
        (PLACED, "complete"): COMPLETED,
        (PLACED, "cancel"): CANCELLED,
        (PREPARING, "ready"): READY,
        (PREPARING, "serve"): SERVED,
        (PREPARING, "complete"): COMPLETED,
        (PREPARING, "cancel"): CANCELLED,
        (READY, "prepare"): PREPARING,
        (READY, "serve"): SERVED,
        (READY, "complete"): COMPLETED,
        (READY, "cancel"): CANCELLED,
        (SERVED, "prepare"): PREPARING,
        (SERVED, "complete"): COMPLETED,
        (SERVED, "cancel"): CANCELLED,
    },
)
"""What happens to the goods. Another round brings what was ready or served back to `preparing`."""

UNPAID: Final = "unpaid"
PART_PAID: Final = "part_paid"
PAID: Final = "paid"
PART_REFUNDED: Final = "part_refunded"
REFUNDED: Final = "refunded"

PAYMENT: Final = Transitions(
    "payment",
    {
        (UNPAID, "pay_part"): PART_PAID,
        (UNPAID, "pay_all"): PAID,
        (PART_PAID, "pay_part"): PART_PAID,
        (PART_PAID, "pay_all"): PAID,
        (PART_PAID, "refund_part"): PART_PAID,
        (PART_PAID, "refund_all"): REFUNDED,
        (PAID, "refund_part"): PART_REFUNDED,
        (PAID, "refund_all"): REFUNDED,
        (PART_REFUNDED, "refund_part"): PART_REFUNDED,
        (PART_REFUNDED, "refund_all"): REFUNDED,
    },
)
"""What happens to the money. What was paid in part and given back is over: the order can only be cancelled."""

OWING: Final = (UNPAID, PART_PAID)
"""Something may still be to pay."""

GIVEN_BACK: Final = (PART_REFUNDED, REFUNDED)
"""It was paid, and some or all of it went back: nothing more is paid for it."""

CHANGE: Final = "change"
"""Not a step: what is ordered, and at which price, is changed. The states stay as they are."""

_ALIVE: Final = (PLACED, PREPARING, READY, SERVED)
_SETTLED: Final = (PAID, PART_REFUNDED)

TOGETHER: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = MappingProxyType(
    {
        CHANGE: ((DRAFT, *_ALIVE), (UNPAID, PART_PAID)),
        "place": ((DRAFT,), (UNPAID,)),
        "prepare": (_ALIVE, (UNPAID, PART_PAID, *_SETTLED)),
        "ready": (_ALIVE, (UNPAID, PART_PAID, *_SETTLED)),
        "serve": (_ALIVE, (UNPAID, PART_PAID, *_SETTLED)),
        "complete": (_ALIVE, _SETTLED),
        "cancel": ((DRAFT, *_ALIVE), (UNPAID, REFUNDED)),
        "pay_part": (_ALIVE, (UNPAID, PART_PAID)),
        "pay_all": (_ALIVE, (UNPAID, PART_PAID)),
        "refund_part": ((*_ALIVE, COMPLETED), (PART_PAID, *_SETTLED)),
        "refund_all": ((*_ALIVE, COMPLETED), (PART_PAID, *_SETTLED)),
    }
)
"""Event → the fulfilment states and the payment states in which it is possible, both at once.

A draft is in no book, so it is placed before it is paid. What is not paid is not complete. What was paid is given
back before it is cancelled. What is paid in full has its receipt and is changed no more, only refunded.
"""

ORDERED: Final = "ordered"
VOIDED: Final = "voided"
LINE_STATES: Final = (ORDERED, VOIDED)
"""Of a line. A voided one keeps its quantity and costs nothing."""

LIST: Final = "list"
PRICE_LIST: Final = "price_list"
OVERRIDE: Final = "override"
LABEL: Final = "label"

PRICE_SOURCES: Final = (LIST, PRICE_LIST, OVERRIDE, LABEL)
"""Why a line costs what it costs: the catalogue, a price list, somebody at the till, or a printed label."""

ORDER_TYPES: Final = ("dine_in", "take_away", "pickup", "delivery")
"""How the guest gets what was ordered; taxes and prices may depend on it."""

EDITS: Final = (
    "add",
    "adjust",
    "void",
    "override",
    "discount",
    "charges",
    "coupons",
    "customer",
    "covers",
    "order_type",
    "note",
    "name",
    "owner",
)
"""What can be changed of an order that is not settled."""

STEPS: Final = ("open", "place", "prepare", "ready", "serve", "complete", "cancel", "pay", "refund")
"""What else is kept in an order's history."""

CHANGE_KINDS: Final = (*EDITS, *STEPS)


class TwoLives(Protocol):
    """Whatever has both states: an order's row."""

    fulfilment_state: str
    payment_state: str


def walk(order: TwoLives, event: str) -> None:
    """Take the step, or raise `IllegalTransition` and change nothing.

    `event` is one of FULFILMENT, of PAYMENT, or CHANGE, which asks whether a change is possible and steps nowhere.
    """
    fulfilment, payment = TOGETHER[event]
    if order.fulfilment_state not in fulfilment:
        raise _refusal("fulfilment", order.fulfilment_state, event, order)
    if order.payment_state not in payment:
        raise _refusal("payment", order.payment_state, event, order)
    if event in FULFILMENT.events(order.fulfilment_state):
        order.fulfilment_state = FULFILMENT.after(order.fulfilment_state, event)
    elif event in PAYMENT.events(order.payment_state):
        order.payment_state = PAYMENT.after(order.payment_state, event)
    elif event != CHANGE:
        raise _refusal("fulfilment", order.fulfilment_state, event, order)


def possible(order: TwoLives) -> list[str]:
    """The events that `walk` would take now, in table order."""
    return [
        event
        for event, (fulfilment, payment) in TOGETHER.items()
        if order.fulfilment_state in fulfilment
        and order.payment_state in payment
        and (
            event == CHANGE
            or event in FULFILMENT.events(order.fulfilment_state)
            or event in PAYMENT.events(order.payment_state)
        )
    ]


def payment_event(*, payable_minor: int, paid_minor: int) -> str | None:
    """What a payment that brings the paid sum to `paid_minor` means; None when nothing was paid of something."""
    if paid_minor >= payable_minor:
        return "pay_all"
    return "pay_part" if paid_minor > 0 else None


def _refusal(lifecycle: str, state: str, event: str, order: TwoLives) -> IllegalTransition:
    return IllegalTransition(
        f"{lifecycle}: {event!r} is not possible while {state!r}.",
        lifecycle=lifecycle,
        state=state,
        event=event,
        possible=possible(order),
    )
