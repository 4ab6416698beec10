"""Pages whose record is a document: one call of one service saves it, unless it has changed since."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fynlo.backoffice.options import ServiceAdmin
from fynlo.backoffice.pages import page
from fynlo.backoffice.sheets import SheetField
from fynlo.backoffice.sheets.fields import CellField
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from pos.catalog.forms.documents import Document, DocumentForm
from pos.catalog.queries.images import image
from pos.catalog.queries.picking import find
from pos.catalog.services.documents import put_document


class DocumentAdmin(ServiceAdmin):
    """A kind of document. Its form says which members are filled in, and how."""

    form: type[DocumentForm]
    change_form_template = "backoffice/record.html"
    may_be_removed: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.form.base_fields.items():
            if isinstance(field, SheetField | CellField) and not hasattr(self, name):
                setattr(self, name, self._shown(name))

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """One call for the document and everything in it."""
        del formsets
        self.put(obj=obj, form=form, document=form.stated(), actor=actor, at=at)

    def put(self, *, obj: Any, form: Any, document: Document, actor: Actor, at: dt.datetime) -> None:
        """Make the document what is stated."""
        put_document(
            kind=form.kind, document_id=obj.pk, document=document, actor=actor, at=at, matches=form.matches
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change the catalogue, where a kind may be removed; what is in use is refused by name."""
        return self.may_be_removed and self.has_change_permission(request, obj)

    def remove(self, *, obj: Any, actor: Actor, at: dt.datetime) -> None:
        """Remove the document."""
        put_document(
            kind=self.form.kind,
            document_id=obj.pk,
            document=None,
            actor=actor,
            at=at,
            matches=lambda _current: None,
        )

    def _shown(self, name: str) -> Callable[[Any], SafeString]:
        """What a sheet shows to people who may only read."""

        def shown(obj: Any) -> SafeString:
            form = self.form(instance=obj)
            field: Any = form.fields[name]
            value = form.initial.get(name)
            text = str(value or "") if isinstance(field, CellField) else field.text(value)
            return format_html('<div style="white-space: pre-wrap">{}</div>', text or "–")

        label = self.form.base_fields[name].label
        shown.short_description = label  # type: ignore[attr-defined]  # how Django's admin learns it
        return shown


@page(merchant_admin, "catalog/pick/", name="pos_catalog_pick", permission="catalog.read", only_looks=True)
def pick(request: HttpRequest) -> HttpResponse:
    """What a picker offers for what was typed into it."""
    try:
        found = find(kind=request.GET.get("kind", ""), text=request.GET.get("q", ""))
    except KeyError:
        raise Http404 from None
    return JsonResponse({"results": [{"id": row.id, "label": row.label, "hint": row.hint} for row in found]})


@page(
    merchant_admin,
    "catalog/images/<uuid:image_id>/",
    name="pos_catalog_image",
    permission="catalog.read",
    only_looks=True,
)
def picture(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """A picture of the catalogue, for the pages that show it."""
    del request
    found = image(image_id=image_id)
    if found is None:
        raise Http404
    answer = HttpResponse(bytes(found.content), content_type=found.media_type)
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
