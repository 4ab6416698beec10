"""What a week's page says must come out, and the arithmetic it is worked out by."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

Table = dict[str, list[dict[str, str]]]
"""Rows by what stands first in them, which may stand there more than once; cells by the head of their column."""

_SUM: Final = re.compile(r" {4}(.{14})([\d.]+(?: [+−×/] [\d.]+)*) = ([\d.]+)")


def tables(page: str) -> dict[str, Table]:
    """Every table below a heading of the third level, by that heading."""
    found: dict[str, Table] = {}
    for part in page.split("\n### ")[1:]:
        lines = part.splitlines()
        rows = [_cells(line) for line in lines if line.startswith("|")]
        head, body = rows[0], rows[2:]
        table: Table = {}
        for name, *cells in body:
            table.setdefault(name, []).append(dict(zip(head[1:], cells, strict=True)))
        found[lines[0]] = table
    return found


def sums(page: str) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Every line of arithmetic: the line, what its left side comes to, and what the page says it does."""
    for line in page.splitlines():
        if line.startswith("    "):
            found = _SUM.fullmatch(line)
            assert found, line
            yield line, _worked_out(found[2]), Fraction(found[3])


def _worked_out(text: str) -> Fraction:
    """Products and quotients first, from left to right, then sums."""
    total = Fraction(0)
    for sign, term in re.findall(r"(^|[+−] )([^+−]+)", text):
        first, *rest = re.findall(r"[\d.]+", term)
        value = Fraction(first)
        for operator, number in zip(re.findall(r"[×/]", term), rest, strict=True):
            value = value * Fraction(number) if operator == "×" else value / Fraction(number)
        total += -value if sign.startswith("−") else value
    return total


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
