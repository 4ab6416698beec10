"""The database's own description of a schema: what reaches out of it, what is unguarded, what it consists of.

Every statement takes `%(schema)s` (the schema's oid), `%(extensions)s` and `%(name)s`, and reads the catalogue
only.
"""

from typing import Any, Final

from django.db import connection

from fynlo.core.tenancy import EXTENSIONS_SCHEMA

# Each statement returns sentences about objects of schema %(schema)s that reach out of it (trap 16).
REACHING_OUT: Final = (
    """SELECT format('foreign key %%s of %%s points to schema %%s', c.conname, t.relname,
                     f.relnamespace::regnamespace)
       FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid
       WHERE c.connamespace = %(schema)s AND c.contype = 'f' AND f.relnamespace <> c.connamespace""",
    """SELECT format('default of %%s.%%s uses %%s of schema %%s', t.relname, a.attname, r.relname,
                     r.relnamespace::regnamespace)
       FROM pg_attrdef d JOIN pg_class t ON t.oid = d.adrelid
       JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
       JOIN pg_depend p ON p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid
            AND p.refclassid = 'pg_class'::regclass
       JOIN pg_class r ON r.oid = p.refobjid
       WHERE t.relnamespace = %(schema)s AND r.relnamespace <> t.relnamespace""",
    """SELECT format('default of %%s uses function %%s of schema %%s', t.relname, r.proname,
                     r.pronamespace::regnamespace)
       FROM pg_attrdef d JOIN pg_class t ON t.oid = d.adrelid
       JOIN pg_depend p ON p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid
            AND p.refclassid = 'pg_proc'::regclass
       JOIN pg_proc r ON r.oid = p.refobjid
       WHERE t.relnamespace = %(schema)s AND r.pronamespace <> t.relnamespace
             AND r.pronamespace NOT IN ('pg_catalog'::regnamespace, %(extensions)s)""",
    """SELECT format('column %%s.%%s belongs to a sequence of schema %%s', t.relname, a.attname,
                     s.relnamespace::regnamespace)
       FROM pg_depend p JOIN pg_class s ON s.oid = p.objid AND s.relkind = 'S'
       JOIN pg_class t ON t.oid = p.refobjid
       JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = p.refobjsubid
       WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass
             AND p.deptype IN ('a', 'i') AND t.relnamespace = %(schema)s AND s.relnamespace <> t.relnamespace""",
    """SELECT format('trigger %%s of %%s calls a function of schema %%s', g.tgname, t.relname,
                     f.pronamespace::regnamespace)
       FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_proc f ON f.oid = g.tgfoid
       WHERE t.relnamespace = %(schema)s AND NOT g.tgisinternal AND f.pronamespace <> t.relnamespace""",
    """SELECT format('function %%s does not fix its search_path to its own schema', p.proname)
       FROM pg_proc p WHERE p.pronamespace = %(schema)s
             AND NOT coalesce(p.proconfig @> ARRAY['search_path=' || quote_ident(%(name)s)], false)""",
    """SELECT format('table %%s inherits from schema %%s', t.relname, parent.relnamespace::regnamespace)
       FROM pg_inherits i JOIN pg_class t ON t.oid = i.inhrelid JOIN pg_class parent ON parent.oid = i.inhparent
       WHERE t.relnamespace = %(schema)s AND parent.relnamespace <> t.relnamespace""",
    """SELECT format('column %%s.%%s has a type of schema %%s', t.relname, a.attname, y.typnamespace::regnamespace)
       FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid JOIN pg_type y ON y.oid = a.atttypid
       WHERE t.relnamespace = %(schema)s AND t.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
             AND y.typnamespace NOT IN ('pg_catalog'::regnamespace, %(extensions)s, t.relnamespace)""",
)
WRONG_KEYS: Final = """
    SELECT format('foreign key %%s of %%s is not DEFERRABLE INITIALLY IMMEDIATE', c.conname, t.relname)
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.connamespace = %(schema)s AND c.contype = 'f' AND (NOT c.condeferrable OR c.condeferred)
"""
UNGUARDED: Final = """
    SELECT t.relname FROM pg_class t WHERE t.relnamespace = %(schema)s AND t.relkind IN ('r', 'p')
    AND 2 > (SELECT count(*) FROM pg_trigger g WHERE g.tgrelid = t.oid AND g.tgenabled IN ('O', 'A')
             AND g.tgname IN ('history_rows', 'history_table'))
"""
SHAPE: Final = """
    SELECT format('table %%s', relname) FROM pg_class WHERE relnamespace = %(schema)s AND relkind IN ('r', 'p')
    UNION ALL
    SELECT format('column %%s.%%s %%s%%s%%s', t.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
                  coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
    FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE t.relnamespace = %(schema)s AND t.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'index ' || pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid
    WHERE t.relnamespace = %(schema)s
    UNION ALL
    SELECT format('constraint %%s of %%s: %%s', c.conname, t.relname, pg_get_constraintdef(c.oid))
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.connamespace = %(schema)s AND c.contype <> 'n'
    UNION ALL
    SELECT 'trigger ' || pg_get_triggerdef(g.oid) FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
    WHERE t.relnamespace = %(schema)s AND NOT g.tgisinternal
    UNION ALL
    SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = %(schema)s AND prokind = 'f'
    UNION ALL
    SELECT 'sequence ' || relname FROM pg_class WHERE relnamespace = %(schema)s AND relkind = 'S'
    UNION ALL
    SELECT format('%%s %%s', CASE relkind WHEN 'v' THEN 'view' ELSE 'materialised view' END, relname)
    FROM pg_class WHERE relnamespace = %(schema)s AND relkind IN ('v', 'm')
"""


def rows(statement: str, schema: str, **values: Any) -> list[tuple[Any, ...]]:
    """What a statement finds in a schema. The connection must be on the platform."""
    names = {"schema": namespace(schema), "extensions": namespace(EXTENSIONS_SCHEMA) or 0, "name": schema}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**names, **values})
        return list(cursor.fetchall())


def namespace(schema: str) -> int | None:
    """The schema's oid, or None when there is no such schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::bigint FROM pg_namespace WHERE nspname = %s", [schema])
        row = cursor.fetchone()
    return row[0] if row else None
