"""The owner's rights for tests about schemas, and nothing kept of what they do."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from fynlo.core.tenancy import leave
from fynlo.env import database_settings
from tests import database


@pytest.fixture
def owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test's connection is the owner's, in one transaction that is rolled back at the end."""
    before = dict(connection.settings_dict)
    with django_db_blocker.unblock():
        connection.close()
        rights = database_settings(database.owner_url())
        connection.settings_dict.update({"USER": rights["USER"], "PASSWORD": rights["PASSWORD"]})
        block = transaction.atomic()
        block._from_testcase = True  # units of work may be opened inside, as in Django's own test cases
        block.__enter__()
        yield
        leave()
        transaction.set_rollback(True)
        block.__exit__(None, None, None)
        connection.close()
        connection.settings_dict.update(before)
