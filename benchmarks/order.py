"""A paid order of five lines at 1, 8 and 32 tills, beside the floor of its statements: rate and processor time.

    .venv/bin/python benchmarks/order.py [--seconds 10] [--rounds 2] [--clients 1,8,32]

The real thing: durable settings, two web processes and the relay as in the demo, the café of the examples, one
`POST /orders` of five lines paid in cash per sample, with stock, cash, ledger, journal and feed in its transaction;
tills of one merchant at registers of their own, with open drawers and goods on the shelf. The floor is pgbench with
the statements that one such request sends, recorded beforehand and replayed by as many clients on the same server
in the same minutes, floor and application in turns.

A floor of processor time is what PostgreSQL uses for one transaction of pgbench. What an order uses is what the web
processes and PostgreSQL use for it; the relay's statements are PostgreSQL's work, too. `GET /catalog/book` that is
answered 304 stands beside the prepared select of the page it need not send (`unchanged_book.py`). Ends with status
1 when a bar is missed.
"""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.processor import seconds_of_children, seconds_of_postgres, used
from benchmarks.report import ROOT, machine, print_machine, spread, verdicts, write_raw
from benchmarks.servers import load, manage, own_servers, pgbench, serving
from benchmarks.statements import FIRST_NUMBER, Taken, recorded, script
from benchmarks.unchanged_book import book_bars, show_book, unchanged_book
from fynlo.embedded.services import Services

REGISTERS = 32
LINES = 5
HOST = "cafe.localhost"
WARM_UP = 2
APART = 1_000_000
"""Between the first numbers of two registers, and of two kinds at one: each is recognised in a statement."""
MOST_FLOORS = 8.0
"""Processor time of an order, web processes and PostgreSQL, in floors."""
LEAST_RATE = {1: 1 / 5, 8: 1 / 8, 32: 1 / 8}
"""Orders per transaction of the floor in the same time, by tills."""


def tills(*, registers: int = REGISTERS, prefix: str = "B") -> list[dict[str, Any]]:
    """Registers of the café with open drawers and a till at each; their numbers start where they are recognised."""
    from fynlo.core import clock
    from fynlo.core.actors import SYSTEM
    from fynlo.core.ids import new_id
    from fynlo.core.money import Money
    from fynlo.core.tenancy import registry, tenant_context
    from pos.models import Location, Register
    from pos.registers.services import open_session
    from sync.terminals.codes import read_code
    from sync.terminals.services import create_pairing_code, pair_terminal
    from sync.terminals.tokens import PairingRequest

    made = []
    with tenant_context(registry.tenant_by_schema("t_cafe")):
        location = Location.objects.order_by("code").first()
        for index in range(registers):
            first = first_numbers(index)
            register = Register.objects.create(
                location=location,
                code=f"{prefix}{index}",
                name=f"Benchmark {index}",
                last_order_number=first.order,
                last_receipt_number=first.receipt,
                last_journal_position=first.position,
            )
            open_session(
                register_id=register.pk,
                session_id=new_id(),
                opening_float=Money(0, "EUR"),
                actor=SYSTEM,
                at=clock.now(),
            )
            code = create_pairing_code(register_id=register.pk, actor=SYSTEM, at=clock.now())
            request = PairingRequest(code=read_code(str(code.code)), device_name=register.name)
            paired = pair_terminal(request=request, at=clock.now())
            made.append({"host": HOST, "token": str(paired.token), "register_id": str(register.pk)})
    return made


def first_numbers(index: int) -> Taken:
    """Where the counters of register number `index` start."""
    first = FIRST_NUMBER + index * 3 * APART
    return Taken(order=first, receipt=first + APART, position=first + 2 * APART)


def stocked(keys: list[str]) -> None:
    """Goods on the shelf for all that is sold, at a cost, so that no sale has something odd about it."""
    from decimal import Decimal
    from uuid import UUID

    from fynlo.core import clock
    from fynlo.core.tenancy import registry, tenant_context
    from fynlo.events.log import unit_of_work
    from pos.inventory.services import StockChange, record_opening
    from pos.models import Location

    at = clock.now()
    many = Decimal(10_000_000)
    with tenant_context(registry.tenant_by_schema("t_cafe")), unit_of_work():
        place = Location.objects.order_by("code").first()
        changes = [StockChange(variant_id=UUID(key), quantity=many, value_minor=many * 120) for key in keys]
        record_opening(
            location_id=place.pk, changes=changes, employee_id=None, at=at, business_date=at.date()
        )


