"""What a day at a register looks like in its journal: everything is told, in texts, and adds up."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.tenancy import tenant_context
from pos.registers.journal.models import JournalEntry
from pos.registers.journal.queries import verify
from pos.registers.journal.services import sign_checkpoints
from pos.registers.journal.services.keys import has_signed, public_keys
from pos.registers.models import Register
from tests.factories import Shop, TillClient, signed_in
from tests.pos.registers.journal.days import a_day
from tests.pos.registers.journal.journals import archive, check, wrongs

pytestmark = pytest.mark.django_db
ANY_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def told(here: Shop, kind: str) -> list[tuple[str, dict[str, Any]]]:
    with tenant_context(here.tenant):
        rows = JournalEntry.objects.filter(register=here.register, kind=kind).order_by("position")
        return [(row.number, json.loads(row.body)) for row in rows]


def texts_only(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(texts_only, value.values()))
    return all(map(texts_only, value)) if isinstance(value, list) else isinstance(value, str)


def test_a_sale_says_everything_its_receipt_says(here: Shop, manager: TillClient) -> None:
    a_day(here, manager)
    number, body = told(here, "sale")[0]
    assert number == "K1-R1"
    assert {name: body[name] for name in ("order", "location", "currency", "net", "tax", "total")} == {
        "order": "K1-1",
        "location": "main",
        "currency": "EUR",
        "net": "7.65",
        "tax": "1.30",
        "total": "8.95",
    }
    assert [
        (line["name"], line["quantity"], line["unit_price"], line["total"]) for line in body["lines"]
    ] == [
        ("Cappuccino", "2", "3.80", "7.60"),
        ("Roll", "3", "0.45", "1.35"),
    ]
    assert [(tax["code"], tax["rate"], tax["net"], tax["tax"]) for tax in body["taxes"]] == [
        ("reduced", "0.07", "1.26", "0.09"),
        ("standard", "0.19", "6.39", "1.21"),
    ]
    assert [(each["code"], each["tendered"], each["change"], each["amount"]) for each in body["tenders"]] == [
        ("cash", "10.00", "1.05", "8.95")
    ]


def test_a_refund_says_what_came_back_and_why(here: Shop, manager: TillClient) -> None:
    a_day(here, manager)
    ((number, body),) = told(here, "refund")
    assert (number, body["of"], body["reason"]) == ("K1-R3", "K1-R1", "stale")
    assert (body["total"], body["tenders"][0]["amount"]) == ("0.45", "0.45")
    assert [(line["name"], line["quantity"], line["goods"]) for line in body["lines"]] == [
        ("Roll", "1", "waste")
    ]


def test_a_cancelled_order_says_what_was_on_it(here: Shop, manager: TillClient) -> None:
    a_day(here, manager)
    ((number, body),) = told(here, "cancel")
    assert (number, body["reason"], body["goods"], body["total"]) == ("K1-3", "left", "restock", "0.90")
    assert body["employee"]


def test_every_value_is_a_text_and_none_is_an_id_or_personal(here: Shop, manager: TillClient) -> None:
    a_day(here, manager)
    with tenant_context(here.tenant):
        rows = list(JournalEntry.objects.filter(register=here.register))
    assert {row.kind for row in rows} >= {"session_opened", "sale", "refund", "cancel", "closing"}
    for row in rows:
        assert texts_only(json.loads(row.body)), row.kind
        assert ANY_ID.search(row.body) is None, row.kind
        assert "Anna" not in row.body


def test_a_day_holds_adds_up_and_is_proven_by_its_archive(
    here: Shop, manager: TillClient, tmp_path: Path
) -> None:
    a_day(here, manager)
    at = clock.now()
    with tenant_context(here.tenant):
        assert sign_checkpoints(at=at, closed={here.register.id}) == 1
        found = verify(register_id=here.register.id, keys=public_keys().known, has_signed=has_signed)
        key = public_keys().keys[0]["public_key"]
        day = JournalEntry.objects.latest("position").business_date
    assert (found.findings, found.checkpoint_count) == ((), 1)
    ((_, body),) = told(here, "checkpoint")
    assert (body["grand_total"], body["refund_total"]) == ("9.40", "0.45")
    file = tmp_path / "day.zip"
    assert archive(here, file, first=day, last=day, at=at).is_signed
    status, said = check(file, "--public-key", key)
    assert (status, wrongs(said)) == (0, [])


def test_a_total_that_sales_do_not_add_up_to_is_found(
    here: Shop, manager: TillClient, tmp_path: Path
) -> None:
    a_day(here, manager)
    with tenant_context(here.tenant):
        Register.objects.filter(pk=here.register.id).update(grand_total_minor=930)
        sign_checkpoints(at=clock.now())
        found = verify(register_id=here.register.id, keys=public_keys().known, has_signed=has_signed)
        last = JournalEntry.objects.filter(register=here.register).latest("position")
    wrong = f"checkpoint {last.position}: its totals for ever are not those of the entries before it"
    assert [each.message for each in found.findings] == [wrong]
    file = tmp_path / "day.zip"
    made_of = archive(here, file, first=last.business_date, last=last.business_date, at=clock.now())
    assert not made_of.is_signed
    assert f"register K1: {wrong}" in wrongs(check(file)[1])
