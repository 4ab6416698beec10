"""All variants of an item in one grid, saved in one call: everything, or nothing and every reason at its cell."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, FieldProblem
from fynlo.core.tenancy import current_tenant
from pos.catalog.admin.grid_rows import (
    Cells,
    GridUnreadable,
    Row,
    missing_options,
    place_problem,
    sent_rows,
    suggested,
)
from pos.catalog.csv_reading.cells import CellInvalid
from pos.catalog.differences import differences
from pos.catalog.documents.reading import read_documents
from pos.catalog.errors import ItemChangedSince
from pos.catalog.queries.history import item_revision
from pos.catalog.services.variants import VariantsDraft, save_variants, variant_problems

Document = dict[str, Any]
MAX_TEXT: Final = 10_000


@page(
    merchant_admin,
    "pos/item/<uuid:object_id>/variants/",
    name="pos_item_variants",
    permission="catalog.write",
)
def grid(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """The grid. Posted `do`: `save`, `overwrite` (what somebody else did meanwhile), `row`, `missing`, `axes`."""
    document = read_documents(kind="item", ids=[object_id]).get(object_id)
    if document is None:
        raise Http404
    made = _Grid(document, item_revision(item_id=object_id) or 0)
    if request.method == "POST":
        made.read(request.POST)
        match request.POST.get("do"):
            case "save" | "overwrite":
                if made.save(request, overwrite=request.POST["do"] == "overwrite"):
                    return HttpResponseRedirect(reverse("admin:pos_item_variants", args=(object_id,)))
            case "row":
                made.rows.append(suggested([""] * len(made.axes), []))
            case "axes":
                made.offers_missing = True
            case "missing":
                made.add_missing(request.POST.getlist("combination"))
    return render(
        merchant_admin, request, "catalog_variants", f"Variants of {document['name']}", **made.context()
    )


class _Grid:
    """An item's options and variants as the page shows them."""

    def __init__(self, document: Document, revision: int) -> None:
        self.document, self.revision = document, revision
        self.currency = current_tenant().currency
        self.cells = Cells(self.currency)
        self.axes: list[Document] = document["option_axes"]
        self.axes_text, self.axes_error = self.cells.axes_text(self.axes), ""
        self.rows: list[Row] = [self.cells.row(each, len(self.axes)) for each in document["variants"]]
        self.offers_missing = len(self.rows) == 1
        self.problems: list[str] = []
        self.changes: list[str] = []

    def read(self, data: QueryDict) -> None:
        """Take what the form sent. Raises BadRequest for what no page of ours sends."""
        revision = data.get("revision", "")
        if revision.isascii() and revision.isdigit() and len(revision) < 19:  # noqa: PLR2004  # a bigint
            self.revision = int(revision)
        if "axes" not in data:
            return
        self.axes_text = str(data["axes"])[:MAX_TEXT]
        try:
            self.axes = self.cells.axes(self.axes_text)
        except CellInvalid as error:
            self.axes_error = f"This {error}."
        try:
            self.rows = sent_rows(data, len(self.axes))
        except GridUnreadable as error:
            raise BadRequest(str(error)) from None

    def add_missing(self, chosen: list[str]) -> None:
        """A row for each chosen combination of options that no row has."""
        known = list(self.rows)
        for values in list(missing_options(self.axes, known)):
            if "|".join(values) in chosen:
                self.rows.append(suggested(values, known))

    def save(self, request: HttpRequest, *, overwrite: bool) -> bool:
        """Save everything in one call; False when something is wrong, which the cells then say."""
        draft = VariantsDraft(
            item_id=UUID(self.document["id"]),
            option_axes=self.axes,
            variants=[self.cells.variant(row) for row in self.rows],
            revision=(item_revision(item_id=UUID(self.document["id"])) or 0) if overwrite else self.revision,
        )
        if self.axes_error or any(row.errors for row in self.rows):
            self._tell(variant_problems(draft=draft))
            return False
        try:
            saved = save_variants(draft=draft, actor=actor_of(request), at=now())
        except ItemChangedSince as error:
            self._compare(error.data["before"], error.data["after"])
            return False
        except DomainError as error:
            self._tell(error.errors or (FieldProblem("", error.code, error.detail),))
            self._tell(variant_problems(draft=draft))
            return False
        messages.success(request, "The variants are saved." if saved.changed else "Nothing had changed.")
        return True

    def _tell(self, problems: tuple[FieldProblem, ...]) -> None:
        """Each problem at its cell; what belongs to no cell above the grid."""
        for problem in problems:
            place = place_problem(problem.pointer, self.rows)
            if problem.detail in self.problems:
                continue
            if place is not None:
                place[0].errors.setdefault(place[1], problem.detail)
            elif problem.pointer.startswith("/option_axes"):
                self.axes_error = self.axes_error or problem.detail
            else:
                self.problems.append(problem.detail)

    def _compare(self, before: Document | None, after: Document | None) -> None:
        """What somebody else changed while this page was open."""
        if before is not None and after is not None:
            self.changes = list(differences(before=before, after=after, shown=self.cells.shown))
        self.changes = self.changes or ["Somebody else saved this item meanwhile."]

    def context(self) -> Document:
        """What the template shows."""
        wrong = sum(len(row.errors) for row in self.rows) + len(self.problems) + bool(self.axes_error)
        missing = [("|".join(values), " / ".join(values)) for values in missing_options(self.axes, self.rows)]
        return {
            "item": self.document,
            "revision": self.revision,
            "currency": self.currency,
            "axes": self.axes,
            "axes_text": self.axes_text,
            "axes_error": self.axes_error,
            "rows": self.rows,
            "blank": suggested([""] * len(self.axes), []),
            "missing": missing,
            "offers_missing": self.offers_missing,
            "problems": self.problems,
            "problem_count": wrong,
            "changes": self.changes,
        }
