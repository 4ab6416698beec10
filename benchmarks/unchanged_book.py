"""A till that asks whether its price book is still the one: what the answer 304 costs.

Beside it stands the floor of what it is spared: the prepared select of the book's first page, by pgbench.
"""

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.processor import seconds_of_children, seconds_of_postgres, used
from benchmarks.report import spread
from benchmarks.servers import load, pgbench, serving
from benchmarks.statements import recorded
from fynlo.embedded.services import Services

BOOK = "/api/v1/catalog/book"
MOST_FLOORS = 4.0
"""Processor time of the answer, web processes and PostgreSQL, in floors."""


def unchanged_book(
    services: Services, wanted: argparse.Namespace, folder: Path, *, till: dict[str, Any]
) -> dict[str, Any]:
    """The floor, then the answers to one till, one after the other."""
    from django.test import Client

    client, answers = Client(HTTP_HOST=till["host"]), []

    def whole() -> None:
        answers.append(client.get(BOOK, headers={"Authorization": f"Bearer {till['token']}"}))

    page = next(text for text in recorded(whole) if "pos_bookentry" in text)
    path = folder / "book.sql"
    path.write_text(" ".join(page.split("\n")).strip() + ";\n")
    options, seconds = ("--protocol", "prepared"), wanted.seconds
    floor_s, alone = used(
        seconds_of_postgres, lambda: pgbench(services, [path], clients=1, seconds=seconds, options=options)
    )
    job = {"get": BOOK, "known": answers[0]["ETag"], "expected": 304, "tills": [till], "clients": 1}
    web = partial(seconds_of_children, running="fynlo.realtime.server")
    with serving(services, folder) as port:
        job |= {"port": port, "warm_up": 2, "seconds": seconds}
        load(job | {"seconds": 1})
        postgres_s, (web_s, asked) = used(seconds_of_postgres, lambda: used(web, lambda: load(job)))
    return {
        "floor_cpu_ms": 1000 * floor_s / len(alone),
        "floor_ms": alone,
        "web_cpu_ms": 1000 * web_s / asked["answered"],
        "postgres_cpu_ms": 1000 * postgres_s / asked["answered"],
        "answers": asked,
    }


def show_book(book: dict[str, Any]) -> None:
    """Print the figures in one line."""
    floor, asked = spread(book["floor_ms"]), spread(book["answers"]["latencies_ms"])
    print(
        f"\nbook answered 304: p50 {asked['p50']:.1f} ms, CPU {book['web_cpu_ms']:.2f} ms web and "
        f"{book['postgres_cpu_ms']:.2f} ms PG; the prepared select of its page: p50 {floor['p50']:.1f} ms, "
        f"CPU {book['floor_cpu_ms']:.2f} ms PG"
    )


def book_bars(book: dict[str, Any]) -> list[tuple[str, bool]]:
    """What has to hold, and whether it does."""
    floors = (book["web_cpu_ms"] + book["postgres_cpu_ms"]) / book["floor_cpu_ms"]
    wrong = len(book["answers"]["other_statuses"])
    return [
        (f"book answered 304: {floors:.1f} floors of CPU, at most {MOST_FLOORS:.0f}", floors <= MOST_FLOORS),
        (f"book: {wrong} answers were not 304, none may", not wrong),
    ]
