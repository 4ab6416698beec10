"""Objects and lists of input: exactly the declared fields, every problem named with its place."""

import threading
from collections.abc import Mapping
from typing import Any, ClassVar, Final, NoReturn, Self, cast

from rapidfuzz import process
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.settings import api_settings

from fynlo.api.validation import UNKNOWN_FIELD

MAX_ITEMS: Final = 500
_LONGEST_NAME: Final = 80
_STATE: Final = ("initial_data", "_validated_data", "_errors", "_data")
_at_rest = threading.local()
_CLOSE_ENOUGH: Final = 70


def nearest(given: str, known: list[str]) -> str | None:
    """The name among `known` that `given` most likely meant, or None."""
    found = process.extractOne(given[:_LONGEST_NAME], known, score_cutoff=_CLOSE_ENOUGH)
    return str(found[0]) if found else None


def hint(given: str, known: list[str]) -> str:
    """A sentence that helps whoever wrote `given`: the nearest known name, or all of them."""
    name = nearest(given, known)
    return f'Did you mean "{name}"?' if name else f"Known are {', '.join(known)}."


def _name_of(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


class StrictListSerializer(serializers.ListSerializer[Any]):
    """A JSON array of objects, at most `MAX_ITEMS` unless the field says otherwise."""

    default_error_messages = {"not_a_list": "A list is expected."}

    max_length: int | None
    min_length: int | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_ITEMS)
        super().__init__(*args, **kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        """The validated items; problems of items are keyed by their index."""
        if not isinstance(data, list):
            self.refuse("not_a_list")
        if not data and not self.allow_empty:
            self.refuse("empty")
        if self.max_length is not None and len(data) > self.max_length:
            self.refuse("max_length", max_length=self.max_length)
        if self.min_length is not None and len(data) < self.min_length:
            self.refuse("min_length", min_length=self.min_length)
        items: list[Any] = []
        problems: dict[Any, Any] = {}
        for index, item in enumerate(data):
            try:
                items.append(self.run_child_validation(item))
            except ValidationError as error:
                problems[index] = error.detail
        if problems:
            raise ValidationError(problems)
        return items

    def refuse(self, key: str, **values: Any) -> NoReturn:
        """Raise the problem `key` of the list as a whole."""
        text = self.error_messages[key].format(**values)
        raise ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [ErrorDetail(text, code=key)]})


class StrictSerializer(serializers.Serializer[Any]):
    """A JSON object with exactly the declared fields.

    Unknown fields are refused and the nearest known name is told; so are fields that only the server sets.
    Subclasses end in `to_draft`, the frozen value that the service takes. `is_kept`: its fields depend on nothing
    but the class, so one that has done its work is used again (`fynlo.api.views`): making them costs more than
    reading a cart.
    """

    is_kept: ClassVar[bool] = False

    default_error_messages = {
        "not_an_object": "An object is expected.",
        UNKNOWN_FIELD: "This field is not known here. {hint}",
        "read_only_field": "This field is set by the server.",
    }

    class Meta:
        list_serializer_class = StrictListSerializer

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give subclasses that write their own `Meta` the strict list as well."""
        super().__init_subclass__(**kwargs)
        if not hasattr(cls.Meta, "list_serializer_class"):
            cls.Meta.list_serializer_class = StrictListSerializer

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The validated values; unknown fields and faults of known ones are reported together."""
        if not isinstance(data, Mapping):
            text = str(self.error_messages["not_an_object"])
            raise ValidationError(
                {api_settings.NON_FIELD_ERRORS_KEY: [ErrorDetail(text, code="not_an_object")]}
            )
        problems: dict[str, Any] = {}
        try:
            values: dict[str, Any] = super().to_internal_value(data)
        except ValidationError as error:
            problems.update(cast("dict[str, Any]", error.detail))
        problems.update(self._unexpected(data))
        if problems:
            raise ValidationError(problems)
        return values

    def _unexpected(self, data: Mapping[str, Any]) -> dict[str, list[ErrorDetail]]:
        problems = {}
        writable = [name for name, field in self.fields.items() if not field.read_only]
        for name in data:
            field = self.fields.get(name)
            if field is None:
                text = self.error_messages[UNKNOWN_FIELD].format(hint=hint(name, writable))
                problems[name] = [ErrorDetail(text, code=UNKNOWN_FIELD)]
            elif field.read_only:
                problems[name] = [
                    ErrorDetail(str(self.error_messages["read_only_field"]), code="read_only_field")
                ]
        return problems

    @classmethod
    def reading(cls, *, data: Any, context: dict[str, Any]) -> Self:
        """One for `data`: where the class is kept, the one that this thread used before and put back."""
        used = cast("Self | None", vars(_at_rest).pop(_name_of(cls), None)) if cls.is_kept else None
        if used is None:
            return cls(data=data, context=context)
        used.__init__(data=data, context=context)  # type: ignore[misc]  # everything but its fields anew
        return used

    def put_back(self) -> None:
        """Keep it for the thread's next request, without anything of this one; called when all went well."""
        if self.is_kept:
            for name in _STATE:
                self.__dict__.pop(name, None)
            self._context = {}
            vars(_at_rest)[_name_of(type(self))] = self

    def to_draft(self) -> Any:
        """The value handed to the service; the validated dictionary unless a subclass makes a draft of it."""
        return self.validated_data
