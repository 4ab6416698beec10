"""A small valid merchant's file, and ways to say what is wrong with another one."""

from pathlib import Path
from textwrap import dedent

import pytest

from tenants.configuration.problems import InvalidConfiguration, Problem
from tenants.configuration.sections import Configuration
from tenants.configuration.validation import read_bytes

KIOSK = dedent(
    """\
    merchant:
      slug: kiosk
      name: Kiosk am Tor
      country: DE
      currency: EUR
      time_zone: Europe/Berlin
      language: de
      domains: [kiosk.localhost]
    staff:
      employees:
        - number: "1"
          name: Ines Vogt
          role: owner
          email: ines@kiosk.example
          initial_password: fahrkarten-bitte
          initial_pin: "4073"
    payments:
      tender_types:
        - {code: cash, name: Bar, kind: cash}
    pos:
      locations:
        - code: gate
          name: Am Tor
          address: [Torstrasse 1, 10119 Berlin]
          cut_off: "04:00"
          registers:
            - {code: K1, name: Luke}
      tax_classes:
        - {code: standard, name: 19 % USt, rate: "0.19", inclusive: true}
      receipt: {header: [], footer: [Gute Reise]}
    """
)


def changed(*changes: tuple[str, str]) -> str:
    """The kiosk's file with parts replaced; each part must be there exactly once."""
    text = KIOSK
    for before, after in changes:
        assert text.count(before) == 1, f"{before!r} is there {text.count(before)} times"
        text = text.replace(before, after)
    return text


def valid(text: str, folder: Path | None = None) -> Configuration:
    """The configuration a text describes."""
    return read_bytes(content=text.encode(), folder=folder)[1]


def mistakes(text: str | bytes, folder: Path | None = None) -> list[Problem]:
    """The mistakes of a text; a valid one fails the test."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(InvalidConfiguration) as refused:
        read_bytes(content=content, folder=folder)
    return list(refused.value.problems)


def sentences(text: str | bytes, folder: Path | None = None) -> list[str]:
    """The mistakes of a text as a merchant reads them."""
    return [problem.sentence() for problem in mistakes(text, folder)]
