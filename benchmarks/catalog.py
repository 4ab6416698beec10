"""A catalogue of 100,000 variants: imported, taken back, read by a till, changed, searched.

    .venv/bin/python benchmarks/catalog.py [--rows 100000] [--broken 500] [--searches 200]

Runs on servers of its own with durable settings, in a folder that is removed afterwards. A file with broken
rows is looked at first: every one must be named, and nothing changed. Corrected, it is applied, taken back (the
export must be byte for byte what it was) and brought again. The floor of the import is COPY of the rows it made
into tables with the same indexes; that of a request is the SQL it sends, sent again by the driver alone.
"""

import argparse
import io
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.catalog_files import HEADER, broken, rows
from benchmarks.order import manage
from benchmarks.report import machine, print_machine, spread, write_raw
from benchmarks.servers import own_servers
from benchmarks.statements import recorded

HOST = "cafe.localhost"
TABLES = ("pos_item", "pos_variant", "pos_barcode", "pos_bookentry")
PAGE = 500


class Failed(SystemExit):
    """What must be so was not."""


def expect(what: str, *, found: Any, wanted: Any) -> None:
    """Stop when a promise is not kept."""
    if found != wanted:
        raise Failed(f"{what}: {found!r} instead of {wanted!r}")


@contextmanager
def timed(times: dict[str, float], name: str) -> Iterator[None]:
    """Seconds of a step, printed as it ends."""
    started = time.perf_counter()
    yield
    times[name] = time.perf_counter() - started
    print(f"  {name}: {times[name]:.1f} s", flush=True)


