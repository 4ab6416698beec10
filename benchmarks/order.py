"""Orders per second and their latencies at 1, 8 and 32 clients, beside the floor of the same statements.

    .venv/bin/python benchmarks/order.py [--seconds 10] [--rounds 2] [--clients 1,8,32]

The real thing: durable settings, two daphne processes and the relay as in the demo, the café of the examples,
one `POST /orders` of three lines paid in cash per sample, clients spread over eight registers of one merchant.
The floor is pgbench with the statements one such request sends, recorded beforehand and replayed by the same
number of clients on the same server in the same minutes, floor and application in turns.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.report import ROOT, machine, print_machine, spread, write_raw
from benchmarks.servers import own_servers
from benchmarks.statements import FIRST_NUMBER, recorded, script
from fynlo.demo.programs import environment, listen, metrics_folder, programs
from fynlo.demo.supervisor import supervising
from fynlo.embedded.providers import postgres_programs
from fynlo.embedded.services import Services

REGISTERS = 8
HOST = "cafe.localhost"
WARM_UP = 2


def manage(*arguments: str) -> None:
    """Run a command of the project; its output matters only when it fails."""
    finished = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)}:\n{finished.stdout}{finished.stderr}")


def tills() -> list[dict[str, Any]]:
    """Eight registers of the café, each with a paired till; every register starts at a recognisable number."""
    from fynlo.core import clock
    from fynlo.core.actors import SYSTEM
    from fynlo.core.tenancy import registry, tenant_context
    from pos.models import Location, Register
    from sync.terminals.codes import read_code
    from sync.terminals.services import create_pairing_code, pair_terminal
    from sync.terminals.tokens import PairingRequest

    cafe = registry.tenant_by_schema("t_cafe")
    made = []
    with tenant_context(cafe):
        location = Location.objects.order_by("code").first()
        for index in range(REGISTERS):
            register = Register.objects.create(
                location=location,
                code=f"B{index}",
                name=f"Benchmark {index}",
                last_order_number=FIRST_NUMBER + index * 1_000_000,
            )
            code = create_pairing_code(register_id=register.pk, actor=SYSTEM, at=clock.now())
            request = PairingRequest(code=read_code(str(code.code)), device_name=register.name)
            paired = pair_terminal(request=request, at=clock.now())
            made.append({"host": HOST, "token": str(paired.token)})
    return made


def variants(count: int = 3) -> list[str]:
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
        number = FIRST_NUMBER + index * 1_000_000 + 2
        text = script(recorded(post), recorded(post), number=number)
        path = folder / f"sale-{index}.sql"
        path.write_text(text)
        count = text.count("\n") - 1
        files.append(path)
    return files, count


def pgbench(services: Services, files: list[Path], *, clients: int, seconds: int) -> list[float]:
    """Latencies in ms of the statements alone."""
    program = next(iter(postgres_programs(os.environ))).executable.parent / "pgbench"
    url = urlsplit(services.database_url)
    with tempfile.TemporaryDirectory(prefix="fynlo-pgbench-") as folder:
        command = [
            *(os.fspath(program), "--no-vacuum", "--client", str(clients), "--jobs", str(min(clients, 2))),
            *("--time", str(seconds), "--log", "--log-prefix", f"{folder}/latency"),
            *(part for path in files for part in ("--file", os.fspath(path))),
            *("--host", str(url.hostname), "--port", str(url.port), "--username", str(url.username)),
            url.path.removeprefix("/"),
        ]
        finished = subprocess.run(
            command,
            env={**os.environ, "PGPASSWORD": str(url.password)},
            capture_output=True,
            text=True,
            check=False,
        )
        failed = re.search(r"number of failed transactions: (\d+)", finished.stdout)
        if finished.returncode or (failed and failed.group(1) != "0"):
            raise SystemExit(f"pgbench: {finished.stdout}\n{finished.stderr[:3000]}")
        lines = [line.split() for path in Path(folder).iterdir() for line in path.read_text().splitlines()]
    return [int(line[2]) / 1000 for line in lines]


def load(job: dict[str, Any]) -> dict[str, Any]:
    """What one run of the load client measured."""
    finished = subprocess.run(
        [sys.executable, "benchmarks/client.py"],
        cwd=ROOT,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise SystemExit(f"the load client failed:\n{finished.stderr}")
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


@contextmanager
def serving(services: Services, folder: Path) -> Iterator[int]:
    """Two web processes and the relay on a free port."""
    listener = listen(0)
    port = listener.getsockname()[1]
    variables = environment(services=services, secrets={}, port=port, inherited=dict(os.environ))
    with supervising(environment=variables, folder=ROOT, log_folder=folder, servers=()) as supervisor:
        for program in programs(listener=listener, state_folder=folder, metrics=metrics_folder(folder)):
            if program.name != "worker":
                supervisor.start(program)
        yield port


def measure(services: Services, wanted: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Sales of three things."""
    import django

    manage("migrate")
    manage("onboard", "docs/examples/cafe/merchant.yaml")
    django.setup()
    return in_turns(services, wanted, folder, sold=variants())


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
        for clients in (int(number) for number in wanted.clients.split(",")):
            for _round in range(wanted.rounds):
                alone = pgbench(services, files, clients=clients, seconds=wanted.seconds)
                sold = load(job | {"clients": clients})
                result["runs"].append(
                    {"clients": clients, "seconds": wanted.seconds, "floor_ms": alone, "orders": sold}
                )
                print(f"  {clients} clients: floor {len(alone) / wanted.seconds:.0f}/s", end=", ", flush=True)
                print(f"orders {len(sold['latencies_ms']) / wanted.seconds:.0f}/s", flush=True)
    return result


def show(found: dict[str, Any]) -> None:
    """Print the figures as the table of RESULTS.md; rounds of the same size are added up."""
    print(f"\none sale is {found['statements']} statements, BEGIN and COMMIT included")
    print("| clients | what | per second | p50 | p95 | p99 | of the floor |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for clients in dict.fromkeys(run["clients"] for run in found["runs"]):
        runs = [run for run in found["runs"] if run["clients"] == clients]
        seconds = sum(run["seconds"] for run in runs)
        alone = [sample for run in runs for sample in run["floor_ms"]]
        sold = [sample for run in runs for sample in run["orders"]["latencies_ms"]]
        failed = sum(len(run["orders"]["other_statuses"]) for run in runs)
        for name, samples, ratio in (
            ("floor (pgbench)", alone, "1"),
            ("orders", sold, f"{len(sold) / len(alone):.2f}"),
        ):
            at = spread(samples)
            rate = len(samples) / seconds
            print(
                f"| {clients} | {name} | {rate:.0f} | {at['p50']:.1f} ms | {at['p95']:.1f} ms | "
                f"{at['p99']:.1f} ms | {ratio} |"
            )
        if failed:
            print(f"| {clients} | answers that were not 201 | {failed} | | | | |")


def main() -> None:
    """Start servers of our own, measure, print, keep the raw samples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--clients", default="1,8,32")
    wanted = parser.parse_args()
    facts = machine()
    print_machine(facts)
    with own_servers() as (services, folder):
        found = measure(services, wanted, folder)
    show(found)
    path = write_raw("order", {"machine": facts, "command": " ".join(sys.argv), **found})
    print(f"\nraw samples: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
