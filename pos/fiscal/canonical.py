"""One text for one content: the body of a journal entry as it is stored, hashed and exported.

Every value is a text: a name stays what it was called, an amount stays `12.50`, and nothing depends on how a
programming language prints numbers. Objects have their names sorted by code point; lists keep their order.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

Body = Mapping[str, Any]
"""What an entry says: texts, and lists and objects of such. Names without a value (None) are left out."""

_DEEPEST: Final = 20


class NotCanonical(ValueError):
    """A body holds something else than texts, lists and objects."""


def canonical_text(body: Body) -> str:
    """The body as JSON: names sorted, no spaces, characters as they are, control characters escaped.

    Raises `NotCanonical` for values that are no texts (numbers, yes and no included) and for characters that
    cannot be written in UTF-8.
    """
    text = json.dumps(_checked(body, 0), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("a text holds half a character") from None
    return text


def _checked(value: Any, depth: int) -> Any:
    if type(value) is str:
        return value
    if depth > _DEEPEST:
        raise NotCanonical("a body is nested too deeply")
    if isinstance(value, Mapping):
        if any(type(name) is not str for name in value):
            raise NotCanonical("names in a body are texts")
        return {name: _checked(each, depth + 1) for name, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_checked(each, depth + 1) for each in value]
    raise NotCanonical(f"a body holds a {type(value).__name__}; its values are texts")
