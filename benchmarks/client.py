"""A load client: posts orders (or asks for one thing) over kept-alive connections and writes latencies down.

Started by `order.py` in a process of its own, so that the server does not share its interpreter. Reads its
job as JSON from standard input and answers with JSON on standard output.
"""

import asyncio
import itertools
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fynlo.core.ids import new_id


def order(till: dict[str, Any], variants: list[str], currency: str) -> bytes:
    """One basket of these things, of every second one two, paid in cash."""
    document = {
        "id": str(new_id()),
        "lines": [
            {"id": str(new_id()), "variant_id": variant, "quantity": quantity}
            for variant, quantity in zip(variants, itertools.cycle(("1", "2")), strict=False)
        ],
        "tenders": [
            {
                "id": str(new_id()),
                "tender_type": "cash",
                "amount": {"amount_minor": 10_000, "currency": currency},
            }
        ],
    }
    body = json.dumps(document).encode()
    head = (
        f"POST /api/v1/orders HTTP/1.1\r\nHost: {till['host']}\r\nAuthorization: Bearer {till['token']}\r\n"
        f"Idempotency-Key: {new_id()}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def asked(job: dict[str, Any], till: dict[str, Any]) -> bytes:
    """The next request of a till: the one that the job names, else a sale."""
    if "get" not in job:
        return order(till, job["variants"], job["currency"])
    head = f"GET {job['get']} HTTP/1.1\r\nHost: {till['host']}\r\nAuthorization: Bearer {till['token']}\r\n"
    return f"{head}If-None-Match: {job['known']}\r\n\r\n".encode()


async def answer(reader: asyncio.StreamReader) -> int:
    """Read one response to its end and return its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, length = int(head[9:12]), 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    await reader.readexactly(length)
    return status


async def sell(
    job: dict[str, Any], till: dict[str, Any], warm: float, until: float
) -> list[tuple[float, int, bool]]:
    """Sell until the end of the run; latencies in ms with their statuses, and whether it was after the warm-up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", job["port"])
    samples = []
    while (started := time.perf_counter()) < until:
        writer.write(asked(job, till))
        await writer.drain()
        status = await answer(reader)
        samples.append(((time.perf_counter() - started) * 1000, status, started >= warm))
    writer.close()
    return samples


async def run(job: dict[str, Any]) -> dict[str, Any]:
    """All clients at once, each at a till of its own as far as there are."""
    begin = time.perf_counter()
    warm, until = begin + job["warm_up"], begin + job["warm_up"] + job["seconds"]
    tills = [job["tills"][index % len(job["tills"])] for index in range(job["clients"])]
    parts = await asyncio.gather(*(sell(job, till, warm, until) for till in tills))
    everything, expected = [sample for part in parts for sample in part], job.get("expected", 201)
    samples = [(latency, status) for latency, status, counts in everything if counts]
    return {
        "seconds": job["seconds"],
        "answered": len(everything),
        "latencies_ms": [round(latency, 3) for latency, status in samples if status == expected],
        "other_statuses": [status for _latency, status in samples if status != expected],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.loads(sys.stdin.read())))))
