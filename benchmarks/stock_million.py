"""A million movements: what a shopkeeper asks of them, over HTTP and by its SQL alone.

The rows are made by the server (`stock_made.py`) and must be right: `manage.py audit_stock` finds no difference,
and settling streams anew corrects nothing. Then each question is asked of two web processes over a kept-alive
connection; its SQL, recorded from one request, is sent again by the driver alone; and its plan is looked at:
`reads` is the largest number of movements one statement of it touches.
"""

import argparse
import http.client
import json
import os
import time
from pathlib import Path
from typing import Any

from benchmarks.order import HOST, manage, serving
from benchmarks.report import spread
from benchmarks.stock_made import DAYS, VARIANTS, make
from benchmarks.stock_plans import movements_read
from fynlo.embedded.services import Services

SCHEMA = "t_cafe"
RECALL_BAR_MS = 1_000
"""What the issue asks: who bought a lot, in less than a second."""
RECORDED = 20
"""Requests of each kind whose SQL is sent again by the driver alone."""


def goods() -> None:
    """Two thousand variants, two hundred more that are made of every tenth of them, and a second location."""
    from fynlo.core.ids import new_id
    from pos.catalog.models import Category, Item, TaxClass, Variant
    from pos.models import Location, Register

    first = Location.objects.order_by("code").first()
    second = Location.objects.create(
        code="zweite", name="Zweite", address=[], time_zone=first.time_zone, cut_off=first.cut_off
    )
    Register.objects.create(location=second, code="Z1", name="Z1")
    category, tax = Category.objects.first(), TaxClass.objects.first()
    items = [
        Item(id=new_id(), category=category, tax_class=tax, name=f"Made {number}", unit="each")
        for number in range(VARIANTS + VARIANTS // 10)
    ]
    Item.objects.bulk_create(items)
    Variant.objects.bulk_create(
        Variant(item=item, sku=f"MADE-{number}", price_minor=100) for number, item in enumerate(items)
    )


def checked() -> dict[str, Any]:
    """Alerts as the nightly sweep raises them, the audit, and streams settled anew: nothing to correct."""
    from fynlo.core import clock
    from fynlo.events.log import unit_of_work
    from pos.inventory.models import StockAlert, StockLevel
    from pos.inventory.services.alerts import watch_all
    from pos.inventory.services.settling import settle_all

    started = time.perf_counter()
    for _changed in watch_all(at=clock.now()):
        pass
    swept = time.perf_counter() - started
    manage("audit_stock", "cafe")
    some = StockLevel.objects.filter(
        variant__sku__in=["MADE-0", "MADE-1", "MADE-30", "MADE-1999", "MADE-2003"]
    )
    with unit_of_work():
        some.update(settle_from=clock.now().replace(year=clock.now().year - 1))
    started = time.perf_counter()
    corrections = sum(done.corrections for done in settle_all(at=clock.now()))
    if corrections or StockLevel.objects.filter(settle_from__isnull=False).exists():
        raise SystemExit(f"settling what was made corrected {corrections} movements")
    return {
        "alerts": StockAlert.objects.count(),
        "sweep_seconds": swept,
        "settle_seconds": time.perf_counter() - started,
        "settled_movements": sum(level.variant.stock_movements.count() for level in some) // 2,
    }


class Questions:
    """The paths that are asked, from keys of what was made."""

    def __init__(self) -> None:
        from pos.models import Location, Variant

        self.keys = dict(Variant.objects.filter(sku__startswith="MADE-").values_list("sku", "pk"))
        self.shops = list(Location.objects.order_by("code").values_list("pk", flat=True))

    def variant(self, number: int) -> Any:
        """The key of a variant by its number."""
        return self.keys[f"MADE-{number}"]

    def days(self, number: int) -> str:
        """A day of the year, and the one after."""
        import datetime as dt

        since = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=5 + number * 37 % (DAYS - 10))
        return f"since={since}&until={since + dt.timedelta(days=1)}"

    def paths(self, samples: int) -> dict[str, list[str]]:
        """Each kind of question with as many paths; what takes long is asked less often."""
        numbers, few = range(samples), range(max(samples // 4, 5))
        shop = lambda number: self.shops[number % 2]  # noqa: E731
        day = lambda number: self.days(number).split("&")[0].removeprefix("since=")  # noqa: E731
        some = lambda number: number * 487 % VARIANTS  # noqa: E731
        return {
            "levels, a page of a location": [f"stock-levels?location_id={shop(n)}" for n in numbers],
            "levels, the low ones": [f"stock-levels?state=low&location_id={shop(n)}" for n in numbers],
            "levels by part of a name": [f"stock-levels?search=made%20{some(n)}" for n in numbers],
            "level of one variant": [f"stock-levels?variant_id={self.variant(some(n))}" for n in numbers],
            "card, 350 movements": [f"stock-cards/{self.variant(21 + some(n) % 1900)}" for n in numbers],
            "card, 10,000 movements": [f"stock-cards/{self.variant(1 + n % 20)}" for n in numbers],
            "card, 100,000 movements": [
                f"stock-cards/{self.variant(0)}?{self.days(n).split('&')[0]}" for n in few
            ],
            "recall of a lot": [
                f"stock-recalls?variant_id={self.variant(10 * (3 + n % 190))}&lot=L{n % 2}-0" for n in numbers
            ],
            "recall of a lot of 10,000, first page": [
                f"stock-recalls?variant_id={self.variant(0)}&lot=L{n % 2}-{n % 4}" for n in numbers
            ],
            "recall, 10,000 movements and 200 lots made of it": [
                f"stock-recalls?variant_id={self.variant(0)}&lot=L{n % 2}-{n % 4}&limit=10000" for n in few
            ],
            "valuation now": [f"stock-valuation?location_id={shop(n)}" for n in numbers],
            "valuation at a past date": [f"stock-valuation?date={day(n)}&location_id={shop(n)}" for n in few],
            "valuation at a past date, both locations": [f"stock-valuation?date={day(n)}" for n in few],
            "movements of a variant": [
                f"stock-movements?variant_id={self.variant(some(n))}" for n in numbers
            ],
            "movements of a day": [f"stock-movements?{self.days(n)}" for n in numbers],
            "wastes of a day at a location": [
                f"stock-movements?kind=waste&location_id={shop(n)}&{self.days(n)}" for n in numbers
            ],
            "movements of a lot's variant, wastes": [
                f"stock-movements?kind=waste&variant_id={self.variant(some(n))}" for n in numbers
            ],
            "alerts, open": ["stock-alerts?open=true" for _ in numbers],
            "alerts of a kind at a location": [
                f"stock-alerts?kind=low&open=true&location_id={shop(n)}" for n in numbers
            ],
            "lots that expire": [f"stock-lots?state=in&expires_before={day(n)}" for n in numbers],
        }


def over_http(port: int, headers: dict[str, str], paths: list[str]) -> list[float]:
    """Milliseconds of each request on a kept-alive connection; each must be answered 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    samples = []
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", f"/api/v1/{path}", headers={"Host": HOST, **headers})
        answer = connection.getresponse()
        body = answer.read()
        samples.append((time.perf_counter() - started) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{path} was answered {answer.status}: {body[:300]!r}")
    connection.close()
    return samples


def figures(port: int, headers: dict[str, str], asked: dict[str, list[str]]) -> dict[str, Any]:
    """For each kind of question: over HTTP, its SQL alone, how many statements and what they read."""
    from django.test import Client

    from benchmarks.catalog import sql_floor
    from benchmarks.statements import recorded
    from fynlo.core.tenancy import leave

    client, found = Client(HTTP_HOST=HOST), {}
    for name, paths in asked.items():
        leave()
        over_http(port, headers, paths[:2])
        sent = [
            recorded(lambda path=path: client.get(f"/api/v1/{path}", headers=headers))
            for path in paths[:RECORDED]
        ]
        found[name] = {
            "ms": over_http(port, headers, paths),
            "floor_ms": sql_floor(sent * max(len(paths) // len(sent), 1)),
            "statements": len(sent[0]),
            **movements_read(sent[1], schema=SCHEMA),
        }
        print(f"  {name}: {spread(found[name]['ms'])['p95']:.1f} ms", flush=True)
    return found


def measure(services: Services, wanted: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Make it, check it, ask it."""
    from fynlo.core.tenancy import registry, tenant_context
    from tests.factories.tills import paired_till, signed_in

    cafe = registry.tenant_by_schema(SCHEMA)
    with tenant_context(cafe):
        goods()
    started = time.perf_counter()
    rows = make(owner_url=os.environ["DATABASE_OWNER_URL"], schema=SCHEMA, total=wanted.movements)
    made_seconds = time.perf_counter() - started
    print(f"  made in {made_seconds:.0f} s: {json.dumps(rows)}", flush=True)
    with tenant_context(cafe):
        right = checked()
        asked = Questions().paths(wanted.samples)
    headers = signed_in(cafe, paired_till(cafe), role="manager")
    with serving(services, folder) as port:
        found = figures(port, headers, asked)
    return {"made_seconds": made_seconds, "rows": rows, **right, "questions": found}


def show(found: dict[str, Any]) -> None:
    """The table of RESULTS.md. Stops when a recall took a second or more."""
    rows = ", ".join(f"{count:,} {table}" for table, count in found["rows"].items())
    print(f"\n{rows}; {found['alerts']:,} alerts; audit_stock: 0 differences")
    print(
        f"sweep of alerts {found['sweep_seconds']:.1f} s; settling {found['settled_movements']:,} movements anew "
        f"{found['settle_seconds']:.1f} s, nothing to correct"
    )
    print("| question | p50 | p95 | p99 | its SQL alone, p50 | p95 | p99 | statements | movements read |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    slow = []
    for name, each in found["questions"].items():
        at, alone = spread(each["ms"]), spread(each["floor_ms"])
        cells = [f"{times[cut]:.1f} ms" for times in (at, alone) for cut in ("p50", "p95", "p99")]
        print(f"| {name} | {' | '.join(cells)} | {each['statements']} | {each['reads']:,} |")
        if name.startswith("recall") and at["max"] >= RECALL_BAR_MS:
            slow.append(name)
    if slow:
        raise SystemExit(f"a second or more: {', '.join(slow)}")
