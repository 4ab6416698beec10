"""Exports of the journal: byte for byte, balanced, harmless in a spreadsheet, and the same as the trial balance."""

import csv
import datetime as dt
import io
import random
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import current_tenant, tenant_context
from payments.ledger import exporting
from payments.ledger.entries import Entry
from payments.ledger.exporting import NotExportable, journal_export
from payments.ledger.exports import datev
from payments.ledger.exports.base import ExportFacts, amount, days, plain
from payments.ledger.exports.formats import FORMATS
from payments.ledger.models import Account
from payments.ledger.queries import Period, entries, trial_balance
from payments.ledger.services import (
    AccountDraft,
    Posting,
    account_draft,
    apply_chart,
    map_posting,
    record_transfers,
    save_account,
)

GOLDEN = Path(__file__).with_name("golden")
DAY = dt.date(2026, 3, 1)
MADE = dt.datetime(2026, 4, 2, 9, 30, 15, 250_000, tzinfo=dt.UTC)
FACTS = ExportFacts(
    merchant='Café "Morgenrot" & Söhne, Inhaber Jonas Weiß',
    currency="EUR",
    since=DAY,
    until=dt.date(2026, 3, 31),
    made_at=MADE,
    year_start=dt.date(2026, 1, 1),
    account_numbers=frozenset({"1000", "1360", "1400", "1776", "8400", "4000", "3980"}),
    consultant=29098,
    client=55003,
    siren="732829320",
)
NAMES = {
    "1000": "Kasse",
    "1360": "=Geldtransit",
    "1400": "Forderungen",
    "1776": "Umsatzsteuer 19 %",
    "8400": 'Erlöse "19 %"',
    "4000": "Wareneinsatz",
    "3980": "Bestand\tWaren",
}
BOOKED = (
    (0, "sale", "1400", "receivable", "8400", "sales:food", 798, 1),
    (0, "tax", "1400", "receivable", "1776", "tax:vat@0.19", 152, 1),
    (0, "payment", "1000", "cash", "1400", "receivable", 1000, 1),
    (0, "change", "1400", "receivable", "1000", "cash", 50, 1),
    (0, "cost", "4000", "cost_of_goods", "3980", "inventory", 201, 1),
    (30, "sale", "1400", "receivable", "8400", "sales:food", 1, 2),
    (30, "payment", "1360", "tender:card", "1400", "receivable", 1, 2),
    (30, "over_short", "4000", "cash_over_short", "1000", "cash", 123_456_789_012_345, None),
)


def key(number: int) -> uuid.UUID:
    return uuid.UUID(f"01900000-0000-7000-8000-{number:012}")


def journal() -> list[Entry]:
    return [
        Entry(
            id=key(100 + index),
            business_date=DAY + dt.timedelta(days=later),
            at=dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC) + dt.timedelta(days=later),
            kind=kind,
            debit=debit,
            debit_name=NAMES[debit],
            credit=credit,
            credit_name=NAMES[credit],
            debit_key=debit_key,
            credit_key=credit_key,
            amount_minor=minor,
            currency="EUR",
            order_id=None if order is None else key(order),
        )
        for index, (later, kind, debit, debit_key, credit, credit_key, minor, order) in enumerate(BOOKED)
    ]


def written(name: str) -> bytes:
    chosen = FORMATS[name]
    return b"".join(row.encode(chosen.encoding, "replace") for row in chosen.lines(journal(), FACTS))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_file_is_the_golden_one_byte_for_byte(name: str) -> None:
    golden = GOLDEN / FORMATS[name].filename(FACTS)
    assert written(name) == golden.read_bytes()


def test_the_files_are_named_as_the_formats_want() -> None:
    assert {name: each.filename(FACTS) for name, each in FORMATS.items()} == {
        "csv": "journal-2026-03-01-2026-03-31.csv",
        "datev": "EXTF_Buchungsstapel_20260301_20260331.csv",
        "fec": "732829320FEC20260331.txt",
        "quickbooks": "quickbooks-2026-03-01-2026-03-31.iif",
        "xero": "xero-2026-03-01-2026-03-31.csv",
    }


