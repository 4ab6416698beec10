"""Cards of an earlier system: a file taken over as a whole, its PINs hashed, every row that is wrong told."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from fynlo.core.actors import SYSTEM
from fynlo.core.clock import now
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.credit.errors import GiftCardImportBusy, GiftCardRows
from payments.credit.models import StoredValue, ValueActivity, ValueImport
from payments.credit.services import card_reading, pin_hashing
from payments.credit.services.staging import StageDraft, begin_import, import_staged, stage_cards
from payments.credit.staged_cards import KeptPins, staged_cards
from tests.factories import Shop, TillClient, paired_till, shop, signed_in
from tests.payments.credit.cards import agrees, books, ways_to_pay
from tests.payments.credit.test_value_api import eur, ok, paying

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    made = shop(cafe)
    with tenant_context(cafe):
        ways_to_pay()
    return made


@pytest.fixture
def till(here: Shop) -> TillClient:
    return TillClient(here.tenant, paired_till(here.tenant, register=here.register))


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


FILE = "code,balance,holder,expires_on\nOLD-0001,12.50,Ms Sommer,2030-12-31\nOLD-0002,7,,\n"


def upload(client: TillClient, text: str, **said: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in said.items())
    path = f"/api/v1/gift-cards/imports?{query}"
    return client._client.post(path, text, content_type="text/csv", headers=client.headers)


def test_cards_are_imported_once_and_taken_back_unless_used(
    here: Shop, till: TillClient, manager: TillClient
) -> None:
    key = str(new_id())
    looked = ok(upload(manager, FILE, id=key, name="Old", dry_run="true"))
    assert (looked["rows_count"], looked["total"], looked["is_dry_run"]) == (2, eur(1950), True)
    for _ in range(2):
        ok(upload(manager, FILE, id=key, name="Old"))
    with tenant_context(here.tenant):
        assert (StoredValue.objects.count(), books()) == (2, {"gift_cards": -1950, "gift_card_opening": 1950})
    ok(till.post("/orders", paying(here, 700, value_code="OLD 0002") | {}))
    again = upload(manager, FILE, id=str(new_id()), name="Twice")
    assert [each["pointer"] for each in again.json()["errors"]] == ["/1/code", "/2/code"]
    back = ok(manager.post(f"/gift-cards/imports/{key}/reversal", {}), 200)
    assert (back["is_reversed"], back["kept_count"]) == (True, 1)
    with tenant_context(here.tenant):
        assert agrees()
        assert "gift_card_opening" in books()
    assert [row["name"] for row in ok(manager.get("/gift-cards/imports"), 200)["items"]] == ["Old"]


def test_every_row_that_is_wrong_is_told(manager: TillClient, till: TillClient) -> None:
    text = "code,balance,expires_on\nX,1\nGOOD-01,1.234,2030-02-30\nGOOD-02,1,\nGOOD 02,2,\nGOOD-03,-1,\n"
    answer = upload(manager, text, id=str(new_id()), name="Bad").json()
    assert [(each["pointer"], each["code"]) for each in answer["errors"]] == [
        ("/1/code", "code"),
        ("/2/balance", "amount"),
        ("/2/expires_on", "date"),
        ("/4/code", "duplicate"),
        ("/5/balance", "amount"),
    ]
    for bad in ("\n", "a,b\n1,2\n", 'code,balance\n"x'):
        assert upload(manager, bad, id=str(new_id()), name="Bad").status_code == 400, bad
    assert upload(till, FILE, id=str(new_id()), name="No").status_code == 403


def test_imported_cards_keep_their_pins_hashed(here: Shop, till: TillClient, manager: TillClient) -> None:
    key = str(new_id())
    text = "code,balance,pin\nOLD-0001,12.50,482615\nOLD-0002,7,\n"
    ok(upload(manager, text, id=str(new_id()), name="Old", dry_run="true"))
    told = [upload(manager, text, id=key, name="Old").content for _ in range(2)]
    told += [manager.get(path).content for path in ("/gift-cards/imports", "/gift-cards", "/feed")]
    assert not any(b"482615" in each or b"OLD" in each for each in told)
    with tenant_context(here.tenant):
        cards = {row.shown: row for row in StoredValue.objects.all()}
        assert (cards["0001"].pin_hash[:9], cards["0002"].pin_hash) == ("$argon2id", "")
        kept = str(list(StoredValue.objects.values())) + str(list(ValueImport.objects.values()))
        assert "482615" not in kept
    wanted = {"value_code": "OLD 0001"}
    assert till.post("/orders", paying(here, 760, **wanted)).json()["code"] == "pin_needed"
    assert till.post("/orders", paying(here, 760, pin="482616", **wanted)).json()["code"] == "pin_wrong"
    ok(till.post("/orders", paying(here, 760, pin="482615", **wanted)))


def test_pins_that_are_wrong_are_told_with_everything_else(
    manager: TillClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "pin,code,balance\n123,GOOD-01,1\n1234,GOOD-02,x\nabcd,GOOD-03,1\n1234567890123,GOOD-04,1\n"
    answer = upload(manager, text, id=str(new_id()), name="Bad")
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/1/pin", "pin"),
        ("/2/balance", "amount"),
        ("/3/pin", "pin"),
        ("/4/pin", "pin"),
    ]
    assert b"1234567890123" not in answer.content
    monkeypatch.setattr(card_reading, "MOST_PINS", 1)
    many = "pin,code,balance\n1234,GOOD-01,1\n1234,GOOD-02,1\n"
    refused = upload(manager, many, id=str(new_id()), name="Many")
    assert (refused.status_code, "1 cards with a PIN" in refused.json()["detail"]) == (400, True)


def staged(here: Shop, text: str) -> Any:
    with tenant_context(here.tenant):
        return stage_cards(draft=StageDraft(name="Old", content=text.encode()), actor=SYSTEM)


def command(here: Shop, *words: str) -> tuple[str, str]:
    out, wrong = io.StringIO(), io.StringIO()
    call_command("import_gift_cards", *words, tenant=here.tenant.slug, stdout=out, stderr=wrong)
    return out.getvalue(), wrong.getvalue()


def kept() -> dict[str, tuple[int, str, str | None]]:
    """What is on each card, whose it is, its last day."""
    return {
        row.shown: (row.balance_minor, row.holder, row.expires_on and row.expires_on.isoformat())
        for row in StoredValue.objects.all()
    }


def workbook(*rows: tuple[str, ...]) -> bytes:
    """A workbook of one tab; what looks like a number is one."""

    def cell(text: str) -> str:
        plain = text.replace(".", "", 1).isdigit()
        return f"<c><v>{text}</v></c>" if plain else f'<c t="inlineStr"><is><t>{text}</t></is></c>'

    spaces = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    parts = {
        "xl/workbook.xml": f'<workbook {spaces} xmlns:r="{related}"><sheets>'
        '<sheet name="Cards" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {spaces}><sheetData>{lines}</sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """PINs in the order in which they are hashed."""
    seen: list[str] = []
    real = pin_hashing.hash_pin

    def counted(pin: str) -> str:
        seen.append(pin)
        return real(pin)

    monkeypatch.setattr(pin_hashing, "hash_pin", counted)
    return seen


def test_the_example_of_the_documentation_is_imported_by_the_command_once(here: Shop) -> None:
    file = str(Path(__file__).parents[3] / "docs/examples/cafe/gift-cards.csv")
    looked, _ = command(here, file, "--dry-run")
    assert "3 cards with 69.50 EUR on them; 1 with a PIN, 0 expired already." in looked
    assert "Dry run: nothing was changed." in looked
    with tenant_context(here.tenant):
        assert kept() == {}
    told, _ = command(here, file)
    assert "Imported." in told
    again, _ = command(here, file)
    assert "This file was imported already (3 cards" in again
    with tenant_context(here.tenant):
        assert kept() == {
            "3309": (1250, "Ms Sommer", "2027-12-31"),
            "3310": (5000, "", None),
            "0007": (700, "Café Nord", "2028-06-30"),
        }
        assert (ValueImport.objects.count(), books()) == (
            1,
            {"gift_cards": -6950, "gift_card_opening": 6950},
        )
        key = ValueImport.objects.get().pk
    back, _ = command(here, "--revert", str(key))
    assert "3 of 3 cards are taken back." in back
    assert "Imported." in command(here, file)[0]


def test_the_command_names_line_and_column_and_neither_code_nor_pin(here: Shop, tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_text(
        "Gutscheincode;Guthaben;Gültig bis;PIN\n"
        "SECRET-4711;1.234,50;31.12.2027;\n"
        "SECRET-4712;1.234;03/04/2027;12\n"
        "SECRET-4711;x;31.02.2027;987654\n"
        "1;2;;\n",
        encoding="cp1252",
    )
    out, wrong = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match=r"5 problems; nothing was imported") as refused:
        call_command("import_gift_cards", str(file), tenant=here.tenant.slug, stdout=out, stderr=wrong)
    assert refused.value.returncode == 2
    assert wrong.getvalue().splitlines() == [
        "line 3, expires_on: may be either of two days; write it as 2027-12-31",
        "line 3, pin: a PIN has 4 to 12 digits",
        "line 4, balance: not a number",
        "line 4, expires_on: is a day that no calendar has",
        "line 5, code: a code has 6 to 40 letters and digits",
    ]
    assert not any(word in out.getvalue() + wrong.getvalue() for word in ("SECRET", "4711", "987654"))
    with tenant_context(here.tenant):
        assert (kept(), ValueImport.objects.count()) == ({}, 0)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("code,balance\nGOOD-01,12.50\n", 1250),
        ("code;balance\nGOOD-01;12,50\n", 1250),
        ('code,balance\nGOOD-01,"€ 1,234.50"\n', 123450),
        ("code;balance\nGOOD-01;1.234,50 EUR\n", 123450),
        ("code;balance\nGOOD-01;1'234.50\n", 123450),
        ("code\tbalance\nGOOD-01\t7\n", 700),
        ("sep=;\ncode;balance\nGOOD-01;7\n", 700),
    ],
)
def test_amounts_are_read_as_people_write_them(here: Shop, text: str, minor: int) -> None:
    with tenant_context(here.tenant):
        read = card_reading.look_at_cards(content=text.encode(), written=card_reading.Written())
    assert ([row.balance_minor for row in read.rows], read.problems) == ([minor], ())


def test_an_amount_that_may_be_two_is_refused_until_somebody_says_the_mark(
    here: Shop, manager: TillClient
) -> None:
    text = "code,balance\nGOOD-01,1.234\n"
    refused = upload(manager, text, id=str(new_id()), name="Old").json()
    assert [each["pointer"] for each in refused["errors"]] == ["/1/balance"]
    taken = ok(upload(manager, text, id=str(new_id()), name="Old", decimal=","))
    assert taken["total"] == eur(123400)


def test_a_workbook_is_imported_and_a_number_that_lost_digits_is_refused(here: Shop) -> None:
    with tenant_context(here.tenant):
        good = workbook(("Code", "Balance", "PIN"), ("123456789", "12.5", "4711"))
        read = card_reading.look_at_cards(content=good, written=card_reading.Written())
        assert [(row.code, row.balance_minor, row.pin) for row in read.rows] == [("123456789", 1250, "4711")]
        bad = workbook(("Code", "Balance"), ("6006491234567890123", "1"))
        problems = card_reading.look_at_cards(content=bad, written=card_reading.Written()).problems
    assert [str(each) for each in problems] == [
        "line 2, code: is a number too large to be shown in full; format the column as text"
    ]


def test_what_is_not_imported_yet_is_sealed_and_only_in_memory(here: Shop) -> None:
    key = staged(here, "code,balance,pin\nSECRET-4711,5,482615\n")
    with tenant_context(here.tenant):
        sealed = cache.get(f"gift-cards-{key}-file")
        assert not any(word in sealed for word in ("SECRET", "482615", "U0VDUkVU"))
        found = staged_cards(import_id=key)
        assert "4711" not in repr(found)
        assert (ValueImport.objects.count(), StoredValue.objects.count()) == (0, 0)
        report = import_staged(import_id=key, actor=SYSTEM, at=now())
        assert (report.rows_count, staged_cards(import_id=key)) == (1, None)
        repeated = import_staged(import_id=key, actor=SYSTEM, at=now())
        assert (repeated.is_known, ValueActivity.objects.count()) == (True, 1)


def test_a_worker_that_was_killed_is_gone_on_from(here: Shop, hashed: list[str]) -> None:
    pins = [f"{number:04d}" for number in range(60)]
    rows = "".join(f"GOOD-{pin},1,{pin}\n" for pin in pins)
    key = staged(here, f"code,balance,pin\n{rows}")
    with tenant_context(here.tenant):
        pin_hashing.hash_pins(pins=pins[:50], kept=KeptPins(key))  # as far as the one before came
        hashed.clear()
        assert import_staged(import_id=key, actor=SYSTEM, at=now()).rows_count == 60
        assert hashed == pins[50:]
        assert (StoredValue.objects.exclude(pin_hash="").count(), agrees()) == (60, True)


def test_two_who_import_the_same_file_at_once_get_it_once(here: Shop) -> None:
    key = staged(here, FILE)
    with tenant_context(here.tenant):
        begin_import(import_id=key, actor=SYSTEM)
        with pytest.raises(GiftCardImportBusy):
            begin_import(import_id=key, actor=SYSTEM)
    other = staged(here, FILE)  # sent by somebody else before the first was imported
    with tenant_context(here.tenant):
        import_staged(import_id=key, actor=SYSTEM, at=now())
        with pytest.raises(GiftCardRows):
            import_staged(import_id=other, actor=SYSTEM, at=now())
        assert (StoredValue.objects.count(), ValueImport.objects.count()) == (2, 1)
    assert staged(here, FILE) == key
