"""Strict JSON: bytes in, plain Python out, or every problem by name and place. Pure; knows no web framework.

What lax parsers let through, and what it costs, is the reason for each rule:

- a repeated key means something else to each reader (the last one usually wins);
- U+0000 and lone surrogates cannot be stored as text and break a request long after it was accepted;
- a number with fraction or exponent cannot hold money; integers beyond 2^53 - 1 change on their way through
  other people's parsers (RFC 8259, section 6); NaN and Infinity are no JSON at all;
- bodies without bounds on size and depth are a way to stop a server.

The scan itself is the standard library's in C; one walk over its result finds what it lets pass.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from fynlo.core.errors import FieldProblem, InvalidInput

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 32
MAX_INTEGER: Final = 2**53 - 1
MAX_PROBLEMS: Final = 50
MAX_POINTER: Final = 512
"""A longer pointer is cut to the nearest ancestor that fits: nobody is sent their own megabyte back."""

_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WHITESPACE: Final = " \t\n\r"
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_SAFE_DIGITS: Final = 16


class InvalidJson(InvalidInput):
    """The body is not JSON that Fynlo accepts; `errors` names each place."""

    code, title = "invalid_json", "The body is not acceptable JSON"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a value is refused. Stands in the scanned tree for a number until the walk knows its place."""

    code: str
    detail: str

    def at(self, pointer: str) -> FieldProblem:
        """This refusal at its place."""
        return FieldProblem(pointer, self.code, self.detail)


NUMBER_NOT_INTEGER: Final = Refusal(
    "number_not_integer", "Numbers here are whole: money in minor units, quantities and rates as text."
)
NUMBER_NOT_FINITE: Final = Refusal("number_not_finite", "NaN and Infinity are not JSON numbers.")
NUMBER_TOO_LARGE: Final = Refusal(
    "number_too_large", f"Integers lie between -{MAX_INTEGER} and {MAX_INTEGER} (2^53 - 1)."
)
NUL_CHARACTER: Final = Refusal("nul_character", "Text may not contain U+0000.")
LONE_SURROGATE: Final = Refusal("lone_surrogate", "Text may not contain half of a surrogate pair.")


