"""The chart, balances of periods, statements and exports over HTTP."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Account
from tests.factories import Shop, TillClient, order_body, paired_till, shop, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    return shop(cafe)


@pytest.fixture
def till(here: Shop) -> TillClient:
    return TillClient(here.tenant, paired_till(here.tenant))


@pytest.fixture
def owner(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="owner"))


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def sold(here: Shop, till: TillClient, day: str, name: str = "roll") -> None:
    body = order_body((here.variants[name], "1"), cash=(5000, "EUR"), placed_at=f"{day}T12:00:00Z")
    assert till.post("/orders", body).status_code == 201


def euro(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


def balances(till: TillClient, query: str = "") -> dict[str, int]:
    rows = till.get(f"/ledger/trial-balance{query}").json()["accounts"]
    found = {row["code"]: row["balance"]["amount_minor"] for row in rows}
    return {code: value for code, value in found.items() if value}


def body(**changes: Any) -> dict[str, Any]:
    return {"code": "8400", "number": "8400", "name": "Sales", "kind": "income", "posting_keys": []} | changes


def test_an_account_is_made_read_and_changed_under_its_etag(owner: TillClient) -> None:
    path = f"/ledger/accounts/{new_id()}"
    made = owner.put(path, body(posting_keys=["sales:reduced"]))
    assert (made.status_code, made.json()["posting_keys"]) == (201, ["sales:reduced"])
    read = owner.get(path)
    assert read.headers["ETag"] == made.headers["ETag"]
    assert owner.put(path, body(name="Food")).status_code == 428
    changed = owner.put(path, body(name="Food"), If_Match=read.headers["ETag"])
    assert (changed.status_code, changed.json()["name"]) == (200, "Food")
    assert owner.put(path, body(name="Drinks"), If_Match=read.headers["ETag"]).status_code == 412
    other = owner.put(f"/ledger/accounts/{new_id()}", body(code="8400"))
    assert (other.status_code, other.json()["code"]) == (409, "account_code_taken")
    listed = [row["code"] for row in owner.get("/ledger/accounts").json()["items"]]
    assert "8400" in listed


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"kind": "money"}, 400, "/kind"),
        ({"balance": 5}, 400, "/balance"),
        ({"posting_keys": ["cash "]}, 201, None),
        ({"posting_keys": ["gold"]}, 400, "/posting_keys/0"),
        ({"name": ""}, 400, "/name"),
    ],
    ids=["kind", "unknown", "trimmed", "no key", "blank"],
)
def test_shapes_of_accounts(
    owner: TillClient, changes: dict[str, Any], status: int, pointer: str | None
) -> None:
    answer = owner.put(f"/ledger/accounts/{new_id()}", body(**changes))
    assert answer.status_code == status
    if pointer is not None:
        assert [problem["pointer"] for problem in answer.json()["errors"]] == [pointer]


def test_the_next_sale_follows_the_chart(here: Shop, owner: TillClient) -> None:
    sold(here, owner, "2026-01-02")
    applied = owner.post("/ledger/charts", {"template": "skr03", "sales": {"reduced": "8300"}})
    assert applied.status_code == 200
    mapped = {row["key"]: row["account"] for row in applied.json()["items"]}
    assert (mapped["cash"], mapped["sales:reduced"], mapped["tax:reduced"]) == ("1000", "8300", "1770")
    sold(here, owner, "2026-01-03")
    assert balances(owner) == {
        "cash": 45,
        "sales:reduced": -42,
        "tax:reduced": -3,
        "1000": 45,
        "8300": -42,
        "1771": -3,
    }
    with tenant_context(here.tenant):
        eight_four = Account.objects.get(code="8400").pk
    moved = owner.put("/ledger/mappings", {"key": "sales:reduced", "account_id": str(eight_four)})
    assert {row["key"]: row["account"] for row in moved.json()["items"]}["sales:reduced"] == "8400"
    back = owner.put("/ledger/mappings", {"key": "sales:reduced", "account_id": None})
    assert {row["key"]: row["account"] for row in back.json()["items"]}["sales:reduced"] == "8200"


def test_the_trial_balance_of_a_period_and_as_of_a_day(here: Shop, manager: TillClient) -> None:
    for day in ("2026-01-02", "2026-01-03", "2026-01-04"):
        sold(here, manager, day)
    assert balances(manager)["cash"] == 135
    assert balances(manager, "?as_of=2026-01-03")["cash"] == 90
    assert balances(manager, "?from=2026-01-03&to=2026-01-03")["cash"] == 45
    assert balances(manager, "?from=2026-01-05") == {}
    for wrong in ("?from=2026-01-03&to=2026-01-02", "?as_of=2026-01-02&from=2026-01-01", "?as_of=x"):
        assert manager.get(f"/ledger/trial-balance{wrong}").status_code == 400


def test_a_statement_says_what_it_stood_at_and_what_it_stands_at(here: Shop, manager: TillClient) -> None:
    for day in ("2026-01-02", "2026-01-03", "2026-01-03"):
        sold(here, manager, day)
    with tenant_context(here.tenant):
        cash = Account.objects.get(code="cash").pk
    told = manager.get(f"/ledger/accounts/{cash}/statement?from=2026-01-03&to=2026-01-31").json()
    assert (told["code"], told["opening"], told["closing"]) == ("cash", euro(45), euro(135))
    rows = [
        (row["kind"], row["other_account"], row["debit"], row["credit"], row["balance"])
        for row in told["lines"]
    ]
    assert rows == [
        ("payment", "receivable", euro(5000), euro(0), euro(5045)),
        ("change", "receivable", euro(0), euro(4955), euro(90)),
        ("payment", "receivable", euro(5000), euro(0), euro(5090)),
        ("change", "receivable", euro(0), euro(4955), euro(135)),
    ]
    assert manager.get(f"/ledger/accounts/{new_id()}/statement").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_reports_take_a_fixed_number_of_statements(here: Shop, manager: TillClient, count: int) -> None:
    for _ in range(count):
        sold(here, manager, "2026-01-02")
    with tenant_context(here.tenant):
        cash = Account.objects.get(code="cash").pk
    asked = {
        "/ledger/trial-balance?as_of=2026-02-01": 1,
        f"/ledger/accounts/{cash}/statement": 3,
        "/ledger/mappings": 1,
    }
    for path, statements in asked.items():
        with CaptureQueriesContext(connection) as captured:
            assert manager.get(path).status_code == 200
        found = [query for query in captured if "payments_" in query["sql"]]
        assert len(found) == statements, path


def test_an_export_is_a_file(here: Shop, manager: TillClient) -> None:
    sold(here, manager, "2026-01-02")
    answer = manager.get("/ledger/exports?format=csv&from=2026-01-01&to=2026-01-31")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="journal-2026-01-01-2026-01-31.csv"' in answer.headers["Content-Disposition"]
    content = b"".join(answer.streaming_content).decode()
    for close in answer._resource_closers:
        close()
    assert content.count("\r\n") == 5
    refused = manager.get("/ledger/exports?format=datev&from=2026-01-01&to=2026-01-31")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_exportable")
    for query in (
        "",
        "?format=csv",
        "?format=csv&from=2026-01-01",
        "?format=pdf&from=2026-01-01&to=2026-01-02",
    ):
        assert manager.get(f"/ledger/exports{query}").status_code == 400


def test_who_may_see_the_books_and_who_may_change_them(
    here: Shop, till: TillClient, manager: TillClient
) -> None:
    reads = (
        "/ledger/accounts",
        "/ledger/charts",
        "/ledger/mappings",
        f"/ledger/accounts/{new_id()}/statement",
    )
    for path in (*reads, "/ledger/exports?format=datev&from=2026-01-01&to=2028-01-31"):
        assert till.get(path).status_code == 403, path
        assert manager.get(path).status_code in (200, 404, 422), path
    assert manager.put(f"/ledger/accounts/{new_id()}", body()).status_code == 403
    assert manager.put("/ledger/mappings", {"key": "cash", "account_id": None}).status_code == 403
    assert manager.post("/ledger/charts", {"template": "generic"}).status_code == 403
