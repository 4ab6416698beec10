"""Judges requests by the installed library: unknown, missing, wrong type and wrong enum, each named by its path.

    check(verb="POST", path="/v1/refunds", body=b"amount=100&payment_intent=pi_1") -> Checked

The answer carries the route and the parameters in their real types. An open enum (`Literal[…] | str`) is closed
here: what the library does not list is a typing mistake of ours until somebody shows otherwise.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin

import stripe
from typing_extensions import get_type_hints, is_typeddict

from tests.contracts.stripe import forms, routes
from tests.contracts.stripe.routes import Route

OPTIONS = frozenset(
    stripe.RequestOptions.__annotations__
)  # the library mixes its own options into the parameters
INTEGER = re.compile(r"-?\d+")
DECIMAL = re.compile(r"-?\d+(\.\d+)?")


class BadRequest(Exception):
    """What Stripe would answer with 400: `param` is the path in Stripe's notation, `code` its error code."""

    def __init__(self, text: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(text)
        self.text, self.param, self.code = text, param, code


@dataclass(frozen=True)
class Checked:
    """A request that the library's own description allows."""

    route: Route
    ids: dict[str, str]
    params: dict[str, Any]


def check(*, verb: str, path: str, query: str = "", body: bytes = b"", content_type: str = "") -> Checked:
    """The request as its route sees it, or `BadRequest` with the first thing that is wrong."""
    found = routes.find_route(verb=verb, path=path)
    if found is None:
        raise BadRequest(f"Unrecognized request URL ({verb.upper()}: {path}).", code="resource_missing")
    route, ids = found
    raw = _decoded(route, query=query, body=body, content_type=content_type)
    if route.params is None:
        if raw:
            raise _unknown(next(iter(raw)))
        return Checked(route, ids, {})
    declared = routes.names_of(route.module)[route.params]
    return Checked(route, ids, _structure(declared, raw, path="", typed=route.is_v2 and route.verb != "get"))


def _decoded(route: Route, *, query: str, body: bytes, content_type: str) -> dict[str, Any]:
    try:
        if route.verb != "post":
            return forms.decode(query)
        if query:
            raise BadRequest(f"Parameters belong into the body, not behind the path: {query}")
        if content_type.startswith("multipart/form-data"):
            return forms.decode_multipart(body, content_type)
        if not route.is_v2:
            return forms.decode(body.decode())
        decoded = json.loads(body or b"{}")
    except (forms.BadForm, ValueError) as error:
        raise BadRequest(str(error)) from error
    if not isinstance(decoded, dict):
        raise BadRequest("The body is not a JSON object")
    return decoded


@cache
def _hints(declared: Any) -> dict[str, tuple[Any, bool]]:
    """name → (type, required) of one TypedDict, the library's own options left out."""
    names = routes.names_of("stripe._request_options") | routes.names_of(declared.__module__)
    hints = get_type_hints(declared, localns=names, include_extras=True)
    return {name: _bare(hint, declared, name) for name, hint in hints.items() if name not in OPTIONS}


def _bare(hint: Any, declared: Any, name: str) -> tuple[Any, bool]:
    if get_origin(hint) in (NotRequired, Required):
        return get_args(hint)[0], get_origin(hint) is Required
    return hint, name in declared.__required_keys__


def _structure(declared: Any, given: Any, *, path: str, typed: bool) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadRequest(f"Invalid object: {path} is {given!r}", param=path)
    hints = _hints(declared)
    for name in given:
        if name not in hints:
            raise _unknown(_join(path, name))
    for name, (_hint, required) in hints.items():
        if required and name not in given:
            missing = _join(path, name)
            raise BadRequest(f"Missing required param: {missing}.", param=missing, code="parameter_missing")
    return {
        name: _value(hints[name][0], value, path=_join(path, name), typed=typed)
        for name, value in given.items()
    }


def _unknown(path: str) -> BadRequest:
    if path == "payment_method_types":
        text = f"Received unknown parameter: {path}. It is no longer supported, use allowed_payment_method_types."
        return BadRequest(text, param=path, code="payment_method_types_no_longer_supported")
    return BadRequest(f"Received unknown parameter: {path}", param=path, code="parameter_unknown")


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def alternatives(hint: Any) -> list[Any]:
    """The members of a union, open enums closed: their `str` half would accept every typing mistake."""
    members = list(get_args(hint)) if get_origin(hint) in (Union, UnionType) else [hint]
    flat = [one for member in members for one in (alternatives(member) if _is_union(member) else [member])]
    enums = [member for member in flat if get_origin(member) is Literal and get_args(member) != ("",)]
    return [member for member in flat if member is not str] if enums else flat


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, UnionType)


