"""The page names every address, every sign-in and the way to stop."""

from fynlo.demo.merchants import read_merchants
from fynlo.demo.page import page
from tests.embedded.conftest import ROOT


def shown() -> str:
    """The page of the example merchants."""
    return page(
        merchants=read_merchants(ROOT),
        port=8123,
        pairing_code="7QK2-M4XD",
        operator_password="made-at-random",
        seconds=4.04,
    )


def test_every_merchant_is_there_with_address_and_people() -> None:
    lines = shown().splitlines()
    assert "Fynlo is up (4.0 s). Everything listens on this machine only." in lines
    for host in ("cafe.localhost", "grocer.localhost", "boutique.localhost", "bistro.localhost"):
        assert f"  http://{host}:8123/admin/      http://{host}:8123/api/docs" in lines
    people = [line.split() for line in lines if "PIN" in line]
    assert len(people) == 13
    assert people[0][:3] == ["owner", "Ayşe", "Lindner"]
    assert (
        "admin ayse@cafe-morgenrot.example / morgenrot-um-sechs; till number 1, PIN 4073"
        in lines[lines.index("Café Morgenrot (EUR)") + 2]
    )


def test_the_platform_the_till_and_the_plain_address_are_there() -> None:
    text = shown()
    assert (
        "http://localhost:8123/admin/      merchants and their states: operator@fynlo.example / made-at-random"
        in text
    )
    assert "register K1: its pairing code is  7QK2-M4XD  for ten minutes." in text
    assert "  curl -H 'Host: cafe.localhost' http://127.0.0.1:8123/health/ready" in text
    assert "Ctrl-C stops everything and keeps the data; bin/demo --fresh starts over." in text


def test_a_new_user_learns_where_to_try_a_card_payment() -> None:
    lines = shown().splitlines()
    place = lines.index(
        "Card payments without a card, at Café Morgenrot: taken, declined, lost and found, given back, paid out:"
    )
    address, story = lines[place + 1].split(maxsplit=1)
    assert address == "http://cafe.localhost:8123/admin/payments/try/"
    assert (ROOT / story.split()[0]).is_file()
