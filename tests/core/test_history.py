"""History is appended: the class refuses, the role has no right, and the trigger stops whoever has one."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from fynlo.core.models import HistoryIsAppendOnly, HistoryModel
from fynlo.core.tenancy import tenant_context
from payments.models import Account, Transfer

AT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
HISTORY = [model for model in apps.get_models() if issubclass(model, HistoryModel)]


@pytest.fixture
def transfer(cafe: Any) -> Transfer:
    with tenant_context(cafe):
        debit, credit = (
            Account.objects.create(code=code, name=code, kind="asset")
            for code in ("test:debit", "test:credit")
        )
        return Transfer.objects.create(
            debit=debit,
            credit=credit,
            amount_minor=100,
            currency="EUR",
            kind="sale",
            at=AT,
            business_date=AT.date(),
        )


def test_the_class_refuses_first(cafe: Any, transfer: Transfer) -> None:
    with tenant_context(cafe):
        for refused in (
            transfer.save,
            transfer.delete,
            Transfer.objects.all().delete,
            lambda: Transfer.objects.update(amount_minor=1),
            lambda: Transfer.objects.bulk_update([transfer], ["amount_minor"]),
            lambda: Transfer.objects.bulk_create(
                [transfer], update_conflicts=True, update_fields=["amount_minor"], unique_fields=["id"]
            ),
        ):
            with pytest.raises(HistoryIsAppendOnly):
                refused()
        assert Transfer.objects.get().amount_minor == 100


STATEMENTS = ["UPDATE {table} SET {key} = {key}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("model", HISTORY, ids=lambda model: model._meta.label)
def test_the_runtime_role_has_no_right_to_change_history(in_cafe: Any, model: Any, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table=model._meta.db_table, key=model._meta.pk.column))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_trigger_stops_the_owner(cafe: Any, as_owner: None, transfer: Transfer, statement: str) -> None:
    with tenant_context(cafe), pytest.raises(IntegrityError, match="history is append-only"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table="payments_transfer", key="id"))


def test_every_history_table_has_both_triggers(in_cafe: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(t.tgname::text ORDER BY t.tgname) FROM pg_trigger t JOIN pg_class c "
            "ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relnamespace = 't_cafe'::regnamespace GROUP BY 1"
        )
        found = dict(cursor.fetchall())
    history = {model._meta.db_table: ["history_rows", "history_table"] for model in HISTORY}
    history["payments_payment"].append("id_used_once")  # an id that is an attempt's, too, and the reverse
    assert found == {**history, "payments_attempt": ["id_used_once"]}
