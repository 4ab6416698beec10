"""Sessions over HTTP: opened, used, ended."""

import dataclasses
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import read_after
from staff.access.models import StaffSession
from staff.employees.models import Employee
from staff.employees.roles import DEVICE_PERMISSIONS, STANDARD_ROLES
from staff.employees.services import EmployeeDraft, set_pin, update_employee
from tests.redis_server import RedisServer
from tests.sync.tills import PIN, PairedTill, hired, paired_till

SIGN_IN = "employees/sign-in"


@pytest.fixture
def till(cafe: Any) -> PairedTill:
    """A till of the café, where Ada (1, manager) and Ben (2, cashier) work."""
    hired(cafe)
    hired(cafe, number="2", role="cashier", name="Ben")
    return paired_till(cafe)


@pytest.mark.django_db
def test_signing_in_answers_the_session_the_person_and_their_rights(till: PairedTill) -> None:
    answer = till.post(SIGN_IN, {"employee_number": "1", "pin": PIN})
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    with tenant_context(till.tenant):
        session = StaffSession.objects.select_related("employee").get()
    assert body == {
        "token": body["token"],
        "expires_at": clock.rfc3339(session.expires_at),
        "employee": {
            "id": str(session.employee_id),
            "number": "1",
            "name": "Ada",
            "role": {"code": "manager", "name": "Manager"},
        },
        "permissions": sorted(DEVICE_PERMISSIONS | STANDARD_ROLES["manager"][1]),
    }
    me = dataclasses.replace(till, session=body["token"]).get("employees/me")
    assert me.status_code == 200
    assert me.json() == {"employee": body["employee"], "permissions": body["permissions"]}


@pytest.mark.django_db
def test_who_takes_over_the_till_does_not_inherit_rights(till: PairedTill) -> None:
    manager = till.signed_in()
    answer = manager.post(SIGN_IN, {"employee_number": "2", "pin": PIN})
    assert answer.json()["permissions"] == sorted(DEVICE_PERMISSIONS)
    cashier = dataclasses.replace(till, session=answer.json()["token"])
    assert cashier.get("terminals").status_code == 403
    assert manager.get("terminals").status_code == 200


@pytest.mark.django_db
def test_wrong_pins_are_answered_401_then_429(till: PairedTill) -> None:
    answers = [till.post(SIGN_IN, {"employee_number": "1", "pin": "9999"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert {answer.json()["code"] for answer in answers[:5]} == {"sign_in_refused"}
    assert answers[5].json()["code"] == "sign_in_delayed"
    assert 28 <= int(answers[5].headers["Retry-After"]) <= 30
    unknown = till.post(SIGN_IN, {"employee_number": "77", "pin": "9999"})
    assert {**unknown.json(), "instance": ""} == {**answers[0].json(), "instance": ""}
    assert till.post(SIGN_IN, {"employee_number": "2", "pin": PIN}).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"pin": PIN}, "/employee_number"),
        ({"employee_number": 1, "pin": PIN}, "/employee_number"),
        ({"employee_number": "123456789", "pin": PIN}, "/employee_number"),
        ({"employee_number": "٣", "pin": PIN}, "/employee_number"),
        ({"employee_number": "1"}, "/pin"),
        ({"employee_number": "1", "pin": 4711}, "/pin"),
        ({"employee_number": "1", "pin": "471"}, "/pin"),
        ({"employee_number": "1", "pin": "47 11"}, "/pin"),
        ({"employee_number": "1", "pin": "4711\n"}, "/pin"),
        ({"employee_number": "1", "pin": PIN, "device_id": "x"}, "/device_id"),
    ],
)
def test_a_request_of_the_wrong_shape_is_no_try_and_repeats_no_pin(
    till: PairedTill, body: dict[str, Any], pointer: str
) -> None:
    answer = till.post(SIGN_IN, body)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert "4711" not in str({**answer.json(), "instance": ""})


