"""Judges answers by the installed library: its resource classes say which fields there are and what they hold.

    check(route=route, body={…}) -> Verdict(problems=("amount: '5' is not an integer",), missing=("created",))

An unknown field, a wrong type or a wrong enum is a problem. A field the class promises and the body lacks is only
listed: the vendor leaves fields out too.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, ForwardRef, Literal, Union, get_args, get_origin

import stripe
from stripe import StripeObject
from stripe._object_classes import get_object_class
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import get_type_hints

from tests.contracts.stripe import routes
from tests.contracts.stripe.routes import Route
from tests.contracts.stripe.validator import alternatives

PAGES = ("ListObject", "SearchResultObject")
PAGE_FIELDS = frozenset({"object", "data", "has_more", "url", "next_page", "total_count", "next_page_url"})


@dataclass
class Verdict:
    """What is wrong with one body, and what it lacks."""

    problems: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def check(*, route: Route, body: Any) -> Verdict:
    """The body of a good answer against what the route's method says it returns."""
    verdict = Verdict()
    declared = _evaluated(route.answer, routes.names_of(route.module))
    _value(declared, body, path="", verdict=verdict)
    return verdict


def check_object(*, body: dict[str, Any]) -> Verdict:
    """One object on its own, by the name it carries in `object`: what an event tells of."""
    verdict = Verdict()
    found = resource_class(body.get("object", ""))
    if found is None:
        verdict.problems.append(f"object: {body.get('object')!r} is no resource of the library")
    else:
        _object(found, body, path="", verdict=verdict)
    return verdict


@cache
def resource_class(name: str) -> Any:
    """`terminal.reader` → `stripe.terminal.Reader`; None when the library has no such object."""
    found = get_object_class("V2" if name.startswith("v2.") else "V1", name)
    return None if found is StripeObject else found


@cache
def fields_of(declared: Any) -> dict[str, Any]:
    """name → type of every field of a resource class or of a class inside one."""
    found: dict[str, Any] = {}
    for base in reversed(declared.__mro__):
        if not issubclass(base, StripeObject) or base is StripeObject or "__annotations__" not in vars(base):
            continue
        names = routes.names_of(base.__module__)
        holder = type("Fields", (), {"__annotations__": dict(base.__annotations__)})
        hints = get_type_hints(holder, globalns=names, localns={})
        found |= {name: hint for name, hint in hints.items() if _is_field(name, hint)}
    return found


def _is_field(name: str, hint: Any) -> bool:
    return (
        not name.startswith("_")
        and get_origin(hint) is not ClassVar
        and name not in ("OBJECT_NAME", "last_response")
    )


def _evaluated(text: str, names: dict[str, Any]) -> Any:
    holder = type("Answer", (), {"__annotations__": {"answer": ForwardRef(text)}})
    return get_type_hints(holder, globalns={"Any": Any, "Union": Union} | names, localns={})["answer"]


@cache
def error_codes() -> frozenset[str]:
    """Every error code the library lists."""
    hint = fields_of(stripe.PaymentIntent.LastPaymentError)["code"]
    return frozenset(
        value for one in alternatives(hint) if get_origin(one) is Literal for value in get_args(one)
    )


def nullable(hint: Any) -> bool:
    """Whether the vendor may send null, or nothing."""
    return type(None) in alternatives(hint)


def _value(hint: Any, given: Any, *, path: str, verdict: Verdict) -> None:
    choices = alternatives(hint)
    if any(choice is Any for choice in choices):
        return
    if isinstance(given, dict):
        _mapping(choices, given, path=path, verdict=verdict)
    elif isinstance(given, list):
        _list(choices, given, path=path, verdict=verdict)
    elif not any(_fits(choice, given) for choice in choices):
        verdict.problems.append(f"{path or 'body'}: {given!r} is not {_spoken(choices)}")


def _fits(choice: Any, given: Any) -> bool:
    if get_origin(choice) is Literal:
        return given in get_args(choice) and type(given) in {type(one) for one in get_args(choice)}
    if given is None or isinstance(given, bool):
        return choice is (type(None) if given is None else bool)
    names = {"int": int, "float": (int, float), "str": str, "Decimal": str}
    expected: Any = names.get(getattr(choice, "__name__", ""))
    return expected is not None and isinstance(given, expected)


def _list(choices: list[Any], given: list[Any], *, path: str, verdict: Verdict) -> None:
    lists = [one for one in choices if get_origin(one) is list]
    if not lists:
        verdict.problems.append(f"{path}: a list is not {_spoken(choices)}")
        return
    for n, item in enumerate(given):
        _value(get_args(lists[0])[0], item, path=f"{path}[{n}]", verdict=verdict)


def _mapping(choices: list[Any], given: dict[str, Any], *, path: str, verdict: Verdict) -> None:
    for choice in choices:
        origin = get_origin(choice) or choice
        if origin in (dict, UntypedStripeObject):
            _pairs(choice, given, path=path, verdict=verdict)
            return
        if getattr(origin, "__name__", "") in PAGES:
            _page(choice, given, path=path, verdict=verdict)
            return
    classes = [one for one in choices if isinstance(one, type) and issubclass(one, StripeObject)]
    named = [one for one in classes if getattr(one, "OBJECT_NAME", None) == given.get("object", "")]
    if not classes or (len(classes) > 1 and not named):
        verdict.problems.append(
            f"{path or 'body'}: an object {given.get('object', '')!r} is not {_spoken(choices)}"
        )
        return
    _object((named or classes)[0], given, path=path, verdict=verdict)


def _pairs(choice: Any, given: dict[str, Any], *, path: str, verdict: Verdict) -> None:
    item = get_args(choice)[-1] if get_args(choice) else Any
    for key, value in given.items():
        _value(item, value, path=_join(path, key), verdict=verdict)


def _page(choice: Any, given: dict[str, Any], *, path: str, verdict: Verdict) -> None:
    verdict.problems += [f"{_join(path, name)}: unknown field" for name in given if name not in PAGE_FIELDS]
    for n, item in enumerate(given.get("data", [])):
        _value(get_args(choice)[0], item, path=f"{_join(path, 'data')}[{n}]", verdict=verdict)


def _object(declared: Any, given: dict[str, Any], *, path: str, verdict: Verdict) -> None:
    fields = fields_of(declared)
    for name, value in given.items():
        if name not in fields:
            verdict.problems.append(f"{_join(path, name)}: unknown field of {declared.__qualname__}")
        else:
            _value(fields[name], value, path=_join(path, name), verdict=verdict)
    verdict.missing += [
        _join(path, name) for name, hint in fields.items() if name not in given and not nullable(hint)
    ]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _spoken(choices: list[Any]) -> str:
    enum = [str(value) for one in choices if get_origin(one) is Literal for value in get_args(one)]
    rest = [getattr(one, "__name__", str(one)) for one in choices if get_origin(one) is not Literal]
    return " or ".join([*(["one of " + ", ".join(enum)] if enum else []), *rest]).replace("NoneType", "null")


def blank(declared: Any) -> dict[str, Any]:
    """A body with null wherever the class allows it: the ground on which the fake writes what it knows."""
    return {name: None for name, hint in fields_of(declared).items() if nullable(hint) and name != "deleted"}
