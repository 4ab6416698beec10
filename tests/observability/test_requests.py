"""One line and one observation for every request, and no secret in any of them."""

import pytest
from prometheus_client import REGISTRY

from tests.api.conftest import Till, kernel_urls, till, till_named
from tests.api.shapes import TILL

__all__ = ["kernel_urls", "till", "till_named"]
pytestmark = pytest.mark.django_db

SECRETS = {
    "token": "canary-token-5f1e",
    "pin": "canary-pin-83741",
    "password": "canary-password-x",
    "card": "4111111111111111",
    "query": "canary-query-value",
    "cookie": "canary-cookie",
}


def seen(route, status, method="GET"):
    return REGISTRY.get_sample_value(
        "fynlo_http_request_seconds_count", {"method": method, "route": route, "status": status}
    )


def test_a_request_is_one_line_with_its_route(logged, till):
    answer = till.get("/api/v1/fail/http404")
    (line,) = logged("request")
    assert line["duration_ms"] >= 0
    assert {name: line[name] for name in ("method", "path", "status", "tenant", "actor", "request_id")} == {
        "method": "GET",
        "path": "api/v1/fail/<how>",
        "status": 404,
        "tenant": "cafe",
        "actor": f"device:{TILL}",
        "request_id": answer["X-Request-ID"],
    }


def test_an_address_that_does_not_exist_is_unmatched(logged, till):
    till.get("/api/v1/canary-path")
    (line,) = logged("request")
    assert (line["path"], line["status"]) == ("unmatched", 404)


def test_an_unknown_host_has_no_tenant_and_its_name_is_not_repeated(logged, till):
    answer = Till("elsewhere.localhost").get("/api/v1/bells")
    (line,) = logged("request")
    assert (answer.status_code, line["status"], "tenant" in line) == (404, 404, False)
    assert b"elsewhere" not in answer.content


@pytest.mark.parametrize(
    ("path", "events"),
    [
        ("/api/v1/bells", ["request"]),
        ("/api/v1/fail/http404", ["request"]),
        ("/api/v1/fail/redis", ["request_unavailable", "request"]),
        ("/api/v1/fail/crash", ["request_failed", "request"]),
        ("/page/redis", ["request_unavailable", "request"]),
        ("/page/canary", ["request_failed", "request"]),
    ],
)
def test_an_answer_is_one_line_and_a_failure_one_more(logged, till, path, events):
    till.get(path)
    assert [line["event"] for line in logged()] == events


def test_a_failure_is_logged_with_its_traceback_under_the_request_id(logged, till):
    answer = till.get("/api/v1/fail/crash")
    (line,) = logged("request_failed")
    assert line["request_id"] == answer.json()["instance"]
    assert "RuntimeError: a canary that must stay inside" in line["exception"]
    assert line["path"] == "api/v1/fail/<how>"


def test_a_request_is_counted_by_route(till):
    before = seen("api/v1/bells", "2xx") or 0
    till.get("/api/v1/bells")
    assert seen("api/v1/bells", "2xx") == before + 1


def test_invented_methods_and_addresses_make_no_labels(till):
    till.send("/api/v1/bells", b"", method="CANARY")
    till.get("/canary-address")
    labels = {
        value
        for family in REGISTRY.collect()
        for sample in family.samples
        for value in sample.labels.values()
    }
    assert not [value for value in labels if "canary" in value.lower()]


def test_no_secret_reaches_a_log_line(logged, till, till_named):
    body = {
        "pin": SECRETS["pin"],
        "password": SECRETS["password"],
        "card": SECRETS["card"],
        "then": "refuse",
        "note": f"token={SECRETS['token']}",
    }
    headers = {"Staff-Session": SECRETS["token"], "Cookie": f"fynlo-session={SECRETS['cookie']}"}
    till.send("/api/v1/ring", body, **{"Idempotency-Key": "k", **headers})
    till.send("/api/v1/echo", body, **headers)
    till.get("/api/v1/fail/crash?token=" + SECRETS["query"], **headers)
    till.get(f"/api/v1/{SECRETS['card']}?pin={SECRETS['query']}", **headers)
    till_named(SECRETS["token"]).get("/api/v1/bells", **headers)
    till.send("/api/v1/ring", {**body, "then": "crash"}, **{"Idempotency-Key": SECRETS["card"], **headers})
    assert len(logged("request")) == 6
    for name, secret in SECRETS.items():
        assert secret not in logged.text, name
