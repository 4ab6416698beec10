"""The OpenAPI document: what the views declare, plus what holds for all of them."""

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from fynlo.api.idempotency import NEEDS_KEY
from fynlo.api.pagination import DEFAULT_LIMIT, MAX_LIMIT

IDEMPOTENCY_KEY: Final = OpenApiParameter(
    name="Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    type={"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    description="A new one for every new request; a repeat with the same key gets the first answer.",
)
_KNOWN_PARAMETERS: Final[dict[str, tuple[Any, str]]] = {
    "limit": (
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        "How many items.",
    ),
    "cursor": (OpenApiTypes.STR, "The `next_cursor` of the page before."),
    "fields": (OpenApiTypes.STR, "The members wanted, separated by commas."),
}
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "example": "/api/docs/errors#invalid_input"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "description": "Stable; listed at /api/docs/errors."},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The request id, also in `X-Request-ID`."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body (RFC 6901)."},
                    "parameter": {"type": "string", "description": "Name of a query parameter or header."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class FynloSchema(AutoSchema):
    """Adds to each operation what its view declares: tag, idempotency key, query parameters."""

    def get_tags(self) -> list[str]:
        """The app the view belongs to."""
        parts = type(self.view).__module__.split(".")
        return [parts[1] if parts[0] == "fynlo" else parts[0]]

    def get_operation_id(self) -> str:
        """The library's name; what answers pages is called a list."""
        name = str(super().get_operation_id())
        if self.method == "GET" and "cursor" in getattr(self.view, "query_parameters", ()):
            return name.removesuffix("_retrieve") + "_list"
        return name

    def get_override_parameters(self) -> list[Any]:
        """The header of idempotent methods, and the query parameters of reading ones."""
        parameters: list[Any] = []
        if getattr(getattr(self.view, self.method.lower(), None), NEEDS_KEY, False):
            parameters.append(IDEMPOTENCY_KEY)
        if self.method == "GET":
            for name in sorted(getattr(self.view, "query_parameters", ())):
                kind, description = _KNOWN_PARAMETERS.get(name, (OpenApiTypes.STR, ""))
                parameters.append(OpenApiParameter(name=name, type=kind, description=description))
        return parameters


class TerminalScheme(OpenApiAuthenticationExtension):
    """A paired device, or an employee signed in on it: one header or both."""

    target_class = "sync.terminals.authentication.TerminalAuthentication"
    name = ["deviceToken", "staffSession"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        """The device's token, and `Staff-Session: <token>` beside it."""
        del auto_schema
        return [
            {"type": "http", "scheme": "bearer", "description": "Given when a till is paired."},
            {
                "type": "apiKey",
                "in": "header",
                "name": "Staff-Session",
                "description": "Given when an employee signs in with their PIN on that till.",
            },
        ]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        """The device alone, or the device with an employee."""
        del auto_schema
        return [{"deviceToken": []}, {"deviceToken": [], "staffSession": []}]


def page_of(name: str, item: type[serializers.BaseSerializer[Any]]) -> Any:
    """The shape that `paginate` answers, for `@extend_schema(responses=page_of("OrderPage", OrderOutput))`."""
    return inline_serializer(
        name,
        {
            "items": item(many=True),
            "next_cursor": serializers.CharField(allow_null=True, help_text="Null on the last page."),
        },
    )


def describe_common_parts(result: dict[str, Any], **_generation: Any) -> dict[str, Any]:
    """Postprocessing hook: problem documents as the answer to every failure, headers of every answer."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["responses"] = {
        "Problem": {
            "description": "Any failure.",
            "headers": {
                "X-Request-ID": {"schema": {"type": "string"}},
                "Retry-After": {
                    "schema": {"type": "integer"},
                    "description": "Seconds; with 409 in use, 429, 503.",
                },
            },
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }
    for path in result.get("paths", {}).values():
        for method in _METHODS:
            if method in path:
                path[method]["responses"].setdefault("default", {"$ref": "#/components/responses/Problem"})
    return result
