"""Functions of the database, for the few writes in which every round trip is paid by a guest waiting.

The server keeps the plans of what is inside a function, and a driver that prepares nothing gains by it. Each
lives in the tenant's own schema and its search_path is fixed to that schema (`tenants.schemas.checking` asks for
both), so it means the same wherever it is called from, and a merchant's schema is still one that can be moved.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps


def stored_function(*, name: str, arguments: str, returns: str, body: str) -> RunPython:
    """A reversible migration operation that makes one PL/pgSQL function, in one statement.

    It runs with the rights of whoever calls it, and each statement inside sees what was committed before that
    statement: after waiting for a lock the next one reads what the other transaction left.
    """

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        schema = _schema(editor)
        editor.execute(
            f"CREATE OR REPLACE FUNCTION {schema}.{editor.quote_name(name)}({arguments}) RETURNS {returns} "
            f"LANGUAGE plpgsql SECURITY INVOKER SET search_path = {schema} AS $body${body}$body$",
            params=None,
        )

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        editor.execute(f"DROP FUNCTION {_schema(editor)}.{editor.quote_name(name)}({arguments})", params=None)

    return RunPython(forwards, backwards)


def changed_function(*, name: str, arguments: str, returns: str, before: str, after: str) -> RunPython:
    """The same for a function that exists: its body becomes `after`, and `before` again on the way back."""
    return RunPython(
        stored_function(name=name, arguments=arguments, returns=returns, body=after).code,
        stored_function(name=name, arguments=arguments, returns=returns, body=before).code,
    )


def asked_before_insert(*, name: str, table: str, function: str) -> RunPython:
    """A reversible operation: the function of this schema is asked before a row is added to the table."""

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        table_name = f"{_schema(editor)}.{editor.quote_name(table)}"
        editor.execute(
            f"CREATE TRIGGER {editor.quote_name(name)} BEFORE INSERT ON {table_name} "
            f"FOR EACH ROW EXECUTE FUNCTION {_schema(editor)}.{editor.quote_name(function)}()",
            params=None,
        )

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        table_name = f"{_schema(editor)}.{editor.quote_name(table)}"
        editor.execute(f"DROP TRIGGER {editor.quote_name(name)} ON {table_name}", params=None)

    return RunPython(forwards, backwards)


def _schema(editor: BaseDatabaseSchemaEditor) -> str:
    return editor.quote_name(editor.connection.schema_name)  # type: ignore[attr-defined]
