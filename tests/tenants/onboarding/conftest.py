"""The kiosk as a merchant would hand it in: a file, and a catalogue beside it."""

from pathlib import Path

import pytest

from tests.tenants.files import KIOSK

CATALOGUE = """\
Kategorie;Artikel;Variante;Artikelnummer;EAN;Preis;Steuerklasse;Einheit;Aktiv;Beschreibung;Anfangsbestand
Presse > Zeitungen;Tageszeitung;;ZEI-1;;2,80;standard;Stück;ja;;12
Presse > Zeitungen;Wochenblatt;;ZEI-2;;4,90;standard;Stück;ja;;5
Getränke;Limonade;Zitrone;LIM-1;4006381333931;1,50;standard;Stück;ja;;24
Getränke;Limonade;Orange;LIM-2;;1,50;standard;Stück;ja;;24
"""


@pytest.fixture
def kiosk(tmp_path: Path) -> Path:
    """The kiosk's file in a folder of its own."""
    (tmp_path / "angebot.csv").write_text(CATALOGUE, encoding="utf-8")
    file = tmp_path / "merchant.yaml"
    file.write_text(KIOSK + "  catalog: {file: angebot.csv}\n", encoding="utf-8")
    return file


def replace_in(file: Path, before: str, after: str) -> None:
    """Change the file on disk, once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")
