"""How long a merchant takes to make, and what a migration with nothing to do costs over 200 of them.

    .venv/bin/python benchmarks/tenant.py [--tenants 200] [--samples 20]

Runs on servers of its own with durable settings, in a folder that is removed afterwards. The floor of a clone
is the same statements sent to the same server by the driver alone, without rights, checks or a registry row.
"""

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.report import ROOT, machine, print_machine, spread, write_raw
from fynlo.embedded.services import erased_afterwards, running

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def milliseconds(started: float) -> float:
    """Since `started`, in ms."""
    return (time.perf_counter() - started) * 1000


def new_tenant(slug: str) -> Any:
    """A registry row and a schema in one transaction; returns what the builder said."""
    from django.db import transaction

    from fynlo.core.tenancy import platform_context
    from tenants.models import Tenant, schema_for
    from tenants.schemas.services import create_schema

    with platform_context(), transaction.atomic():
        tenant = Tenant.objects.create(
            slug=slug,
            schema_name=schema_for(slug),
            name=slug,
            country="GB",
            currency="GBP",
            time_zone="Europe/London",
            state="active",
            created_at=AT,
        )
        return create_schema(tenant=tenant)


def timed(make: Any, names: list[str], expected: str) -> list[float]:
    """Milliseconds of each `make(name)`; each must have gone the expected way."""
    samples = []
    for name in names:
        started = time.perf_counter()
        built = make(name)
        samples.append(milliseconds(started))
        if built.way != expected:
            raise SystemExit(f"{name} was built by {built.way}, not by {expected}")
    return samples


def floor(samples: int) -> list[float]:
    """The template's statements alone, replayed by the driver and rolled back."""
    import psycopg2

    from tenants.schemas.places import TEMPLATE_SCHEMA
    from tenants.schemas.templates import current_template

    ddl = current_template().ddl
    times = []
    for index in range(samples):
        connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(ddl.replace(TEMPLATE_SCHEMA, f"t_floor_{index}"))
        connection.commit()
        times.append(milliseconds(started))
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA "t_floor_{index}" CASCADE')
        connection.commit()
        connection.close()
    return times


def without_template(names: list[str]) -> list[float]:
    """Creation by migrations: the same function while the template's text is away."""
    from fynlo.core.tenancy import platform_context
    from tenants.models import SchemaTemplate

    with platform_context():
        kept = SchemaTemplate.objects.get()
        SchemaTemplate.objects.update(ddl="")
    try:
        return timed(new_tenant, names, "migrations")
    finally:
        with platform_context():
            SchemaTemplate.objects.update(ddl=kept.ddl)


