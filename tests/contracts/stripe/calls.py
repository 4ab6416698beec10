"""How a family of objects says what it answers: a handler per route, with the parameters it understands."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.contracts.stripe.routes import Route
from tests.contracts.stripe.world import Body, Refusal, Vendor, World

EVERYWHERE = ("expand", "metadata")
PAGING = ("limit", "starting_after", "ending_before", "expand", "created")


@dataclass(frozen=True)
class Call:
    """One request on its way through: checked parameters, the world it speaks to, the id in its path."""

    vendor: Vendor
    world: World
    route: Route
    ids: dict[str, str]
    params: Body

    @property
    def key(self) -> str:
        """The first id in the path."""
        return next(iter(self.ids.values()))

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter, `a.b` reaching into it."""
        found: Any = self.params
        for part in name.split("."):
            if not isinstance(found, dict) or part not in found:
                return default
            found = found[part]
        return found


@dataclass(frozen=True)
class Handler:
    """What answers one route, and which parameters it understands (`a.b` for nested ones)."""

    answer: Callable[[Call], Body]
    knows: frozenset[str]


HANDLERS: dict[str, Handler] = {}


def handles(name: str, *, knows: str = "") -> Callable[[Callable[[Call], Body]], Callable[[Call], Body]]:
    """Registers a handler for `POST /v1/refunds`; `knows` lists the parameters it understands."""

    def register(answer: Callable[[Call], Body]) -> Callable[[Call], Body]:
        HANDLERS[name] = Handler(answer, frozenset({*knows.split(), *EVERYWHERE}))
        return answer

    return register


def answer(call: Call) -> Body:
    """The body for a call, or a loud 400 naming what the fake does not know."""
    handler = HANDLERS.get(call.route.name)
    if handler is None:
        raise Refusal(f"The fake does not know {call.route.name}", code="fake_unknown_route")
    for path in _paths(call.params):
        if not any(path == known or path.startswith(f"{known}.") for known in handler.knows):
            raise Refusal(
                f"The fake does not know {path} of {call.route.name}", code="fake_unknown_parameter"
            )
    return handler.answer(call)


def _paths(value: Any, path: str = "") -> Iterator[str]:
    """`payment_method_options.card_present.capture_method` for every leaf; list positions left out."""
    if isinstance(value, dict) and value:
        for name, one in value.items():
            yield from _paths(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for one in value:
            yield from _paths(one, path)
    elif path:
        yield path


def page(call: Call, rows: list[Body]) -> Body:
    """One page of a list, newest first, with Stripe's cursors."""
    rows = [row for row in rows if _within(row.get("created", 0), call.get("created"))]
    limit, more_before = call.get("limit", 10), False
    if not 1 <= limit <= 100:
        raise Refusal(f"Invalid integer: limit is {limit}, allowed are 1 to 100", param="limit")
    keys = [row["id"] for row in rows]
    if after := call.get("starting_after"):
        rows = rows[_position(keys, after, "starting_after") + 1 :]
    elif before := call.get("ending_before"):
        rows = rows[: _position(keys, before, "ending_before")]
        more_before, rows = len(rows) > limit, rows[-limit:]
    shown = rows[:limit]
    return {
        "object": "list",
        "data": shown,
        "has_more": more_before or len(rows) > limit,
        "url": call.route.path,
    }


def _position(keys: list[str], key: str, param: str) -> int:
    if key not in keys:
        raise Refusal(f"No such object: '{key}'", code="resource_missing", param=param)
    return keys.index(key)


def _within(created: int, wanted: Any) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, int):
        return created == wanted
    checks = {"gt": created.__gt__, "gte": created.__ge__, "lt": created.__lt__, "lte": created.__le__}
    return all(checks[name](bound) for name, bound in wanted.items())


CLAUSE = re.compile(
    r"(?P<field>[a-z_]+)(\[['\"](?P<key>[^'\"]+)['\"]\])?(?P<op>:|>=|<=|>|<)['\"]?(?P<value>[^'\"]*)['\"]?"
)


def search(call: Call, rows: list[Body]) -> Body:
    """Stripe's search language as far as we speak it: clauses joined by AND."""
    clauses = [CLAUSE.fullmatch(part.strip()) for part in re.split(r"\s+AND\s+", call.params["query"])]
    if any(clause is None for clause in clauses):
        raise Refusal(f"The fake does not know the query {call.params['query']!r}", param="query")
    found = [row for row in rows if all(clause and _holds(row, clause) for clause in clauses)]
    shown = found[: call.get("limit", 10)]
    path = call.route.path
    return {
        "object": "search_result",
        "data": shown,
        "has_more": len(shown) < len(found),
        "url": path,
        "next_page": None,
    }


def _holds(row: Body, clause: re.Match[str]) -> bool:
    if clause["field"] not in row:
        raise Refusal(f"Field `{clause['field']}` is an unsupported search field", param="query")
    value = row[clause["field"]]
    value = (value or {}).get(clause["key"]) if clause["key"] else value
    if clause["op"] == ":":
        return str(value) == clause["value"]
    number, bound = int(value or 0), int(clause["value"])
    return {">": number > bound, "<": number < bound, ">=": number >= bound, "<=": number <= bound}[
        clause["op"]
    ]


def expand(world: World, body: Body, paths: list[str]) -> None:
    """Replaces ids by their objects along `data.source` or `latest_charge.balance_transaction`."""
    for path in paths:
        _expand(world, body, path.split("."), path=path)


def _expand(world: World, node: Any, parts: list[str], *, path: str) -> None:
    name, rest = parts[0], parts[1:]
    if isinstance(node, list):
        for one in node:
            _expand(world, one, parts, path=path)
        return
    if not isinstance(node, dict) or name not in node:
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(node[name], str):
        found = world.find(node[name])
        if found is None:
            raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
        node[name] = dict(found)
    if rest and node[name] is not None:
        _expand(world, node[name], rest, path=path)


def _must_fit(given: Body) -> None:
    """Fifty pairs, keys of 40 characters, values of 500."""
    if len(given) > 50:
        raise Refusal(f"Metadata has {len(given)} keys, allowed are 50", param="metadata")
    for key, value in given.items():
        if len(key) > 40 or len(value) > 500:
            text = f"Metadata: key of {len(key)} and value of {len(value)} characters, allowed are 40 and 500"
            raise Refusal(text, param=f"metadata[{key}]")


def put_metadata(body: Body, call: Call) -> None:
    """Metadata is merged; an empty value removes its key, an empty whole removes all."""
    given = call.get("metadata")
    if given:
        _must_fit(given)
    if given == "":
        body["metadata"] = {}
    elif given is not None:
        merged = {**body["metadata"], **given}
        body["metadata"] = {name: value for name, value in merged.items() if value != ""}
