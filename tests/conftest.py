"""Fixtures of the whole suite: a database of its own per session, two merchants, and nobody left anywhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client, TransactionTestCase

from fynlo.core.tenancy import leave, platform_context, tenant_context
from tests import database
from tests.told import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]


@pytest.fixture(scope="session")
def database_name(django_test_environment: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of this session's copy of the template; processes the tests start connect to it."""
    name, source = database.copy_name(), database.template()
    database.recreate(name, source=source)
    with django_db_blocker.unblock():
        connections.close_all()
        settings.DATABASES["default"]["NAME"] = name
        settings.REDIS_URL = database.redis_url(settings.REDIS_URL)
        connection.settings_dict["NAME"] = name
    before = TransactionTestCase._fixture_teardown

    def start_over(_case: TransactionTestCase) -> None:
        """Django would flush; history refuses that, so a committed test gets a fresh copy behind it."""
        connections.close_all()
        database.recreate(name, source=source)

    TransactionTestCase._fixture_teardown = start_over
    yield name
    TransactionTestCase._fixture_teardown = before
    with django_db_blocker.unblock():
        connections.close_all()
    database.drop(name)


@pytest.fixture(scope="session")
def django_db_setup(database_name: str) -> None:
    """pytest-django's hook: the database is ready."""


@pytest.fixture(autouse=True)
def nowhere() -> Iterator[None]:
    """Every test starts and ends with its connection nowhere."""
    leave()
    yield
    leave()


def merchant(slug: str) -> Any:
    """The merchant with this slug."""
    from tenants.models import Tenant

    with platform_context():
        return Tenant.objects.get(slug=slug)


@pytest.fixture
def cafe(db: None) -> Any:
    """The café: schema `t_cafe`, host `cafe.localhost`, EUR."""
    return merchant("cafe")


@pytest.fixture
def grocer(db: None) -> Any:
    """The grocer: schema `t_grocer`, host `grocer.localhost`, GBP."""
    return merchant("grocer")


@pytest.fixture
def in_cafe(cafe: Any) -> Iterator[Any]:
    """The test body runs inside the café."""
    with tenant_context(cafe):
        yield cafe


@pytest.fixture
def client_for() -> Any:
    """`client_for(tenant)`: a test client that speaks to the tenant's host; None is the platform's."""

    def make(tenant: Any | None) -> Client:
        host = f"{tenant.slug}.localhost" if tenant is not None else "localhost"
        return Client(SERVER_NAME=host, HTTP_HOST=host)

    return make


@pytest.fixture
def as_owner(transactional_db: None) -> Iterator[None]:
    """The test's connection has the owner's rights (for tests about schemas and triggers)."""
    from fynlo.env import database_settings

    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(
        {key: database_settings(database.owner_url())[key] for key in ("USER", "PASSWORD")}
    )
    yield
    connection.close()
    connection.settings_dict.update(before)
