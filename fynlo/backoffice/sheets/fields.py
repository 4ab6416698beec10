"""The form field of a sheet: it shows a value in cells, reads it back, and puts problems where they belong."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from fynlo.backoffice.sheets.cells import NOTHING, Cell, Names, Problems
from fynlo.backoffice.sheets.groups import Rows

Namer = Callable[[Names], dict[str, str]]


class SheetWidget(forms.Widget):
    """The cells as JSON in a text area, which the script of `backoffice/sheets.html` draws as inputs."""

    needs_multipart_form = False

    def __init__(self, root: Cell, *, namer: Namer, search: Callable[[], str]) -> None:
        super().__init__()
        self.root, self.namer, self.search = root, namer, search
        self.problems: Problems = []

    def __deepcopy__(self, memo: dict[int, Any]) -> "SheetWidget":
        """Each form has its own; what was refused in one is no other's matter."""
        made: SheetWidget = super().__deepcopy__(memo)
        made.problems = []
        return made

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The text area with everything the script needs."""
        del attrs, renderer
        shown = _parsed(value)
        found: Names = {}
        self.root.names(shown, found)
        sheet = {
            "spec": self.root.spec(),
            "labels": self.namer({target: ids for target, ids in found.items() if ids}),
            "search": self.search(),
            "problems": self.problems,
        }
        widget = {"name": name, "value": value, "sheet": json.dumps(sheet)}
        return mark_safe(render_to_string("backoffice/sheet_widget.html", {"widget": widget}))  # noqa: S308

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the form was sent without it."""
        del files
        return name not in data


class SheetField(forms.Field):
    """A value with a structure. A form sent without it leaves the value as it was."""

    widget: Any

    def __init__(
        self, root: Cell, *, namer: Namer, search: Callable[[], str], initial: Any = None, **more: Any
    ) -> None:
        self.root = root
        more.setdefault("label", root.title)
        more.setdefault("help_text", root.help)
        more.setdefault("required", False)
        super().__init__(widget=SheetWidget(root, namer=namer, search=search), initial=initial, **more)

    def prepare_value(self, value: Any) -> Any:
        """The stored value in cells; what was sent, as it was sent."""
        return value if isinstance(value, str) else json.dumps(self.root.show(value), ensure_ascii=False)

    def clean(self, value: Any) -> Any:
        """The value to store; all that cannot be read is told at once."""
        given = self.root.show(self.initial) if value in (None, "") else _parsed(value)
        if given is NOTHING:
            raise forms.ValidationError("This form was not filled in by its page.")
        problems: Problems = []
        try:
            read = self.root.read(given, "", problems)
        except RecursionError:
            raise forms.ValidationError("This form was not filled in by its page.") from None
        if problems:
            raise forms.ValidationError(self.tell(problems))
        return self.root.blank if read is NOTHING else read

    def text(self, value: Any) -> str:
        """A stored value in lines, for people who may only read; ids as the names of what they mean."""
        shown = self.root.show(value)
        found: Names = {}
        self.root.names(shown, found)
        labels = self.widget.namer({target: ids for target, ids in found.items() if ids})
        text = "\n".join(self.root.lines(shown))
        for key, label in labels.items():
            text = text.replace(key, label)
        return text

    def tell(self, problems: Iterable[tuple[str, str]]) -> list[str]:
        """Show each problem at its cell; returns the sentences with the cells' names before them."""
        told = []
        for pointer, sentence in problems:
            self.widget.problems.append((pointer, sentence))
            where = place_of(self.root, pointer)
            told.append(f"{where}: {sentence}" if where else sentence)
        return told

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the cells say something else than they showed."""
        if data in (None, ""):
            return False
        return bool(_parsed(data) != json.loads(json.dumps(self.root.show(initial))))


def place_of(root: Cell, pointer: str) -> str:
    """The names of the cells on the way to `pointer`: `2 · Barcodes 1 · Code`."""
    words: list[str] = []
    cell: Cell | None = root
    for part in pointer.strip("/").split("/") if pointer else ():
        if part.isdigit() and (cell is None or isinstance(cell, Rows)):
            number = str(int(part) + 1)
            words.append(f"{words.pop()} {number}" if words and cell is not root else number)
            continue
        cell = next((each for each in (cell.members() if cell else ()) if each.name == part), None)
        if cell is None:
            break
        words.append(cell.title)
    return " · ".join(word for word in words if word)


def _parsed(value: Any) -> Any:
    """What the browser sent as JSON; `NOTHING` when it is none."""
    if not isinstance(value, str):
        return NOTHING
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return NOTHING


class CellField(forms.CharField):
    """One cell as a field of its own: an amount in currency units, a share in per cent."""

    def __init__(self, cell: Cell, *, widget: Any, **more: Any) -> None:
        self.cell = cell
        more.setdefault("label", cell.title)
        super().__init__(required=False, widget=widget, help_text=cell.help, **more)

    def prepare_value(self, value: Any) -> Any:
        """As it is typed in."""
        return value if isinstance(value, str) else self.cell.show(value)

    def clean(self, value: Any) -> Any:
        """What it stands for; None when it is left out."""
        problems: Problems = []
        read = self.cell.read(value, "", problems)
        if problems:
            raise forms.ValidationError([sentence for _, sentence in problems])
        return None if read is NOTHING else read

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something else was typed."""
        return bool((data or "") != self.prepare_value(initial))
