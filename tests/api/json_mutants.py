"""Strict JSON with one guard taken out of its source, to prove that the corpus would notice."""

import inspect
import sys
import types
from typing import Any, Final

from fynlo.api import strict_json

MUTANTS: Final[dict[str, tuple[str, str]]] = {
    "size": ("if len(body) > max_bytes:", "if False:"),
    "byte order mark": ("if body.startswith(_BYTE_ORDER_MARKS):", "if False:"),
    "strict UTF-8": ('body.decode("utf-8")', 'body.decode("utf-8", "replace")'),
    "surrogates in UTF-8": ('body.decode("utf-8")', 'body.decode("utf-8", "surrogatepass")'),
    "empty body": ("if not text.strip(_WHITESPACE):", "if False:"),
    "duplicate keys": ("if len(made) == len(pairs):", "if True:"),
    "fractions": ("lambda _text: NUMBER_NOT_INTEGER", "float"),
    "NaN and Infinity": ("lambda _name: NUMBER_NOT_FINITE", "float"),
    "large integers": (
        "return None if -MAX_INTEGER <= value <= MAX_INTEGER else",
        "return None if True else",
    ),
    "negative bound": ("if -MAX_INTEGER <= value <= MAX_INTEGER", "if value <= MAX_INTEGER"),
    "off by one": ("MAX_INTEGER: Final = 2**53 - 1", "MAX_INTEGER: Final = 2**53"),
    "very long integers": ("return _scan(text, max_depth, _PATIENT_DECODER)", "raise"),
    "recursion": ("except RecursionError:", "except KeyError:"),
    "depth": ("if depth > max_depth:", "if False:"),
    "depth by one": ("if depth > max_depth:", "if depth > max_depth + 1:"),
    "trailing data": ("return decoder.decode(text)", "return decoder.raw_decode(text)[0]"),
    "unstorable text": ("return _unstorable(value) if escaped else None", "return None"),
    "unstorable keys": ("if escaped or type(container) is _Repeating:", "if type(container) is _Repeating:"),
    "NUL": ('re.compile("[\\x00\\ud800-\\udfff]")', 're.compile("[\\ud800-\\udfff]")'),
    "high surrogates": ('re.compile("[\\x00\\ud800-\\udfff]")', 're.compile("[\\x00\\udc00-\\udfff]")'),
    "low surrogates": ('re.compile("[\\x00\\ud800-\\udfff]")', 're.compile("[\\x00\\ud800-\\udbff]")'),
    "pointer escapes": ('key.replace("~", "~0").replace("/", "~1")', "key"),
    "order of pointer escapes": (
        'key.replace("~", "~0").replace("/", "~1")',
        'key.replace("/", "~1").replace("~", "~0")',
    ),
    "all problems": ("problems.append(refusal.at(_storable(pointer_to(pointer, key))))", "return problems"),
    "index of list items": ("path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None", "pass"),
    "leaving containers": ("del path[-1:]", "pass"),
}


def mutant(name: str) -> Any:
    """A module like `strict_json`, weakened in one place; its source must hold that place exactly once."""
    source = inspect.getsource(strict_json)
    guard, weaker = MUTANTS[name]
    if source.count(guard) != 1:
        raise AssertionError(f"{guard!r} is no longer one place of strict_json")
    module: Any = types.ModuleType(f"strict_json_without_{name.replace(' ', '_')}")
    sys.modules[module.__name__] = module  # dataclasses look their own module up
    exec(compile(source.replace(guard, weaker), module.__name__, "exec"), module.__dict__)  # noqa: S102
    return module
