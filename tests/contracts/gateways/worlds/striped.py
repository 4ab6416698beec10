"""The world of Stripe: the strict fake on loopback, and the guests, banks and readers behind it."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.test import override_settings

from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from fynlo.core.tenancy import current_tenant
from payments.gateways.models import Attempt
from payments.gateways.services import connection_facts
from payments.gateways.stripe import readers
from tenants.services import claim_vendor_account
from tests.contracts.gateways.worlds.base import Bell, Lost, World, because
from tests.contracts.stripe import bells as vendor_bells
from tests.contracts.stripe import faults
from tests.contracts.stripe.server import StripeServer
from tests.contracts.stripe.world import Body
from tests.contracts.stripe.world import World as Account

KEY, SECRET, ACCOUNT = "sk_test_fynlo", "whsec_fake", "acct_cafe"
_TRIES = 3
"""The library asks three times by itself, under the same key."""
_ROUTES = {
    "begin": "POST /v1/payment_intents",
    "present": "POST /v1/terminal/readers/{}/process_payment_intent",
    "advance": "GET /v1/payment_intents/{}",
    "capture": "POST /v1/payment_intents/{}/capture",
    "cancel": "POST /v1/payment_intents/{}/cancel",
    "increment": "POST /v1/payment_intents/{}/increment_authorization",
    "refund": "POST /v1/refunds",
}


class Striped(World):
    """A merchant connected to the platform's account, a counter with two readers, guests with test cards."""

    code: ClassVar[str] = "stripe"
    without: ClassVar[Mapping[str, str]] = because(
        "a page that was let go or has expired takes no money any more",
        "money_after_the_cancel",
        "money_after_the_expiry",
    )

    def open(self, *, actor: Actor, at: dt.datetime) -> None:
        self.server = StripeServer()
        self.server.vendor.clock.freeze(at=int(at.timestamp()))
        self.server.connect(ACCOUNT, country="DE", currency="eur")
        self.platform = override_settings(
            FYNLO_STRIPE_SECRET_KEY=KEY, FYNLO_STRIPE_PUBLISHABLE_KEY="pk_test_fynlo"
        )
        self.platform.enable()
        claim_vendor_account(gateway=self.code, account=ACCOUNT, tenant=current_tenant(), at=at)
        super().open(actor=actor, at=at)

    def settings(self, at: dt.datetime) -> dict[str, Any]:
        return {
            "api_base": self.server.url,
            "timeout_seconds": 2,
            "origin": "https://cafe.example",
            "country": "DE",
        }

    def secrets(self) -> dict[str, str]:
        return {"webhook_secret": SECRET}

    def account(self) -> str:
        return ACCOUNT

    def readers(self) -> tuple[str, str]:
        facts = connection_facts(connection=self.connection)
        address = {"line1": "Markt 1", "city": "Berlin", "country": "DE", "postal_code": "10115"}
        place = readers.make_location(connection=facts, name="Counter", address=address, key="place:1")
        first, second = (
            readers.register(
                connection=facts, code=code, name=code, location=place, key=f"reader:{code}"
            ).vendor_id
            for code in ("simulated-wpe", "simulated-s700")
        )
        return first, second

    def close(self) -> None:
        self.platform.disable()
        self.server.stop()
        assert self.server.problems == [], "\n".join(self.server.problems)
        assert self.server.faults.left() == [], "queued, but nobody met them"

    def clock(self, at: dt.datetime) -> None:
        seconds = int((at - self.at).total_seconds())
        super().clock(at)
        self.server.advance_clock(seconds)

    def pay(self, attempt: Attempt, *, tip_minor: int = 0) -> None:
        if attempt.channel == "present":
            self.server.tap(self._reader(attempt), tip=tip_minor)
        else:
            self.server.pay_session(attempt.vendor_id)

    def decline(self, attempt: Attempt) -> None:
        self.server.tap(self._reader(attempt), "declined")

    def pay_late(self, attempt: Attempt) -> None:
        raise AssertionError("a page that is over takes no money")

    def tap_while_cancelling(self, attempt: Attempt) -> None:
        self.server.insert_card(self._reader(attempt))
        self.server.tap(self._reader(attempt))

    def fault(self, verb: str, name: Lost) -> None:
        made = {
            "lost_after": (faults.lost_answer, _TRIES),
            "lost_before": (faults.lost_request, _TRIES),
            "server_error": (faults.server_error, _TRIES),
            "rate_limited": (lambda: faults.rate_limited(retry_after=1), 1),
            "rate_limited_silently": (faults.rate_limited, 1),
        }
        make, times = made[name]
        self.server.fault(_ROUTES[verb], make(), times=times)

    def unknown_word(self, verb: str) -> None:
        path = {"present": "action.status", "advance": "status"}[verb]
        self.server.fault(_ROUTES[verb], faults.unknown_enum(path))

    def decline_increment(self) -> None:
        (intent,) = self.world.all("payment_intent")
        self.server.decline_next_increment(intent["id"])

    def reader_trouble(self, trouble: str) -> None:
        assert self.reader is not None
        if trouble == "offline":
            self.server.set_reader(self.reader.vendor_id, "offline")
        else:
            self.server.occupy(self.reader.vendor_id)

    def revoke(self, *, is_back: bool = False) -> None:
        if is_back:
            self.server.engine.revoked.discard(KEY)
        else:
            self.server.revoke_key(KEY)

    def fail_refund(self, vendor_id: str) -> None:
        self.server.fail_refund(vendor_id)

    def dispute(self, attempt: Attempt) -> str:
        return str(self.server.open_dispute(self._intent(attempt)["latest_charge"])["id"])

    def close_dispute(self, name: str, *, is_won: bool) -> None:
        self.server.close_dispute(name, won=is_won)

    def foreign_line(self) -> None:
        self.server.add_line(ACCOUNT, -100, category="loan_repayment")

    def pay_out(self) -> None:
        self.server.make_payout(ACCOUNT)

    def bells(self) -> list[Bell]:
        return [self._signed(bell, SECRET) for bell in self.server.bells.take()]

    def about_somebody_else(self, rung: list[Bell]) -> Bell:
        told: list[Body] = [json.loads(bell.body) for bell in rung]
        (said,) = [each for each in told if each["type"] == "payment_intent.succeeded"]
        said["id"] = "evt_of_another"
        said["data"]["object"] |= {"id": "pi_of_another", "metadata": {"attempt": str(new_id())}}
        return self._signed(vendor_bells.Bell(said, json.dumps(said).encode()), SECRET)

    def forged(self, bell: Bell) -> Bell:
        return self._signed(vendor_bells.Bell(json.loads(bell.body), bell.body), "whsec_guessed")

    def taken(self, attempt_id: UUID) -> list[int]:
        return [each["amount_received"] for each in self._intents(attempt_id) if each["amount_received"]]

    def back(self, attempt_id: UUID) -> list[int]:
        ours = {intent["id"] for intent in self._intents(attempt_id)}
        refunds = self.world.all("refund")
        return [
            each["amount"]
            for each in refunds
            if each["payment_intent"] in ours and each["status"] not in {"failed", "canceled"}
        ]

    @property
    def world(self) -> Account:
        """What the vendor has of this account."""
        return self.server.vendor.worlds[ACCOUNT]

    def _signed(self, bell: vendor_bells.Bell, secret: str) -> Bell:
        stamp = int(self.at.timestamp())
        body, headers = self.server.bells.request(bell, signed_at=stamp, secrets=[secret])
        return Bell(body, {name.lower(): value for name, value in headers.items()})

    def _intents(self, attempt_id: UUID) -> list[Body]:
        return [
            each
            for each in self.world.all("payment_intent")
            if (each["metadata"] or {}).get("attempt") == str(attempt_id)
        ]

    def _intent(self, attempt: Attempt) -> Body:
        return self._intents(attempt.pk)[0]

    def _reader(self, attempt: Attempt) -> str:
        row = Attempt.objects.select_related("reader").get(pk=attempt.pk)
        assert row.reader is not None
        return str(row.reader.vendor_id)
