"""Transition tables, actors and named failures."""

import pytest

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import FieldProblem, Forbidden, InvalidInput, TooManyRequests
from fynlo.core.states import IllegalTransition, Transitions

DOOR = Transitions(
    "door", {("open", "close"): "closed", ("closed", "open"): "open", ("closed", "lock"): "locked"}
)


def test_a_table_is_walked_by_one_function() -> None:
    assert DOOR.after("open", "close") == "closed"
    assert DOOR.states == ("open", "closed", "locked")
    assert DOOR.table()[2] == ("closed", "lock", "locked")


def test_an_illegal_step_names_what_is_possible() -> None:
    with pytest.raises(IllegalTransition) as refused:
        DOOR.after("closed", "close")
    assert refused.value.status == 409
    assert refused.value.code == "illegal_transition"
    assert refused.value.data == {
        "lifecycle": "door",
        "state": "closed",
        "event": "close",
        "possible": ["open", "lock"],
    }


def test_an_actor_may_what_its_permissions_say_and_the_system_everything() -> None:
    till = Actor(kind="device", id=None, name="K1", permissions=frozenset({"orders.place"}))
    till.require("orders.place")
    with pytest.raises(Forbidden) as refused:
        till.require("ledger.read")
    assert refused.value.data == {"permission": "ledger.read"}
    assert SYSTEM.may("anything.at_all")


def test_an_error_knows_the_place_it_is_about() -> None:
    error = InvalidInput("No such unit.", pointer="/lines/0/unit")
    assert error.errors == (FieldProblem("/lines/0/unit", "invalid_input", "No such unit."),)
    assert TooManyRequests(retry_after=7).retry_after == 7
