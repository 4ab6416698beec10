"""Journals over HTTP: reading, verifying, checkpoints and archives. Nothing writes here."""

import json
import tempfile
from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.errors import InvalidQuery
from fynlo.api.query import choice, day, integer
from fynlo.api.renderers import FileRenderer, OrjsonRenderer
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.tenancy import current_tenant
from pos.fiscal.kinds import CHECKPOINT, KINDS, NUMBER_LENGTH
from pos.registers.journal.errors import PeriodTooLarge
from pos.registers.journal.queries import entries, journal_head, verify
from pos.registers.journal.serializers import (
    CheckpointsOutput,
    JournalKeysOutput,
    JournalPageOutput,
    VerificationOutput,
    entry_document,
    verification_document,
)
from pos.registers.journal.services.exporting import stretches, write_archive
from pos.registers.journal.services.keys import has_signed, public_keys

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 500
VERIFIED_AT_ONCE: Final = 20_000
"""Entries one question has verified at most: a fraction of a second."""
EXPORTED_AT_ONCE: Final = 200_000
"""Entries of an archive made while somebody waits; for more there is `manage.py export_journal`."""
_LONGEST_DAYS: Final = 3_700
_IN_MEMORY: Final = 1_048_576

_AFTER: Final = OpenApiParameter(
    "after", int, description="Position to go on after; from the first if absent."
)
_LIMIT: Final = OpenApiParameter("limit", int)


class JournalView(ApiView):
    """A register's journal, to read."""

    permission: ClassVar[str | None] = "ledger.read"
    query_parameters: ClassVar = frozenset({"after", "limit", "kind", "number", "business_date"})

    @extend_schema(
        parameters=[
            _AFTER,
            _LIMIT,
            OpenApiParameter("kind", str, enum=KINDS),
            OpenApiParameter("number", str, description="The number people read, such as K1-R12."),
            OpenApiParameter("business_date", OpenApiTypes.DATE),
        ],
        responses=JournalPageOutput,
    )
    def get(self, request: Request, register_id: UUID) -> Response:
        """Entries by position."""
        del request
        journal_head(register_id=register_id)
        after = integer(self.query, "after", default=0)
        limit = integer(self.query, "limit", default=DEFAULT_LIMIT, minimum=1, maximum=MAX_LIMIT)
        found = entries(
            register_id=register_id,
            kind=choice(self.query, "kind", known=KINDS),
            number=self.query.get("number", "")[: NUMBER_LENGTH + 1] or None,
            business_date=day(self.query, "business_date"),
        )
        rows = list(found.filter(position__gt=after)[: limit + 1])
        page = rows[:limit]
        return Response(
            {
                "items": [entry_document(row) for row in page],
                "next_after": page[-1].position if len(rows) > limit else None,
            }
        )


class JournalVerificationView(ApiView):
    """Whether a register's journal holds."""

    permission: ClassVar[str | None] = "ledger.read"
    query_parameters: ClassVar = frozenset({"after"})

    @extend_schema(parameters=[_AFTER], responses=VerificationOutput)
    def get(self, request: Request, register_id: UUID) -> Response:
        """Look at up to 20,000 entries and say in words what is wrong. 404 if nothing stands at `after`."""
        del request
        found = verify(
            register_id=register_id,
            keys=public_keys().known,
            has_signed=has_signed,
            after=integer(self.query, "after", default=0),
            limit=VERIFIED_AT_ONCE,
        )
        return Response(verification_document(found, verified_at=clock.rfc3339(clock.now())))


class JournalCheckpointsView(ApiView):
    """A register's signed checkpoints, to be kept elsewhere."""

    permission: ClassVar[str | None] = "ledger.read"
    query_parameters: ClassVar = frozenset({"limit"})

    @extend_schema(parameters=[_LIMIT], responses=CheckpointsOutput)
    def get(self, request: Request, register_id: UUID) -> Response:
        """The newest checkpoints. The verifier reads the answer as it is (`--checkpoint`)."""
        del request
        journal_head(register_id=register_id)
        limit = integer(self.query, "limit", default=DEFAULT_LIMIT, minimum=1, maximum=MAX_LIMIT)
        found = entries(register_id=register_id, kind=CHECKPOINT).order_by("-position")
        bodies = found.values_list("body", flat=True)[:limit]
        return Response({"results": [json.loads(body) for body in bodies]})


class JournalKeysView(ApiView):
    """The merchant's public keys."""

    permission: ClassVar[str | None] = "ledger.read"

    @extend_schema(responses=JournalKeysOutput)
    def get(self, request: Request) -> Response:
        """The public keys that signed or sign checkpoints; none before the first checkpoint."""
        del request
        keys = public_keys()
        return Response({"keys": keys.keys, "handovers": keys.handovers})


class JournalArchivesView(ApiView):
    """The journals of some days as a file that proves itself."""

    permission: ClassVar[str | None] = "ledger.read"
    query_parameters: ClassVar = frozenset({"from", "to"})
    renderer_classes = [OrjsonRenderer, FileRenderer]

    @extend_schema(
        parameters=[
            OpenApiParameter("from", OpenApiTypes.DATE, required=True, description="First business day."),
            OpenApiParameter("to", OpenApiTypes.DATE, required=True, description="Last business day."),
        ],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request) -> FileResponse:
        """A zip file: entries, checkpoints, public keys, digests, and the program that checks them."""
        del request
        first, last = day(self.query, "from"), day(self.query, "to")
        if first is None or last is None:
            raise InvalidQuery.of("from" if first is None else "to", "required", "Say from when to when.")
        if first > last:
            raise InvalidQuery.of("from", "period_backwards", "The first day is after the last one.")
        if (last - first).days > _LONGEST_DAYS:
            raise InvalidQuery.of("from", "period_too_long", "At most ten years are told at once.")
        if sum(each.count for each in stretches(first=first, last=last)) > EXPORTED_AT_ONCE:
            raise PeriodTooLarge("Ask for fewer days, or have `manage.py export_journal` write it.")
        out: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the answer closes it
        write_archive(out=out, first=first, last=last, at=clock.now())
        out.seek(0)
        response = FileResponse(out, content_type="application/zip")
        name = f"journal-{current_tenant().slug}-{first.isoformat()}-{last.isoformat()}.zip"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
