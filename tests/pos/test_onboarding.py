"""The pos app's steps of onboarding: what they make of a file, and that they may run again."""

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from fynlo.events.log import unit_of_work
from payments.ledger.accounts import standard_codes
from payments.ledger.models import Account
from payments.onboarding import make_accounts, make_connections, make_tender_types
from payments.tenders.models import TenderType
from pos.catalog.models import CatalogHead, Item, TaxClass, Variant
from pos.inventory.models import StockLevel
from pos.onboarding import check_catalogue, import_catalogue, make_places, make_tax_classes, set_pricing
from pos.registers.models import Location, Register
from tenants.configuration.sections import Configuration
from tenants.onboarding.validation import check_file
from tests.pos.catalog.makers import AT, LATER

pytestmark = pytest.mark.django_db
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "cafe" / "merchant.yaml"
STEPS = (make_accounts, make_connections, make_tender_types, make_places, make_tax_classes, import_catalogue)


@pytest.fixture
def config(cafe: Any) -> Configuration:
    return check_file(file=EXAMPLE).configuration


def take(tenant: Any, config: Configuration, at: Any = AT) -> list[Any]:
    counts = []
    for step in STEPS:
        with tenant_context(tenant), unit_of_work():
            counts.append(step(tenant=tenant, config=config, at=at))
    return counts


def test_a_merchant_gets_books_places_taxes_and_their_catalogue(cafe: Any, config: Configuration) -> None:
    assert take(cafe, config) == [
        {"created": 28, "kept": 0},
        {"created": 1},
        {"created": 8, "changed": 0, "kept": 0},
        {"created": 3, "changed": 0, "kept": 0},
        {"created": 2, "changed": 0, "kept": 0},
        {"created": 111, "changed": 0, "unchanged": 0, "opened": 11},
    ]
    with tenant_context(cafe):
        place = Location.objects.get()
        assert (place.code, place.time_zone, place.address) == (
            "wiesenufer",
            "Europe/Berlin",
            ["Wiesenufer 12", "10997 Berlin"],
        )
        assert list(Register.objects.values_list("code", "name")) == [("K1", "Theke"), ("K2", "Garten")]
        assert dict(TaxClass.objects.values_list("code", "rate")) == {
            "standard": Decimal("0.19"),
            "reduced": Decimal("0.07"),
        }
        assert dict(TenderType.objects.values_list("code", "name")) == {
            "cash": "Bar",
            "card": "Karte",
            "reader": "Kartenleser",
            "link": "Zahlungslink",
            "gift": "Gutschein",
            "credit": "Guthaben",
            "house": "Auf Rechnung",
            "exchange": "Umtausch",
        }
        assert set(Account.objects.values_list("code", flat=True)) == set(standard_codes(tax_classes=()))
        assert Item.objects.count() == 60
        assert StockLevel.objects.count() == 11


def test_taken_again_the_steps_change_and_tell_nothing(cafe: Any, config: Configuration) -> None:
    take(cafe, config)
    with tenant_context(cafe):
        before = log.head()
    assert take(cafe, config, LATER) == [
        {"created": 0, "kept": 28},
        {"created": 0},
        {"created": 0, "changed": 0, "kept": 8},
        {"created": 0, "changed": 0, "kept": 3},
        {"created": 0, "changed": 0, "kept": 2},
        {"created": 0, "changed": 0, "unchanged": 111, "opened": 0},
    ]
    with tenant_context(cafe):
        assert log.head() == before


def test_what_differs_is_brought_to_the_file_and_what_it_does_not_say_stays(
    cafe: Any, config: Configuration
) -> None:
    take(cafe, config)
    with tenant_context(cafe):
        Location.objects.update(name="Old name", is_active=False)
        TaxClass.objects.filter(code="standard").update(rate=Decimal("0.16"))
        Variant.objects.filter(sku="KAF-03").update(price_minor=1)
        TaxClass.objects.create(code="own", name="Own", rate=Decimal("0.05"))
    counts = take(cafe, config, LATER)
    assert [each.get("changed") for each in counts] == [None, None, 0, 1, 1, 1]
    with tenant_context(cafe):
        place = Location.objects.get()
        assert (place.name, place.is_active) == ("Café Morgenrot am Wiesenufer", False)
        assert TaxClass.objects.get(code="standard").rate == Decimal("0.19")
        assert TaxClass.objects.filter(code="own").exists()
        assert Variant.objects.get(sku="KAF-03").price_minor == 330


def test_bad_rows_are_found_before_anything_is_changed(cafe: Any, tmp_path: Path) -> None:
    folder = tmp_path / "merchant"
    folder.mkdir()
    shutil.copytree(EXAMPLE.parent / "sheets", folder / "sheets")
    (folder / "merchant.yaml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    (folder / "sortiment.csv").write_text(
        "category;item;sku;price;tax_class\nTee;Assam;T1;3,40;standart\nTee;Sencha;T1;drei;standard\n",
        "utf-8",
    )
    good = check_file(file=EXAMPLE).configuration
    bad = Configuration(sections=good.sections, folder=folder, files=good.files)
    where = "pos.catalog.file: sortiment.csv"
    assert [problem.sentence() for problem in check_catalogue(bad)][:2] == [
        f"{where}, line 2, tax_class: is no tax class; did you mean standard? (given: 'standart')",
        f"{where}, line 3, price: not a number (given: 'drei')",
    ]


def test_rounding_is_taken_from_the_file_and_kept_while_the_file_says_nothing(
    cafe: Any, tmp_path: Path
) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    (tmp_path / "sortiment.csv").write_bytes((EXAMPLE.parent / "sortiment.csv").read_bytes())
    shutil.copytree(EXAMPLE.parent / "sheets", tmp_path / "sheets")
    file = tmp_path / "merchant.yaml"
    outcomes = []
    for pricing in ("", "  pricing: {rounding: per_rate, half: half_even, cash_increment: 5}\n", ""):
        file.write_text(text.replace("  receipt:", f"{pricing}  receipt:", 1), encoding="utf-8")
        config = check_file(file=file).configuration
        for _ in range(2):
            with tenant_context(cafe), unit_of_work():
                outcomes.append(set_pricing(tenant=cafe, config=config, at=AT))
    kept = {"created": 0, "changed": 0, "kept": 1}
    assert outcomes == [None, None, {"created": 0, "changed": 1, "kept": 0}, kept, None, None]
    with tenant_context(cafe):
        head = CatalogHead.objects.get()
        assert (head.rounding_scope, head.rounding_mode, head.cash_increment) == ("per_rate", "half_even", 5)
