"""Limits on sign-ins are counted in Redis, which no test's rollback undoes: each test starts at zero."""

from collections.abc import Iterator

import pytest

from fynlo.events.broker import client


@pytest.fixture(autouse=True)
def uncounted() -> Iterator[None]:
    """Forget the tries of the test before."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    keys = list(client().scan_iter("*:limit:admin-sign-in-*"))
    if keys:
        client().delete(*keys)
