"""A vendor's listing of 100,000 lines against 100,000 payments of ours: lines a second, and what memory it takes.

    .venv/bin/python benchmarks/reconcile.py [--rows 100000]

Runs on servers of its own with durable settings, in a folder that is removed afterwards. The vendor is a generator:
it makes its lines as they are read, a thousand to a payout, as pages of a listing come. One payment in two hundred
is not here, one in three hundred not there, one in five hundred has another amount. Each run is a process of its
own, whose peak memory the kernel tells when it has ended; the same with a tenth of the rows shows what of it is the
program and what the listing. It runs twice: the second finds everything as it was. The floor is what the database
alone needs for it: one COPY of the lines the run wrote into the same table, for another account, with its indexes,
keys and checks and one COMMIT, and the comparison both ways as one SQL statement.
"""

import argparse
import datetime as dt
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, ClassVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.order import manage
from benchmarks.report import machine, print_machine, write_raw
from benchmarks.servers import own_servers

ROOT = Path(__file__).resolve().parent.parent
KIB = 1024
AT = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)
TAKEN = AT - dt.timedelta(days=3)
A_PAYOUT = 1_000
TIMES = 3
COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position),
    string_agg(CASE column_name
        WHEN 'connection_id' THEN quote_literal(%s) || '::uuid'
        WHEN 'id' THEN $$overlay(id::text placing '1' from 1 for 1)::uuid$$
        ELSE quote_ident(column_name) END, ', ' ORDER BY ordinal_position)
FROM information_schema.columns WHERE table_schema = 't_cafe' AND table_name = 'payments_settlementline'
"""
JOIN = """
SELECT count(*) FILTER (WHERE attempt.id IS NULL), count(*) FILTER (WHERE line.id IS NULL),
    count(*) FILTER (WHERE attempt.captured_minor <> line.gross_minor)
FROM (SELECT * FROM t_cafe.payments_attempt WHERE connection_id = %(account)s AND state = 'captured') AS attempt
FULL JOIN (
    SELECT * FROM t_cafe.payments_settlementline WHERE connection_id = %(account)s AND about = 'payment'
) AS line ON line.payment = attempt.vendor_id
"""


def is_missing_here(number: int) -> bool:
    return number % 200 == 7


def is_missing_there(number: int) -> bool:
    return number % 300 == 11


def differs(number: int) -> bool:
    return number % 500 == 13


def amount(number: int) -> int:
    return 500 + number % 9_973


class Listing:
    """A vendor whose listing is made while it is read."""

    code: ClassVar[str] = "listing"

    def settlements(self, *, connection: Any, since: dt.datetime) -> Iterator[Any]:
        """A payout for each thousand payments, whenever they were."""
        del since
        from payments.gateways import base

        rows = int(connection.account)
        for start in range(0, rows, A_PAYOUT):
            lines = list(self._lines(connection.account, start, min(start + A_PAYOUT, rows)))
            yield base.Settlement(
                id=f"out_{rows}_{start}",
                amount_minor=sum(line.net_minor for line in lines),
                currency="EUR",
                state="paid",
                arrives_on=AT.date(),
                created_at=AT - dt.timedelta(days=1),
                lines=iter(lines),
            )

    def _lines(self, account: str, start: int, end: int) -> Iterator[Any]:
        from payments.gateways import base

        for number in range(start, end):
            if is_missing_there(number):
                continue
            gross, fee = amount(number) + differs(number), 25
            yield base.SettlementLine(
                id=f"txn_{account}_{number}",
                category="charge",
                source=f"ch_{account}_{number}",
                payment=f"pay_{account}_{number}",
                gross_minor=gross,
                fee_minor=fee,
                net_minor=gross - fee,
                currency="EUR",
                at=TAKEN,
            )


def set_up() -> Any:
    """Django, and the café."""
    import django

    django.setup()
    from fynlo.core.tenancy import registry

    return registry.live_tenants()[0]


def taken(rows: int) -> None:
    """An account with so many captured payments, past all services: they are not what is measured."""
    tenant = set_up()
    from fynlo.core.ids import new_id
    from fynlo.core.tenancy import tenant_context
    from payments.gateways.models import Attempt, Connection

    with tenant_context(tenant):
        account = Connection.objects.create(
            gateway="listing", name=f"{rows:,}", account=str(rows), created_at=AT - dt.timedelta(days=30)
        )
        numbers = [number for number in range(rows) if not is_missing_here(number)]
        for start in range(0, len(numbers), 5_000):
            Attempt.objects.bulk_create(
                Attempt(
                    id=new_id(),
                    connection=account,
                    tender_type="card",
                    channel="present",
                    reference="A",
                    state="captured",
                    currency="EUR",
                    amount_minor=amount(number),
                    authorised_minor=amount(number),
                    captured_minor=amount(number),
                    vendor_id=f"pay_{rows}_{number}",
                    captured_at=TAKEN + dt.timedelta(seconds=number % 3_600),
                    settled_at=TAKEN,
                    at=TAKEN,
                    business_date=TAKEN.date(),
                )
                for number in numbers[start : start + 5_000]
            )


def other_account() -> None:
    """The account whose lines the floor writes."""
    tenant = set_up()
    from fynlo.core.tenancy import tenant_context
    from payments.gateways.models import Connection

    with tenant_context(tenant):
        Connection.objects.create(gateway="listing", name="Floor", account="floor", created_at=AT)


def reconcile(rows: int) -> None:
    """What a worker does, in a process of its own: one run, told as JSON."""
    tenant = set_up()
    from fynlo.core import clock
    from fynlo.core.tenancy import tenant_context
    from payments.gateways.models import Connection
    from payments.gateways.registry import add_gateway
    from payments.reconciliation.models import Reconciliation
    from payments.reconciliation.services.running import ask_for_run, run_reconciliation

    add_gateway(Listing())  # type: ignore[arg-type]  # it lists and does nothing else
    with tenant_context(tenant):
        if not rows:
            return
        account = Connection.objects.get(account=str(rows))
        key = ask_for_run(connection=account, reason="asked", at=AT)
        started = time.perf_counter()
        state = run_reconciliation(run_id=key, clock=clock.now)
        seconds = time.perf_counter() - started
        counts = Reconciliation.objects.get(pk=key).counts
    print(json.dumps({"state": state, "seconds": seconds, "counts": counts}))


def child(rows: int) -> dict[str, Any]:
    """Run `reconcile` in a process of its own: what it told, and its peak memory in MiB."""
    command = [sys.executable, str(Path(__file__).resolve()), "--child", str(rows)]
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        told = out.read()
    if process.returncode:
        raise SystemExit(f"the run of {rows} ended with {process.returncode}:\n{told[-3000:]}")
    found = json.loads(told.splitlines()[-1]) if rows else {}
    print(f"a process with {rows:,} lines: {found.get('seconds', 0):.1f} s", flush=True)
    return {**found, "peak_mib": usage.ru_maxrss / KIB}


def floor(rows: int) -> dict[str, Any]:
    """The same lines by COPY into the same table, and the comparison as one statement; a few times each."""
    import psycopg2

    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE t_cafe.payments_attempt, t_cafe.payments_settlementline")
        cursor.execute("SELECT id FROM t_cafe.payments_connection WHERE account = %s", [str(rows)])
        account = cursor.fetchone()[0]
        copies = copied(cursor, account)
        joins = []
        for _ in range(5):
            started = time.perf_counter()
            cursor.execute(JOIN, {"account": account})
            counted = cursor.fetchone()
            joins.append(time.perf_counter() - started)
    connection.close()
    return {"copies": copies, "joins": joins, "counted": list(counted)}


def copied(cursor: Any, account: str) -> list[float]:
    """Seconds for COPY and COMMIT of the account's lines, each time taken away again."""
    cursor.execute("SELECT id FROM t_cafe.payments_connection WHERE account = 'floor'")
    (other,) = cursor.fetchone()
    cursor.execute(COLUMNS, [other])
    names, values = cursor.fetchone()
    table = "t_cafe.payments_settlementline"
    lines = io.StringIO()
    cursor.copy_expert(
        f"COPY (SELECT {values} FROM {table} WHERE connection_id = '{account}' ORDER BY id) TO STDOUT", lines
    )
    samples = []
    for _ in range(TIMES):
        lines.seek(0)
        started = time.perf_counter()
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", lines)
        samples.append(time.perf_counter() - started)
        cursor.execute(f"DELETE FROM {table} WHERE connection_id = %s", [other])
        cursor.execute(f"VACUUM {table}")
    return samples


