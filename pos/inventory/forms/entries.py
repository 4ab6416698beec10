"""Forms whose fields are members of what the API takes: its shapes check them, refusals find their fields."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from rest_framework.exceptions import ValidationError

from fynlo.api.fields import StrictSerializer
from fynlo.api.validation import field_problems
from fynlo.backoffice.pages import repeat_no_choice
from fynlo.backoffice.sheets import Cell, Number, SheetField
from fynlo.backoffice.sheets.fields import CellField
from fynlo.core.errors import DomainError
from fynlo.core.ids import is_uuid7, new_id
from fynlo.core.tenancy import current_tenant
from pos.inventory.errors import UnacceptableStock

State = dict[str, Any]
_DATE: Final = {"type": "date"}


class EntryForm(forms.Form):
    """Fields called like members of the body that `shape` reads. What is left empty is not said.

    `key` is made with the page, so a form that is sent twice says the same thing twice.
    """

    shape: ClassVar[type[StrictSerializer]]
    has_key: ClassVar[bool] = True

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, path: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.path = dict(path or {})
        self.initial.setdefault("key", str(new_id()))
        repeat_no_choice(self)

    def body(self) -> State:
        """What the (valid) form says, as a client of the API would."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return {**values, "id": self._id()} if self.has_key else values

    def draft(self) -> Any:
        """The frozen input of the service. Raises `UnacceptableStock` with pointers into the body."""
        context = {"view": SimpleNamespace(kwargs=self.path), "currency": current_tenant().currency}
        shape = self.shape(data=said(self.body()), context=context)
        try:
            shape.is_valid(raise_exception=True)
        except ValidationError as error:
            raise UnacceptableStock(errors=list(field_problems(error.detail))) from error
        return shape.to_draft()

    def enter(self, write: Callable[[Any], Any]) -> Any:
        """What `write` made of the draft; None where something is wrong, which the fields then say."""
        if not self.is_valid():
            return None
        try:
            return write(self.draft())
        except DomainError as error:
            self.refuse(error)
            return None

    def bound_to(self, write: Callable[[Any], Any]) -> Any:
        """The same, once the form was sent; None before."""
        return self.enter(write) if self.is_bound else None

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at the fields, and in sheets at the cells, that its pointers name."""
        for problem in error.errors:
            name, _, rest = problem.pointer.strip("/").partition("/")
            field = self.fields.get(name)
            if isinstance(field, SheetField):
                self.add_error(name, field.tell([(f"/{rest}" if rest else "", problem.detail)]))
            else:
                self.add_error(name if field is not None else None, problem.detail)
        if not error.errors:
            self.add_error(None, error.detail)

    @property
    def plain_fields(self) -> Iterable[Any]:
        """The fields that are short."""
        return [field for field in self.visible_fields() if not isinstance(field.field, SheetField)]

    @property
    def sheet_fields(self) -> Iterable[Any]:
        """The sheets."""
        return [field for field in self.visible_fields() if isinstance(field.field, SheetField)]

    def _id(self) -> str:
        try:
            key = UUID(self.cleaned_data["key"])
        except ValueError:
            return str(new_id())
        return str(key) if is_uuid7(key) else str(new_id())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that is there: its key, what it is called, and what else people need to see of it."""

    key: str
    title: str
    detail: str = ""


class LinesForm(EntryForm):
    """Besides, a row of fields for each of some lines that are there. Rows that say nothing are not said.

    `columns` makes the fields by member; `line_key` is the member that names the line.
    """

    columns: ClassVar[Mapping[str, Callable[[], forms.Field]]] = {}
    line_key: ClassVar[str] = "line_id"

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.sent = list(lines), list[int]()
        for place in range(len(self.lines)):
            for name, make in self.columns.items():
                self.fields[f"{name}_{place}"] = make()

    def body(self) -> State:
        """With the lines something was typed for."""
        values = {name: value for name, value in super().body().items() if not self._is_cell(name)}
        rows: list[State] = []
        self.sent = []
        for place, line in enumerate(self.lines):
            row = {name: self.cleaned_data.get(f"{name}_{place}") for name in self.columns}
            if any(value not in (None, "") for value in row.values()):
                rows.append({self.line_key: line.key, **row})
                self.sent.append(place)
        return {**values, "lines": rows}

    def refuse(self, error: DomainError) -> None:
        """What is wrong with a line stands at its field."""
        others = []
        for problem in error.errors:
            _, member, place, *rest = [*problem.pointer.split("/"), "", "", ""]
            if member == "lines" and place.isdigit() and int(place) < len(self.sent):
                name = rest[0] if rest[0] in self.columns else next(iter(self.columns))
                self.add_error(f"{name}_{self.sent[int(place)]}", problem.detail)
            else:
                others.append(problem)
        for problem in others:
            name = problem.pointer.strip("/").partition("/")[0]
            self.add_error(name if name in self.fields else None, problem.detail)
        if not error.errors:
            self.add_error(None, error.detail)

    @property
    def plain_fields(self) -> Iterable[Any]:
        """The fields that belong to no line."""
        return [field for field in super().plain_fields if not self._is_cell(field.name)]

    @property
    def titles(self) -> list[str]:
        """What the columns are called."""
        return [str(make().label) for make in self.columns.values()]

    @property
    def line_rows(self) -> list[tuple[Line, list[Any]]]:
        """Each line with its fields."""
        return [
            (line, [self[f"{name}_{place}"] for name in self.columns])
            for place, line in enumerate(self.lines)
        ]

    def _is_cell(self, name: str) -> bool:
        column, _, place = name.rpartition("_")
        return column in self.columns and place.isdigit()


def number_field(label: str) -> CellField:
    """A number as people write it, or nothing."""
    return CellField(Number("", label), widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}))


def cell_field(cell: Cell) -> CellField:
    """A cell in a line of its own."""
    return CellField(cell, widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 10}))


def text_field(label: str, longest: int) -> forms.CharField:
    """A text that may be left out."""
    size = forms.TextInput(attrs={"size": 12})
    return forms.CharField(label=label, required=False, max_length=longest, widget=size)


def day_field(label: str) -> forms.DateField:
    """A day that may be left out."""
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )


def said(value: Any) -> Any:
    """A body without what was left empty, in JSON's own types."""
    if isinstance(value, Mapping):
        return {name: said(each) for name, each in value.items() if each is not None and each != ""}
    if isinstance(value, list):
        return [said(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value
