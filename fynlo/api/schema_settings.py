"""Settings of the OpenAPI document (`SPECTACULAR_SETTINGS`). Plain data: read while settings load."""

from typing import Any, Final

_DESCRIPTION: Final = """\
Point of sale for shops, cafés and restaurants. Each merchant has a host of their own; everything a till does goes
through here.

Money is `{"amount_minor": 1250, "currency": "GBP"}` in whole minor units; quantities are text; ids are UUIDv7 made
by whoever creates the thing; times are RFC 3339. Unknown fields and parameters are refused. Every failure is a
problem document (RFC 9457) with a stable `code`: [all codes](/api/docs/errors).
"""

SPECTACULAR_SETTINGS: Final[dict[str, Any]] = {
    "TITLE": "Fynlo",
    "DESCRIPTION": _DESCRIPTION,
    "VERSION": "1",
    "LICENSE": {"name": "Apache-2.0"},
    "OAS_VERSION": "3.1.0",
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {},
    "SORT_OPERATIONS": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "fynlo.api.schema.describe_common_parts",
    ],
}