def variants(count: int = LINES) -> list[str]:
    """So many things the café sells by the piece."""
    from fynlo.core.tenancy import registry, tenant_context
    from pos.models import Variant

    with tenant_context(registry.tenant_by_schema("t_cafe")):
        rows = Variant.objects.filter(is_active=True, item__unit="each").order_by("sku")[:count]
        return [str(row.pk) for row in rows]


def floor_scripts(folder: Path, places: list[dict[str, Any]], job: dict[str, Any]) -> tuple[list[Path], int]:
    """One pgbench script per register, and how many statements a sale is."""
    from django.test import Client

    from benchmarks.client import order

    files, count = [], 0
    client = Client(HTTP_HOST=HOST)
    for index, till in enumerate(places):

        def post(till: dict[str, Any] = till) -> None:
            head, _, body = order(till, job["variants"], job["currency"]).partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
            answer = client.post(
                "/api/v1/orders",
                data=body,
                content_type="application/json",
                headers={key: headers[key] for key in ("Authorization", "Idempotency-Key")},
            )
            if answer.status_code != 201:
                raise SystemExit(f"a sale was answered {answer.status_code}: {answer.content!r}")

        post()
        before = counters(till["register_id"])
        one, other = recorded(post), recorded(post)
        taken = Taken(order=before.order + 1, receipt=before.receipt + 1, position=before.position + 1)
        text = script(one, other, taken=taken)
        path = folder / f"sale-{index}.sql"
        path.write_text(text)
        count = text.count("\n") - 1
        files.append(path)
    return files, count


def counters(register_id: str) -> Taken:
    """Where a register's counters stand."""
    from fynlo.core.tenancy import registry, tenant_context
    from pos.models import Register

    with tenant_context(registry.tenant_by_schema("t_cafe")):
        register = Register.objects.get(pk=register_id)
    return Taken(
        order=register.last_order_number,
        receipt=register.last_receipt_number,
        position=register.last_journal_position,
    )


