"""A device or employee who may do nothing any more hears nothing any more, at once."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.tenancy import tenant_context
from fynlo.realtime import access
from staff.access.models import StaffSession
from staff.access.services import sign_out
from staff.employees.models import Employee
from staff.employees.services import EmployeeDraft, set_pin, update_employee
from sync.terminals.codes import read_code
from sync.terminals.listening import may_still_listen
from sync.terminals.models import Terminal
from sync.terminals.services import create_pairing_code, pair_terminal, revoke_terminal
from sync.terminals.tokens import PairingRequest
from tests.realtime.client import FeedClient
from tests.realtime.conftest import relay_once
from tests.redis_server import RedisServer
from tests.sync.terminals.server import serving
from tests.sync.tills import PairedTill, hired, paired_till

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def actor_of(till: PairedTill) -> Actor:
    """The till's device, or the employee signed in on it, as a ticket remembers them."""
    device = Actor(
        kind="device",
        id=till.terminal.pk,
        name=till.terminal.name,
        device_id=till.terminal.pk,
        permissions=frozenset({"feed.read"}),
    )
    if till.session is None:
        return device
    employee = Employee.objects.get(number="1")
    return dataclasses.replace(device, kind="employee", id=employee.pk, employee_id=employee.pk)


def revoked(till: PairedTill) -> None:
    revoke_terminal(terminal_id=till.terminal.pk, actor=SYSTEM, at=clock.now())


def run_out(till: PairedTill) -> None:
    Terminal.objects.filter(pk=till.terminal.pk).update(token_expires_at=LONG_AGO)


def installed_anew(till: PairedTill) -> None:
    code = create_pairing_code(
        register_id=till.terminal.register_id, terminal_id=till.terminal.pk, actor=SYSTEM, at=clock.now()
    )
    pair_terminal(request=PairingRequest(code=read_code(str(code.code)), device_name="New"), at=clock.now())


def signed_out(till: PairedTill) -> None:
    sign_out(actor=actor_of(till), at=clock.now())


def session_over(till: PairedTill) -> None:
    StaffSession.objects.update(expires_at=LONG_AGO)


def let_go(till: PairedTill) -> None:
    draft = EmployeeDraft(number="1", name="Ada", role="manager", is_active=False)
    update_employee(
        employee_id=Employee.objects.get(number="1").pk, draft=draft, actor=SYSTEM, at=clock.now()
    )


def given_a_new_pin(till: PairedTill) -> None:
    set_pin(employee_id=Employee.objects.get(number="1").pk, pin="9182", actor=SYSTEM, at=clock.now())


END_OF_DEVICE = {"revoked": revoked, "token run out": run_out, "installed anew": installed_anew}
END_OF_SESSION = {
    "signed out": signed_out,
    "session over": session_over,
    "let go": let_go,
    "given a new PIN": given_a_new_pin,
}
TOLD_AT_ONCE = ("revoked", "installed anew", "signed out", "let go", "given a new PIN")


@pytest.mark.django_db
@pytest.mark.parametrize("end", END_OF_DEVICE.values(), ids=END_OF_DEVICE)
def test_a_device_listens_while_it_is_paired_and_so_does_who_is_on_it(
    cafe: Any, end: Callable[[PairedTill], None]
) -> None:
    hired(cafe)
    till = paired_till(cafe)
    used = till.signed_in()
    with tenant_context(cafe):
        actors = [actor_of(till), actor_of(used)]
        assert [access.is_allowed(actor=actor) for actor in actors] == [True, True]
        end(till)
        assert [access.is_allowed(actor=actor) for actor in actors] == [False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("end", END_OF_SESSION.values(), ids=END_OF_SESSION)
def test_an_employee_listens_while_signed_in_and_the_device_beyond(
    cafe: Any, end: Callable[[PairedTill], None]
) -> None:
    hired(cafe)
    hired(cafe, number="9", role="owner", name="Olga")
    till = paired_till(cafe).signed_in()
    with tenant_context(cafe):
        employee, device = actor_of(till), actor_of(dataclasses.replace(till, session=None))
        assert access.is_allowed(actor=employee)
        end(till)
        assert not access.is_allowed(actor=employee)
        assert access.is_allowed(actor=device)


@pytest.mark.django_db
def test_a_device_of_one_merchant_is_no_listener_at_another(cafe: Any, grocer: Any) -> None:
    till = paired_till(cafe)
    with tenant_context(cafe):
        actor = actor_of(till)
    with tenant_context(grocer):
        assert not access.is_allowed(actor=actor)


@pytest.mark.django_db
def test_others_answer_for_actors_without_a_device(in_cafe: Any) -> None:
    assert may_still_listen(SYSTEM)
    assert not may_still_listen(Actor(kind="device", id=None, name="nobody"))
    assert not may_still_listen(Actor(kind="employee", id=None, name="nobody"))


@pytest.fixture
def port(database_name: str, own_redis: RedisServer, tmp_path: Any) -> Iterator[int]:
    """The port of a whole Fynlo on this test's database and Redis."""
    with serving(database_name=database_name, redis_url=own_redis.url, log=tmp_path / "server.log") as found:
        yield found


@pytest.mark.django_db(transaction=True)
def test_a_socket_closes_with_4401_as_soon_as_the_right_is_gone(cafe: Any, port: int) -> None:
    hired(cafe)
    hired(cafe, number="9", role="owner", name="Olga")
    bystander = paired_till(cafe, name="Bystander")
    ends = {**END_OF_DEVICE, **END_OF_SESSION}
    with FeedClient(port) as stays:
        stays.authenticate(ticket_of(bystander), since=None)
        for name in TOLD_AT_ONCE:
            with tenant_context(cafe):
                Employee.objects.filter(number="1").update(is_active=True)
                set_pin(
                    employee_id=Employee.objects.get(number="1").pk, pin="4711", actor=SYSTEM, at=clock.now()
                )
            till = paired_till(cafe).signed_in()
            relay_all(cafe)
            with FeedClient(port) as client:
                client.authenticate(ticket_of(till), since=None)
                with tenant_context(cafe):
                    ends[name](till)
                relay_all(cafe)
                assert (name, client.close_code()) == (name, 4401)
        stays.send("anything")
        assert stays.close_code() == 4400


def ticket_of(till: PairedTill) -> str:
    answer = till.post("realtime/tickets", {})
    assert answer.status_code == 201
    return str(answer.json()["ticket"])


def relay_all(tenant: Any) -> None:
    """Hand everything that was said to the sockets, as the relay would."""
    while relay_once(tenant):
        pass
