"""Closing a drawer behind 100 orders and behind 10,000: how long the request takes, and how much longer.

    .venv/bin/python benchmarks/close.py [--orders 10000] [--rounds 5]

One register sells through the service that tills call, baskets of three things paid in cash; what it sold is
copied (`close_made.py`) as often as it takes, because a drawer closes only once. Every round opens a drawer by
HTTP, puts the sales into it, asks for its X report and closes it with the sum that should be in it. Beside it is
a closing behind no sale at all: what the request, the Z's own row and the journal cost in any case.

Bars: a closing behind 10,000 orders takes less than a second, and less than three times one behind 100.
"""

import argparse
import http.client
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.close_made import SOLD, copy_sales, sell
from benchmarks.order import HOST, manage, serving
from benchmarks.report import ROOT, machine, print_machine, spread, write_raw
from benchmarks.servers import own_servers
from fynlo.embedded.services import Services

FEW: Final = 100
FLOAT_MINOR: Final = 100_00
SECOND_MS: Final = 1_000
TIMES: Final = 3
"""Bars: a closing behind many orders takes less than a second, and less than three times one behind few."""


class Till:
    """A paired till, over one kept-alive connection."""

    def __init__(self, *, port: int, register_id: UUID) -> None:
        from fynlo.core import clock
        from fynlo.core.actors import SYSTEM
        from sync.terminals.codes import read_code
        from sync.terminals.services import create_pairing_code, pair_terminal
        from sync.terminals.tokens import PairingRequest

        code = create_pairing_code(register_id=register_id, actor=SYSTEM, at=clock.now())
        request = PairingRequest(code=read_code(str(code.code)), device_name="benchmark")
        token = str(pair_terminal(request=request, at=clock.now()).token)
        self._wire = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Host": HOST, "Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None) -> tuple[dict[str, Any], float]:
        """The answer as JSON, and how many milliseconds it took. Any status but success ends the benchmark."""
        from fynlo.core.ids import new_id

        text = None if body is None else json.dumps(body)
        started = time.perf_counter()
        headers = {**self._headers, "Idempotency-Key": str(new_id())}
        self._wire.request(method, f"/api/v1{path}", body=text, headers=headers)
        answer = self._wire.getresponse()
        content = answer.read()
        taken = (time.perf_counter() - started) * 1000
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            raise SystemExit(f"{method} {path} was answered {answer.status}: {content[:2000]!r}")
        return json.loads(content), taken


def register(*, code: str) -> UUID:
    """A register of the café, with a drawer of its own."""
    from fynlo.core import clock
    from fynlo.core.actors import SYSTEM
    from fynlo.core.ids import new_id
    from pos.models import Location
    from pos.registers.places import RegisterDraft, save_register

    location = Location.objects.order_by("code").values_list("pk", flat=True)[0]
    draft = RegisterDraft(
        id=new_id(), location_id=location, code=code, name=f"Benchmark {code}", is_active=True
    )
    save_register(draft=draft, actor=SYSTEM, at=clock.now())
    return draft.id


def closing(till: Till, *, register_id: UUID, sales: "Sales | None", owner_url: str) -> dict[str, float]:
    """A drawer opened, filled and closed; milliseconds of the X report and of closing."""
    from fynlo.core.ids import new_id

    opening = {"id": str(new_id()), "opening_float": {"amount_minor": FLOAT_MINOR, "currency": "EUR"}}
    session, _ = till.ask("POST", f"/registers/{register_id}/sessions", opening)
    taken = 0 if sales is None else sales.into(UUID(session["id"]), register_id, owner_url)
    _, report_ms = till.ask("GET", f"/registers/{register_id}/x-report")
    counted = {"counted": {"amount_minor": FLOAT_MINOR + taken, "currency": "EUR"}}
    closed, close_ms = till.ask("POST", f"/cash-sessions/{session['id']}/close", counted)
    if closed["variance"]["amount_minor"] != 0:
        raise SystemExit(f"the drawer of {sales} was closed with {closed['variance']} over or short")
    return {"x_report_ms": report_ms, "close_ms": close_ms}


