"""Append-only tables: a trigger that says so to whoever has the right to try.

The run-time role has no UPDATE, DELETE or TRUNCATE on these tables at all (granted in
`tenants.schemas.grants`); the trigger speaks to owners and superusers. Both live in the tenant's schema and
name it, because the function runs with a fixed search_path.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

_FUNCTION = "refuse_change_of_history"


def append_only(*tables: str) -> RunPython:
    """A reversible migration operation that makes `tables` append-only.

    Three statements per table, each on its own; the trigger function is made once per schema.
    """

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        schema = editor.connection.schema_name  # type: ignore[attr-defined]
        quoted = editor.quote_name(schema)
        editor.execute(
            f"CREATE OR REPLACE FUNCTION {quoted}.{_FUNCTION}() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path = {quoted} AS $$ BEGIN "
            "RAISE EXCEPTION 'history is append-only: % on % is refused', TG_OP, TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END $$",
            params=None,
        )
        for table in tables:
            name = f"{quoted}.{editor.quote_name(table)}"
            editor.execute(
                f"CREATE TRIGGER history_rows BEFORE UPDATE OR DELETE ON {name} "
                f"FOR EACH ROW EXECUTE FUNCTION {quoted}.{_FUNCTION}()"
            )
            editor.execute(
                f"CREATE TRIGGER history_table BEFORE TRUNCATE ON {name} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {quoted}.{_FUNCTION}()"
            )

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        schema = editor.quote_name(editor.connection.schema_name)  # type: ignore[attr-defined]
        for table in tables:
            for trigger in ("history_rows", "history_table"):
                editor.execute(f"DROP TRIGGER {trigger} ON {schema}.{editor.quote_name(table)}")

    return RunPython(forwards, backwards)
