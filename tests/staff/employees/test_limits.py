"""How far people may go by themselves: what is standard, what the merchant states, who may state it."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden, InvalidInput, NotFound
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from staff.employees.errors import MoreThanOwnRights
from staff.employees.limits import STANDARD_LIMITS, limits_in_force
from staff.employees.models import Role
from staff.employees.services import seed_roles, set_limits
from tests.sync.tills import PairedTill, hired, paired_till

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


def stated(role: str = "cashier", *, actor: Actor = SYSTEM, **limits: int | None) -> dict[str, int]:
    return dict(set_limits(role_code=role, limits=limits, actor=actor, at=NOON))


@pytest.fixture
def roles(in_cafe: Any) -> None:
    """The standard roles; the body runs in the café."""
    seed_roles()


def test_what_is_not_stated_is_standard_and_null_is_no_limit() -> None:
    standard = dict(STANDARD_LIMITS["cashier"])
    assert limits_in_force(role_code="cashier", stated={}) == standard
    del standard["void_minor"]
    changed = limits_in_force(role_code="cashier", stated={"refund_minor": 0, "void_minor": None})
    assert changed == standard | {"refund_minor": 0}
    assert limits_in_force(role_code="owner", stated={}) == {}
    assert limits_in_force(role_code="owner", stated={"of_the_past": 1}) == {}


@pytest.mark.django_db
def test_limits_hold_and_are_told(roles: None) -> None:
    assert stated(refund_minor=0, discount_percent=None)["refund_minor"] == 0
    role = Role.objects.get(code="cashier")
    assert role.limits == {"refund_minor": 0, "discount_percent": None}
    said = read_after(0)[-1]
    assert (said.t, said.id) == ("role.changed", role.pk)
    assert said.data == {"role": "cashier", "limits": dict(role.limits_in_force), "changed_by": None}
    before = head()
    stated(refund_minor=0)
    assert head() == before
    seed_roles()
    assert Role.objects.get(code="cashier").limits == {"refund_minor": 0, "discount_percent": None}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limits", "pointer"),
    [
        ({"refund": 1}, "/refund"),
        ({"refund_minor": -1}, "/refund_minor"),
        ({"discount_percent": 101}, "/discount_percent"),
        ({"paid_out_minor": 10**12 + 1}, "/paid_out_minor"),
    ],
    ids=["unknown", "negative", "over all", "too much"],
)
def test_what_is_no_limit_is_refused(roles: None, limits: dict[str, int], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        stated(**limits)
    assert [problem.pointer for problem in refused.value.errors] == [pointer]


@pytest.mark.django_db
def test_who_may_state_them(roles: None) -> None:
    with pytest.raises(NotFound):
        stated("chef", refund_minor=1)
    some = Actor(kind="employee", id=None, name="Ben")
    with pytest.raises(Forbidden):
        stated(actor=some, refund_minor=1)
    deputy = Actor(
        kind="employee",
        id=None,
        name="Di",
        permissions=frozenset({"staff.manage"}),
        limits={"refund_minor": 7_000},
    )
    assert stated(actor=deputy, refund_minor=7_000, void_minor=None)["refund_minor"] == 7_000
    for more in (7_001, None):
        with pytest.raises(MoreThanOwnRights):
            stated(actor=deputy, refund_minor=more)


@pytest.fixture
def till(cafe: Any) -> PairedTill:
    """A till of the café, where Olga (1) is owner and Ben (2) cashier."""
    hired(cafe, role="owner", name="Olga")
    hired(cafe, number="2", role="cashier", name="Ben")
    return paired_till(cafe)


@pytest.mark.django_db
def test_roles_and_limits_over_http(till: PairedTill) -> None:
    olga, ben = till.signed_in(), till.signed_in(number="2")
    listed = {role["code"]: role["limits"] for role in olga.get("roles").json()["items"]}
    assert listed["cashier"] == dict(STANDARD_LIMITS["cashier"])
    assert set(listed["owner"].values()) == {None}
    changed = put(olga, {"refund_minor": 100, "void_minor": None})
    assert changed.status_code == 200
    expected = dict(STANDARD_LIMITS["cashier"]) | {"refund_minor": 100, "void_minor": None}
    assert changed.json()["limits"] == expected
    assert put(olga, {"refund_minor": "100"}).status_code == 400
    assert put(olga, {"refunds": 1}).json()["errors"][0]["pointer"] == "/refunds"
    assert put(ben, {"refund_minor": 100}).status_code == 403
    assert ben.get("roles").status_code == 403


@pytest.mark.django_db
def test_a_device_alone_goes_as_far_as_cashiers(till: PairedTill) -> None:
    from fynlo.core import clock
    from sync.terminals.authentication import device_actor
    from sync.terminals.queries import terminal_by_token

    with tenant_context(till.tenant):
        stated(refund_minor=100)
        actor = device_actor(terminal_by_token(token=till.token), at=clock.now())
        assert actor is not None
        assert (actor.limit("refund_minor"), actor.limit("void_minor")) == (100, 5_000)


def put(till: PairedTill, body: Any) -> Any:
    import json

    return till.client.put(
        "/api/v1/roles/cashier/limits", data=json.dumps(body), content_type="application/json"
    )
