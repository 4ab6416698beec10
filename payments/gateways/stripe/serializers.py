"""Shapes of what a merchant sets up at Stripe."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField, StrictSerializer, TextField
from payments.gateways.documents import connection_document
from payments.gateways.serializers import ConnectionOutput, ReaderOutput
from payments.gateways.stripe.domains import WalletDomain
from payments.gateways.stripe.services import Onboarding, OnboardingDraft, ReaderCode

_HOST = r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"


class OnboardingInput(StrictSerializer):
    """A merchant who wants an account at Stripe under the platform's."""

    id = IdField(help_text="Of the payment account, made by whoever asks. The same goes on where it stopped.")
    name = TextField(max_length=80)
    email: Any = serializers.EmailField(max_length=254)
    country: Any = serializers.RegexField(r"^[A-Z]{2}$", help_text="Two letters.")
    return_url: Any = serializers.URLField(max_length=500, help_text="Where the merchant comes back to.")

    def to_draft(self) -> OnboardingDraft:
        """The frozen input of `start_onboarding`."""
        return OnboardingDraft(**self.validated_data)


class OnboardingOutput(serializers.Serializer[Any]):
    """Where the merchant goes on."""

    connection = ConnectionOutput()
    url = serializers.URLField(help_text="Stripe's form: for one visit, within minutes. Not kept.")


class AddressInput(StrictSerializer):
    """Where readers stand, as the vendor wants to know it."""

    line1 = TextField(max_length=200)
    city = TextField(max_length=100)
    postal_code = TextField(max_length=20)
    country: Any = serializers.RegexField(r"^[A-Z]{2}$")
    state = TextField(required=False, max_length=100)


class ReaderCodeInput(StrictSerializer):
    """A reader that shows a code."""

    id = IdField(help_text="Made by whoever asks.")
    code = TextField(max_length=100, help_text="As the reader shows it.")
    name = TextField(max_length=80)
    register_id = IdField(required=False, allow_null=True, help_text="The till it stands at; null: any.")
    address: Any = AddressInput(required=False, help_text="Needed with the first reader of an account.")

    def to_draft(self) -> ReaderCode:
        """The frozen input of `register_reader`."""
        return ReaderCode(**self.validated_data)


class ReadersOutput(serializers.Serializer[Any]):
    """The readers of an account, as the vendor has them now."""

    items = ReaderOutput(many=True)


class WalletHostInput(StrictSerializer):
    """A host on which guests pay."""

    host: Any = serializers.RegexField(_HOST, help_text="Such as `cafe.example`.")

    def to_draft(self) -> str:
        """The host."""
        return str(self.validated_data["host"])


class WalletHostOutput(serializers.Serializer[Any]):
    """Which wallets work there, and why the others do not."""

    host = serializers.CharField()
    active = serializers.ListField(child=serializers.CharField())
    problems = serializers.DictField(child=serializers.CharField())


def onboarding_document(told: Onboarding) -> dict[str, Any]:
    """The account and the address of the form."""
    return {"connection": connection_document(told.connection), "url": told.url}


def wallet_document(told: WalletDomain) -> dict[str, Any]:
    """A host and its wallets."""
    return {"host": told.host, "active": list(told.active), "problems": dict(told.problems)}