def parse(body: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """The value of a JSON `body`; raises `InvalidJson` naming what is refused, where and why.

    Faults of the document (size, encoding, syntax) end the search at the first one, because what follows has
    no known shape. Faults of values are listed together, outermost first, at most `MAX_PROBLEMS`.
    """
    text = _text(body, max_bytes)
    value = _scan(text, max_depth)
    problems = _walk(value, max_depth=max_depth, escaped="\\u" in text)
    if problems:
        raise InvalidJson(problems[0].detail, errors=problems)
    return value


def pointer_to(parent: str, key: str | int) -> str:
    """The JSON pointer (RFC 6901) of `key` below `parent`, or `parent` itself when it would grow too long."""
    if isinstance(parent, _Cut):
        return parent
    step = key.replace("~", "~0").replace("/", "~1") if isinstance(key, str) else key
    pointer = f"{parent}/{step}"
    return pointer if len(pointer) <= MAX_POINTER else _Cut(parent)


class _Cut(str):
    """A pointer that stands for everything below it as well."""

    __slots__ = ()


def refused_body(code: str, detail: str, pointer: str = "") -> InvalidJson:
    """The error for one fault of the document."""
    return InvalidJson(detail, errors=[FieldProblem(pointer, code, detail)])


def _text(body: bytes, max_bytes: int) -> str:
    if len(body) > max_bytes:
        raise refused_body("body_too_large", f"The body is larger than {max_bytes} bytes.")
    if body.startswith(_BYTE_ORDER_MARKS):
        raise refused_body("byte_order_mark", "The body starts with a byte order mark; send plain UTF-8.")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused_body(
            "invalid_utf8", f"Byte {error.start + 1} of the body is not valid UTF-8."
        ) from None
    if not text.strip(_WHITESPACE):
        raise refused_body("empty_body", "The body is empty; a JSON document is expected.")
    return text


# -- scan ------------------------------------------------------------------------------------------------


class _Repeating(dict[str, Any]):
    """An object in which some keys were given more than once."""

    repeated: list[str]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    repeating = _Repeating(made)
    counts = Counter(key for key, _ in pairs)
    repeating.repeated = [key for key, count in counts.items() if count > 1]
    return repeating


def _integer(text: str) -> int | Refusal:
    return int(text) if len(text.lstrip("-")) <= _SAFE_DIGITS else NUMBER_TOO_LARGE


_HOOKS: Final[dict[str, Any]] = {
    "object_pairs_hook": _object,
    "parse_float": lambda _text: NUMBER_NOT_INTEGER,
    "parse_constant": lambda _name: NUMBER_NOT_FINITE,
}
_DECODER: Final = json.JSONDecoder(**_HOOKS)
# Slower; for bodies with an integer so long that Python itself will not convert it (over 4,300 digits).
_PATIENT_DECODER: Final = json.JSONDecoder(parse_int=_integer, **_HOOKS)


def _scan(text: str, max_depth: int, decoder: json.JSONDecoder = _DECODER) -> Any:
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        fault, position = error.msg.removesuffix(" at"), error.pos
        where = f"line {error.lineno}, column {error.colno}"
    except RecursionError:
        raise _too_deep(_open_at(text, len(text), max_depth), max_depth) from None
    except ValueError:
        return _scan(text, max_depth, _PATIENT_DECODER)
    if fault.startswith("Illegal trailing comma"):
        position += 1  # Python 3.13 points at the comma, earlier ones at what follows it
    if fault == "Extra data":
        raise refused_body("trailing_data", f"Something follows the JSON document at {where}.")
    raise refused_body("syntax", f"{fault} at {where}.", _open_at(text, position, max_depth))


def _too_deep(pointer: str, max_depth: int) -> InvalidJson:
    return refused_body("too_deep", f"Objects and lists are nested more than {max_depth} deep.", pointer)


# -- walk ------------------------------------------------------------------------------------------------


def _walk(root: Any, *, max_depth: int, escaped: bool) -> list[FieldProblem]:
    """Every refused value below `root`, breadth first, so that a list of open containers is enough."""
    if not isinstance(root, dict | list):
        refusal = _refusal(root, escaped)
        return [refusal.at("")] if refusal else []
    problems: list[FieldProblem] = []
    pending: list[tuple[str, int, Any]] = [("", 1, root)]
    for pointer, depth, container in pending:
        if len(problems) >= MAX_PROBLEMS:
            break
        if depth > max_depth:
            problems.extend(_too_deep(pointer, max_depth).errors)
            continue
        if type(container) is list:
            entries: Iterable[tuple[str | int, Any]] = enumerate(container)
        else:
            entries = container.items()
            if escaped or type(container) is _Repeating:
                problems.extend(_key_problems(pointer, container))
        for key, value in entries:
            if isinstance(value, dict | list):
                pending.append((pointer_to(pointer, key), depth + 1, value))
            elif (refusal := _refusal(value, escaped)) is not None:
                problems.append(refusal.at(_storable(pointer_to(pointer, key))))
                if len(problems) >= MAX_PROBLEMS:
                    break
    return problems[:MAX_PROBLEMS]


def _refusal(value: Any, escaped: bool) -> Refusal | None:
    """Why a scalar is refused. Text can only hold the unstorable when the body has a `\\u` escape: the
    decoder refuses encoded surrogates, and the scanner raw control characters."""
    kind = type(value)
    if kind is str:
        return _unstorable(value) if escaped else None
    if kind is int:
        return None if -MAX_INTEGER <= value <= MAX_INTEGER else NUMBER_TOO_LARGE
    return value if kind is Refusal else None


def _unstorable(text: str) -> Refusal | None:
    found = _UNSTORABLE.search(text)
    if found is None:
        return None
    return NUL_CHARACTER if found.group() == "\x00" else LONE_SURROGATE


def _key_problems(pointer: str, container: dict[str, Any]) -> list[FieldProblem]:
    problems = []
    for key in container:
        refusal = _unstorable(key)
        if refusal is not None:
            problems.append(refusal.at(_storable(pointer)))
    if isinstance(container, _Repeating):
        for key in container.repeated:
            place = _storable(pointer_to(pointer, key))
            problems.append(FieldProblem(place, "duplicate_key", "This key is given more than once."))
    return problems


def _storable(pointer: str) -> str:
    """`pointer` with what cannot be encoded shown as U+FFFD, so that the answer can be sent."""
    return _UNSTORABLE.sub("\ufffd", pointer)


# -- where a fault of the document is --------------------------------------------------------------------

# Strings (an unclosed one reaches to the end) and structure. Possessive, so no input makes it backtrack.
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},:]', re.DOTALL)
_OPENING: Final = {"[": 0, "{": None}


def _open_at(text: str, position: int, max_depth: int) -> str:
    """The pointer of the value being written at `position`, or of the first one nested too deep before it.

    Each open container is represented by the key or index it has come to; an object between two members
    has come to none.
    """
    path: list[str | int | None] = []
    key = ""
    for token in _TOKEN.finditer(text, 0, position):
        sign = token.group()
        if sign in _OPENING:
            if len(path) >= max_depth:
                break
            path.append(_OPENING[sign])
        elif sign in ("]", "}"):
            del path[-1:]
        elif sign == ",":
            if path:
                path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
        elif sign == ":":
            if path and path[-1] is None:
                path[-1] = _unquoted(key)
        else:
            key = sign
    pointer = ""
    for step in path:
        if step is not None:
            pointer = pointer_to(pointer, step)
    return _storable(pointer)


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        return text.strip('"')
