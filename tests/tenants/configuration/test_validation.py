"""A merchant's file: every mistake at once, each with its place, what was given and what is allowed."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from pos.configuration import PosSection
from staff.configuration import StaffSection, is_trivial_pin
from tenants.configuration.documents import Document
from tenants.configuration.merchant import MerchantSection
from tenants.configuration.problems import InvalidConfiguration, pointer, spell
from tenants.configuration.sections import Surroundings
from tenants.configuration.validation import check_document, read_file
from tests.tenants.files import KIOSK, changed, mistakes, sentences, valid


def test_a_valid_file_becomes_typed_sections() -> None:
    configuration = valid(KIOSK)
    assert configuration.section(MerchantSection).domains == ("kiosk.localhost",)
    assert configuration.section(StaffSection).employees[0].number == "1"
    pos = configuration.section(PosSection)
    assert pos.locations[0].cut_off == dt.time(4, 0)
    assert pos.tax_classes[0].rate == Decimal("0.19")
    assert pos.receipt.footer == ("Gute Reise",)


def test_an_optional_section_may_be_left_out() -> None:
    text = changed(("payments:\n  tender_types:\n    - {code: cash, name: Bar, kind: cash}\n", ""))
    assert valid(text).public()["payments"]["tender_types"][0]["kind"] == "cash"


def test_all_mistakes_are_told_at_once_with_path_line_given_and_allowed() -> None:
    text = changed(
        ("slug: kiosk", "slug: Kiosk am Tor"),
        ("country: DE", "country: NO"),
        ("currency: EUR", "curency: EUR"),
        ('number: "1"', "number: 1"),
        ("role: owner", "role: ownr"),
        ('cut_off: "04:00"', "cut_off: 16:00"),
        ("code: K1", "code: K 1"),
        ('rate: "0.19", inclusive: true', 'rate: "19 %", inclusive: ja'),
    )
    assert sentences(text) == EVERY_MISTAKE.splitlines()


EVERY_MISTAKE = """\
merchant.currency (line 1): this is missing; \
allowed: a currency of ISO 4217 in three letters, such as EUR
merchant.slug (line 2): this is not written as it must be; given: "Kiosk am Tor"; \
allowed: 3 to 40 of a-z, 0-9 and _, starting with a letter
merchant.country (line 4): without quotes, YAML readers may take this for a yes/no value; given: "NO"; \
allowed: text in quotes: "NO"
merchant.curency (line 5): this key is not known; did you mean currency?; \
allowed: country, currency, domains, language, name, slug, time_zone
staff.employees (line 10): nobody is owner; \
allowed: at least one employee with role: owner
staff.employees[0].number (line 11): this must be text: put it in quotes; given: 1; \
allowed: 1 to 8 digits in quotes, such as "1"
staff.employees[0].role (line 13): this is not one of the values allowed; did you mean owner?; given: "ownr"; \
allowed: cashier, manager, owner
pos.locations[0].cut_off (line 25): without quotes, YAML readers may take this for a number to the base of 60; \
given: "16:00"; allowed: text in quotes: "16:00"
pos.locations[0].registers[0].code (line 27): this is not written as it must be; given: "K 1"; \
allowed: 1 to 20 letters (A-Z), digits, - and _, starting with a letter or digit
pos.tax_classes[0].inclusive (line 29): this must be true or false; given: "ja"; \
allowed: true or false
pos.tax_classes[0].rate (line 29): this is not a rate; given: "19 %"; \
allowed: a share from 0 to 1 with at most six digits after the point, such as "0.19"
"""

SECRETS = ("8264", "0826", "hunter2-hunter2", "passwort")


@pytest.mark.parametrize(
    "written",
    [
        "initial_pin: 8264",
        "initial_pin: 0826",
        'initial_pin: "82645678901"',
        "initial_pin: [8264]",
        "initial_pin: {pin: 8264}",
        'initial_pin: "4073"\n      initial_pim: 8264',
        'initial_pin: "4073"\n      pin: "8264"',
        'initial_pin: "4073"\n    - hunter2-hunter2',
        'initial_pin: "4073"\n      initial_password: hunter2-hunter2',
    ],
)
def test_a_secret_is_never_repeated(written: str) -> None:
    told = repr([problem.as_dict() for problem in mistakes(changed(('initial_pin: "4073"', written)))])
    assert told != "[]"
    assert not any(secret in told for secret in SECRETS)


@pytest.mark.parametrize(
    ("before", "after", "path", "code"),
    [
        ("slug: kiosk", "slug: admin", "merchant.slug", "reserved_slug"),
        ("slug: kiosk", "slug: 42", "merchant.slug", "string_type"),
        ("slug: kiosk", "slug: ki", "merchant.slug", "string_pattern_mismatch"),
        ("slug: kiosk", "slug: kiosk-am-tor", "merchant.slug", "string_pattern_mismatch"),
        ("slug: kiosk", f"slug: k{'x' * 40}", "merchant.slug", "string_pattern_mismatch"),
        ("name: Kiosk am Tor", 'name: ""', "merchant.name", "string_too_short"),
        ("name: Kiosk am Tor", 'name: "Kiosk\\u202Eam Tor"', "merchant.name", "control_character"),
        ("name: Kiosk am Tor", 'name: "Kiosk\\eam Tor"', "merchant.name", "control_character"),
        ("country: DE", "country: XX", "merchant.country", "unknown_country"),
        ("country: DE", "country: de", "merchant.country", "unknown_country"),
        ("currency: EUR", "currency: EURO", "merchant.currency", "unknown_currency"),
        ("time_zone: Europe/Berlin", "time_zone: Europe/Berln", "merchant.time_zone", "unknown_time_zone"),
        (
            "time_zone: Europe/Berlin",
            "time_zone: ../../etc/passwd",
            "merchant.time_zone",
            "unknown_time_zone",
        ),
        ("language: de", "language: german", "merchant.language", "language"),
        ("language: de", "language: xq", "merchant.language", "unknown_language"),
        ("language: de", "language: de-QQ", "merchant.language", "unknown_country"),
        ("[kiosk.localhost]", "[]", "merchant.domains", "too_short"),
        ("[kiosk.localhost]", "[kiosk]", "merchant.domains[0]", "host_name"),
        ("[kiosk.localhost]", '["https://kiosk.example"]', "merchant.domains[0]", "host_name"),
        ("[kiosk.localhost]", '["kiosk.example:8000"]', "merchant.domains[0]", "host_name"),
        ("[kiosk.localhost]", '["*.example.org"]', "merchant.domains[0]", "host_name"),
        ("[kiosk.localhost]", "[127.0.0.1]", "merchant.domains[0]", "host_name"),
        ("[kiosk.localhost]", "[kiösk.example]", "merchant.domains[0]", "host_name"),
        ("[kiosk.localhost]", "[Kiosk.Example]", "merchant.domains[0]", "host_name"),
        ("[kiosk.localhost]", "[a.example, b.example, a.example]", "merchant.domains[2]", "repeated"),
        ("ines@kiosk.example", "ines.kiosk.example", "staff.employees[0].email", "email"),
        ("fahrkarten-bitte", "kurz", "staff.employees[0].initial_password", "password_length"),
        ("fahrkarten-bitte", "1234567890", "staff.employees[0].initial_password", "string_type"),
        ("fahrkarten-bitte", "abababababab", "staff.employees[0].initial_password", "password_weak"),
        ("fahrkarten-bitte", "qwertyuiop", "staff.employees[0].initial_password", "password_weak"),
        ('"4073"', '"1234"', "staff.employees[0].initial_pin", "pin_trivial"),
        ('"4073"', '"40 73"', "staff.employees[0].initial_pin", "pin_form"),
        ('"4073"', '"٤٠٧٣"', "staff.employees[0].initial_pin", "pin_form"),
        ("kind: cash", "kind: barter", "payments.tender_types[0].kind", "literal_error"),
        ('cut_off: "04:00"', 'cut_off: "24:00"', "pos.locations[0].cut_off", "clock_time"),
        ('cut_off: "04:00"', 'cut_off: "13:00"', "pos.locations[0].cut_off", "cut_off"),
        ('cut_off: "04:00"', "time_zone: Mars/Base", "pos.locations[0].time_zone", "unknown_time_zone"),
        ('rate: "0.19"', "rate: 19", "pos.tax_classes[0].rate", "rate_too_high"),
        ('rate: "0.19"', 'rate: "-0.19"', "pos.tax_classes[0].rate", "rate"),
        ('rate: "0.19"', 'rate: "0,19"', "pos.tax_classes[0].rate", "rate"),
        ('rate: "0.19"', 'rate: "0.1234567"', "pos.tax_classes[0].rate", "rate_too_fine"),
        ('rate: "0.19"', 'rate: "NaN"', "pos.tax_classes[0].rate", "rate"),
        ("[Gute Reise]", f"[{'x' * 65}]", "pos.receipt.footer[0]", "string_too_long"),
        ("[Gute Reise]", "Gute Reise", "pos.receipt.footer", "tuple_type"),
        ("[Gute Reise]", "", "pos.receipt.footer", "tuple_type"),
    ],
)
def test_one_wrong_value_gives_one_mistake_at_its_place(
    before: str, after: str, path: str, code: str
) -> None:
    assert [(problem.where, problem.code) for problem in mistakes(changed((before, after)))] == [(path, code)]


def test_repeated_codes_are_found_even_among_other_mistakes() -> None:
    register = "            - {code: K1, name: Luke}\n".removeprefix("    ")
    text = changed((register, register + register.replace("K1", "k1").replace("Luke", "''")))
    assert [(problem.where, problem.code, problem.line) for problem in mistakes(text)] == [
        ("pos.locations[0].registers[1].code", "repeated", 28),
        ("pos.locations[0].registers[1].name", "string_too_short", 28),
    ]


def test_registers_of_two_locations_have_codes_of_their_own() -> None:
    start, end = KIOSK.index("    - code: gate"), KIOSK.index("  tax_classes:")
    location = KIOSK[start:end]
    text = KIOSK[:end] + location.replace("code: gate", "code: pier") + KIOSK[end:]
    assert [(problem.where, problem.message) for problem in mistakes(text)] == [
        ("pos.locations[1].registers[0].code", "this is already used on line 27")
    ]


def test_a_password_without_an_address_is_of_no_use() -> None:
    text = changed(("      email: ines@kiosk.example\n", ""))
    assert [(problem.where, problem.code) for problem in mistakes(text)] == [
        ("staff.employees[0].email", "missing")
    ]


def test_only_a_new_merchant_needs_a_first_password() -> None:
    text = changed(("      initial_password: fahrkarten-bitte\n", ""))
    document = Document(valid(text).public())
    check_document(document=document, around=Surroundings(is_new=False))
    with pytest.raises(InvalidConfiguration) as refused:
        check_document(document=document, around=Surroundings(is_new=True))
    assert [problem.where for problem in refused.value.problems] == ["staff.employees[0].initial_password"]


def test_missing_sections_are_named() -> None:
    assert [(problem.where, problem.message) for problem in mistakes("payments: {}\nplugins: {}\n")] == [
        ("merchant", "this section is missing"),
        ("pos", "this section is missing"),
        ("staff", "this section is missing"),
        ("plugins", "this key is not known"),
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "items.csv").write_text("sku;name\n")
    (tmp_path / "outside.csv").write_text("sku;name\n")
    (tmp_path / "inside" / "linked.csv").symlink_to(tmp_path / "outside.csv")
    return tmp_path / "inside"


def with_catalogue(name: str) -> str:
    return KIOSK + f"  catalog: {{file: {name}}}\n"


def test_a_file_beside_the_merchants_file_is_found_and_its_content_counts(folder: Path) -> None:
    before = valid(with_catalogue("items.csv"), folder).files
    (folder / "items.csv").write_text("sku;name;price\n")
    after = valid(with_catalogue("items.csv"), folder).files
    assert set(before) == set(after) == {"items.csv"}
    assert before != after


@pytest.mark.parametrize(
    "name", ["nothing.csv", "../outside.csv", "linked.csv", "/etc/passwd", ".", '"a\\nb.csv"', '" "']
)
def test_other_files_are_out_of_reach(folder: Path, name: str) -> None:
    assert [problem.where for problem in mistakes(with_catalogue(name), folder)] == ["pos.catalog.file"]


def test_a_merchants_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration) as refused:
        read_file(file=tmp_path / "merchant.yaml")
    assert (
        refused.value.problems[0].sentence() == f"(file): {tmp_path}/merchant.yaml: No such file or directory"
    )


@pytest.mark.parametrize(
    "pin", ["0000", "111111", "1234", "4321", "456789", "7890", "1212", "909090", "2580"]
)
def test_trivial_pins(pin: str) -> None:
    assert is_trivial_pin(pin)


@pytest.mark.parametrize("pin", ["4073", "1243", "80217", "29475531"])
def test_other_pins(pin: str) -> None:
    assert not is_trivial_pin(pin)


def test_places_are_spelled_for_people_and_for_programs() -> None:
    path = ("pos", "locations", 0, "odd/na~me")
    assert spell(path) == "pos.locations[0].odd/na~me"
    assert pointer(path) == "/pos/locations/0/odd~1na~0me"
    assert spell(()) == "(file)"
