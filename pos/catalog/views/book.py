"""The price book over HTTP: what a till keeps, to sell by when nobody answers."""

import base64
import binascii
import struct
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from fynlo.api.errors import InvalidQuery
from fynlo.api.etags import answer_tagged
from fynlo.api.query import integer
from fynlo.api.views import ApiView
from fynlo.core.errors import NotFound
from pos.catalog.errors import BookRevisionAhead
from pos.catalog.models import KINDS, PriceBookVersion
from pos.catalog.queries.book_pages import BookKey, book_page, newest_version, version_at
from pos.catalog.serializers.book import BookPageOutput, version_document
from pos.catalog.services.publishing import ensure_book

DEFAULT_LIMIT: Final = 200
MAX_LIMIT: Final = 500
_CURSOR: Final = struct.Struct(">QQB16s")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a caller is: in which version, since which, after which document."""

    revision: int
    since: int
    after: BookKey

    def text(self) -> str:
        """As `next_cursor`: opaque, so that pages go on in the version they began with."""
        raw = _CURSOR.pack(
            self.revision, self.since, KINDS.index(self.after.kind), self.after.entity_id.bytes
        )
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class CatalogBookView(ApiView):
    """The price book in pages."""

    permission: ClassVar[str | None] = "catalog.read"
    query_parameters: ClassVar = frozenset({"revision", "after_revision", "cursor", "limit"})

    @extend_schema(
        parameters=[
            OpenApiParameter("revision", OpenApiTypes.INT, description="A version; the newest unless given."),
            OpenApiParameter(
                "after_revision",
                OpenApiTypes.INT,
                description="The version you have: only what changed since, a removed document as null.",
            ),
            OpenApiParameter(
                "limit", OpenApiTypes.INT, description=f"1 to {MAX_LIMIT}, {DEFAULT_LIMIT} unless given."
            ),
        ],
        responses=BookPageOutput,
    )
    def get(self, request: Request) -> HttpResponse:
        """A page of a version, or of what changed since another one; the `ETag` is the version's digest.

        Documents stand in an order in which each comes after those it refers to. Following pages are of the
        version of the first one, whatever is published meanwhile.
        """
        limit = integer(self.query, "limit", default=DEFAULT_LIMIT, minimum=1, maximum=MAX_LIMIT)
        place = _read_cursor(self.query["cursor"]) if "cursor" in self.query else None
        version = self._version(place)
        since = self._since(place, version)

        def build() -> dict[str, Any]:
            after = place.after if place else None
            page = book_page(revision=version.revision, since=since, after=after, limit=limit)
            following = None if page.last is None else _Place(version.revision, since, page.last).text()
            first = {} if place else {"version": version_document(version)}
            return {**first, "entries": page.entries, "next_cursor": following}

        return answer_tagged(request, tag=f'"{version.digest}"', build=build)

    def _version(self, place: _Place | None) -> PriceBookVersion:
        if place is not None:
            if {"revision", "after_revision"} & self.query.keys():
                raise InvalidQuery.of(
                    "cursor", "invalid_cursor", "A cursor says by itself what it goes on in."
                )
            return _known(place.revision)
        if "revision" in self.query:
            return _known(integer(self.query, "revision", default=0))
        version = newest_version()
        if version is None:
            ensure_book()
            version = newest_version()
        if version is None:
            raise NotFound("There is no price book.")
        return version

    def _since(self, place: _Place | None, version: PriceBookVersion) -> int:
        if place is not None:
            return place.since
        since = integer(self.query, "after_revision", default=0)
        if since > version.revision:
            detail = f"The book has come to {version.revision}. Take it anew, without after_revision."
            raise BookRevisionAhead(detail, revision=version.revision)
        return since


def _known(revision: int) -> PriceBookVersion:
    version = version_at(revision=revision)
    if version is None:
        raise NotFound("There is no such version of the price book.")
    return version


def _read_cursor(text: str) -> _Place:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        revision, since, kind, key = _CURSOR.unpack(raw)
        place = _Place(revision, since, BookKey(KINDS[kind], UUID(bytes=key)))
    except (binascii.Error, ValueError, struct.error, IndexError):
        place = None
    if place is None or max(place.revision, place.since) >= 1 << 53:
        raise InvalidQuery.of("cursor", "invalid_cursor", "Send the next_cursor of a page of this book.")
    return place
