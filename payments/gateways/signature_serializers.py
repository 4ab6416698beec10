"""Shapes of signatures: a picture or strokes come in, who brought it when goes out. Never the picture."""

import base64
import binascii
import datetime as dt
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fynlo.api.fields import IdField, StrictSerializer, TimestampField
from payments.gateways.models import AttemptSignature
from payments.gateways.signatures import (
    FIELD,
    MOST_BYTES,
    MOST_POINTS,
    MOST_STROKES,
    Signature,
    drawn,
    pictured,
)

_LONGEST = -(-MOST_BYTES // 3) * 4
_POINT = {
    "type": "array",
    "items": {"type": "integer", "minimum": 0, "maximum": FIELD},
    "minItems": 2,
    "maxItems": 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What came in: the signature, and when it was written where that is stated."""

    signature: Signature
    signed_at: dt.datetime | None = None


@extend_schema_field({"type": "string", "format": "byte", "maxLength": _LONGEST})
class PictureField(serializers.Field[bytes, str, str, Any]):
    """A file in base64 (RFC 4648, section 4)."""

    default_error_messages = {
        "invalid": "A PNG in base64 is expected.",
        "too_large": f"At most {MOST_BYTES} bytes are taken.",
    }

    def to_internal_value(self, data: Any) -> bytes:
        """The file's content."""
        if type(data) is not str:
            self.fail("invalid")
        if len(data) > _LONGEST:
            self.fail("too_large")
        try:
            content = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            self.fail("invalid")
        if len(content) > MOST_BYTES:
            self.fail("too_large")
        return content


@extend_schema_field(
    {
        "type": "array",
        "maxItems": MOST_STROKES,
        "items": {"type": "array", "minItems": 1, "maxItems": MOST_POINTS, "items": _POINT},
    }
)
class StrokesField(serializers.Field[Any, Any, Any, Any]):
    """Lines of points."""

    default_error_messages = {
        "invalid": f"Up to {MOST_STROKES} lists of points are expected, each point [x, y] from 0 to {FIELD}.",
        "too_many": f"At most {MOST_POINTS} points are taken.",
    }

    def to_internal_value(self, data: Any) -> tuple[tuple[tuple[int, int], ...], ...]:
        """The strokes as they were drawn."""
        is_right = type(data) is list and len(data) <= MOST_STROKES
        if not is_right or not all(type(stroke) is list and stroke for stroke in data):
            self.fail("invalid")
        if sum(map(len, data)) > MOST_POINTS:
            self.fail("too_many")
        if not all(_is_point(point) for stroke in data for point in stroke):
            self.fail("invalid")
        return tuple(tuple((x, y) for x, y in stroke) for stroke in data)


def _is_point(data: Any) -> bool:
    is_pair = type(data) is list and len(data) == 2  # noqa: PLR2004  a point has two coordinates
    return is_pair and all(type(each) is int and 0 <= each <= FIELD for each in data)


class SignatureInput(StrictSerializer):
    """What a guest signed: a picture or strokes."""

    png = PictureField(required=False, help_text=f"At most {MOST_BYTES // 1024} KiB and 4 megapixels.")
    strokes = StrokesField(
        required=False,
        help_text=f"Lines of a finger on a field {FIELD} units wide and high, from the upper left corner.",
    )
    signed_at = TimestampField(
        required=False, help_text="When it was signed; now unless said. A till that was offline says it."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of the two forms."""
        if ("png" in attrs) == ("strokes" in attrs):
            raise serializers.ValidationError("Send `png` or `strokes`.", code="one_of")
        return attrs

    def to_draft(self) -> Signed:
        """The signature in our own form. Raises what says that a picture is none, about its field."""
        said = self.validated_data
        signature = pictured(said["png"]) if "png" in said else drawn(said["strokes"])
        return Signed(signature=signature, signed_at=said.get("signed_at"))


class SignatureOutput(serializers.Serializer[Any]):
    """A signature that is kept: of which attempt, from when, and what is odd about it."""

    attempt_id = IdField()
    signed_at = TimestampField()
    at = TimestampField(help_text="When it came here.")
    by = serializers.CharField(help_text="Who brought it.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    flags = serializers.ListField(
        child=serializers.CharField(),
        help_text="`signed_earlier`, `clock_ahead`, `signed_before_asked`, `nothing_taken`.",
    )

    def to_representation(self, instance: AttemptSignature) -> dict[str, Any]:
        """Everything but the picture."""
        return {
            **super().to_representation(instance),
            "attempt_id": str(instance.attempt_id),
        }
