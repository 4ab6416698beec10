"""The kernel's own views stand where a merchant's routes are."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import clear_url_caches


@pytest.fixture
def kernel_urls() -> Iterator[None]:
    """Merchants' hosts answer with the routes of `tests.api.urls`."""
    with override_settings(ROOT_URLCONF="tests.api.urls"):
        clear_url_caches()
        yield
    clear_url_caches()


class Till:
    """A caller of one merchant's API."""

    def __init__(self, host: str, name: str = "till") -> None:
        self.client = Client(HTTP_HOST=host, SERVER_NAME=host, raise_request_exception=False)
        self.name = name

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(path, headers={"Authorization": f"Bearer {self.name}", **headers})

    def send(self, path: str, body: Any, method: str = "POST", **headers: str) -> HttpResponse:
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        given = {"Authorization": f"Bearer {self.name}", **headers}
        content_type = given.pop("Content-Type", "application/json")
        return self.client.generic(method, path, raw, content_type, headers=given)


@pytest.fixture
def till(cafe: Any, kernel_urls: None) -> Till:
    """A till of the café."""
    return Till("cafe.localhost")


@pytest.fixture
def till_named(cafe: Any, kernel_urls: None) -> Callable[[str], Till]:
    """`till_named("maria")`: another caller of the café's API."""
    return lambda name: Till("cafe.localhost", name)
