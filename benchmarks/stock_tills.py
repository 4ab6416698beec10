"""Tills that sell the same few goods for a minute: how many sales, how long each took, and that none failed.

    .venv/bin/python -m benchmarks.stock_tills [--seconds 60] [--tills 25] [--goods 20]

Every basket has dishes and goods of the same twenty in a random order, so every sale wants levels that others want.
Services are called in process, a thread and a connection per till, on a server of its own with durable settings.
Deadlocks are counted by the server; a sale that was tried again counts as one.
"""

import argparse
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from benchmarks.report import ROOT, machine, print_machine, spread, write_raw
from benchmarks.servers import own_servers

BASKET = 8


def seed(wanted: argparse.Namespace) -> tuple[Any, list[Any], list[Any]]:
    """The café with a register per till and an item of as many variants as there are goods; three are dishes."""
    from benchmarks.order import manage
    from fynlo.core.tenancy import registry, tenant_context

    manage("migrate")
    manage("onboard", "docs/examples/cafe/merchant.yaml")
    cafe = registry.tenant_by_schema("t_cafe")
    with tenant_context(cafe):
        from fynlo.core import clock
        from fynlo.core.actors import SYSTEM
        from pos.catalog.services.documents import save_documents
        from pos.models import Item, Location, RecipeNeed, Register, Variant
        from tests.pos.catalog.documents import sheets

        location = Location.objects.order_by("code").first()
        tills = [
            Register.objects.create(location=location, code=f"B{number}", name=f"Benchmark {number}")
            for number in range(wanted.tills)
        ]
        like = Item.objects.select_related("tax_class").filter(unit="each").order_by("id").first()
        sheet = sheets.item(
            "Shared",
            *(sheets.variant(f"SHARED{n}", name=f"Kind {n}") for n in range(wanted.goods + 3)),
            category_id=str(like.category_id),
            tax_class=like.tax_class.code,
        )
        save_documents(documents=[("item", sheet)], actor=SYSTEM, at=clock.now(), cause="benchmark")
        keys = list(Variant.objects.filter(item_id=sheet["id"]).order_by("id").values_list("id", flat=True))
        dishes, goods = keys[:3], keys[3:]
        RecipeNeed.objects.bulk_create(
            RecipeNeed(owner_id=dish, effect="add", ingredient_id=key, numerator=1, denominator=8)
            for dish in dishes
            for key in goods[:BASKET]
        )
    return cafe, keys, tills


def selling(
    cafe: Any, keys: list[Any], till: Any, until: float, number: int
) -> tuple[list[float], list[str]]:
    """Milliseconds of each sale of a till until the time is over, and what went wrong."""
    from django.db import connection

    from fynlo.core import clock
    from fynlo.core.actors import Actor
    from fynlo.core.ids import new_id
    from fynlo.core.tenancy import tenant_context
    from pos.orders.drafts import LineDraft, OrderDraft
    from pos.orders.services import place_order

    actor = Actor(kind="device", id=new_id(), name=till.code, device_id=new_id(), register_id=till.pk)
    chance, samples, wrong = random.Random(number), [], []
    try:
        with tenant_context(cafe):
            while time.perf_counter() < until:
                chosen = chance.sample(keys, BASKET)
                lines = tuple(LineDraft(id=new_id(), variant_id=key, quantity=Decimal(1)) for key in chosen)
                started = time.perf_counter()
                try:
                    place_order(draft=OrderDraft(id=new_id(), lines=lines), actor=actor, at=clock.now())
                except Exception as error:  # noqa: BLE001  a figure of this benchmark
                    wrong.append(f"{type(error).__name__}: {error}")
                samples.append((time.perf_counter() - started) * 1000)
    finally:
        connection.close()
    return samples, wrong


def deadlocks() -> int:
    """How many the server has counted in this database."""
    from django.db import connection

    from fynlo.core.tenancy import platform_context

    with platform_context(), connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        (count,) = cursor.fetchone()
    return int(count)


def level_differences(cafe: Any) -> int:
    """How many levels are not the sums of their movements."""
    from fynlo.core.tenancy import tenant_context
    from pos.inventory.queries.audit import differences

    with tenant_context(cafe):
        return len(differences())


def measure(wanted: argparse.Namespace) -> dict[str, Any]:
    """Sell, then look."""
    import django

    django.setup()
    cafe, keys, tills = seed(wanted)
    barrier = threading.Barrier(len(tills))

    def run(number: int, till: Any) -> tuple[list[float], list[str]]:
        barrier.wait()
        return selling(cafe, keys, till, time.perf_counter() + wanted.seconds, number)

    with ThreadPoolExecutor(len(tills)) as pool:
        done = list(pool.map(run, range(len(tills)), tills))
    return {
        "tills": len(tills),
        "goods": wanted.goods,
        "seconds": wanted.seconds,
        "latencies_ms": [sample for samples, _ in done for sample in samples],
        "failed": [text for _, wrong in done for text in wrong],
        "deadlocks": deadlocks(),
        "level_differences": level_differences(cafe),
    }


def main() -> None:
    """Start servers of our own, measure, print, keep the raw samples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--tills", type=int, default=25)
    parser.add_argument("--goods", type=int, default=20)
    wanted = parser.parse_args()
    facts = machine()
    print_machine(facts)
    with own_servers() as (_services, _folder):
        found = measure(wanted)
    at = spread(found["latencies_ms"])
    print(
        "\n| tills | goods | sales | per second | p50 | p95 | p99 | failed | deadlocks | levels that differ |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    count = len(found["latencies_ms"])
    print(
        f"| {found['tills']} | {found['goods']} | {count} | {count / wanted.seconds:.0f} | {at['p50']:.1f} ms | "
        f"{at['p95']:.1f} ms | {at['p99']:.1f} ms | {len(found['failed'])} | {found['deadlocks']} | "
        f"{found['level_differences']} |"
    )
    for text in found["failed"][:5]:
        print(text)
    path = write_raw("stock_tills", {"machine": facts, "command": " ".join(sys.argv), **found})
    print(f"\nraw samples: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
