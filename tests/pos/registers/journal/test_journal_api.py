"""Journals over HTTP, for those who may see the books, and from the command line."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.registers.journal.models import JournalEntry
from pos.registers.journal.services.keys import public_keys
from pos.registers.journal.services.technical import note_restored, note_software
from tests.factories import Shop, TillClient, order_body, signed_in
from tests.pos.registers.journal.journals import DAY, NOON, check, sign, tell, without_guards, wrongs

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    """A manager signed in at the till."""
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def path(shop: Shop, rest: str = "") -> str:
    return f"/registers/{shop.register.id}/journal{rest}"


def test_entries_are_read_by_position_a_page_at_a_time(here: Shop, manager: TillClient) -> None:
    tell(here, "one", "two", "three")
    first = manager.get(path(here, "?limit=2")).json()
    assert [item["position"] for item in first["items"]] == [1, 2]
    assert first["next_after"] == 2
    second = manager.get(path(here, "?limit=2&after=2")).json()
    assert [item["position"] for item in second["items"]] == [3]
    assert second["next_after"] is None
    assert first["items"][1] == {
        "register": "K1",
        "position": 2,
        "kind": "system",
        "number": "",
        "at": "2026-03-01T12:00:00.000000Z",
        "recorded_at": "2026-03-01T12:00:00.000000Z",
        "business_date": "2026-03-01",
        "recipe": 1,
        "body": '{"event":"two"}',
        "previous_hash": first["items"][0]["hash"],
        "hash": first["items"][1]["hash"],
    }


def test_entries_are_found_by_kind_number_and_day(here: Shop, manager: TillClient) -> None:
    tell(here, "one")
    order = manager.post("/orders", order_body((here.variants["roll"], "2"), cash=(100, "EUR"))).json()
    (sale,) = manager.get(path(here, "?kind=sale")).json()["items"]
    assert sale["number"] == "K1-R1"
    body = json.loads(sale["body"])
    assert (body["order"], body["total"], body["change"]) == (order["reference"], "0.90", "0.10")
    assert manager.get(path(here, "?number=K1-R1")).json()["items"] == [sale]
    (one,) = manager.get(path(here, "?business_date=2026-03-01")).json()["items"]
    assert one["body"] == '{"event":"one"}'
    assert manager.get(path(here, "?kind=sold")).status_code == 400


@pytest.mark.parametrize("rest", ["", "/verification", "/checkpoints"])
def test_whoever_may_not_see_the_books_sees_no_journal(here: Shop, till: TillClient, rest: str) -> None:
    assert till.get(path(here, rest)).json()["code"] == "forbidden"
    assert till.get("/journal-keys").status_code == 403
    assert till.get("/journal-archives?from=2026-01-01&to=2026-12-31").status_code == 403


@pytest.mark.parametrize("rest", ["", "/verification", "/checkpoints"])
def test_an_unknown_register_has_no_journal(here: Shop, there: Shop, manager: TillClient, rest: str) -> None:
    assert manager.get(f"/registers/{new_id()}/journal{rest}").status_code == 404
    assert manager.get(f"/registers/{there.register.id}/journal{rest}").status_code == 404


def test_a_journal_that_holds_is_said_to_hold(here: Shop, manager: TillClient) -> None:
    tell(here, "one", "two")
    sign(here)
    told = manager.get(path(here, "/verification")).json()
    told.pop("verified_at")
    assert told == {
        "register": "K1",
        "first_position": 1,
        "last_position": 3,
        "entries": 3,
        "checkpoints": 1,
        "signed_position": 3,
        "is_intact": True,
        "findings": [],
        "finding_count": 0,
        "next_after": None,
    }
    assert manager.get(path(here, "/verification?after=2")).json()["entries"] == 1
    assert manager.get(path(here, "/verification?after=9")).status_code == 404


def test_what_is_wrong_is_said_in_words(as_owner: None, here: Shop, manager: TillClient) -> None:
    tell(here, "one", "two")
    without_guards(here, "UPDATE pos_journalentry SET number = 'x' WHERE position = 1")
    told = manager.get(path(here, "/verification")).json()
    assert told["is_intact"] is False
    assert told["findings"] == [
        {
            "code": "altered",
            "position": 1,
            "message": "entry 1 was altered: its content makes another hash than it has",
        }
    ]


def test_checkpoints_are_read_to_be_kept_and_the_verifier_takes_them_so(
    here: Shop, manager: TillClient, tmp_path: Path
) -> None:
    tell(here, "one")
    assert manager.get("/journal-keys").json() == {"keys": [], "handovers": []}
    sign(here)
    tell(here, "two")
    sign(here)
    answer = manager.get(path(here, "/checkpoints"))
    assert [each["position"] for each in answer.json()["results"]] == ["3", "1"]
    (tmp_path / "kept.json").write_bytes(answer.content)
    (key,) = manager.get("/journal-keys").json()["keys"]
    (tmp_path / "archive.zip").write_bytes(downloaded(manager))
    status, said = check(
        tmp_path / "archive.zip", "--public-key", key["public_key"], "--checkpoint", tmp_path / "kept.json"
    )
    assert (status, wrongs(said)) == (0, [])
    assert "2 kept checkpoints agree with the journal" in said


def downloaded(manager: TillClient) -> bytes:
    answer = manager.get("/journal-archives?from=2026-01-01&to=2030-12-31")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="journal-cafe-2026-01-01-2030-12-31.zip"'
    return b"".join(answer.streaming_content)


def test_an_archive_is_one_merchants(here: Shop, there: Shop, manager: TillClient) -> None:
    tell(here, "ours")
    tell(there, "only the grocer knows")
    with zipfile.ZipFile(io.BytesIO(downloaded(manager))) as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist())
    assert b"ours" in everything
    assert b"only the grocer knows" not in everything


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "required"),
        ("?from=2026-01-01", "required"),
        ("?from=2026-01-02&to=2026-01-01", "period_backwards"),
        ("?from=1990-01-01&to=2026-01-01", "period_too_long"),
        ("?from=yesterday&to=2026-01-01", "invalid"),
    ],
)
def test_an_archive_needs_its_days(manager: TillClient, query: str, code: str) -> None:
    answer = manager.get(f"/journal-archives{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == code


def test_the_command_writes_an_archive_and_says_how_fast(
    here: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(here, "one", "two")
    file = tmp_path / "year.zip"
    call_command("export_journal", tenant="cafe", first=DAY, last=DAY, file=file)
    said = capsys.readouterr().out
    assert said.startswith(f"{file}: 2 entries of 1 registers, {file.stat().st_size} bytes, ")
    assert said.endswith(" entries a second).\n")
    assert check(file)[0] == 0
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(CommandError, match="no merchant nobody"):
        call_command("export_journal", tenant="nobody", first=DAY, last=DAY, file=file)


def test_an_archive_of_a_journal_that_does_not_hold_is_written_and_not_signed(
    as_owner: None, here: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(here, "one", "two")
    without_guards(here, "UPDATE pos_journalentry SET number = 'x' WHERE position = 2")
    file = tmp_path / "year.zip"
    with pytest.raises(CommandError, match="not signed"):
        call_command("export_journal", tenant="cafe", first=DAY, last=DAY, file=file)
    message = "register K1: entry 2 was altered: its content makes another hash than it has"
    assert capsys.readouterr().err == message + "\n"
    assert wrongs(check(file)[1]) == [
        "the archive is not signed",
        message,
        f"the shop's own software said when it made this archive: {message}",
    ]


def test_the_command_shows_and_replaces_keys_and_seals_anew(
    here: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(here, "one")
    sign(here)
    with tenant_context(here.tenant):
        old = public_keys().keys[0]["public_key"]
    call_command("journal_keys", "cafe")
    assert capsys.readouterr().out == f"{old} since 2026-03-01T12:00:00.000000Z\n"
    call_command("journal_keys", "cafe", "--replace")
    new, former = capsys.readouterr().out.splitlines()
    assert former.startswith(f"{old} since 2026-03-01T12:00:00.000000Z until ")
    assert last_body(here) == {
        "event": "signing_key_replaced",
        "values": {"former": old, "next": new.split()[0]},
    }
    call_command("journal_keys", "cafe", "--reseal")
    assert capsys.readouterr().out.startswith("1 secrets sealed anew.\n")


def last_body(shop: Shop) -> dict[str, Any]:
    with tenant_context(shop.tenant):
        rows = JournalEntry.objects.filter(register=shop.register).order_by("-position")
        found: dict[str, Any] = json.loads(rows[0].body)
    return found


def test_software_is_noted_when_it_is_another(here: Shop) -> None:
    with tenant_context(here.tenant):
        assert note_software(at=NOON) == 2
        assert note_software(at=NOON) == 0
    assert last_body(here) == {
        "event": "software",
        "values": {"fiscal_core": "1.0.0", "recipe": "1", "version": "0.1.0"},
    }


def test_a_restored_back_up_is_noted_once(here: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    with tenant_context(here.tenant):
        assert note_restored(made_at=NOON, reason="disk", at=NOON) == 2
    call_command("note_restored", "cafe", made_at="2026-03-01T13:00:00+01:00", reason="disk")
    assert capsys.readouterr().out == "0 journals say so.\n"
    assert last_body(here) == {
        "event": "restored",
        "values": {"backup_made_at": "2026-03-01T12:00:00.000000Z", "reason": "disk"},
    }
    with pytest.raises(CommandError, match="no time with its zone"):
        call_command("note_restored", "cafe", made_at="2026-03-01", reason="disk")


def test_a_clock_that_went_back_is_noted_with_the_next_checkpoint(here: Shop) -> None:
    from pos.registers.journal.services import sign_checkpoints

    hour = dt.timedelta(hours=1)
    tell(here, "one", at=NOON)
    tell(here, "two", at=NOON - hour)
    tell(here, "three", at=NOON - hour + dt.timedelta(seconds=5))
    tell(here, "four", at=NOON - hour)
    with tenant_context(here.tenant):
        sign_checkpoints(at=NOON + hour)
        rows = JournalEntry.objects.filter(register=here.register).order_by("position")
        told = [json.loads(row.body) for row in rows if "clock_jumped" in row.body]
    assert told == [
        {
            "event": "clock_jumped",
            "values": {
                "after_position": "1",
                "from": "2026-03-01T12:00:00.000000Z",
                "to": "2026-03-01T11:00:00.000000Z",
            },
        }
    ]
