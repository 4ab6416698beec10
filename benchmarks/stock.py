"""Stock: sales with recipes beside their floor, a million movements to ask about, an import of 100,000 lines.

    .venv/bin/python benchmarks/stock.py [--parts sale,million,import] [--seconds 10] [--rounds 2]
        [--clients 1,8,32] [--movements 1000000] [--samples 200] [--rows 100000]

Each part runs on servers of its own with durable settings, in a folder that is removed afterwards; what each of
them does stands in `stock_sale.py`, `stock_million.py` and `stock_import.py`. What must be right (no sale failed,
no deadlock, every level the sum of its movements, no recall above a second) stops the run when it is not.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import stock_import, stock_million, stock_sale
from benchmarks.report import ROOT, machine, print_machine, write_raw
from benchmarks.servers import own_servers

PARTS = ("sale", "million", "import")


def sale(wanted: argparse.Namespace) -> tuple[dict[str, Any], Any]:
    """What `stock_sale.py` found, and how to show it."""
    with own_servers() as (services, folder):
        stock_sale.fresh()
        return stock_sale.measure(services, wanted, folder), stock_sale.show


def million(wanted: argparse.Namespace) -> tuple[dict[str, Any], Any]:
    """What `stock_million.py` found, and how to show it."""
    with own_servers() as (services, folder):
        stock_sale.fresh()
        return stock_million.measure(services, wanted, folder), stock_million.show


def imported(wanted: argparse.Namespace) -> tuple[dict[str, Any], Any]:
    """What `stock_import.py` found, and how to show it."""
    with own_servers() as (_services, folder):
        return stock_import.measure(wanted.rows, folder), stock_import.show


def one_part(part: str, wanted: argparse.Namespace) -> None:
    """Measure a part, keep what was measured, print it."""
    facts = machine()
    print_machine(facts)
    found, show = {"sale": sale, "million": million, "import": imported}[part](wanted)
    path = write_raw(f"stock_{part}", {"machine": facts, "command": " ".join(sys.argv), **found})
    show(found)
    print(f"\nraw samples: {path.relative_to(ROOT)}")


def main() -> None:
    """One part after the other, each in a process of its own: Django reads its settings once."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--clients", default="1,8,32")
    parser.add_argument("--movements", type=int, default=1_000_000)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--rows", type=int, default=100_000)
    wanted = parser.parse_args()
    parts = wanted.parts.split(",")
    if len(parts) == 1:
        one_part(parts[0], wanted)
        return
    for part in parts:
        command = [sys.executable, __file__, *sys.argv[1:], "--parts", part]
        if subprocess.run(command, check=False).returncode:
            raise SystemExit(f"{part} failed")


if __name__ == "__main__":
    main()
