"""Our workbooks against a library's: the same rows read and written by both, each in a process of its own.

    .venv/bin/python -m benchmarks.workbooks --rows 20000

CPU seconds of the work alone, and by how many MiB the process grew at its peak. Both read one file that we wrote
(inline texts) and one that openpyxl wrote (shared texts); "ours" stops where openpyxl stops, at rows of cells,
before anything is checked against the catalogue.
"""

import argparse
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.catalog_files import COLUMNS, rows

WORK = ("ours", "openpyxl")
ROUNDS = 3


def cells(count: int) -> Iterator[list[str]]:
    """The rows as cells, prices as the numbers they are."""
    from pos.catalog.csv_reading.cells import PlainNumber

    place = COLUMNS.index("price")
    for line in rows(count):
        made = line.split(";")
        made[place] = PlainNumber(made[place].replace(",", "."))
        yield made


def write_ours(count: int) -> bytes:
    """The workbook by `pos.catalog.exporting`."""
    from pos.catalog.exporting.writers import write_workbook

    out = io.BytesIO()
    write_workbook(out, [("items", COLUMNS, cells(count))])
    return out.getvalue()


def write_openpyxl(count: int) -> bytes:
    """The workbook by the library's write-only mode, texts as texts."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    tab = book.create_sheet("items")
    tab.append(COLUMNS)
    place = COLUMNS.index("price")
    for row in cells(count):
        made: list[Any] = []
        for column, text in enumerate(row):
            cell = WriteOnlyCell(tab, value=float(text) if column == place else text or None)
            if column != place:
                cell.number_format = "@"
            made.append(cell)
        tab.append(made)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_ours(data: bytes) -> int:
    """Rows, all cells looked at."""
    from pos.catalog.csv_reading.archives import open_archive
    from pos.catalog.csv_reading.workbooks import read_workbook

    return sum(1 for _, found in read_workbook(open_archive(data)) for _ in found)


def read_openpyxl(data: bytes) -> int:
    """Rows by the library's read-only mode, all cells looked at."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return sum(1 for tab in book for _ in tab.iter_rows(values_only=True))


def measured(call: Callable[[], Any]) -> dict[str, float]:
    """CPU seconds, and MiB by which the peak grew; the first call of a process, with what it imports."""
    before = peak()
    started = time.process_time()
    call()
    seconds = time.process_time() - started
    return {"cpu": seconds, "mib": peak() - before}


def peak() -> float:
    """The most MiB this process has held. (What `getrusage` says includes the process it was forked from.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def child(work: str, count: int, file: str) -> dict[str, float]:
    """One measurement."""
    verb, _, who = work.partition(" ")
    if verb == "write":
        write = {"ours": write_ours, "openpyxl": write_openpyxl}[who]
        return measured(lambda: write(count))
    data = Path(file).read_bytes()
    read = {"ours": read_ours, "openpyxl": read_openpyxl}[who]
    found: list[int] = []
    figures = measured(lambda: found.append(read(data)))
    if found != [count + 1]:
        raise SystemExit(f"{who} found {found[0]} rows instead of {count + 1}")
    return figures


def asked(work: str, count: int, file: Path) -> dict[str, float]:
    """The measurement in a process of its own, the middle of some."""
    command = [sys.executable, "-m", "benchmarks.workbooks", "--child", work, "--rows", str(count)]
    found = [
        json.loads(subprocess.run([*command, "--file", str(file)], check=True, capture_output=True).stdout)
        for _ in range(ROUNDS)
    ]
    return {key: median(one[key] for one in found) for key in found[0]}


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--child", default="")
    parser.add_argument("--file", default="")
    wanted = parser.parse_args()
    if wanted.child:
        print(json.dumps(child(wanted.child, wanted.rows, wanted.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        print("| what | who | CPU | memory |\n| --- | --- | --- | --- |")
        for file, write in (("inline texts", write_ours), ("shared texts", write_openpyxl)):
            path = Path(folder) / f"{write.__name__}.xlsx"
            path.write_bytes(write(wanted.rows))
            for who in WORK:
                show(f"read, {file}", who, asked(f"read {who}", wanted.rows, path))
        for who in WORK:
            show("write", who, asked(f"write {who}", wanted.rows, Path(folder)))


def show(what: str, who: str, found: dict[str, float]) -> None:
    """A row of the table."""
    print(f"| {what} | {who} | {found['cpu']:.2f} s | {found['mib']:.0f} MiB |", flush=True)


if __name__ == "__main__":
    main()