@pytest.mark.django_db
def test_a_device_has_thirty_tries_a_minute_whoever_they_are_for(
    till: PairedTill, own_redis: RedisServer
) -> None:
    for number in range(100, 130):
        assert till.post(SIGN_IN, {"employee_number": str(number), "pin": PIN}).status_code == 401
    stopped = till.post(SIGN_IN, {"employee_number": "1", "pin": PIN})
    assert (stopped.status_code, stopped.json()["code"]) == (429, "too_many_requests")
    assert 50 <= int(stopped.headers["Retry-After"]) <= 60
    other = paired_till(till.tenant)
    assert other.post(SIGN_IN, {"employee_number": "1", "pin": PIN}).status_code == 201


@pytest.mark.django_db
def test_without_redis_people_sign_in_and_wrong_pins_still_wait(till: PairedTill, no_redis: None) -> None:
    statuses = [till.post(SIGN_IN, {"employee_number": "1", "pin": "9999"}).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert till.post(SIGN_IN, {"employee_number": "2", "pin": PIN}).status_code == 201


@pytest.mark.django_db
def test_without_a_device_nobody_signs_in(till: PairedTill, client_for: Any) -> None:
    answer = client_for(till.tenant).post(
        f"/api/v1/{SIGN_IN}", {"employee_number": "1", "pin": PIN}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.django_db
def test_signing_out_ends_the_session_at_once_and_tells_the_feed(till: PairedTill) -> None:
    ada = till.signed_in()
    assert ada.post("employees/sign-out").status_code == 204
    assert ada.get("employees/me").status_code == 401
    assert till.get("terminals/me").status_code == 200
    with tenant_context(till.tenant):
        last = read_after(0)[-1]
        assert (last.t, last.data) == ("employee.signed_out", {"device_id": str(till.terminal.pk)})
        assert last.id == Employee.objects.get(number="1").pk


@pytest.mark.django_db
def test_with_nobody_signed_in_there_is_nobody_to_sign_out_or_to_show(till: PairedTill) -> None:
    for answer in (till.post("employees/sign-out"), till.get("employees/me")):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.django_db
def test_letting_somebody_go_ends_their_sessions_at_once(till: PairedTill) -> None:
    ben = till.signed_in(number="2")
    assert ben.get("employees/me").status_code == 200
    change(till, is_active=False)
    assert ben.get("employees/me").status_code == 401
    change(till, is_active=True)
    assert ben.get("employees/me").status_code == 401


@pytest.mark.django_db
def test_another_role_counts_from_the_next_request_on(till: PairedTill) -> None:
    ben = till.signed_in(number="2")
    assert ben.get("terminals").status_code == 403
    change(till, role="manager")
    assert ben.get("terminals").status_code == 200
    change(till, role="cashier")
    assert ben.get("terminals").status_code == 403


@pytest.mark.django_db
def test_a_new_pin_ends_what_the_old_one_opened(till: PairedTill) -> None:
    ben = till.signed_in(number="2")
    with tenant_context(till.tenant):
        who = Employee.objects.get(number="2").pk
        set_pin(employee_id=who, pin="9182", actor=SYSTEM, at=clock.now())
    assert ben.get("employees/me").status_code == 401
    assert till.post(SIGN_IN, {"employee_number": "2", "pin": PIN}).status_code == 401
    assert till.post(SIGN_IN, {"employee_number": "2", "pin": "9182"}).status_code == 201


@pytest.mark.django_db
def test_a_session_of_one_merchant_is_nothing_at_another(till: PairedTill, grocer: Any) -> None:
    hired(grocer)
    ada, neighbour = till.signed_in(), paired_till(grocer)
    borrowed = dataclasses.replace(neighbour, session=ada.session)
    assert borrowed.get("employees/me").status_code == 401
    assert dataclasses.replace(ada, tenant=grocer).get("employees/me").status_code == 401


def change(till: PairedTill, **changes: Any) -> None:
    """Change Ben."""
    draft = EmployeeDraft(**{"number": "2", "name": "Ben", "role": "cashier"} | changes)
    with tenant_context(till.tenant):
        ben = Employee.objects.get(number="2")
        update_employee(employee_id=ben.pk, draft=draft, actor=SYSTEM, at=clock.now())
