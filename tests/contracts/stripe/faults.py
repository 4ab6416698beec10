"""What may go wrong between us and the vendor, queued by a test for a route and a number of requests.

stripe_server.fault("POST /v1/refunds", faults.lost_answer(), times=2)
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contracts.stripe.world import Body, Refusal


class Gate:
    """Holds whoever comes until somebody opens it."""

    def __init__(self) -> None:
        self._met, self._open = threading.Event(), threading.Event()

    def wait(self) -> None:
        """The vendor's side."""
        self._met.set()
        self._open.wait()

    def set(self) -> None:
        """Open from now on."""
        self._open.set()

    def wait_until_met(self) -> None:
        """The test's side: returns once somebody is held."""
        if not self._met.wait(timeout=30):
            raise AssertionError("nobody came to the gate")


@dataclass(frozen=True)
class Fault:
    """`refuse` answers instead of executing; the rest happens to an answer that was already committed."""

    name: str
    refuse: Refusal | None = None
    refuse_after: Refusal | None = None
    lose_request: bool = False
    lose_answer: bool = False
    hold_request: Gate | None = None
    hold_answer: Gate | None = None
    change: Callable[[Body], None] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def wait_until_met(self) -> None:
        """Returns once a request (or its answer, committed) is held by this fault."""
        for gate in (self.hold_request, self.hold_answer):
            if gate is not None:
                gate.wait_until_met()

    def release(self) -> None:
        """Lets a held request or answer go on."""
        for gate in (self.hold_request, self.hold_answer):
            if gate is not None:
                gate.set()


@dataclass
class Queued:
    """A fault waiting for its requests."""

    route: str
    fault: Fault
    left: int
    account: str | None


class Faults:
    """The queue; the first entry that fits a request is used up by one."""

    def __init__(self) -> None:
        self._queue: list[Queued] = []

    def add(self, route: str, fault: Fault, *, times: int, account: str | None) -> None:
        """Waits for `times` requests on `route` (`*` for any), of one account or of all."""
        self._queue.append(Queued(route, fault, times, account))

    def next_for(self, route: str, *, account: str | None) -> Fault | None:
        """The fault this request meets, if any."""
        for queued in self._queue:
            if queued.left and queued.route in (route, "*") and queued.account in (None, account):
                queued.left -= 1
                return queued.fault
        return None

    def left(self) -> list[str]:
        """Faults nobody met: a test that queued them proved less than it thinks."""
        return [
            f"{queued.fault.name} on {queued.route} × {queued.left}" for queued in self._queue if queued.left
        ]

    def release(self) -> None:
        """Opens every gate, so that nobody waits for a test that ended."""
        for queued in self._queue:
            queued.fault.release()


def lost_answer() -> Fault:
    """The vendor commits; the connection breaks before a byte of the answer."""
    return Fault("lost answer", lose_answer=True)


def lost_request() -> Fault:
    """The connection breaks before the vendor has done anything."""
    return Fault("lost request", lose_request=True)


def rate_limited(*, retry_after: int | None = None) -> Fault:
    """429, with or without `Retry-After` in seconds."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    refusal = Refusal("Too many requests hit the API too quickly.", status=429, code="rate_limit")
    return Fault("rate limited", refuse=refusal, headers=headers)


def lock_timeout() -> Fault:
    """429: another request holds the object."""
    text = "This object cannot be accessed right now because another API request is currently accessing it."
    return Fault("lock timeout", refuse=Refusal(text, status=429, code="lock_timeout"))


def server_error(*, after_commit: bool = False, should_retry: bool | None = None) -> Fault:
    """500 before execution (a repeat runs), or after the commit (a repeat under the key gets the 500 again)."""
    refusal = Refusal("An unknown error occurred", status=500, kind="api_error")
    headers = {} if should_retry is None else {"Stripe-Should-Retry": str(should_retry).lower()}
    if after_commit:
        return Fault("server error after commit", refuse_after=refusal, headers=headers)
    return Fault("server error", refuse=refusal, headers=headers)


def slow_answer() -> Fault:
    """Committed, but the answer waits until `release()`: longer than any client's limit."""
    return Fault("slow answer", hold_answer=Gate())


def stuck_request() -> Fault:
    """Held before execution until `release()`: a second request under the same key gets 409."""
    return Fault("stuck request", hold_request=Gate())


def unknown_enum(path: str, value: str = "a_word_of_tomorrow") -> Fault:
    """The answer carries a value the library of today does not list, at `status` or `action.status`."""

    def change(body: Body) -> None:
        node: Any = body
        *heads, last = path.split(".")
        for head in heads:
            node = node[int(head)] if head.isdigit() else node[head]
        node[last] = value

    return Fault("unknown enum", change=change)


def refused(
    code: str, *, message: str | None = None, status: int = 400, kind: str = "invalid_request_error"
) -> Fault:
    """Any named error, before execution, such as `terminal_reader_hardware_fault`."""
    return Fault(code, refuse=Refusal(message or SPOKEN.get(code, code), status=status, kind=kind, code=code))


def reader_busy() -> Fault:
    """Somebody else's action is on the reader."""
    return refused("terminal_reader_busy")


def reader_offline() -> Fault:
    """The vendor cannot reach the reader."""
    return refused("terminal_reader_offline")


def reader_timeout(*, acted: bool) -> Fault:
    """The reader did not confirm in time; `acted` says whether it shows the action all the same."""
    refusal = Refusal(SPOKEN["terminal_reader_timeout"], code="terminal_reader_timeout")
    if acted:
        return Fault("terminal_reader_timeout", refuse_after=refusal)
    return Fault("terminal_reader_timeout", refuse=refusal)


def intent_invalid_state() -> Fault:
    """The intent is elsewhere than we think."""
    return refused("intent_invalid_state")


def key_expired() -> Fault:
    """401: the platform's key is no longer good."""
    text = "Expired API Key provided: sk_test_***"
    return Fault("key expired", refuse=Refusal(text, status=401, code="platform_api_key_expired"))


SPOKEN = {
    "terminal_reader_busy": "Reader is currently busy processing another request.",
    "terminal_reader_offline": "Reader is currently offline, please ensure the reader is powered on and connected.",
    "terminal_reader_timeout": "There was a timeout when sending this command to the reader.",
    "terminal_reader_hardware_fault": "Reader has a hardware fault.",
    "intent_invalid_state": "The payment intent is in an invalid state for this operation.",
}