def no_op(rounds: int) -> tuple[list[float], int]:
    """A migration with nothing to do, in this process: milliseconds, and SQL statements of one run."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tenants.schemas.migrating import migrate_everything

    samples = []
    for _round in range(rounds):
        started = time.perf_counter()
        report = migrate_everything(at=AT)
        samples.append(milliseconds(started))
        if report.outcomes:
            raise SystemExit("there was something to migrate")
    with CaptureQueriesContext(connection) as queries:
        migrate_everything(at=AT)
    return samples, sum(not query["sql"].startswith("SET search_path") for query in queries)


def remembered(schemas: list[str]) -> list[float]:
    """KiB by which one connection grows with each further merchant whose every table it has read and written to."""
    import psycopg2

    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    grown = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        status = Path(f"/proc/{cursor.fetchone()[0]}/status")
        for schema in schemas:
            before = private_kib(status)
            cursor.execute(
                "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'",
                [schema],
            )
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT * FROM "{schema}".{table} WHERE false')
                cursor.execute(f'EXPLAIN INSERT INTO "{schema}".{table} SELECT * FROM "{schema}".{table}')
            connection.rollback()
            grown.append(private_kib(status) - before)
    connection.close()
    return grown


def private_kib(status: Path) -> float:
    """Memory of a process that it shares with nobody."""
    line = next(line for line in status.read_text().splitlines() if line.startswith("RssAnon:"))
    return float(line.split()[1])


def measure(tenants: int, samples: int) -> dict[str, Any]:
    """All figures, on the servers the environment names."""
    import django

    django.setup()
    from django.db import connection

    from fynlo.core.tenancy import platform_context
    from tenants.schemas.migrating import migrate_everything

    started = time.perf_counter()
    migrate_everything(at=AT)
    first = milliseconds(started)
    replay = timed(new_tenant, [f"replay_{index}" for index in range(samples)], "replay")
    migrated = without_template([f"migrated_{index}" for index in range(3)])
    raw_floor = floor(samples)
    for index in range(tenants - samples - 3):
        new_tenant(f"filler_{index}")
        if index % 50 == 0:
            print(f"  {index + samples + 3} merchants …", flush=True)
    in_process, statements = no_op(10)
    started = time.perf_counter()
    subprocess.run([sys.executable, "manage.py", "migrate"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    whole = milliseconds(started)
    with platform_context(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i') FROM pg_class "
            "WHERE relnamespace = 't_replay_0'::regnamespace"
        )
        tables, indexes = cursor.fetchone()
    return {
        "tenants": tenants,
        "tables": tables,
        "indexes": indexes,
        "first_migration_ms": first,
        "create_by_clone_ms": replay,
        "create_by_migrations_ms": migrated,
        "floor_ms": raw_floor,
        "no_op_in_process_ms": in_process,
        "no_op_statements": statements,
        "no_op_command_ms": whole,
        "remembered_kib": remembered([f"t_replay_{index}" for index in range(samples)]),
    }


def show(found: dict[str, Any]) -> None:
    """Print the figures as the table of RESULTS.md."""
    clone, migrations, low = (
        spread(found[key]) for key in ("create_by_clone_ms", "create_by_migrations_ms", "floor_ms")
    )
    no_op_ms = spread(found["no_op_in_process_ms"])
    print(f"\nper merchant: {found['tables']} tables, {found['indexes']} indexes")
    print("| what | p50 | p95 | against the floor |")
    print("| --- | --- | --- | --- |")
    print(
        f"| floor: the same statements by the driver alone | {low['p50']:.0f} ms | {low['p95']:.0f} ms | 1 |"
    )
    for name, figures in (
        ("create a merchant by clone", clone),
        ("create a merchant by migrations", migrations),
    ):
        ratio = figures["p50"] / low["p50"]
        print(f"| {name} | {figures['p50']:.0f} ms | {figures['p95']:.0f} ms | {ratio:.1f} × |")
    print(
        f"| migrate with nothing to do, {found['tenants']} merchants, {found['no_op_statements']} statement(s) | "
        f"{no_op_ms['p50']:.1f} ms | {no_op_ms['p95']:.1f} ms | |"
    )
    print(f"| the same as a command (`manage.py migrate`) | {found['no_op_command_ms']:.0f} ms | | |")
    # The first merchant brings the server's own catalogue along.
    kib = spread(found["remembered_kib"][1:])
    print(f"| what a connection remembers of one merchant | {kib['p50']:.0f} KiB | {kib['p95']:.0f} KiB | |")
    print(f"| first migration of an empty database | {found['first_migration_ms']:.0f} ms | | |")


def main() -> None:
    """Start servers of our own, measure, print, keep the raw samples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--tenants", type=int, default=200)
    parser.add_argument("--samples", type=int, default=20)
    wanted = parser.parse_args()
    facts = machine()
    print_machine(facts)
    with (
        tempfile.TemporaryDirectory(prefix="fynlo-benchmark-") as folder,
        erased_afterwards(root=Path(folder)),
    ):
        environment = {key: value for key, value in os.environ.items() if "_URL" not in key}
        with running(root=Path(folder), environ=environment) as services:
            os.environ.update(services.environment())
            os.environ |= {
                "FYNLO_ENV": "development",
                "FYNLO_DATABASE_ROLE": "owner",
                "DJANGO_SETTINGS_MODULE": "fynlo.settings",
            }
            found = measure(wanted.tenants, wanted.samples)
            show(found)
    path = write_raw("tenant", {"machine": facts, "command": " ".join(sys.argv), **found})
    print(f"\nraw samples: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
