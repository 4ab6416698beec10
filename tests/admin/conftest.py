"""What tests of the back office share: a café that has sold, and tries to sign in that are forgotten.

Limits on sign-ins are counted in Redis, which no test's rollback undoes: each test starts at zero.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from fynlo.core.tenancy import leave
from fynlo.events.broker import client
from tests import database
from tests.admin.trading import Trade
from tests.conftest import merchant


@pytest.fixture(scope="module")
def sold_once(django_db_setup: None, database_name: str, django_db_blocker: Any) -> Iterator[Trade]:
    """A café that has sold, committed: each test takes back its own changes, and all of it goes at the end."""
    with django_db_blocker.unblock():
        sold = Trade(merchant("cafe"))
        leave()
    yield sold
    with django_db_blocker.unblock():
        connections.close_all()
        database.recreate(database_name, source=database.template())


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
