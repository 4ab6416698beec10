"""The states of an order: tables say what is possible, one function walks them, the page is written from them."""

from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from fynlo.core.states import IllegalTransition
from pos.management.commands import document_states
from pos.orders import states
from pos.orders.states import CHANGE, FULFILMENT, PAYMENT, TOGETHER, possible, walk


@dataclass
class Order:
    """Two states, as a row has them."""

    fulfilment_state: str
    payment_state: str


def after(fulfilment: str, payment: str, event: str) -> tuple[str, str]:
    order = Order(fulfilment, payment)
    walk(order, event)
    return order.fulfilment_state, order.payment_state


def test_the_page_says_what_the_tables_say() -> None:
    call_command("document_states", "--check")


def test_a_page_that_says_something_else_is_found(settings: pytest.FixtureRequest, tmp_path: object) -> None:
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match=r"order-states\.md is not what the tables say"):
        call_command("document_states", "--check")
    assert document_states.PAGE.name == "order-states.md"


def test_every_event_of_both_lives_is_in_the_combined_table() -> None:
    events = {event for _, event, _ in (*FULFILMENT.table(), *PAYMENT.table())}
    assert TOGETHER.keys() == events | {CHANGE}


@pytest.mark.parametrize(
    ("before", "event", "then"),
    [
        (("draft", "unpaid"), "place", ("placed", "unpaid")),
        (("draft", "unpaid"), "cancel", ("cancelled", "unpaid")),
        (("placed", "part_paid"), "prepare", ("preparing", "part_paid")),
        (("served", "unpaid"), "prepare", ("preparing", "unpaid")),
        (("preparing", "unpaid"), "pay_all", ("preparing", "paid")),
        (("preparing", "paid"), "complete", ("completed", "paid")),
        (("completed", "paid"), "refund_part", ("completed", "part_refunded")),
        (("completed", "part_refunded"), "refund_all", ("completed", "refunded")),
        (("placed", "part_paid"), "refund_all", ("placed", "refunded")),
        (("placed", "refunded"), "cancel", ("cancelled", "refunded")),
        (("ready", "part_paid"), CHANGE, ("ready", "part_paid")),
    ],
)
def test_a_step_leads_where_the_table_says(
    before: tuple[str, str], event: str, then: tuple[str, str]
) -> None:
    assert after(*before, event) == then


@pytest.mark.parametrize(
    ("before", "event", "lifecycle", "possible_then"),
    [
        (("draft", "unpaid"), "pay_all", "fulfilment", [CHANGE, "place", "cancel"]),
        (("placed", "unpaid"), "complete", "payment", None),
        (("placed", "paid"), "cancel", "payment", None),
        (("placed", "paid"), CHANGE, "payment", None),
        (("completed", "paid"), "prepare", "fulfilment", ["refund_part", "refund_all"]),
        (("completed", "refunded"), "refund_part", "payment", []),
        (("cancelled", "unpaid"), "place", "fulfilment", []),
        (("placed", "unpaid"), "refund_all", "payment", None),
        (("preparing", "unpaid"), "prepare", "fulfilment", None),
    ],
)
def test_what_the_table_has_not_is_refused_and_changes_nothing(
    before: tuple[str, str], event: str, lifecycle: str, possible_then: list[str] | None
) -> None:
    order = Order(*before)
    with pytest.raises(IllegalTransition) as refused:
        walk(order, event)
    assert (order.fulfilment_state, order.payment_state) == before
    assert refused.value.data["lifecycle"] == lifecycle
    if possible_then is not None:
        assert refused.value.data["possible"] == possible_then


def test_what_is_said_to_be_possible_is_and_nothing_else() -> None:
    for fulfilment in FULFILMENT.states:
        for payment in PAYMENT.states:
            said = possible(Order(fulfilment, payment))
            for event in TOGETHER:
                order = Order(fulfilment, payment)
                try:
                    walk(order, event)
                except IllegalTransition:
                    assert event not in said
                else:
                    assert event in said


def test_no_order_that_was_paid_is_open_to_changes() -> None:
    for payment in (states.PAID, states.PART_REFUNDED, states.REFUNDED):
        for fulfilment in FULFILMENT.states:
            assert CHANGE not in possible(Order(fulfilment, payment))
