"""REST framework's trees of validation errors as a flat list of field problems with JSON pointers."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import get_error_detail
from rest_framework.settings import api_settings

from fynlo.api.strict_json import pointer_to
from fynlo.core.errors import FieldProblem

UNKNOWN_FIELD = "unknown_field"


def field_problems(detail: Any, pointer: str = "") -> Iterator[FieldProblem]:
    """The problems of a `ValidationError.detail`, each at its pointer, in the order of the tree."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from field_problems(inner, pointer if _is_own(key, inner) else pointer_to(pointer, key))
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            is_item = isinstance(inner, Mapping | list)
            yield from field_problems(inner, pointer_to(pointer, index) if is_item else pointer)
    else:
        code = detail.code if isinstance(detail, ErrorDetail) else "invalid"
        yield FieldProblem(pointer, str(code), str(detail))


def model_problems(error: DjangoValidationError) -> list[FieldProblem]:
    """The problems of Django's own validation error (models, forms, password rules)."""
    return list(field_problems(get_error_detail(error)))


def _is_own(key: Any, inner: Any) -> bool:
    """Whether `key` stands for the object itself: it is REST framework's name for that, and no field of a
    client that happens to be called so."""
    if key != api_settings.NON_FIELD_ERRORS_KEY:
        return False
    return not any(getattr(item, "code", "") == UNKNOWN_FIELD for item in inner)
