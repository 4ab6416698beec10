"""From pydantic's errors to sentences for merchants: what was given, what is allowed, what was meant."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from pydantic_core import ErrorDetails

from tenants.configuration.documents import Document
from tenants.configuration.fields import nearest
from tenants.configuration.problems import HIDDEN, Path, Problem
from tenants.configuration.schema import JsonSchema, is_secret_at, shapes_at

_LONGEST_GIVEN: Final = 60
_KINDS: Final = {"boolean": "true or false", "integer": "a whole number", "string": "text"}
_SAID: Final = {
    "string_type": "this must be text",
    "bool_type": "this must be true or false",
    "int_type": "this must be a whole number",
    "tuple_type": "this must be a list",
    "model_type": "this must be a mapping of names to values",
    "model_attributes_type": "this must be a mapping of names to values",
    "string_pattern_mismatch": "this is not written as it must be",
    "string_too_long": "this is too long",
    "too_long": "this has too many entries",
    "string_too_short": "this is too short",
    "too_short": "this has too few entries",
}


class _Absent:
    """Marks a place that holds nothing."""


def explain(
    errors: Iterable[ErrorDetails], *, section: str, document: Document, schema: JsonSchema
) -> Iterator[Problem]:
    """The pydantic errors of a section as problems with their paths in the file and their lines."""
    for error in errors:
        path = real_path((section, *error["loc"]), document.tree)
        value, line = _value_at(document.tree, path), document.line(path)
        allowed = allowed_at(schema, path)
        if error["type"] == "missing":
            yield Problem(path, "missing", "this is missing", allowed, line=line)
        elif error["type"] == "extra_forbidden":
            yield unknown_key(path, schema=schema, line=line)
        elif not _follows_from_others(error, value):
            message = _message(error["type"], error, value)
            yield Problem(path, error["type"], message, allowed, show(value, schema, path), line)


def unknown_key(path: Path, *, schema: JsonSchema, line: int | None) -> Problem:
    """The problem of a key that no model knows, with the nearest name that one does."""
    known = sorted({name for shape in shapes_at(schema, path[:-1]) for name in shape.get("properties", {})})
    meant = nearest(str(path[-1]), known)
    hint = f"; did you mean {meant}?" if meant else ""
    return Problem(path, "unknown_key", f"this key is not known{hint}", allowed=", ".join(known), line=line)


def allowed_at(schema: JsonSchema, path: Path) -> str:
    """In words, what a place may hold, as far as the schema says it."""
    said = [text for shape in shapes_at(schema, path) if (text := _allowed(shape))]
    return " or ".join(dict.fromkeys(said))


def show(value: Any, schema: JsonSchema, path: Path) -> str | None:
    """The value as written, shortened, and hidden where it is or may be a secret."""
    if value is _Absent:
        return None
    if value is None or isinstance(value, Mapping | list):
        return _shape_of(value)
    if is_secret_at(schema, path) or _holds_containers(schema, path):
        return HIDDEN
    return quoted(value)


def quoted(value: Any) -> str:
    """A text, number or yes/no value as written, printable and at most 60 characters long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value) if isinstance(value, int | Decimal) else f'"{value}"'
    printable = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return printable if len(printable) <= _LONGEST_GIVEN else printable[: _LONGEST_GIVEN - 1] + "…"


def real_path(loc: Path, tree: Any) -> Path:
    """pydantic's location without the names it adds for alternatives and inner functions."""
    path: list[str | int] = []
    for part in loc:
        fits = (isinstance(tree, list) and isinstance(part, int)) or isinstance(tree, Mapping)
        if not fits:
            break
        path.append(part)
        tree = _value_at(tree, (part,))
    return tuple(path)


def _value_at(tree: Any, path: Path) -> Any:
    for part in path:
        is_item = isinstance(tree, list) and isinstance(part, int) and part < len(tree)
        if not is_item and not (isinstance(tree, Mapping) and part in tree):
            return _Absent
        tree = tree[part]
    return tree


def _shape_of(value: Any) -> str:
    if value is None:
        return "nothing"
    return "a mapping" if isinstance(value, Mapping) else f"a list of {len(value)}"


def _follows_from_others(error: ErrorDetails, value: Any) -> bool:
    """Whether a list is only "too short" because entries in it are wrong, which is said already."""
    enough = error.get("ctx", {}).get("min_length", 0)
    return error["type"] == "too_short" and isinstance(value, list) and len(value) >= enough


def _message(code: str, error: ErrorDetails, value: Any) -> str:
    if value is None or (code in {"string_too_short", "too_short"} and value in ("", [])):
        return "this is empty"
    if code == "string_type" and isinstance(value, int | Decimal):
        return "this must be text: put it in quotes"
    if code in {"literal_error", "enum"}:
        meant = nearest(str(value), _expected(error))
        return "this is not one of the values allowed" + (f"; did you mean {meant}?" if meant else "")
    return _SAID.get(code) or error["msg"]


def _expected(error: ErrorDetails) -> list[str]:
    words = str(error.get("ctx", {}).get("expected", "")).replace(" or ", ", ").split(", ")
    return [word.strip("'") for word in words]


def _allowed(shape: JsonSchema) -> str:
    names = ", ".join(str(word) for word in shape.get("enum") or shape.get("properties") or ())
    kind = shape.get("type")
    if kind == "array":
        low, high = shape.get("minItems", 0), shape.get("maxItems")
        return f"a list of {low} to {high}" if high else f"a list of at least {low}"
    if kind == "object":
        return f"a mapping with {names}"
    if kind == "null":
        return ""
    return names or str(shape.get("const") or shape.get("description") or _KINDS.get(str(kind), ""))


def _holds_containers(schema: JsonSchema, path: Path) -> bool:
    """Whether a list or mapping belongs here: text in its place may be anything, also a secret."""
    return any(shape.get("type") in {"array", "object"} for shape in shapes_at(schema, path))
