"""Two merchants whose feeds other processes see: what a test commits is real, and is wiped behind it.

`django_db(transaction=True)` copies the whole database after each test, which takes more than a second and
cuts every connection. Tests of the feed and of the sockets write to three tables, so those are emptied
instead: by the owner, past the triggers that keep history.
"""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.conf import settings

from tests import database
from tests.conftest import merchant

SCHEMAS = ("t_cafe", "t_grocer")


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test's connection commits; the feeds are empty again afterwards, and the merchants as they were."""
    with django_db_blocker.unblock():
        yield
    wipe()


@pytest.fixture
def shared_cafe(committed: None) -> Any:
    """The café, as every process sees it."""
    return merchant("cafe")


@pytest.fixture
def shared_grocer(committed: None) -> Any:
    """The grocer, as every process sees it."""
    return merchant("grocer")


def wipe() -> None:
    """Empty the feeds; undo what these tests change about a merchant."""
    url = database.with_name(database.owner_url(), settings.DATABASES["default"]["NAME"])
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '20s'")
            for schema in SCHEMAS:
                cursor.execute(f"ALTER TABLE {schema}.events_event DISABLE TRIGGER USER")
                cursor.execute(f"TRUNCATE {schema}.events_event, {schema}.events_cursor")
                cursor.execute(f"ALTER TABLE {schema}.events_event ENABLE TRIGGER USER")
                cursor.execute(f"UPDATE {schema}.events_feedhead SET position = 0")
            cursor.execute("DELETE FROM tenants_domain WHERE NOT is_primary")
            cursor.execute("UPDATE tenants_tenant SET state = 'active', suspended_at = NULL")
    finally:
        connection.close()


def as_platform_owner(statement: str, *values: Any) -> None:
    """Change a platform table, which the run-time role may not."""
    url = database.with_name(database.owner_url(), settings.DATABASES["default"]["NAME"])
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
    finally:
        connection.close()
