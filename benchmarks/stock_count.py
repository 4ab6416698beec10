"""Closing the count of a whole shop while tills go on selling: how long it takes, and how long sales wait for it.

    .venv/bin/python -m benchmarks.stock_count [--lines 5000]

Every line was counted at a moment of its own, and every second one differs. Two tills sell meanwhile: one what is
being counted, one something else. Services are called in process, on a server of its own with durable settings.
"""

import argparse
import datetime as dt
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from benchmarks.report import ROOT, machine, print_machine, write_raw
from benchmarks.servers import own_servers

SOLD = 10
"""Goods that each of the two tills sells in turn."""
PAUSE = 0.05
"""Seconds between two sales of a till: it is the count that is measured, not the till."""
ENTRIES = 500


def stocked(cafe: Any, lines: int, sold: list[Any]) -> list[Any]:
    """Ten pieces of everything, the goods of both tills among it; the keys of what is going to be counted."""
    from fynlo.core import clock
    from fynlo.core.ids import new_id
    from fynlo.core.tenancy import tenant_context
    from fynlo.events.log import unit_of_work
    from pos.inventory.services.movements import StockChange
    from pos.inventory.services.opening import record_opening
    from pos.models import Category, Item, Location, TaxClass, Variant

    at = clock.now() - dt.timedelta(days=1)
    with tenant_context(cafe):
        category, tax = Category.objects.first(), TaxClass.objects.first()
        items = [
            Item(id=new_id(), category=category, tax_class=tax, name=f"Goods {number}", unit="each")
            for number in range(lines - SOLD)
        ]
        Item.objects.bulk_create(items)
        rows = [Variant(item=item, sku=f"COUNTED-{n}", price_minor=100) for n, item in enumerate(items)]
        Variant.objects.bulk_create(rows)
        counted = [row.pk for row in rows] + sold[:SOLD]
        changes = [
            StockChange(variant_id=key, quantity=Decimal(10), value_minor=Decimal(1000))
            for key in [*counted, *sold[SOLD:]]
        ]
        with unit_of_work():
            record_opening(
                location_id=Location.objects.order_by("code").values_list("id", flat=True)[0],
                changes=changes,
                employee_id=None,
                at=at,
                business_date=at.date(),
            )
    return counted


def count_it(cafe: Any, counted: list[Any]) -> tuple[Any, dict[str, float]]:
    """A count of all that, submitted; and the seconds its steps took."""
    from fynlo.core import clock
    from fynlo.core.actors import SYSTEM
    from fynlo.core.ids import new_id
    from fynlo.core.tenancy import tenant_context
    from pos.inventory.count_drafts import CountDraft, CountScope, EntryDraft
    from pos.inventory.services.count_entering import enter
    from pos.inventory.services.count_opening import open_count
    from pos.inventory.services.count_submitting import submit_count
    from pos.models import Location

    took: dict[str, float] = {}
    with tenant_context(cafe):
        location = Location.objects.earliest("code")
        scope = CountScope(variant_ids=tuple(counted))
        draft = CountDraft(kind="spot", location_id=location.pk, scope=scope)
        started = time.perf_counter()
        open_count(draft=draft, actor=SYSTEM, at=clock.now())
        took["open"] = time.perf_counter() - started
        first = clock.now()
        drafts = [
            EntryDraft(
                id=new_id(),
                variant_id=key,
                quantity=Decimal(10 - number % 2),
                counted_at=first + dt.timedelta(milliseconds=number),
            )
            for number, key in enumerate(counted)
        ]
        started = time.perf_counter()
        for number in range(0, len(drafts), ENTRIES):
            enter(count_id=draft.id, drafts=drafts[number : number + ENTRIES], actor=SYSTEM, at=clock.now())
        took["enter"] = time.perf_counter() - started
        started = time.perf_counter()
        submit_count(count_id=draft.id, uncounted="leave", actor=SYSTEM, at=clock.now())
        took["submit"] = time.perf_counter() - started
    return draft.id, took