def balances_in(name: str, content: bytes, by_name: dict[str, str]) -> Counter[str]:
    """Debits less credits by account, in minor units of a currency with two digits, read from a file."""
    text = content.decode(FORMATS[name].encoding)
    found: Counter[str] = Counter()
    if name == "csv":
        for row in csv.DictReader(io.StringIO(text)):
            found[row["debit_account"]] += minor(row["amount"])
            found[row["credit_account"]] -= minor(row["amount"])
    elif name == "datev":
        for fields in list(csv.reader(io.StringIO(text), delimiter=";"))[2:]:
            assert (fields[1], len(fields)) == ("S", 125)
            found[fields[6]] += minor(fields[0])
            found[fields[7]] -= minor(fields[0])
    elif name == "fec":
        for fields in [line.split("\t") for line in text.split("\r\n")[1:-1]]:
            assert len(fields) == 18
            found[fields[4]] += minor(fields[11]) - minor(fields[12])
    elif name == "xero":
        for row in csv.DictReader(io.StringIO(text)):
            found[row["*AccountCode"]] += minor(row["*Amount"])
    else:
        for fields in [line.split("\t") for line in text.split("\r\n")]:
            if fields[0] in ("TRNS", "SPL"):
                found[by_name[fields[4]]] += minor(fields[6])
    return found


def minor(text: str) -> int:
    whole, digits = text.replace(",", ".").split(".")
    assert len(digits) == 2
    return int(whole + digits)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_file_balances_and_says_what_was_booked(name: str) -> None:
    expected: Counter[str] = Counter()
    for entry in journal():
        expected[entry.debit] += entry.amount_minor
        expected[entry.credit] -= entry.amount_minor
    by_name = {plain(label): number for number, label in NAMES.items()}
    found = balances_in(name, written(name), by_name)
    assert {account: value for account, value in found.items() if value} == {
        account: value for account, value in expected.items() if value
    }
    assert sum(found.values()) == 0


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_text_is_a_formula_and_no_line_is_broken(name: str) -> None:
    text = written(name).decode(FORMATS[name].encoding)
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") == text.count("\r")
    cells = [cell.strip('"') for line in text.split("\r\n") for cell in line.replace("\t", ";").split(";")]
    cells += [cell.strip('"') for line in text.split("\r\n") for cell in line.split(",")]
    odd = [cell for cell in cells if cell[:1] in ("=", "+", "@")]
    odd += [cell for cell in cells if cell.startswith("-") and not cell[1:].replace(".", "").isdigit()]
    assert odd == []


def test_every_entry_of_a_day_balances_where_days_are_added_up() -> None:
    for day, rows in days(journal()):
        assert sum(row.debit_minor - row.credit_minor for row in rows) == 0, day


@pytest.mark.parametrize(
    ("minor_units", "currency", "text"),
    [
        (798, "EUR", "7.98"),
        (-5, "EUR", "-0.05"),
        (1250, "JPY", "1250.00"),
        (1250, "KWD", "1.250"),
        (0, "GBP", "0.00"),
    ],
)
def test_amounts_have_the_digits_of_their_currency(minor_units: int, currency: str, text: str) -> None:
    assert amount(minor_units, currency) == text


def test_fields_of_a_batch_are_no_longer_than_allowed() -> None:
    rows = list(csv.reader(io.StringIO(written("datev").decode("cp1252")), delimiter=";"))
    assert [len(row) for row in rows[:2]] == [31, 125]
    assert tuple(rows[1]) == datev.COLUMNS
    assert len(rows[0][16]) <= 30
    for row in rows[2:]:
        assert len(row[0].partition(",")[0]) <= 10
        assert len(row[10]) <= 36
        assert len(row[13]) <= 60
        assert row[6] != row[7]
    assert [row[8] for row in rows[2:5]] == ["40", "", ""]


def test_the_numbers_of_entries_are_dense() -> None:
    rows = [line.split("\t") for line in written("fec").decode("iso8859-15").split("\r\n")[1:-1]]
    assert [int(row[2]) for row in rows] == [number for number in range(1, 9) for _ in range(2)]
    assert {len(row[3]) for row in rows} == {8}


@pytest.mark.parametrize(
    ("name", "changes", "word"),
    [
        ("datev", {"account_numbers": frozenset({"cash", "1000"})}, "cash"),
        ("datev", {"account_numbers": frozenset({"1234567890"})}, "nine digits"),
        ("datev", {"until": dt.date(2027, 1, 1)}, "fiscal year"),
        ("fec", {"since": dt.date(2026, 1, 1), "siren": ""}, "SIREN"),
        ("fec", {}, "first day"),
        ("fec", {"since": dt.date(2026, 1, 1), "until": dt.date(2027, 1, 1)}, "one fiscal year"),
        ("fec", {"since": dt.date(2026, 1, 1), "account_numbers": frozenset({"cash"})}, "cash"),
        ("csv", {"account_numbers": frozenset({"cash"})}, None),
    ],
    ids=[
        "no number",
        "long number",
        "two years",
        "no siren",
        "mid-year",
        "two years of fec",
        "no pcg",
        "csv",
    ],
)
def test_books_that_a_format_cannot_say_are_refused(
    name: str, changes: dict[str, Any], word: str | None
) -> None:
    import dataclasses

    reason = FORMATS[name].problem(dataclasses.replace(FACTS, **changes))
    assert reason is None if word is None else word in str(reason)