def imported(wanted: argparse.Namespace) -> dict[str, Any]:
    """Look at a broken file, then bring the right one, take it back, and bring it again."""
    from pos.catalog.queries.export import export_catalog
    from pos.catalog.queries.lists import revision
    from pos.importing.queries import find_import, import_rows
    from pos.importing.services import apply_import, revert_import

    times: dict[str, float] = {}
    right = rows(wanted.rows)
    wrong, places = broken(right, count=wanted.broken)
    before, at_revision = export_catalog(file_format="csv")[0], revision()
    with timed(times, "look at the broken file"):
        key = staged(wrong)
    named = []
    for page in range(wanted.broken // PAGE + 1):
        named += [
            (row["line"], row["column"])
            for row in import_rows(import_id=key, outcome="problem", page=page)[0]
        ]
    expect("broken rows named", found=named, wanted=places)
    expect("the catalogue after a broken file", found=revision(), wanted=at_revision)
    with timed(times, "look at the right file"):
        key = staged(right)
    expect("rows to create", found=find_import(import_id=key).summary["created"], wanted=wanted.rows)
    with timed(times, "apply"):
        apply_import(import_id=key, actor=_system(), at=_now())
    with timed(times, "export as CSV"):
        exported = len(export_catalog(file_format="csv")[0])
    with timed(times, "export as XLSX"):
        workbook = export_catalog(file_format="xlsx")[0]
    with timed(times, "take back"):
        revert_import(import_id=key, actor=_system(), at=_now())
    if export_catalog(file_format="csv")[0] != before:
        raise Failed("the export after taking back is not what it was")
    with timed(times, "import at once"):
        brought(right)
    with timed(times, "the same file again, XLSX, unchanged"):
        report = brought_workbook(workbook)
    expect("rows changed by the export", found=report, wanted=0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": times, "export_bytes": exported, "workbook_bytes": len(workbook), "peak_mib": peak}


def _text(lines: list[str]) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


def _system() -> Any:
    from fynlo.core.actors import SYSTEM

    return SYSTEM


def _now() -> Any:
    from fynlo.core import clock

    return clock.now()


def staged(lines: list[str]) -> Any:
    """The file, kept and looked at."""
    from pos.catalog.csv_reading import CsvForm
    from pos.importing.services import look_at_import, stage_import

    key = stage_import(
        data=_text(lines), file_name="benchmark.csv", form=CsvForm(), actor=_system(), at=_now()
    )
    look_at_import(import_id=key, actor=_system(), at=_now())
    return key


def brought(lines: list[str]) -> None:
    """The file, imported without looking at it first, as the command does."""
    from pos.catalog.csv_reading import CsvForm
    from pos.importing.services import import_now

    import_now(data=_text(lines), file_name="benchmark.csv", form=CsvForm(), actor=_system(), at=_now())


def brought_workbook(data: bytes) -> int:
    """How many rows of a workbook are not what the catalogue has already."""
    from pos.catalog.csv_reading import CsvForm
    from pos.importing.files import import_file

    report = import_file(
        data=data, form=CsvForm(), location_code=None, actor=_system(), at=_now(), dry_run=True
    )
    return len(report.catalog.rows) - report.catalog.count("unchanged")


def copy_floor() -> float:
    """Seconds to COPY the rows of the import into tables with the same indexes."""
    from django.db import connection, transaction

    held = []
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            out = io.BytesIO()
            cursor.cursor.copy_expert(f"COPY {table} TO STDOUT (FORMAT binary)", out)
            held.append((table, out))
            cursor.execute(
                f"CREATE TEMPORARY TABLE floor_{table} (LIKE {table} INCLUDING ALL) ON COMMIT DROP"
            )
        started = time.perf_counter()
        for table, rows_of_table in held:
            rows_of_table.seek(0)
            cursor.cursor.copy_expert(f"COPY floor_{table} FROM STDIN (FORMAT binary)", rows_of_table)
        return time.perf_counter() - started


def analysed() -> None:
    """Have the server count its rows, as autovacuum does within a minute of an import: plans depend on it."""
    import psycopg2

    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO t_cafe")
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
    connection.close()


class Till:
    """A paired till that asks in-process, and the SQL of what it asks."""

    def __init__(self) -> None:
        from django.test import Client

        from pos.models import Register
        from sync.terminals.codes import read_code
        from sync.terminals.services import create_pairing_code, pair_terminal
        from sync.terminals.tokens import PairingRequest

        register = Register.objects.order_by("code").first()
        code = create_pairing_code(register_id=register.pk, actor=_system(), at=_now())
        paired = pair_terminal(
            request=PairingRequest(code=read_code(str(code.code)), device_name="benchmark"), at=_now()
        )
        self._client = Client(HTTP_HOST=HOST)
        self._headers = {"Authorization": f"Bearer {paired.token!s}"}

    def get(self, path: str) -> Any:
        """The answer, which must be right."""
        from fynlo.core.tenancy import leave

        leave()
        answer = self._client.get(f"/api/v1/{path}", headers=self._headers)
        if answer.status_code != 200:
            raise Failed(f"{path} was answered {answer.status_code}: {answer.content[:300]!r}")
        return answer

    def statements(self, path: str) -> list[str]:
        """The SQL that a request sends."""
        return recorded(lambda: self.get(path))


def request_figures(till: Till, paths: dict[str, list[str]]) -> dict[str, Any]:
    """Milliseconds of each kind of request, and of its SQL alone."""
    found: dict[str, Any] = {}
    for name, asked in paths.items():
        till.get(asked[0])
        found[name] = {
            "ms": [milliseconds(lambda path=path: till.get(path)) for path in asked],
            "floor_ms": sql_floor([till.statements(path) for path in asked[:50]]),
        }
    return found


def milliseconds(call: Callable[[], Any]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def sql_floor(recordings: list[list[str]]) -> list[float]:
    """The same statements by the driver alone, on a connection of its own that is in the merchant's schema."""
    import psycopg2

    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    times = []
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO t_cafe, public, extensions")
        for statements in recordings:
            started = time.perf_counter()
            for statement in statements:
                cursor.execute(statement)
            times.append((time.perf_counter() - started) * 1000)
    connection.close()
    return times


def cold_book(till: Till) -> dict[str, Any]:
    """The whole price book as a new till takes it, page by page."""
    pages, size, cursor, started = 0, 0, "", time.perf_counter()
    while True:
        answer = till.get(f"catalog/book?limit={PAGE}{cursor}")
        pages, size = pages + 1, size + len(answer.content)
        following = answer.json().get("next_cursor")
        if following is None:
            break
        cursor = f"&cursor={following}"
    seconds = time.perf_counter() - started
    floor = sum(sql_floor([till.statements(f"catalog/book?limit={PAGE}")])) * pages
    return {"pages": pages, "bytes": size, "seconds": seconds, "floor_seconds": floor / 1000}


def delta(till: Till, samples: int) -> dict[str, list[float]]:
    """One price changes; the till takes what changed. Both in ms."""
    from fynlo.core.tenancy import registry, tenant_context
    from pos.catalog.documents.reading import read_documents
    from pos.catalog.models import Variant
    from pos.catalog.queries.lists import revision
    from pos.catalog.services.documents import save_documents

    changes, deltas = [], []
    for number in range(samples):
        with tenant_context(registry.tenant_by_schema("t_cafe")):
            before = revision()
            key = Variant.objects.get(sku=f"SKU-{number * 7}").item_id
            document = read_documents(kind="item", ids=[key])[key]
            document["variants"][0]["price_minor"] += 1
            changes.append(
                milliseconds(
                    lambda document=document: save_documents(
                        documents=[("item", document)], actor=_system(), at=_now(), cause="benchmark"
                    )
                )
            )
        deltas.append(milliseconds(lambda before=before: till.get(f"catalog/book?after_revision={before}")))
    return {"change_ms": changes, "delta_ms": deltas}


def asked(count: int) -> dict[str, list[str]]:
    """What is searched: names with a wrong letter, SKUs, barcodes."""
    from benchmarks.catalog_files import barcode, misspelled

    numbers = [number * 487 % 99_991 for number in range(count)]
    return {
        "search: a name with a typing error": [
            f"catalog/search?q={misspelled(number)}" for number in numbers
        ],
        "search: a SKU": [f"catalog/search?q=SKU-{number}" for number in numbers],
        "search: a barcode": [f"catalog/search?q={barcode(number // 4 * 4)}" for number in numbers],
    }


def counted(till: Till, sku: str) -> dict[str, int]:
    """Statements of each kind of request; `sku` is there from the beginning."""
    paths = {
        "book, first page": "catalog/book?limit=10",
        "search": f"catalog/search?q={sku}",
        "items, a page": "catalog/items?limit=10",
    }
    return {name: len(till.statements(path)) for name, path in paths.items()}


def measure(wanted: argparse.Namespace) -> dict[str, Any]:
    """All figures, on the servers the environment names."""
    import django

    manage("migrate")
    manage("onboard", "docs/examples/cafe/merchant.yaml")
    django.setup()
    from fynlo.core.tenancy import registry, tenant_context
    from pos.models import Variant

    cafe = registry.tenant_by_schema("t_cafe")
    with tenant_context(cafe):
        till, few = Till(), Variant.objects.count()
        sku = Variant.objects.order_by("sku").values_list("sku", flat=True)[0]
    small = counted(till, sku)
    with tenant_context(cafe):
        found: dict[str, Any] = {"rows": wanted.rows, "broken": wanted.broken, "import": imported(wanted)}
        found["copy_floor_seconds"] = copy_floor()
    analysed()
    found["book"] = cold_book(till)
    found["delta"] = delta(till, 20)
    found["requests"] = request_figures(till, asked(wanted.searches))
    found["statements"] = {"small": few, "at_small": small, "at_large": counted(till, sku)}
    expect("statements per request", found=found["statements"]["at_large"], wanted=small)
    return found


def show(found: dict[str, Any]) -> None:
    """Print the figures as the tables of RESULTS.md."""
    count, done, floor = found["rows"], found["import"], found["copy_floor_seconds"]
    print(f"\n{count} rows, {found['broken']} broken ones all named; peak memory {done['peak_mib']:.0f} MiB;")
    print(
        f"export {done['export_bytes'] / 1e6:.1f} MB (ZIP of CSV), {done['workbook_bytes'] / 1e6:.1f} MB (XLSX)"
    )
    print("| import | seconds | rows per second | against the floor |")
    print("| --- | --- | --- | --- |")
    print(f"| floor: COPY of the rows it makes, same indexes | {floor:.1f} | {count / floor:.0f} | 1 |")
    for name, seconds in done["seconds"].items():
        print(f"| {name} | {seconds:.1f} | {count / seconds:.0f} | {seconds / floor:.1f} × |")
    book = found["book"]
    print(
        f"\ncold book: {book['pages']} pages, {book['bytes'] / 1e6:.1f} MB in {book['seconds']:.1f} s "
        f"(SQL alone {book['floor_seconds']:.1f} s)"
    )
    print("\n| request | p50 | p95 | its SQL alone, p50 |\n| --- | --- | --- | --- |")
    for name, samples in found["requests"].items():
        at, alone = spread(samples["ms"]), spread(samples["floor_ms"])
        print(f"| {name} | {at['p50']:.1f} ms | {at['p95']:.1f} ms | {alone['p50']:.1f} ms |")
    for name, key in (("change one price and publish", "change_ms"), ("take the delta", "delta_ms")):
        at = spread(found["delta"][key])
        print(f"| {name} | {at['p50']:.1f} ms | {at['p95']:.1f} ms | |")
    counts = found["statements"]
    told = ", ".join(f"{name} {number}" for name, number in counts["at_large"].items())
    print(f"\nstatements per request, the same with {counts['small']} and {count} variants: {told}")


def main() -> None:
    """Start servers of our own, measure, print, keep the raw samples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--broken", type=int, default=500)
    parser.add_argument("--searches", type=int, default=200)
    wanted = parser.parse_args()
    facts = machine()
    print_machine(facts)
    with own_servers() as (_services, _folder):
        found = measure(wanted)
        show(found)
    path = write_raw("catalog", {"machine": facts, "command": " ".join(sys.argv), **found})
    print(f"\nraw samples: {path.relative_to(Path(__file__).resolve().parent.parent)}")


if __name__ == "__main__":
    main()