def floor_seconds(size: dict[str, Any]) -> float:
    """The floor of a size: the medians of both parts together."""
    return median(size["floor"]["copies"]) + median(size["floor"]["joins"])


def check(size: dict[str, Any]) -> None:
    """The run found what was planted, and the floor agrees."""
    rows = size["rows"]
    there = [number for number in range(rows) if not is_missing_there(number)]
    here = [number for number in range(rows) if not is_missing_here(number)]
    planted = {
        "missing_here": sum(is_missing_here(number) for number in there),
        "missing_there": sum(is_missing_there(number) for number in here),
        "amount": sum(differs(number) and not is_missing_here(number) for number in there),
    }
    counts = size["run"]["counts"]
    found = {kind: counts.get(kind, 0) for kind in planted}
    if found != planted or size["floor"]["counted"] != list(planted.values()):
        raise SystemExit(f"planted {planted}, found {found}, floor {size['floor']['counted']}")
    if counts["open"] != sum(planted.values()) or size["again"]["counts"]["open"] != counts["open"]:
        raise SystemExit("what is open does not agree")


def measure(rows: int) -> dict[str, Any]:
    """Both sizes, each twice."""
    manage("migrate")
    manage("onboard", str(ROOT / "docs" / "examples" / "cafe" / "merchant.yaml"))
    found: dict[str, Any] = {"program_mib": child(0)["peak_mib"], "sizes": []}
    other_account()
    for each in (rows // 10, rows):
        taken(each)
        print(f"{each:,} payments are there", flush=True)
        size = {"rows": each, "run": child(each), "again": child(each), "floor": floor(each)}
        check(size)
        found["sizes"].append(size)
    return found


def show(found: dict[str, Any]) -> None:
    """The table."""
    print(f"\nthe program alone: {found['program_mib']:.0f} MiB")
    print("| lines against payments | floor | first run | lines/s | of the floor's | peak | again | peak |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for size in found["sizes"]:
        run, again, least = size["run"], size["again"], floor_seconds(size)
        print(
            f"| {size['rows']:,} | {least:.2f} s | {run['seconds']:.1f} s | {size['rows'] / run['seconds']:,.0f} | "
            f"{least / run['seconds']:.2f} | {run['peak_mib']:.0f} MiB | "
            f"{again['seconds']:.1f} s | {again['peak_mib']:.0f} MiB |"
        )


def main() -> None:
    """Start servers of our own, measure, print, keep the raw samples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.child is not None:
        reconcile(wanted.child)
        return
    facts = machine()
    print_machine(facts)
    with own_servers() as (_services, _folder):
        found = measure(wanted.rows)
        show(found)
    path = write_raw("reconcile", {"machine": facts, "command": " ".join(sys.argv), **found})
    print(f"\nraw samples: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
