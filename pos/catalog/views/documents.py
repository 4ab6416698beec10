"""One document of the catalogue over HTTP: read it, make it what it shall be, remove it.

Every change needs the `ETag` of the document as the caller read it, so that two people at two screens never
undo each other's work unseen.
"""

from http import HTTPStatus
from typing import Any, ClassVar, Final
from uuid import UUID

import orjson
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.etags import answer_tagged, etag, require_match
from fynlo.api.parsers import read_body
from fynlo.api.strict_json import refused_body
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import FieldProblem, NotFound, PreconditionFailed
from fynlo.events import log
from pos.catalog.documents.reading import read_documents
from pos.catalog.errors import DocumentsRefused
from pos.catalog.models import KINDS
from pos.catalog.services.documents import Saved, put_document

_KINDS: Final = {kind.replace("_", "-"): kind for kind in KINDS}
_IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of the document as you read it.",
)
_KIND: Final = OpenApiParameter(
    "kind", OpenApiTypes.STR, OpenApiParameter.PATH, enum=tuple(_KINDS), description="The kind of document."
)


class CatalogDocumentView(ApiView):
    """A document of the catalogue, whole: its kinds and members are told in docs/concepts/catalogue.md."""

    permissions: ClassVar = {"GET": "catalog.read", "PUT": "catalog.write", "DELETE": "catalog.write"}

    @extend_schema(parameters=[_KIND], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, kind: str, document_id: UUID) -> HttpResponse:
        """The document as it is; its `ETag` is what a change of it needs."""
        found = read_documents(kind=_kind(kind), ids=[document_id]).get(document_id)
        if found is None:
            raise NotFound("There is no such document.")
        return answer_tagged(request, tag=_tag(_kind(kind), found), build=lambda: found)

    @extend_schema(
        parameters=[_KIND, _IF_MATCH],
        request=OpenApiTypes.OBJECT,
        responses={200: OpenApiTypes.OBJECT, 201: OpenApiTypes.OBJECT},
    )
    def put(self, request: Request, kind: str, document_id: UUID) -> HttpResponse:
        """Make the document what is sent, as a whole; answers it in its one form, 201 when it is new.

        A document that is there needs `If-Match` (428 without it, 412 when it has changed since). Every problem
        is named with a pointer.
        """
        known = _kind(kind)
        document = self._stated(document_id)
        before: list[dict[str, Any]] = []

        def matches(current: dict[str, Any] | None) -> None:
            if current is not None:
                before.append(current)
                require_match(request, current=_tag(known, current))
            elif "If-Match" in request.headers:
                raise PreconditionFailed("The document is not there any more.")

        saved = put_document(
            kind=known,
            document_id=document_id,
            document=document,
            actor=self.actor,
            at=clock.now(),
            matches=matches,
        )
        made = read_documents(kind=known, ids=[document_id])[document_id]
        is_new = bool(saved.changed) and not before
        response = Response(made, status=HTTPStatus.CREATED if is_new else HTTPStatus.OK)
        response["ETag"] = _tag(known, made)
        return _positioned(response, saved)

    @extend_schema(parameters=[_KIND, _IF_MATCH], responses={204: None})
    def delete(self, request: Request, kind: str, document_id: UUID) -> HttpResponse:
        """Remove the document. 409 while something else needs it, naming that; what was sold is deactivated."""
        known = _kind(kind)

        def matches(current: dict[str, Any] | None) -> None:
            if current is None:
                raise NotFound("There is no such document.")
            require_match(request, current=_tag(known, current))

        saved = put_document(
            kind=known,
            document_id=document_id,
            document=None,
            actor=self.actor,
            at=clock.now(),
            matches=matches,
        )
        return _positioned(Response(status=HTTPStatus.NO_CONTENT), saved)

    def _stated(self, document_id: UUID) -> Any:
        """The body, which need not repeat the id of its address but may not contradict it."""
        if not read_body(self.request):
            raise refused_body("empty_body", "The body is empty; a JSON document is expected.")
        document = self.request.data
        if not isinstance(document, dict):
            return document if document is not None else []
        if document.get("id", str(document_id)) != str(document_id):
            problem = FieldProblem("/id", "id", f"The document at this address is {document_id}.")
            raise DocumentsRefused(problem.detail, errors=[problem])
        return {**document, "id": str(document_id)}


def _kind(name: str) -> str:
    if name not in _KINDS:
        raise NotFound(f"The kinds of documents are {', '.join(_KINDS)}.")
    return _KINDS[name]


def _tag(kind: str, document: dict[str, Any]) -> str:
    return etag("document", kind, orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode())


def _positioned(response: Response, saved: Saved) -> Response:
    """Where the feed stands with this change."""
    positions = log.positions_of(saved.txn) if saved.txn else []
    if positions:
        response["Feed-Position"] = str(positions[-1])
    return response
