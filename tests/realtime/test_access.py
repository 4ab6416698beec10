"""Who may listen: everybody who knows something agrees, and somebody vouches for the actor."""

from typing import Any

import pytest

from fynlo.core.actors import SYSTEM, Actor
from fynlo.realtime import access
from tenants.sockets import may_listen
from tests.committed import as_platform_owner
from tests.realtime.client import till


@pytest.fixture(autouse=True)
def no_checkers(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests register their own."""
    monkeypatch.setattr(access, "_checkers", {})


def yes(_actor: Actor) -> bool:
    return True


def no(_actor: Actor) -> bool:
    return False


def test_without_a_checker_nobody_may_listen() -> None:
    assert not access.is_allowed(actor=till())


def test_an_actor_of_a_kind_nobody_vouches_for_may_not_listen() -> None:
    access.register_checker(name="devices", checker=yes, kinds={"device"})
    assert access.is_allowed(actor=till())
    assert not access.is_allowed(actor=till(kind="employee"))
    assert not access.is_allowed(actor=SYSTEM)


def test_one_no_is_enough() -> None:
    access.register_checker(name="devices", checker=yes, kinds={"device"})
    access.register_checker(name="platform", checker=no)
    assert not access.is_allowed(actor=till())


def test_without_the_permission_nobody_is_asked() -> None:
    access.register_checker(name="devices", checker=yes, kinds={"device"})
    assert not access.is_allowed(actor=till(permissions=frozenset({"orders.read"})))


def test_the_events_that_change_rights_are_those_somebody_named() -> None:
    access.register_checker(name="devices", checker=yes, on_events={"terminal.revoked"})
    assert access.changes_rights("terminal.revoked")
    assert not access.changes_rights("order.completed")


def test_a_name_is_taken_once() -> None:
    access.register_checker(name="devices", checker=yes)
    with pytest.raises(ValueError, match="already a checker named 'devices'"):
        access.register_checker(name="devices", checker=no)


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({"state": "active"}, True),
        ({"state": "trial"}, True),
        ({"state": "past_due"}, True),
        ({"state": "read_only"}, True),
        ({"state": "closed"}, False),
        ({"state": "provisioning"}, False),
        ({"suspended_at": "2026-03-01T12:00:00Z"}, False),
    ],
)
def test_the_platform_lets_nobody_listen_at_a_merchant_who_is_suspended_or_closed(
    in_cafe: Any, changes: dict[str, str], allowed: bool
) -> None:
    for column, value in changes.items():
        as_platform_owner(f"UPDATE tenants_tenant SET {column} = %s WHERE slug = 'cafe'", value)
    assert may_listen(till()) is allowed
