"""Webhooks: collected first, rung when the test says so, signed by the library's own function.

stripe_server.bells.take("payment_intent.succeeded")       # off the list, oldest first
body, headers = stripe_server.bells.request(bell)           # for a test client
stripe_server.bells.ring(backwards=True, twice=True)        # posted to `url`
"""

import http.client
import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from stripe import WebhookSignature

from tests.contracts.stripe.world import Body


@dataclass(frozen=True)
class Bell:
    """One event as it will be posted; ringing it again posts the same bytes."""

    event: Body
    payload: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        """`payment_intent.succeeded`."""
        return str(self.event["type"])


class Bells:
    """What the vendor wants to tell. `at_once` posts before the request's own answer is sent."""

    def __init__(self) -> None:
        self.secrets = ["whsec_fake"]
        self.url: str | None = None
        self.at_once = False
        self.pending: list[Bell] = []
        self.dropped: list[Bell] = []
        self.answers: list[tuple[str, int]] = []
        self._deaf_to: set[str] = set()

    def deliver_to(self, url: str, *, at_once: bool = False) -> None:
        """Where bells are posted; `at_once` rings while the request that caused them still waits for its answer."""
        self.url, self.at_once = url, at_once

    def drop(self, *kinds: str) -> None:
        """Events of these kinds never ring (they are still listed by the API)."""
        self._deaf_to |= set(kinds)

    def hear(self, event: Body) -> None:
        """The vendor's side: an event happened."""
        bell = Bell(event, json.dumps(event, indent=2).encode())
        (self.dropped if bell.kind in self._deaf_to else self.pending).append(bell)

    def take(self, *kinds: str) -> list[Bell]:
        """Takes the waiting bells of these kinds (all without any) off the list, oldest first."""
        taken = [bell for bell in self.pending if not kinds or bell.kind in kinds]
        self.pending = [bell for bell in self.pending if bell not in taken]
        return taken

    def request(
        self, bell: Bell, *, signed_at: int | None = None, secrets: list[str] | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """Body and headers. Two secrets give two `v1` values, as while a secret rolls; `signed_at` in seconds."""
        text = bell.payload.decode()
        signed = [
            WebhookSignature.generate_signature_header(text, secret, signed_at)
            for secret in secrets or self.secrets
        ]
        stamp = signed[0].split(",")[0]
        values = [part for one in signed for part in one.split(",") if part.startswith("v1=")]
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": ",".join([stamp, *values]),
        }
        return bell.payload, headers

    def forged(self, bell: Bell) -> tuple[bytes, dict[str, str]]:
        """The same body signed by somebody who does not know the secret."""
        return self.request(bell, secrets=["whsec_guessed"])

    def ring(self, *kinds: str, backwards: bool = False, twice: bool = False) -> list[int]:
        """Posts waiting bells to `url`; what was not answered with 2xx waits for the next ringing."""
        bells = self.take(*kinds)
        bells = [bell for bell in (reversed(bells) if backwards else bells) for _ in range(2 if twice else 1)]
        return [self._post(bell) for bell in bells]

    def _post(self, bell: Bell) -> int:
        if self.url is None:
            raise AssertionError("Name the receiver first: bells.deliver_to(url)")
        parts = urlsplit(self.url)
        body, headers = self.request(bell)
        wire = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            wire.request("POST", parts.path or "/", body=body, headers=headers)
            status = wire.getresponse().status
        except OSError:
            status = 0
        finally:
            wire.close()
        self.answers.append((bell.kind, status))
        if not 200 <= status < 300 and bell not in self.pending:
            self.pending.append(bell)
        return status