def selling(
    cafe: Any, keys: list[Any], till: Any, over: threading.Event, failed: list[str]
) -> list[tuple[float, float]]:
    """When each sale of a till began and how many milliseconds it took, until the count is closed."""
    from django.db import OperationalError, connection

    from fynlo.core import clock
    from fynlo.core.actors import Actor
    from fynlo.core.ids import new_id
    from fynlo.core.tenancy import tenant_context
    from pos.orders.drafts import LineDraft, OrderDraft
    from pos.orders.services import place_order

    actor = Actor(kind="device", id=new_id(), name=till.code, device_id=new_id(), register_id=till.pk)
    samples, number = [], 0
    try:
        with tenant_context(cafe):
            while not over.wait(PAUSE):
                line = LineDraft(id=new_id(), variant_id=keys[number % len(keys)], quantity=Decimal(1))
                number += 1
                started = time.perf_counter()
                try:
                    place_order(draft=OrderDraft(id=new_id(), lines=(line,)), actor=actor, at=clock.now())
                except OperationalError as error:
                    failed.append(str(error))
                samples.append((started, (time.perf_counter() - started) * 1000))
    finally:
        connection.close()
    return samples


def closing(cafe: Any, count_id: Any, over: threading.Event) -> tuple[float, float, int]:
    """When closing began, the seconds it took, and its statements; the tills sell a second before and after."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from fynlo.core import clock
    from fynlo.core.actors import SYSTEM
    from fynlo.core.tenancy import tenant_context
    from pos.inventory.services.count_closing import close_count

    time.sleep(1)
    with tenant_context(cafe), CaptureQueriesContext(connection) as seen:
        started = time.perf_counter()
        close_count(count_id=count_id, actor=SYSTEM, at=clock.now())
        took = time.perf_counter() - started
    time.sleep(1)
    over.set()
    return started, took, len(seen)


def measure(wanted: argparse.Namespace) -> dict[str, Any]:
    """Count, close while two tills sell, then look."""
    import django

    django.setup()
    from benchmarks.stock_tills import level_differences, seed

    cafe, keys, tills = seed(argparse.Namespace(tills=2, goods=2 * SOLD))
    sold = keys[3:]
    counted = stocked(cafe, wanted.lines, sold)
    count_id, took = count_it(cafe, counted)
    over = threading.Event()
    failed: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        same = pool.submit(selling, cafe, sold[:SOLD], tills[0], over, failed)
        other = pool.submit(selling, cafe, sold[SOLD:], tills[1], over, failed)
        started, took["close"], statements = closing(cafe, count_id, over)
        found = {"same goods": same.result(), "other goods": other.result()}
    return {
        "lines": wanted.lines,
        "seconds": took,
        "statements": statements,
        "sales_ms": {
            name: {
                "before": [each for at, each in samples if at < started and at + each / 1000 < started],
                "meanwhile": [
                    each
                    for at, each in samples
                    if at < started + took["close"] and at + each / 1000 >= started
                ],
            }
            for name, samples in found.items()
        },
        "failed": failed,
        "level_differences": level_differences(cafe),
    }


def main() -> None:
    """Start servers of our own, measure, print, keep the raw samples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--lines", type=int, default=5000)
    wanted = parser.parse_args()
    facts = machine()
    print_machine(facts)
    with own_servers():
        found = measure(wanted)
    steps = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in found["seconds"].items())
    print(f"\n{found['lines']} lines: {steps}; closing took {found['statements']} statements")
    print("\n| till sells | sales before: longest | sales meanwhile | longest of them |")
    print("| --- | --- | --- | --- |")
    for name, sales in found["sales_ms"].items():
        before, meanwhile = sales["before"], sales["meanwhile"]
        print(f"| {name} | {max(before):.0f} ms | {len(meanwhile)} | {max(meanwhile, default=0):.0f} ms |")
    print(f"\nsales that failed: {len(found['failed'])}; levels not their sums: {found['level_differences']}")
    path = write_raw("stock_count", {"machine": facts, "command": " ".join(sys.argv), **found})
    print(f"raw samples: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
