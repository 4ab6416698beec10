"""Drawers, hours, tax address and practice as a merchant's file says them."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.configuration import PosSection, RegistersSection
from pos.onboarding import make_places
from pos.registers.models import Drawer, Location, Register
from tenants.onboarding.validation import check_file
from tests.pos.catalog.makers import AT

pytestmark = pytest.mark.django_db
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "cafe" / "merchant.yaml"
SAID = """
      tax_address: ["Lindenallee 3", "10999 Berlin"]
      tax_number: "27/123/45678"
      opening_hours:
        fri: ["08:00-12:00", "18:00-02:00"]
      drawers:
        - {code: BAG, name: Bag, shared: true}
      registers:
        - {code: K1, name: Theke, drawer: BAG}
        - {code: K2, name: Garten, training: true}
        - {code: K3, name: Automat, drawer: none}
"""
KEPT = """
  registers:
    blind: false
    tolerance_minor: 100
    reasons: {paid_out: [milk, flowers]}
    open_tickets: flag
"""


def test_a_file_says_whose_drawers_there_are_and_how_they_are_kept(cafe: Any, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE.parent, tmp_path / "merchant")
    file = tmp_path / "merchant" / "merchant.yaml"
    text = EXAMPLE.read_text("utf-8")
    start, rest = text.index("      registers:\n"), text.index("  tax_classes:")
    file.write_text(text[:start] + SAID.lstrip("\n") + KEPT.lstrip("\n") + text[rest:], "utf-8")
    config = check_file(file=file).configuration
    counts = []
    for _ in range(2):
        with tenant_context(cafe), unit_of_work():
            counts.append(make_places(tenant=cafe, config=config, at=AT))
    assert counts == [
        {"created": 5, "changed": 0, "kept": 0},
        {"created": 0, "changed": 0, "kept": 5},
    ]
    with tenant_context(cafe):
        place = Location.objects.get()
        assert (place.tax_address, place.tax_number, place.opening_hours) == (
            ["Lindenallee 3", "10999 Berlin"],
            "27/123/45678",
            {"fri": ["08:00-12:00", "18:00-02:00"]},
        )
        tills = Register.objects.order_by("code").values_list("code", "drawer__code", "is_training")
        assert list(tills) == [("K1", "BAG", False), ("K2", "K2", True), ("K3", None, False)]
        assert list(Drawer.objects.order_by("code").values_list("code", "is_shared")) == [
            ("BAG", True),
            ("K2", False),
        ]
    kept = config.section(PosSection).registers
    assert kept == RegistersSection(
        blind=False, tolerance_minor=100, reasons={"paid_out": ("milk", "flowers")}, open_tickets="flag"
    )