class Sales:
    """So many orders of one register that were sold once, to be put into one drawer after the other."""

    def __init__(self, *, count: int, seller: UUID) -> None:
        self.count, self._seller = count, seller

    def __str__(self) -> str:
        return f"{self.count} orders"

    def into(self, session_id: UUID, register_id: UUID, owner_url: str) -> int:
        """Copy them to this register and drawer; the cash that came in."""
        return copy_sales(
            owner_url=owner_url,
            seller=self._seller,
            count=self.count,
            register_id=register_id,
            session_id=session_id,
        )


def measure(services: Services, wanted: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Sell once, then close in turns: behind nothing, behind a few, behind many."""
    import django

    manage("migrate")
    manage("onboard", "docs/examples/cafe/merchant.yaml")
    django.setup()
    from fynlo.core.tenancy import registry, tenant_context

    cafe = registry.tenant_by_schema("t_cafe")
    owner_url = os.environ["DATABASE_OWNER_URL"]
    with tenant_context(cafe), serving(services, folder) as port:
        seller = register(code="SELLER")
        started = time.perf_counter()
        sell(register_id=seller)
        seconds = time.perf_counter() - started
        print(f"  {SOLD:,} orders sold in {seconds:.0f} s", flush=True)
        found: dict[str, list[dict[str, float]]] = {}
        for name, sales in _turns(wanted, seller):
            place = register(code=f"C{len(found.get(name, ()))}-{name.split()[0].replace(',', '')}")
            till = Till(port=port, register_id=place)
            one = closing(till, register_id=place, sales=sales, owner_url=owner_url)
            found.setdefault(name, []).append(one)
            print(f"  {name}: X {one['x_report_ms']:.0f} ms, closing {one['close_ms']:.0f} ms", flush=True)
    return {"sold": SOLD, "orders": wanted.orders, "sold_seconds": seconds, "closings": found}


def _turns(wanted: argparse.Namespace, seller: UUID) -> Iterator[tuple[str, Sales | None]]:
    for number in range(wanted.rounds + 1):
        name_and_sales: list[tuple[str, Sales | None]] = [
            ("no order", None),
            (f"{FEW} orders", Sales(count=FEW, seller=seller)),
            (f"{wanted.orders:,} orders", Sales(count=wanted.orders, seller=seller)),
        ]
        if number:
            yield from name_and_sales
        else:  # two processes compile and connect
            yield from (("warm up", sales) for _, sales in name_and_sales[:2] * 2)


def show(found: dict[str, Any]) -> None:
    """The table of RESULTS.md and the verdict. Ends with 1 when a bar is missed."""
    closings = {name: taken for name, taken in found["closings"].items() if name != "warm up"}
    print("\n| behind | closing, p50 | the slowest | X report, p50 | the slowest |")
    print("| --- | --- | --- | --- | --- |")
    at = {}
    for name, taken in closings.items():
        at[name] = spread([one["close_ms"] for one in taken])
        report = spread([one["x_report_ms"] for one in taken])
        cells = [f"{times[cut]:.0f} ms" for times in (at[name], report) for cut in ("p50", "max")]
        print(f"| {name} | {' | '.join(cells)} |")
    _, few, many = at.values()
    ratio = many["p50"] / few["p50"]
    missed = [
        text
        for text, is_missed in (
            (f"a closing took {many['max']:.0f} ms", many["max"] >= SECOND_MS),
            (f"{ratio:.2f} times the time of {FEW} orders", ratio >= TIMES),
        )
        if is_missed
    ]
    print(f"\n{ratio:.2f} times as long (bar {TIMES}); slowest {many['max']:.0f} ms (bar {SECOND_MS} ms)")
    print(f"verdict: {'; '.join(missed) if missed else 'both bars held'}")
    found["ratio"], found["missed"] = ratio, missed


def main() -> None:
    """Start servers of our own, measure, print, keep the raw samples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    facts = machine()
    print_machine(facts)
    with own_servers() as (services, folder):
        found = measure(services, wanted, folder)
    show(found)
    path = write_raw("close", {"machine": facts, "command": " ".join(sys.argv), **found})
    print(f"\nraw samples: {path.relative_to(ROOT)}")
    sys.exit(1 if found["missed"] else 0)


if __name__ == "__main__":
    main()
