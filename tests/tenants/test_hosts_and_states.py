"""The door over HTTP: the host decides whose request it is, and the merchant's state what it may do."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from fynlo.core.tenancy import current_schema, platform_context
from tenants import states
from tenants.middleware import TenantMiddleware, host_name
from tenants.models import Tenant
from tenants.states import READING, STATES, Request, refusal

WRITING, FINISHING = Request(writes=True), Request(writes=True, finishes=True)
ADDRESS = "/api/v1/registers"


def ask(host: str, *, path: str = ADDRESS) -> Any:
    return Client().get(path, headers={"host": host})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host",
    [
        "nobody.localhost",
        "cafe.localhost.evil.example",
        "xcafe.localhost",
        "www.cafe.localhost",
        "cafe.localhost.",
        "t_cafe",
        "127.0.0.1",
        "cafe.localhost@evil.example",
        "cafe.localhost, grocer.localhost",
        "cafe.localhost:port",
        "",
    ],
)
@pytest.mark.parametrize("path", [ADDRESS, "/admin/", "/", "/metrics"])
def test_an_unknown_host_gets_a_404_that_names_nothing(host: str, path: str) -> None:
    answer = ask(host, path=path)
    assert (answer.status_code, answer.content) == (404, b"Not found.\n")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["cafe.localhost", "CAFE.localhost", "cafe.localhost:8000"])
def test_a_host_is_compared_without_case_and_port(host: str) -> None:
    assert ask(host).status_code == 401


@pytest.mark.django_db
def test_a_forwarded_host_counts_for_nothing() -> None:
    answer = Client().get(ADDRESS, headers={"host": "nobody.localhost", "x-forwarded-host": "cafe.localhost"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("[::1]:8000", "[::1]"),
        (" Cafe.Localhost ", "cafe.localhost"),
        ("-cafe.localhost", None),
        ("cafe_a.localhost", None),
        ("cafe.localhost/", None),
        ("x" * 300, None),
    ],
)
def test_what_a_host_is(raw: str, found: str | None) -> None:
    assert host_name(raw) == found


@pytest.mark.django_db
def test_the_connection_is_nowhere_after_a_request_also_after_an_exception(cafe: Tenant) -> None:
    seen: list[str | None] = []

    def explode(_request: Any) -> Any:
        seen.append(current_schema())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        TenantMiddleware(explode)(RequestFactory().get("/", headers={"host": "cafe.localhost"}))
    assert (seen, current_schema()) == (["t_cafe"], None)


@pytest.mark.parametrize(
    ("state", "reading", "writing", "finishing"),
    [
        ("provisioning", "tenant_provisioning", "tenant_provisioning", "tenant_provisioning"),
        ("trial", None, None, None),
        ("active", None, None, None),
        ("past_due", None, None, None),
        ("read_only", None, "tenant_read_only", None),
        ("closed", "tenant_closed", "tenant_closed", "tenant_closed"),
    ],
)
def test_what_each_state_refuses(
    state: str, reading: str | None, writing: str | None, finishing: str | None
) -> None:
    tenant = Tenant(state=state)
    found = [refusal(tenant, request) for request in (READING, WRITING, FINISHING)]
    assert [error and error.code for error in found] == [reading, writing, finishing]


@pytest.mark.parametrize("state", STATES.states)
def test_a_suspended_merchant_is_refused_in_every_state(state: str, cafe: Tenant) -> None:
    cafe.state, cafe.suspended_at = state, cafe.created_at
    assert [type(refusal(cafe, request)) for request in (READING, FINISHING)] == [states.TenantSuspended] * 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "status", "code", "retry_after"),
    [
        ("provisioning", 503, "tenant_provisioning", "5"),
        ("active", 401, "not_authenticated", None),
        ("read_only", 401, "not_authenticated", None),
        ("closed", 403, "tenant_closed", None),
    ],
)
def test_the_state_answers_before_anybody_is_asked_for_a_token(
    state: str, status: int, code: str, retry_after: str | None
) -> None:
    with platform_context():
        Tenant.objects.filter(slug="cafe").update(state=state)
    answer = ask("cafe.localhost")
    assert (answer.status_code, answer.json()["code"], answer.get("Retry-After")) == (
        status,
        code,
        retry_after,
    )
    assert ask("grocer.localhost").status_code == 401
