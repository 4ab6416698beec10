"""A file of 100,000 levels: looked at, applied, taken back; what that takes of time and of memory.

    .venv/bin/python benchmarks/stock_import.py [--rows 100000]

Runs on servers of its own with durable settings, in a folder that is removed afterwards. Each step is a process of
its own (`manage.py import_stock`), whose peak memory the kernel tells when it has ended; the same with a hundredth
of the rows shows what of it is the program and what the file. After taking it back the levels are what they were.
Beside each step the server is asked fifty times a second how old the oldest transaction is that locks levels: so
long a sale of the same goods may have to wait.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Self

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.order import manage
from benchmarks.report import machine, print_machine, write_raw
from benchmarks.servers import own_servers

ROOT = Path(__file__).resolve().parent.parent
KIB = 1024


LOCKING = """
SELECT EXTRACT(EPOCH FROM max(clock_timestamp() - active.xact_start)) FROM pg_stat_activity AS active
JOIN pg_locks AS held ON held.pid = active.pid
WHERE held.relation = 't_cafe.pos_stocklevel'::regclass AND held.mode IN ('RowExclusiveLock', 'RowShareLock')
    AND active.pid <> pg_backend_pid()
"""


class Watch:
    """How old the oldest transaction was that locks levels, in seconds; `samples` are all ages that were seen."""

    def __init__(self) -> None:
        self.samples: list[float] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def longest(self) -> float:
        """The oldest."""
        return max(self.samples, default=0.0)

    def _look(self) -> None:
        import psycopg2

        connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
        connection.autocommit = True
        with connection.cursor() as cursor:
            while not self._ended.wait(0.02):
                cursor.execute(LOCKING)
                (age,) = cursor.fetchone() or (None,)
                if age is not None:
                    self.samples.append(float(age))
        connection.close()


def watched(*arguments: str) -> dict[str, Any]:
    """The same as `process`, and how long levels were locked beside it."""
    with Watch() as watch:
        found = process(*arguments)
    print(
        f"{arguments[1:4]}: {found['seconds']:.0f} s, levels locked {watch.longest:.2f} s at most", flush=True
    )
    return found | {"longest_lock_s": watch.longest, "lock_samples": len(watch.samples)}


def process(*arguments: str) -> dict[str, Any]:
    """Run `manage.py` with these arguments: what it prints, its seconds, its peak memory in MiB."""
    started = time.perf_counter()
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        told = out.read()
    if child.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {child.returncode}:\n{told[-2000:]}")
    return {
        "told": told[-400:],
        "seconds": time.perf_counter() - started,
        "peak_mib": usage.ru_maxrss / KIB,
    }


def stocked(rows: int) -> None:
    """A catalogue of so many variants at one location, past all services: it is not what is measured."""
    from fynlo.core.ids import new_id
    from fynlo.core.tenancy import registry, tenant_context
    from pos.catalog.models import Category, Item, TaxClass, Variant

    tenant = registry.live_tenants()[0]
    with tenant_context(tenant):
        category, tax = Category.objects.first(), TaxClass.objects.first()
        for start in range(0, rows, 5_000):
            items = [
                Item(id=new_id(), category=category, tax_class=tax, name=f"Article {number}", unit="kg")
                for number in range(start, min(start + 5_000, rows))
            ]
            Item.objects.bulk_create(items)
            Variant.objects.bulk_create(
                Variant(item=item, sku=f"STOCK-{start + place}", price_minor=100)
                for place, item in enumerate(items)
            )


def on_hand() -> list[tuple[Any, ...]]:
    """Every level of the benchmark's articles that is not empty."""
    from fynlo.core.tenancy import registry, tenant_context
    from pos.inventory.models import StockLevel

    with tenant_context(registry.live_tenants()[0]):
        found = StockLevel.objects.filter(variant__sku__startswith="STOCK-").exclude(on_hand=0)
        return list(found.values_list("variant__sku", "on_hand").order_by("variant__sku"))


def file_of(folder: Path, rows: int) -> str:
    """A file of levels: costs of every row, every tenth without."""
    path = folder / f"levels-{rows}.csv"
    with path.open("w") as out:
        out.write("sku;on_hand;unit_cost\n")
        for number in range(rows):
            out.write(f"STOCK-{number};{number % 997 + 1},250;{'' if number % 10 == 0 else '0,215'}\n")
    return str(path)


def steps(folder: Path, rows: int) -> dict[str, Any]:
    """Look, import and take back a file of so many rows."""
    import re

    file = file_of(folder, rows)
    found = {"rows": rows, "look": watched("import_stock", "cafe", "levels", file, "--dry-run")}
    found["import"] = watched("import_stock", "cafe", "levels", file)
    there = on_hand()
    if len(there) != rows:
        raise SystemExit(f"{len(there)} levels instead of {rows}")
    key = re.findall(r"--revert ([0-9a-f-]{36})", found["import"]["told"])[0]
    found["take back"] = watched("import_stock", "cafe", "--revert", key)
    if on_hand():
        raise SystemExit("something is left after taking the file back")
    return found


def measure(rows: int, folder: Path) -> dict[str, Any]:
    """Both sizes."""
    manage("migrate")
    manage("onboard", str(ROOT / "docs" / "examples" / "cafe" / "merchant.yaml"))
    import django

    django.setup()
    stocked(rows)
    nothing = process("import_stock", "--help")
    return {"program_mib": nothing["peak_mib"], "sizes": [steps(folder, rows // 100), steps(folder, rows)]}


def show(found: dict[str, Any]) -> None:
    """The table."""
    print(f"\nthe program alone: {found['program_mib']:.0f} MiB")
    print("| rows | step | seconds | rows/s | peak MiB | levels locked at most |")
    print("| --- | --- | --- | --- | --- | --- |")
    for size in found["sizes"]:
        for step in ("look", "import", "take back"):
            seconds, peak = size[step]["seconds"], size[step]["peak_mib"]
            rate = size["rows"] / seconds
            locked = size[step]["longest_lock_s"]
            print(
                f"| {size['rows']:,} | {step} | {seconds:.1f} | {rate:,.0f} | {peak:.0f} | {locked:.2f} s |"
            )


def main() -> None:
    """Start servers of our own, measure, print, keep the raw samples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=100_000)
    wanted = parser.parse_args()
    facts = machine()
    print_machine(facts)
    with own_servers() as (_services, folder):
        found = measure(wanted.rows, folder)
        show(found)
    path = write_raw("stock_import", {"machine": facts, "command": " ".join(sys.argv), **found})
    print(f"\nraw samples: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
