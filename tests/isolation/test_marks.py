"""The walk could see a leak: whatever it looks for elsewhere is there when the owner of the marks asks at home."""

import pytest
from django.test import Client

from tests.isolation.canary import WORD, Marks, keys_of
from tests.isolation.test_every_surface import Side, ask, everything_in, filled, sides, signed_in_client

__all__ = ["sides"]
BY_THE_DEVICE = (
    "api/v1/catalog/items",
    "api/v1/catalog/categories",
    "api/v1/locations",
    "api/v1/registers",
    "api/v1/orders",
    "api/v1/orders/<uuid:order_id>",
    "api/v1/stock-movements",
    "api/v1/feed",
    "api/v1/terminals/me",
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", BY_THE_DEVICE)
def test_a_device_sees_its_own_merchants_marks(sides: tuple[Side, Side], route: str) -> None:
    _, theirs = sides
    marks = Marks(keys=keys_of(theirs.tenant), secrets=theirs.secrets)
    path = filled(route, theirs.ids)
    answer = ask(Client(HTTP_HOST=theirs.host), "get", path, {}, theirs.identities["device"])
    assert answer.status_code == 200
    assert marks.found_in(everything_in(answer)) != []


@pytest.mark.django_db(transaction=True)
def test_the_back_office_shows_its_own_merchants_word(sides: tuple[Side, Side]) -> None:
    _, theirs = sides
    answer = signed_in_client(theirs).get("/admin/pos/item/")
    assert WORD in everything_in(answer)


def test_keys_words_and_secrets_are_found_however_they_are_written() -> None:
    key = "0190a3c4-5b6d-7e8f-9a0b-1c2d3e4f5a6b"
    marks = Marks(keys={key}, secrets={"s3cret-token"})
    assert marks.found_in(f"/orders/{key.replace('-', '')}") == [key]
    assert marks.found_in(f"ID {key.upper()}") == [key]
    assert marks.found_in("token=s3cret-token;") == ["s3cret-token"]
    assert marks.found_in("an Ostrich egg") == ["an Ostrich egg"]
    assert marks.found_in("nothing of theirs") == []
