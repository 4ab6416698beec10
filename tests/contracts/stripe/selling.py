"""The short way to a sale for tests of the fake: a shop with a reader, and intents on it."""

from dataclasses import dataclass
from typing import Any

from stripe import PaymentIntent, StripeClient

from tests.contracts.stripe.fixtures import KEY
from tests.contracts.stripe.server import StripeServer

ACCOUNT = "acct_cafe"


@dataclass(frozen=True)
class Shop:
    """A connected account with one reader, seen through the real client."""

    server: StripeServer
    client: StripeClient
    reader: str

    def intent(self, amount: int = 1000, **params: Any) -> PaymentIntent:
        """An intent for the reader, held until captured unless said otherwise."""
        given: Any = {
            "amount": amount,
            "capture_method": "manual",
            "allowed_payment_method_types": ["card_present"],
            "currency": "eur",
            **params,
        }
        return self.client.v1.payment_intents.create(given)

    def process(self, intent: PaymentIntent, **config: Any) -> None:
        """Hands the intent to the reader."""
        params: Any = {"payment_intent": intent.id, "process_config": config}
        self.client.v1.terminal.readers.process_payment_intent(self.reader, params)

    def paid(self, amount: int = 1000, card: str = "visa", **params: Any) -> PaymentIntent:
        """A sale on the reader, captured at once."""
        intent = self.intent(amount, **{"capture_method": "automatic", **params})
        self.process(intent)
        self.server.tap(self.reader, card)
        return self.look(intent)

    def held(self, amount: int = 1000, **params: Any) -> PaymentIntent:
        """A sale on the reader, waiting for capture."""
        intent = self.intent(amount, **params)
        self.process(intent)
        self.server.tap(self.reader)
        return self.look(intent)

    def look(self, intent: PaymentIntent) -> PaymentIntent:
        """The vendor's truth."""
        return self.client.v1.payment_intents.retrieve(intent.id)


def connected(server: StripeServer, account: str = ACCOUNT, *, retries: int = 0) -> StripeClient:
    """The real client speaking for a connected account."""
    return StripeClient(
        KEY, stripe_account=account, base_addresses=server.addresses, max_network_retries=retries
    )


def open_shop(
    server: StripeServer, account: str = ACCOUNT, *, country: str = "DE", currency: str = "eur"
) -> Shop:
    """Connects the account and registers a simulated reader in its first location."""
    server.connect(account, country=country, currency=currency)
    client = connected(server, account)
    place: Any = {"city": "Berlin", "country": country, "line1": "Hauptstr. 1", "postal_code": "10115"}
    location = client.v1.terminal.locations.create({"display_name": "Hauptstraße", "address": place})
    reader = client.v1.terminal.readers.create(
        {"registration_code": "simulated-wpe", "location": location.id}
    )
    return Shop(server, client, reader.id)