def measure(services: Services, wanted: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Sales of five things that are there."""
    import django

    manage("migrate")
    manage("onboard", "docs/examples/cafe/merchant.yaml")
    django.setup()
    sold = variants()
    stocked(sold)
    found = in_turns(services, wanted, folder, sold=sold)
    till = tills(registers=1, prefix="Q")[0]
    return found | {"book": unchanged_book(services, wanted, folder, till=till)}


def in_turns(
    services: Services, wanted: argparse.Namespace, folder: Path, *, sold: list[str]
) -> dict[str, Any]:
    """Floor and application in turns, for each number of clients; `sold` are the variants of each sale."""
    job: dict[str, Any] = {"variants": sold, "currency": "EUR", "warm_up": WARM_UP}
    places = tills()
    files, statements = floor_scripts(folder, places, job)
    result: dict[str, Any] = {"statements": statements, "runs": []}
    with serving(services, folder) as port:
        job |= {"port": port, "tills": places, "seconds": wanted.seconds}
        load(job | {"clients": 8, "seconds": 3})
        for clients in (int(number) for number in wanted.clients.split(",") if number):
            for _round in range(wanted.rounds):
                run = one_turn(services, files, job | {"clients": clients})
                result["runs"].append(run)
                print(f"  {clients} tills: floor {len(run['floor_ms']) / wanted.seconds:.0f}/s", end=", ")
                print(f"orders {len(run['orders']['latencies_ms']) / wanted.seconds:.0f}/s", flush=True)
    return result


def one_turn(services: Services, files: list[Path], job: dict[str, Any]) -> dict[str, Any]:
    """The floor, then the application, each with what it used of the processor per transaction."""
    clients, seconds = job["clients"], job["seconds"]
    floor_s, alone = used(
        seconds_of_postgres, lambda: pgbench(services, files, clients=clients, seconds=seconds)
    )
    web = partial(seconds_of_children, running="fynlo.realtime.server")
    postgres_s, (web_s, sold) = used(seconds_of_postgres, lambda: used(web, lambda: load(job)))
    answered = sold["answered"]
    return {
        "clients": clients,
        "seconds": seconds,
        "floor_ms": alone,
        "floor_cpu_ms": 1000 * floor_s / len(alone),
        "web_cpu_ms": 1000 * web_s / answered,
        "postgres_cpu_ms": 1000 * postgres_s / answered,
        "orders": sold,
    }


def show(found: dict[str, Any]) -> None:
    """Print the figures as the table of RESULTS.md; rounds of the same size are put together."""
    print(f"\none sale is {found['statements']} statements, BEGIN and COMMIT included")
    print("| tills | what | per second | p50 | p95 | p99 | of the floor | CPU per order | in floors |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for clients, size in sizes(found).items():
        floor, sold = size["floor"], size["orders"]
        print(
            f"| {clients} | floor (pgbench) | {size['floor_rate']:.0f} | {floor['p50']:.1f} ms | "
            f"{floor['p95']:.1f} ms | {floor['p99']:.1f} ms | 1 | {size['floor_cpu_ms']:.2f} ms PG | 1 |"
        )
        print(
            f"| {clients} | orders | {size['rate']:.0f} | {sold['p50']:.1f} ms | {sold['p95']:.1f} ms | "
            f"{sold['p99']:.1f} ms | {size['of_floor']:.2f} | {size['web_cpu_ms']:.2f} ms web, "
            f"{size['postgres_cpu_ms']:.2f} ms PG | {size['floors']:.1f} |"
        )

    if "book" in found:
        show_book(found["book"])


def sizes(found: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """What was measured with each number of tills, rounds put together."""
    sizes: dict[int, dict[str, Any]] = {}
    for clients in dict.fromkeys(run["clients"] for run in found["runs"]):
        runs = [run for run in found["runs"] if run["clients"] == clients]
        seconds = sum(run["seconds"] for run in runs)
        alone = [sample for run in runs for sample in run["floor_ms"]]
        sold = [sample for run in runs for sample in run["orders"]["latencies_ms"]]
        means = {
            name: sum(run[name] for run in runs) / len(runs)
            for name in ("floor_cpu_ms", "web_cpu_ms", "postgres_cpu_ms")
        }
        sizes[clients] = {
            "floor": spread(alone),
            "orders": spread(sold),
            "floor_rate": len(alone) / seconds,
            "rate": len(sold) / seconds,
            "of_floor": len(sold) / len(alone),
            "failed": sum(len(run["orders"]["other_statuses"]) for run in runs),
            "floors": (means["web_cpu_ms"] + means["postgres_cpu_ms"]) / means["floor_cpu_ms"],
            **means,
        }
    return sizes


def bars(found: dict[str, Any]) -> list[tuple[str, bool]]:
    """What has to hold, and whether it does."""
    measured = sizes(found)
    held = []
    for clients, size in measured.items():
        text = f"{clients} tills: {size['floors']:.1f} floors of CPU per order, at most {MOST_FLOORS:.0f}"
        held.append((text, size["floors"] <= MOST_FLOORS))
        if clients in LEAST_RATE:
            least = LEAST_RATE[clients]
            text = f"{clients} tills: {size['of_floor']:.2f} of the floor's rate, at least {least:.3f}"
            held.append((text, size["of_floor"] >= least))
        held.append((f"{clients} tills: {size['failed']} orders failed, none may", not size["failed"]))
    if {8, 32} <= measured.keys():
        few, many = measured[8]["rate"], measured[32]["rate"]
        text = f"{many:.0f} orders a second at 32 tills, {few:.0f} at 8: not falling (5 % is noise)"
        held.append((text, many >= 0.95 * few))
    return held + (book_bars(found["book"]) if "book" in found else [])


def main() -> None:
    """Start servers of our own, measure, print, keep the raw samples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--clients", default="1,8,32", help="of orders; empty: only the unchanged book")
    wanted = parser.parse_args()
    facts = machine()
    print_machine(facts)
    with own_servers() as (services, folder):
        found = measure(services, wanted, folder)
    show(found)
    path = write_raw("order", {"machine": facts, "command": " ".join(sys.argv), **found})
    print(f"\nraw samples: {path.relative_to(ROOT)}")
    sys.exit(verdicts(bars(found)))


if __name__ == "__main__":
    main()
