"""The form of a catalogue document: its fields are members of the document, and so are the places of refusals."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.urls import reverse_lazy

from fynlo.backoffice.options import ServiceForm
from fynlo.backoffice.sheets import Cell, Money, SheetField
from fynlo.backoffice.sheets.fields import CellField
from fynlo.core.errors import DomainError, PreconditionFailed
from fynlo.core.tenancy import current_tenant
from pos.catalog.documents.reading import read_documents
from pos.catalog.queries.picking import names_of

Document = dict[str, Any]


def sheet(root: Cell, **more: Any) -> SheetField:
    """A sheet whose pickers search the catalogue."""
    return SheetField(
        root, namer=names_of, search=lambda: str(reverse_lazy("admin:pos_catalog_pick")), **more
    )


def version_of(document: Document) -> str:
    """What tells one state of a document from another."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:32]


class DocumentForm(ServiceForm):
    """Fields called like members of the document show and state them; `renamed` and `spread` say the rest.

    `renamed` is field → member where the names differ; `spread` is field → members for a sheet that stands for
    several. Members without a field stay as they are.
    """

    kind: ClassVar[str] = ""
    renamed: ClassVar[Mapping[str, str]] = {}
    spread: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document: Document = {}
        if not self.instance._state.adding:
            self.document = read_documents(kind=self.kind, ids=[self.instance.pk]).get(self.instance.pk, {})
            self.initial.update({name: value for name, value in self.shown() if name in self.fields})
            self.initial["version"] = version_of(self.document)
        for name, field in self.fields.items():
            if isinstance(field, SheetField) and name in self.initial:
                field.initial = self.initial[name]
            if isinstance(field, CellField) and name in self.initial:
                self.initial[name] = field.cell.show(self.initial[name])
            if isinstance(field, CellField) and isinstance(field.cell, Money):
                field.label = f"{field.cell.title} ({current_tenant().currency})"

    def shown(self) -> Iterator[tuple[str, Any]]:
        """What each field shows of the document."""
        for name in self.fields:
            if name in self.spread:
                yield name, self.document
            elif (member := self.renamed.get(name, name)) in self.document:
                yield name, self.document[member]

    def stated(self) -> Document:
        """The document as the form states it (it is valid)."""
        own = {name for name in self.fields if name not in ("version", *self.spread)}
        gone = {member for name, members in self.spread.items() if name in self.fields for member in members}
        made = {member: value for member, value in self.document.items() if member not in gone}
        for name in own:
            made[self.renamed.get(name, name)] = self.value_of(name)
        for name in self.spread:
            made |= self.cleaned_data[name] or {}
        return made | {"id": str(self.instance.pk)}

    def value_of(self, name: str) -> Any:
        """What the document says of a field."""
        return self.cleaned_data[name]

    def matches(self, current: Document | None) -> None:
        """Raise `PreconditionFailed` when the document is not the one the form was filled in from."""
        if current is not None and version_of(current) != self.cleaned_data.get("version"):
            raise PreconditionFailed(
                "Somebody else has changed this since you opened it. Open it again, then make your change."
            )

    def sentences(self, refusal: DomainError) -> Iterator[tuple[str | None, str]]:
        """Every sentence at the field of the member it is about; in a sheet, at its cell."""
        if not refusal.errors:
            yield None, refusal.detail
        for problem in refusal.errors:
            member, _, rest = problem.pointer.strip("/").partition("/")
            name, inside = self._field(member)
            field = self.fields.get(name or "")
            if isinstance(field, SheetField):
                pointer = problem.pointer if inside else (f"/{rest}" if rest else "")
                for sentence in field.tell([(pointer, problem.detail)]):
                    yield name, sentence
            else:
                yield name, problem.detail

    def _field(self, member: str) -> tuple[str | None, bool]:
        """The field of a member, and whether it is one of several there."""
        for name, members in self.spread.items():
            if member in members:
                return name, True
        by_member = {member: name for name, member in self.renamed.items()}
        name = by_member.get(member, member)
        return (name if name in self.fields else None), False