# -- from the books ----------------------------------------------------------------------------------------


def trade(seed: int, count: int = 60) -> None:
    """Random transfers over some weeks of one fiscal year, with a chart that changes in the middle."""
    chance = random.Random(seed)
    keys = ["cash", "receivable", "tender:card", "sales:food", "sales:drinks", "tax:vat@0.19", "tax:vat@0.07"]
    keys += ["tips", "inventory", "cost_of_goods", "stock_in_transit", "rounding"]
    for number in range(count):
        if number == count // 2:
            account = Account.objects.get(number="8400" if seed % 2 else "4400")
            map_posting(key="sales:drinks", account_id=account.pk, actor=SYSTEM, at=MADE)
        debit, credit = chance.sample(keys, 2)
        record_transfers(
            postings=[
                Posting(debit=debit, credit=credit, amount_minor=chance.randrange(1, 10**6), kind="sale")
            ],
            currency=current_tenant().currency,
            order_id=key(number) if chance.random() < 0.5 else None,
            at=MADE,
            business_date=dt.date(2026, 1, 1) + dt.timedelta(days=chance.randrange(0, 60)),
        )


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_every_export_adds_up_to_the_trial_balance(
    in_cafe: Any, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_chart(template="skr03" if seed % 2 else "skr04", actor=SYSTEM, at=MADE)
    trade(seed)
    monkeypatch.setattr(
        exporting,
        "BooksSection",
        lambda: exporting.PaymentsSection().books.model_copy(update={"siren": "732829320"}),
    )
    since, until = dt.date(2026, 1, 1), dt.date(2026, 1, 31)
    rows = trial_balance(Period(since=since, until=until))
    expected = {row.number or row.code: row.balance_minor for row in rows if row.balance_minor}
    by_name = {plain(row.name): row.number or row.code for row in rows}
    for name in FORMATS:
        export = journal_export(format_name=name, since=since, until=until, at=MADE)
        found = balances_in(name, export.content.read(), by_name)
        assert {account: value for account, value in found.items() if value} == expected, name
        export.content.close()


@pytest.mark.django_db
@pytest.mark.parametrize("as_recorded", [False, True])
def test_pieces_of_any_size_are_the_same_journal(in_cafe: Any, as_recorded: bool) -> None:
    apply_chart(template="skr03", actor=SYSTEM, at=MADE)
    trade(1, 23)
    period = Period(since=dt.date(2026, 1, 5), until=dt.date(2026, 2, 20))
    whole = list(entries(period, as_recorded=as_recorded))
    assert len({entry.id for entry in whole}) == len(whole) > 5
    order = [entry.id if as_recorded else (entry.business_date, entry.id) for entry in whole]
    assert order == sorted(order)
    for piece in (1, 2, 7):
        assert list(entries(period, as_recorded=as_recorded, piece=piece)) == whole


@pytest.mark.django_db
def test_a_year_is_read_piece_by_piece(in_cafe: Any, django_assert_num_queries: Any) -> None:
    apply_chart(template="skr03", actor=SYSTEM, at=MADE)
    trade(1, 10)
    rows = entries(Period(), piece=4)
    with django_assert_num_queries(1):
        assert len([next(rows) for _ in range(4)]) == 4


@pytest.mark.django_db
def test_what_cannot_be_said_is_refused_before_anything_is_written(in_cafe: Any) -> None:
    posting = Posting(debit="cash", credit="receivable", amount_minor=1, kind="payment")
    record_transfers(postings=[posting], currency="EUR", order_id=None, at=MADE, business_date=DAY)
    with pytest.raises(NotExportable) as refused:
        journal_export(format_name="datev", since=DAY, until=DAY, at=MADE)
    assert "cash, receivable" in refused.value.detail
    for code, number in (("cash", "1000"), ("receivable", "1400")):
        account = Account.objects.get(code=code)
        numbered = {**vars_of(account_draft(account)), "number": number}
        save_account(draft=AccountDraft(**numbered), actor=SYSTEM, at=MADE)
    export = journal_export(format_name="datev", since=DAY, until=DAY, at=MADE)
    assert b'0,01;"S";"EUR"' in export.content.read()
    export.content.close()


def vars_of(draft: AccountDraft) -> dict[str, Any]:
    import dataclasses

    return {field.name: getattr(draft, field.name) for field in dataclasses.fields(draft)}


@pytest.mark.django_db
def test_one_merchants_journal_has_nothing_of_another(cafe: Any, grocer: Any) -> None:
    with tenant_context(cafe):
        apply_chart(template="skr03", actor=SYSTEM, at=MADE)
        trade(1, 10)
    with tenant_context(grocer):
        assert list(entries(Period())) == []