def _value(hint: Any, given: Any, *, path: str, typed: bool) -> Any:
    """`given` in its declared type. Nested shapes speak for themselves; scalars are tried one after the other."""
    choices = alternatives(hint)
    if isinstance(given, dict | list) and (shape := _shape(choices, given)) is not None:
        return _shaped(shape, given, path=path, typed=typed)
    for choice in choices:
        matched, value = _scalar(choice, given, typed=typed)
        if matched:
            return value
    raise _mismatch(choices, given, path=path)


def _shape(choices: list[Any], given: Any) -> Any:
    """The alternative that can hold several values: a TypedDict, a list or a mapping."""
    shapes = [one for one in choices if is_typeddict(one) or get_origin(one) in (list, dict)]
    lists = [one for one in shapes if get_origin(one) is list]
    positions = isinstance(given, list) or all(key.isdigit() for key in given)
    return (lists[0] if lists and positions else None) or next(
        (one for one in shapes if one not in lists), None
    )


def _shaped(shape: Any, given: Any, *, path: str, typed: bool) -> Any:
    if is_typeddict(shape):
        return _structure(shape, given, path=path, typed=typed)
    if get_origin(shape) is list:
        items = given if isinstance(given, list) else _in_order(given, path=path)
        (item,) = get_args(shape)
        return [_value(item, value, path=f"{path}[{n}]", typed=typed) for n, value in enumerate(items)]
    if not isinstance(given, dict):
        raise BadRequest(f"Invalid object: {path} is a list", param=path)
    return {
        key: _value(get_args(shape)[1], value, path=_join(path, key), typed=typed)
        for key, value in given.items()
    }


def _in_order(given: dict[str, Any], *, path: str) -> list[Any]:
    if sorted(map(int, given)) != list(range(len(given))):
        raise BadRequest(f"Invalid array: {path} has positions {', '.join(given)}", param=path)
    return [given[str(n)] for n in range(len(given))]


def _scalar(choice: Any, given: Any, *, typed: bool) -> tuple[bool, Any]:
    """(fits, value). A form knows only text; JSON (`typed`) brings its types, whole numbers also as text."""
    if choice is Any or get_origin(choice) is Literal:
        return choice is Any or given in get_args(choice), given
    if choice is bool:
        return (isinstance(given, bool), given) if typed else (given in ("true", "false"), given == "true")
    if choice in (int, float, Decimal) and not isinstance(given, bool):
        pattern = INTEGER if choice is int else DECIMAL
        fits = pattern.fullmatch(str(given)) is not None
        return fits, int(given) if fits and choice is int else str(given)
    return choice in (str, type(None)) and isinstance(given, choice), given


def _mismatch(choices: list[Any], given: Any, *, path: str) -> BadRequest:
    enum = [value for one in choices if get_origin(one) is Literal for value in get_args(one) if value != ""]
    if enum and isinstance(given, str):
        text = f"Invalid {path}: {given!r} must be one of {', '.join(map(str, enum))}"
        return BadRequest(text, param=path)
    wanted = {int: "integer", bool: "boolean", str: "string", float: "decimal"}
    names = [
        wanted.get(one, "array" if get_origin(one) is list else "object")
        for one in choices
        if not _blank(one)
    ]
    return BadRequest(f"Invalid {' or '.join(dict.fromkeys(names))}: {path} is {given!r}", param=path)


def _blank(hint: Any) -> bool:
    return get_origin(hint) is Literal and get_args(hint) == ("",)
