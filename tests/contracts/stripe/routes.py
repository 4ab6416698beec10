"""Every route the installed `stripe` library can call, read from its own service files.

The library is generated from the vendor's API description, one file a service; each public method names its HTTP
verb, its path, the type of its parameters and the type of its answer. Nothing here is typed by hand.
"""

import ast
import importlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import stripe

PACKAGE = Path(stripe.__file__).parent
PLACEHOLDER = re.compile(r"\{[a-z_0-9]+\}")
VERBS = ("get", "post", "delete")


@dataclass(frozen=True)
class Route:
    """One method of one service: `module` is where the names in `params` and `answer` are known."""

    verb: str
    path: str
    module: str
    params: str | None
    answer: str

    @property
    def name(self) -> str:
        """As people write it: `POST /v1/refunds/{}/cancel`, placeholders without their names."""
        return f"{self.verb.upper()} {normalised(self.path)}"

    @property
    def is_v2(self) -> bool:
        """v2 speaks JSON and answers errors in another shape."""
        return self.path.startswith("/v2/")


def normalised(path: str) -> str:
    """The path with `{}` for every placeholder, so that nobody has to remember how the library calls them."""
    return PLACEHOLDER.sub("{}", path)


@cache
def all_routes() -> tuple[Route, ...]:
    """Every distinct (verb, path) of the library, in the order of its files."""
    found: dict[tuple[str, str], Route] = {}
    for file in sorted(PACKAGE.rglob("_*_service.py")):
        module = "stripe." + ".".join(file.relative_to(PACKAGE).with_suffix("").parts)
        for route in _routes_of(ast.parse(file.read_text(encoding="utf-8")), module=module):
            found.setdefault((route.verb, normalised(route.path)), route)
    return tuple(found.values())


@cache
def _table() -> dict[tuple[str, int], list[tuple[re.Pattern[str], Route]]]:
    """(verb, number of segments) → patterns, the most literal first: `search` wins over `{intent}`."""
    table: dict[tuple[str, int], list[tuple[re.Pattern[str], Route]]] = {}
    for route in sorted(all_routes(), key=lambda route: normalised(route.path).count("{}")):
        pattern = re.compile("".join(_piece(part) for part in re.split(r"(\{[a-z_0-9]+\})", route.path)))
        table.setdefault((route.verb, route.path.count("/")), []).append((pattern, route))
    return table


def _piece(part: str) -> str:
    return f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part)


def find_route(*, verb: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route behind a request line and the ids in its path; None for what the library cannot call."""
    for pattern, route in _table().get((verb.lower(), path.count("/")), []):
        if match := pattern.fullmatch(path):
            return route, match.groupdict()
    return None


def named(*, module: str, name: str) -> Any:
    """What `name` means in a module of the library, imports for type checkers included."""
    return names_of(module)[name]


@cache
def names_of(module: str) -> dict[str, Any]:
    """The module's names at run time plus those it imports only for type checkers."""
    loaded = importlib.import_module(module)
    names = dict(vars(loaded))
    tree = ast.parse(Path(str(loaded.__file__)).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("stripe"):
            source = importlib.import_module(node.module)
            names |= {alias.asname or alias.name: getattr(source, alias.name) for alias in node.names}
    return names


def _routes_of(tree: ast.Module, *, module: str) -> list[Route]:
    methods = [
        method
        for service in tree.body
        if isinstance(service, ast.ClassDef)
        for method in service.body
        if isinstance(method, ast.FunctionDef)
    ]
    return [route for method in methods if (route := _route_of(method, module=module))]


def _route_of(method: ast.FunctionDef, *, module: str) -> Route | None:
    """The first call of the method that starts with a verb and a path says it all."""
    for call in ast.walk(method):
        if not isinstance(call, ast.Call) or len(call.args) < 2:
            continue
        verb, path = call.args[0], _template(call.args[1])
        if (
            isinstance(verb, ast.Constant)
            and verb.value in VERBS
            and path
            and path.startswith(("/v1/", "/v2/"))
        ):
            return Route(verb.value, path, module, _params_name(method), _answer_name(method))
    return None


def _template(node: ast.expr) -> str | None:
    """`"/v1/x"` or `"/v1/x/{id}".format(id=…)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _params_name(method: ast.FunctionDef) -> str | None:
    for argument in [*method.args.posonlyargs, *method.args.args]:
        found = (
            re.search(r"[A-Z]\w+Params\b", ast.unparse(argument.annotation)) if argument.annotation else None
        )
        if argument.arg == "params" and found:
            return found.group()
    return None


def _answer_name(method: ast.FunctionDef) -> str:
    returns = method.returns
    return (
        str(returns.value) if isinstance(returns, ast.Constant) else ast.unparse(returns or ast.Name("Any"))
    )
