"""Shapes of journals."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, TimestampField
from pos.fiscal.recipe import instant
from pos.registers.journal.models import JournalEntry
from pos.registers.journal.queries import Verification


class JournalEntryOutput(serializers.Serializer[Any]):
    """An entry, with everything its hash is made of."""

    register = serializers.CharField(help_text="The code the register had.")
    position = serializers.IntegerField()
    kind = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    at = serializers.CharField(help_text="When it happened: UTC with microseconds, as it was hashed.")
    recorded_at = serializers.CharField()
    business_date = DateField()
    recipe = serializers.IntegerField()
    body = serializers.CharField(help_text="Canonical JSON, as it was hashed.")
    previous_hash = serializers.CharField(allow_blank=True)
    hash = serializers.CharField()


class JournalPageOutput(serializers.Serializer[Any]):
    """Entries by position. `next_after` is where the next page begins; null at the end."""

    items = JournalEntryOutput(many=True)
    next_after = serializers.IntegerField(allow_null=True)


class FindingOutput(serializers.Serializer[Any]):
    """One thing that is wrong, in words, and where."""

    code = serializers.CharField()
    position = serializers.IntegerField()
    message = serializers.CharField()


class VerificationOutput(serializers.Serializer[Any]):
    """What looking at a stretch of a journal found."""

    register = serializers.CharField()
    first_position = serializers.IntegerField()
    last_position = serializers.IntegerField()
    entries = serializers.IntegerField()
    checkpoints = serializers.IntegerField()
    signed_position = serializers.IntegerField(
        help_text="The last checkpoint with a valid signature; 0: none."
    )
    is_intact = serializers.BooleanField()
    findings = FindingOutput(many=True)
    finding_count = serializers.IntegerField()
    next_after = serializers.IntegerField(allow_null=True, help_text="Where to go on; null at the end.")
    verified_at = TimestampField()


class CheckpointOutput(serializers.Serializer[Any]):
    """A signed checkpoint, as it was signed: every value a text. Keep it where nobody of the shop can change it."""

    merchant = serializers.CharField()
    register = serializers.CharField()
    position = serializers.CharField()
    head = serializers.CharField()
    at = serializers.CharField()
    currency = serializers.CharField()
    grand_total = serializers.CharField()
    refund_total = serializers.CharField()
    public_key = serializers.CharField()
    signature = serializers.CharField()


class CheckpointsOutput(serializers.Serializer[Any]):
    """Checkpoints, the newest first."""

    results = CheckpointOutput(many=True)


class PublicKeyOutput(serializers.Serializer[Any]):
    """A public key, in hexadecimal, and from when to when it signed."""

    public_key = serializers.CharField()
    since = serializers.CharField()
    until = serializers.CharField(required=False)


class HandoverOutput(serializers.Serializer[Any]):
    """One key follows another; both have signed it."""

    merchant = serializers.CharField()
    former = serializers.CharField()
    next = serializers.CharField()
    at = serializers.CharField()
    former_signature = serializers.CharField()
    next_signature = serializers.CharField()


class JournalKeysOutput(serializers.Serializer[Any]):
    """The merchant's public keys, the newest first. Write the first one down elsewhere."""

    keys = PublicKeyOutput(many=True)
    handovers = HandoverOutput(many=True)


def entry_document(row: JournalEntry) -> dict[str, Any]:
    """An entry as JSON values."""
    return {
        "register": row.register_code,
        "position": row.position,
        "kind": row.kind,
        "number": row.number,
        "at": instant(row.at),
        "recorded_at": instant(row.recorded_at),
        "business_date": row.business_date.isoformat(),
        "recipe": row.recipe,
        "body": row.body,
        "previous_hash": row.previous_hash,
        "hash": row.hash,
    }


def verification_document(found: Verification, *, verified_at: str) -> dict[str, Any]:
    """What was found, as JSON values."""
    return {
        "register": found.register_code,
        "first_position": found.first_position,
        "last_position": found.last_position,
        "entries": found.entry_count,
        "checkpoints": found.checkpoint_count,
        "signed_position": found.signed_position,
        "is_intact": found.finding_count == 0,
        "findings": [
            {"code": each.code, "position": each.position, "message": each.message} for each in found.findings
        ],
        "finding_count": found.finding_count,
        "next_after": found.next_after,
        "verified_at": verified_at,
    }
