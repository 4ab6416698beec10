"""What was recorded at a register cannot be changed: the role has no right, and the trigger refuses the owner."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from fynlo.core.tenancy import tenant_context
from tests.factories import Shop, TillClient, signed_in
from tests.pos.registers.journal.days import a_day

pytestmark = pytest.mark.django_db
TABLES = (
    "pos_journalentry",
    "pos_closing",
    "pos_refund",
    "pos_refundline",
    "payments_refund",
    "pos_orderchange",
)
STATEMENTS = ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE")
ALL_REFUSED = [(table, statement.split()[0]) for table in TABLES for statement in STATEMENTS]


def refused_with(shop: Shop, kind: type[Exception], words: str) -> list[tuple[str, str]]:
    """Which tables refused which statements in these words. Every table has rows, so that none is passed over."""
    found = []
    with tenant_context(shop.tenant), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] > 0, table
            for statement in STATEMENTS:
                with pytest.raises(kind, match=words), transaction.atomic():
                    cursor.execute(statement.format(table))
                found.append((table, statement.split()[0]))
    return found


def manager(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def test_the_role_that_serves_has_no_right(here: Shop, till: TillClient) -> None:
    a_day(here, manager(here, till))
    assert refused_with(here, ProgrammingError, "permission denied") == ALL_REFUSED


def test_the_trigger_refuses_the_owner(as_owner: None, here: Shop, till: TillClient) -> None:
    a_day(here, manager(here, till))
    assert refused_with(here, IntegrityError, "history is append-only") == ALL_REFUSED


def test_the_lock_off_twin_the_owner_without_the_triggers_can(
    as_owner: None, here: Shop, till: TillClient
) -> None:
    """So the refusals above are the guards', not the test's."""
    a_day(here, manager(here, till))
    with tenant_context(here.tenant), transaction.atomic(), connection.cursor() as cursor:
        changed: dict[str, Any] = {}
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"UPDATE {table} SET id = id")
            changed[table] = cursor.rowcount > 0
        transaction.set_rollback(True)
    assert changed == dict.fromkeys(TABLES, True)
