"""Two roles for two kinds of process: the owner changes tables and onboards, the application only uses
them.
"""

from typing import Any, Final

import psycopg2
from psycopg2 import sql

from fynlo.embedded import ports
from fynlo.embedded.cluster import SUPERUSER
from fynlo.embedded.errors import EmbeddedError
from fynlo.embedded.postgres import DATABASE, Postgres

OWNER: Final = "fynlo_owner"
APPLICATION: Final = "fynlo_app"


_KEPT_TEMPLATES: Final = 2


def ensure_roles(postgres: Postgres, *, passwords: dict[str, str]) -> None:
    """Create roles and database where they are missing; safe to repeat, so a killed first start is no
    problem.
    """
    connection = _superuser(postgres, passwords["postgres"])
    try:
        with connection.cursor() as cursor:
            _ensure_role(cursor, OWNER, passwords["owner"], "CREATEDB")
            _ensure_role(cursor, APPLICATION, passwords["app"], "NOCREATEDB")
            # The owner may end sessions of the application, for instance to drop a test database.
            cursor.execute(
                sql.SQL("GRANT {} TO {}").format(sql.Identifier(APPLICATION), sql.Identifier(OWNER))
            )
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )
    finally:
        connection.close()


def drop_leftovers(postgres: Postgres, *, password: str) -> None:
    """Remove what killed test runs and old migrations left in a throw-away cluster that nobody uses yet.

    Copies go; of the templates (migrated once, copied for each run) the newest two stay.
    """
    connection = _superuser(postgres, password)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT datname, datistemplate FROM pg_database "
                "WHERE datname NOT IN ('postgres', 'template0', 'template1', %s) ORDER BY oid DESC",
                [DATABASE],
            )
            found = cursor.fetchall()
            templates = [name for name, is_template in found if is_template]
            for name in templates[_KEPT_TEMPLATES:]:
                cursor.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(sql.Identifier(name)))
            for name, _ in found:
                if name not in templates[:_KEPT_TEMPLATES]:
                    cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
    finally:
        connection.close()


def _superuser(postgres: Postgres, password: str) -> Any:
    try:
        connection = psycopg2.connect(
            host=ports.LOOPBACK, port=postgres.port, user=SUPERUSER, password=password, dbname="postgres"
        )
    except psycopg2.OperationalError as problem:
        raise EmbeddedError(
            f"The embedded PostgreSQL refuses the passwords in .fynlo ({str(problem).strip()}). They "
            "belong to "
            "other data; restore the matching secrets.json, or start over with bin/demo --fresh."
        ) from None
    connection.autocommit = True
    return connection


def _ensure_role(cursor: Any, role: str, password: str, creation: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        cursor.execute(
            sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
                sql.Identifier(role), sql.SQL(creation), sql.Literal(password)
            )
        )
