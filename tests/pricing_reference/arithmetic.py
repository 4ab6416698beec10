"""Checks the arithmetic a vector states: `expression = value`, `… = 121.34… -> 121`, with exact fractions.

A line is a chain of expressions joined by `=`, all of one value. A decimal ended by `…` is cut off there (towards
zero) and has more places. `-> 121` rounds the value: half away from zero, or as the word behind it says
(`half_even`; `down` and `up` for shares by largest remainder). Expressions hold numbers, `+ - * /` and parentheses.
"""

import ast
import operator
from fractions import Fraction

from tests.pricing_reference.numbers import floor, nearest

OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def check(line: str) -> None:
    """Raise AssertionError when a statement is wrong, ValueError when it cannot be read."""
    statement, arrow, rounded = line.partition("->")
    members = [member.strip() for member in statement.split("=")]
    if len(members) < 2:
        raise ValueError(f"no equation: {line}")
    value = evaluate(members[0])
    for member in members[1:]:
        if not says(member, value):
            raise AssertionError(f"{line}: {members[0]} is {value}, not {member}")
    if arrow:
        target, _, word = rounded.strip().partition(" ")
        if round_by(word.strip(), value) != int(target):
            raise AssertionError(f"{line}: {value} does not round to {rounded.strip()}")


def says(member: str, value: Fraction) -> bool:
    """Is this expression the value, or this cut-off decimal its beginning?"""
    if not member.endswith("…"):
        return evaluate(member) == value
    shown = member.removesuffix("…")
    places = len(shown.partition(".")[2])
    scaled = abs(value) * 10**places
    cut = Fraction(floor(scaled), 10**places)
    return scaled != floor(scaled) and Fraction(shown) == (cut if value >= 0 else -cut)


def round_by(word: str, value: Fraction) -> int:
    """The whole number the word behind the arrow asks for."""
    if word == "down":
        return floor(value)
    if word == "up":
        return -floor(-value)
    return nearest(value, word or "half_up")


def evaluate(expression: str) -> Fraction:
    """The exact value of an expression."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError as error:
        raise ValueError(f"cannot read {expression!r}") from error
    return value_of(tree.body, expression.strip())


def value_of(node: ast.expr, source: str) -> Fraction:
    """The exact value of a part of an expression; decimals are read as they are written, not as floats."""
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(source, node) or "")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -value_of(node.operand, source)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        left, right = value_of(node.left, source), value_of(node.right, source)
        return Fraction(OPERATIONS[type(node.op)](left, right))
    raise ValueError(f"not arithmetic: {source}")
