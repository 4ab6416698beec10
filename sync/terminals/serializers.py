"""Shapes of devices and pairing."""

import base64
import binascii
import uuid
from dataclasses import dataclass
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fynlo.api.fields import IdField, StrictSerializer, TextField, TimestampField
from fynlo.core.tenancy import TenantLike
from sync.terminals.codes import LONGEST_TEXT, read_code
from sync.terminals.models import Terminal
from sync.terminals.services import NewPairingCode, Paired
from sync.terminals.tokens import PairingRequest

KEY_BYTES: Final = 32
_KEY_TEXT: Final = 44


@extend_schema_field({"type": "string", "minLength": _KEY_TEXT, "maxLength": _KEY_TEXT, "format": "byte"})
class PublicKeyField(serializers.Field[str, str, str, Any]):
    """An Ed25519 public key: 32 bytes in base64, with its padding, in one spelling."""

    default_error_messages = {"invalid": "32 bytes in base64 are expected."}

    def to_internal_value(self, data: Any) -> str:
        """The text as given, once it is known to be a key."""
        if type(data) is not str or len(data) != _KEY_TEXT:
            self.fail("invalid")
        try:
            raw = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            self.fail("invalid")
        if len(raw) != KEY_BYTES or base64.b64encode(raw).decode() != data:
            self.fail("invalid")
        return data

    def to_representation(self, value: str) -> str:
        """The text."""
        return value


class PairSerializer(StrictSerializer):
    """What a till sends to be paired: the code it was shown, its name, and the key it made."""

    code = TextField(max_length=LONGEST_TEXT, help_text="As shown to the manager, such as `ABCD-EFGH`.")
    device_name = TextField(max_length=80)
    public_key = PublicKeyField(required=False, allow_null=True)

    def to_draft(self) -> PairingRequest:
        """The frozen input of `pair_terminal`; a code that cannot be one is a wrong one."""
        values = self.validated_data
        return PairingRequest(
            code=read_code(values["code"]),
            device_name=values["device_name"],
            public_key=values.get("public_key"),
        )


@dataclass(frozen=True, slots=True)
class PairingCodeDraft:
    """For which register a code is wanted, and which device it installs anew."""

    register_id: uuid.UUID
    terminal_id: uuid.UUID | None


class PairingCodeSerializer(StrictSerializer):
    """Asking for a pairing code."""

    register_id = IdField()
    terminal_id = IdField(required=False, allow_null=True, help_text="The device that is installed anew.")

    def to_draft(self) -> PairingCodeDraft:
        """The frozen input of `create_pairing_code`."""
        values = self.validated_data
        return PairingCodeDraft(values["register_id"], values.get("terminal_id"))


class TerminalPlaceOutput(serializers.Serializer[Any]):
    """A register: where a device stands."""

    id = IdField()
    code = serializers.CharField()
    name = serializers.CharField()


class TerminalLocationOutput(TerminalPlaceOutput):
    """A location, with its own clock."""

    time_zone = serializers.CharField()


class MerchantOutput(serializers.Serializer[Any]):
    """What a till has to know of the merchant."""

    name = serializers.CharField()
    currency = serializers.CharField()
    time_zone = serializers.CharField()


class PairedOutput(serializers.Serializer[Any]):
    """Send `token` as `Authorization: Bearer`; `expires_at` moves on while the device is in use."""

    terminal_id = IdField()
    epoch = serializers.IntegerField(min_value=1)
    token = serializers.CharField()
    expires_at = TimestampField()
    register = TerminalPlaceOutput()
    location = TerminalLocationOutput()
    merchant = MerchantOutput()


class PairingCodeOutput(serializers.Serializer[Any]):
    """A code to show to whoever stands at the till."""

    id = IdField()
    code = serializers.CharField()
    expires_at = TimestampField()
    register = TerminalPlaceOutput()


class TerminalOutput(serializers.Serializer[Any]):
    """A device."""

    id = IdField()
    name = serializers.CharField()
    epoch = serializers.IntegerField(min_value=1)
    register = TerminalPlaceOutput()
    location = TerminalLocationOutput(source="register.location")
    paired_at = TimestampField()
    token_expires_at = TimestampField()
    revoked_at = TimestampField(allow_null=True)


class OwnTerminalOutput(TerminalOutput):
    """The device that asks, and the merchant it works for."""

    merchant = MerchantOutput()


def paired_json(paired: Paired, merchant: TenantLike) -> dict[str, Any]:
    """The answer to a pairing."""
    terminal = paired.terminal
    return PairedOutput(
        {
            "terminal_id": terminal.pk,
            "epoch": terminal.epoch,
            "token": paired.token,
            "expires_at": terminal.token_expires_at,
            "register": terminal.register,
            "location": terminal.register.location,
            "merchant": merchant,
        }
    ).data


def pairing_code_json(code: NewPairingCode) -> dict[str, Any]:
    """A new code, shown once."""
    return PairingCodeOutput(code).data


def own_terminal_json(terminal: Terminal, merchant: TenantLike) -> dict[str, Any]:
    """A device and its merchant."""
    return {**TerminalOutput(terminal).data, "merchant": MerchantOutput(merchant).data}
