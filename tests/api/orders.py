"""An order as a client sends it, and what the serializer says of it."""

import copy
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from fynlo.api.validation import field_problems
from tests.api.shapes import OrderSerializer

ORDER = "01920000-0000-7000-8000-0000000000aa"
LINE = "01920000-0000-7000-8000-0000000000bb"
GOOD: dict[str, Any] = {"id": ORDER, "lines": [{"id": LINE, "quantity": "1"}]}


def draft(document: Any, currency: str = "EUR") -> Any:
    serializer = OrderSerializer(data=document, context={"currency": currency})
    serializer.is_valid(raise_exception=True)
    return serializer.to_draft()


def problems(document: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        draft(document)
    return [(problem.pointer, problem.code) for problem in field_problems(refused.value.detail)]


def details(document: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        draft(document)
    return [problem.detail for problem in field_problems(refused.value.detail)]


def changed(**members: Any) -> dict[str, Any]:
    return {**copy.deepcopy(GOOD), **members}
