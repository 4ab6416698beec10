"""Stock from files and to files over HTTP."""

from typing import Any

import pytest
from django.test import Client

from fynlo.celery import app
from fynlo.core.tasks import HEADER
from fynlo.core.tenancy import tenant_context
from pos.stock_files import tasks
from pos.stock_files.models import StockFile
from pos.stock_files.tasks import work_on_stock_file
from tests.factories import Shop, TillClient, paired_till, signed_in
from tests.pos.stock_files.files import on_hand

pytestmark = pytest.mark.django_db
SYSTEM = {"kind": "system", "id": None, "name": "system"}
MISSING = "01900000-0000-7000-8000-000000000000"
LEVELS = b"sku;on_hand;unit_cost\nROLL;12;0,21\nCHEESE;1,5;\n"


@pytest.fixture
def manager(here: Shop) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="manager"))


def send(
    client: TillClient, data: bytes, kind: str = "levels", media_type: str = "text/csv", query: str = ""
) -> Any:
    http = Client(SERVER_NAME="cafe.localhost", HTTP_HOST="cafe.localhost", raise_request_exception=False)
    return http.post(
        f"/api/v1/stock-imports?file_name=bestand.csv&kind={kind}{query}",
        data=data,
        content_type=media_type,
        headers=client.headers,
    )


def exported(client: TillClient, kind: str, query: str = "") -> bytes:
    answer = client.get(f"/stock-exports?kind={kind}{query}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_a_file_is_sent_looked_at_applied_and_reverted(here: Shop, manager: TillClient) -> None:
    answer = send(manager, LEVELS)
    assert (answer.status_code, answer.json()["state"], answer.json()["possible"]) == (
        201,
        "staged",
        ["apply", "discard"],
    )
    assert answer.json()["summary"] == {
        "is_ready": True,
        "can_apply": True,
        "problem_count": 0,
        "problems": [],
        "row_count": 2,
        "created": 2,
        "changed": 0,
        "unchanged": 0,
    }
    at = f"/stock-imports/{answer.json()['id']}"
    rows = manager.get(f"{at}/rows?outcome=created").json()
    assert ([each["key"] for each in rows["items"]], rows["next_page"]) == (
        ["ROLL · main", "CHEESE · main"],
        None,
    )
    applied = manager.post(f"{at}/apply", {})
    assert (applied.status_code, applied.json()["state"]) == (200, "applied")
    assert manager.post(f"{at}/apply", {}).json()["code"] == "illegal_transition"
    with tenant_context(here.tenant):
        assert on_hand() == {"ROLL": "12", "CHEESE": "1.5"}
    reverted = manager.post(f"{at}/revert", {"force": False})
    assert (reverted.status_code, reverted.json()["summary"]["kept"]) == (200, [])
    with tenant_context(here.tenant):
        assert on_hand() == {}
    listed = manager.get("/stock-imports?kind=levels&state=reverted").json()["items"]
    assert [(each["id"], each["applied_by"]) for each in listed] == [
        (answer.json()["id"], listed[0]["staged_by"])
    ]
    assert manager.get("/stock-imports?kind=targets").json()["items"] == []


def test_what_is_wrong_is_told_row_by_row_and_nothing_can_be_applied(manager: TillClient) -> None:
    answer = send(manager, b"sku;on_hand\nROLL;NaN\nGONE;1\n")
    assert (answer.status_code, answer.json()["summary"]["problem_count"]) == (201, 2)
    at = f"/stock-imports/{answer.json()['id']}"
    found = manager.get(f"{at}/rows?outcome=problem").json()["items"]
    assert [(each["line"], each["column"], each["reason"], each["given"]) for each in found] == [
        (2, "on_hand", "not a number", "NaN"),
        (3, "sku", "there is no variant with this SKU", "GONE"),
    ]
    refused = manager.post(f"{at}/apply", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "import_refused")
    assert manager.post(f"{at}/discard", {}).json()["state"] == "discarded"
    assert manager.get(f"{at}/rows?outcome=problem").json()["items"] == []


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_what_is_exported_is_imported_without_a_change(manager: TillClient, file_format: str) -> None:
    key = send(manager, LEVELS).json()["id"]
    manager.post(f"/stock-imports/{key}/apply", {})
    media = "text/csv" if file_format == "csv" else "application/octet-stream"
    again = send(manager, exported(manager, "levels", f"&format={file_format}"), media_type=media).json()
    counts = [again["summary"][name] for name in ("problem_count", "created", "changed", "unchanged")]
    assert counts == [0, 0, 0, 2]


def test_an_export_is_safe_in_a_spreadsheet(here: Shop, manager: TillClient) -> None:
    data = b'code;name\n"=cmd";"@SUM(1)"\nMILL;Mill\n'
    key = send(manager, data, "suppliers").json()["id"]
    manager.post(f"/stock-imports/{key}/apply", {})
    lines = exported(manager, "suppliers").decode("utf-8-sig").splitlines()
    assert lines[0].startswith('"code","name","contact"')
    assert lines[1].startswith('"\'=cmd","\'@SUM(1)"')
    again = send(manager, exported(manager, "suppliers"), "suppliers").json()
    assert again["summary"]["unchanged"] == 2


def test_a_large_file_is_worked_on_in_the_background(
    here: Shop, manager: TillClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "AT_ONCE", 10)
    assert app.current_worker_task is None  # nobody works but this test
    answer = send(manager, LEVELS)
    assert (answer.status_code, answer.json()["progress"]["phase"]) == (202, "waiting")
    key = answer.json()["id"]

    def work(step: str) -> str:
        kwargs = {"file_id": key, "step": step, "by": SYSTEM}
        state: str = work_on_stock_file.apply(kwargs=kwargs, headers={HEADER: here.tenant.schema_name}).get()
        return state

    assert manager.post(f"/stock-imports/{key}/apply", {}).status_code == 202
    assert work("apply") == "staged"
    assert "Wait until" in manager.get(f"/stock-imports/{key}").json()["summary"]["failure"]
    assert [work(step) for step in ("look", "look", "apply", "apply")] == [
        "staged",
        "staged",
        "applied",
        "applied",
    ]
    with tenant_context(here.tenant):
        assert on_hand() == {"ROLL": "12", "CHEESE": "1.5"}
    assert manager.post(f"/stock-imports/{key}/revert", {}).status_code == 202
    assert [work("revert"), work("revert")] == ["reverted", "reverted"]
    with tenant_context(here.tenant):
        assert on_hand() == {}
    assert manager.get(f"/stock-imports/{key}").json()["progress"] is None


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("", "kind", "required"),
        ("?kind=levels&sheet=x", "sheet", "unknown_parameter"),
        ("?kind=x", "kind", "invalid_choice"),
    ],
)
def test_files_nobody_can_place(manager: TillClient, query: str, parameter: str, code: str) -> None:
    answer = manager.get(f"/stock-exports{query}")
    assert answer.status_code == 400
    assert [(each["parameter"], each["code"]) for each in answer.json()["errors"]] == [(parameter, code)]


def test_who_may_not_and_what_is_not_there(here: Shop, till: TillClient, manager: TillClient) -> None:
    assert send(till, LEVELS).status_code == 403
    assert till.get("/stock-imports").status_code == 403
    for path in ("", "/rows"):
        assert manager.get(f"/stock-imports/{MISSING}{path}").status_code == 404
    for path in ("/apply", "/revert", "/discard"):
        assert manager.post(f"/stock-imports/{MISSING}{path}", {}).status_code == 404
    with tenant_context(here.tenant):
        assert StockFile.objects.count() == 0
