"""One request through the fake: key, route, account, idempotency, fault, handler, expansion, check of the body."""

import copy
import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from tests.contracts.stripe import calls, forms, responses, validator
from tests.contracts.stripe.calls import Call
from tests.contracts.stripe.faults import Fault, Faults, Gate
from tests.contracts.stripe.routes import Route
from tests.contracts.stripe.world import PLATFORM, Body, Refusal, Vendor, world_of

KEPT = 86_400  # seconds an answer is remembered under its key; after that a repeat acts again
OURS = {
    "fake_broken",
    "fake_unknown_parameter",
    "fake_unknown_route",
    "payment_method_types_no_longer_supported",  # the vendor's, newer than the library's list
}


@dataclass(frozen=True)
class Request:
    """What arrived."""

    verb: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What goes back; `lost` breaks the connection instead, `gate` keeps the answer until it opens."""

    status: int
    body: Body
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    gate: Gate | None = None


@dataclass(frozen=True)
class Seen:
    """A request the fake understood; `executed` is False for replays and for faults that came first."""

    route: str
    account: str
    key: str | None
    params: Body
    status: int
    executed: bool


@dataclass(frozen=True)
class Stored:
    """The first answer under an idempotency key, and the request it belongs to."""

    fingerprint: tuple[str, str, str]
    status: int
    body: Body
    at: int


class Engine:
    """Stateless but for what Stripe itself keeps: the answers under idempotency keys."""

    def __init__(self, *, vendor: Vendor, faults: Faults) -> None:
        self.vendor, self.faults = vendor, faults
        self.seen: list[Seen] = []
        self.revoked: set[str] = set()
        self.owners: dict[str, str] = {}
        self._stored: dict[tuple[str, str], Stored] = {}
        self._running: set[tuple[str, str]] = set()
        self._ids = 0

    def answer(self, request: Request) -> Answer:
        """The answer; bells that ring at once have rung when it returns."""
        try:
            answer = self._routed(request)
        except Refusal as refusal:
            answer = _refused(refusal)
        except Exception:  # noqa: BLE001 — a break inside the fake is the test's failure, not a lost thread
            self.vendor.problems.append(f"{request.verb} {request.target}: {traceback.format_exc()}")
            answer = _refused(
                Refusal(traceback.format_exc(), status=500, kind="api_error", code="fake_broken")
            )
        self._check_code(answer)
        if self.vendor.bells.at_once:
            self.vendor.bells.ring()
        self._ids += 1
        headers = {
            "Request-Id": f"req_{self._ids:06d}",
            "Stripe-Version": self.vendor.api_version,
            **answer.headers,
        }
        return replace(answer, headers=headers)

    def _check_code(self, answer: Answer) -> None:
        """An error code the library does not list is the fake's invention."""
        code = answer.body.get("error", {}).get("code")
        if code is not None and code not in responses.error_codes() | OURS:
            self.vendor.problems.append(f"{code}: unknown error code")

    def _routed(self, request: Request) -> Answer:
        self._authenticate(request)
        target = urlsplit(request.target)
        try:
            checked = validator.check(
                verb=request.verb,
                path=target.path,
                query=target.query,
                body=request.body,
                content_type=request.headers.get("Content-Type", ""),
            )
        except validator.BadRequest as wrong:
            raise Refusal(wrong.text, code=wrong.code, param=wrong.param) from wrong
        account = request.headers.get("Stripe-Account") or self._owner(request)
        world = world_of(self.vendor, account)
        fault = self.faults.next_for(checked.route.name, account=account) or Fault("none")
        call = Call(self.vendor, world, checked.route, checked.ids, checked.params)
        return self._faulty(call, request, fault)

    def _authenticate(self, request: Request) -> None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not key.startswith(("sk_test_", "rk_test_")):
            raise Refusal("You did not provide a test secret key.", status=401)
        if key in self.revoked:
            raise Refusal("Invalid API Key provided: sk_test_***", status=401, code="api_key_expired")
        version = request.headers.get("Stripe-Version")
        if version != self.vendor.api_version:
            raise Refusal(f"The fake speaks {self.vendor.api_version}, the request asks for {version}")

    def _owner(self, request: Request) -> str:
        """Whose key it is, where the request names no account: the platform's unless a test gave it to somebody."""
        return self.owners.get(request.headers["Authorization"].partition(" ")[2], PLATFORM)

    def _faulty(self, call: Call, request: Request, fault: Fault) -> Answer:
        """The fault's own part around the committed answer."""
        if fault.lose_request:
            return Answer(0, {}, lost=True)
        if fault.refuse is not None:
            self._note(call, request, status=fault.refuse.status, executed=False)
            return replace(_refused(fault.refuse), headers=fault.headers)
        answer = self._once(call, request, fault)
        if fault.change is not None:
            body = copy.deepcopy(answer.body)
            fault.change(body)
            answer = replace(answer, body=body)
        return replace(
            answer, lost=fault.lose_answer, gate=fault.hold_answer, headers=answer.headers | fault.headers
        )

    def _once(self, call: Call, request: Request, fault: Fault) -> Answer:
        """Idempotency: the same key and parameters give the same answer, others an error, two at once 409."""
        key = request.headers.get("Idempotency-Key")
        if key is None or request.verb != "POST":
            return self._executed(call, request, fault)
        if len(key) > 255:
            raise Refusal("The idempotency key is longer than 255 characters", param="Idempotency-Key")
        mine = (call.world.account, key)
        with self.vendor.lock:
            stored = self._stored.get(mine)
            if stored and self.vendor.clock.now() - stored.at < KEPT:
                return self._replayed(call, request, stored)
            if mine in self._running:
                text = f"There is currently another in-progress request using this Idempotency Key: {key}"
                raise Refusal(text, status=409, kind="idempotency_error", code="idempotency_key_in_use")
            self._running.add(mine)
        try:
            answer = self._executed(call, request, fault)
            with self.vendor.lock:
                if answer.status < 300 or not call.route.is_v2:
                    self._stored[mine] = self._kept(request, answer)
            return replace(answer, headers={"Idempotency-Key": key})
        finally:
            with self.vendor.lock:
                self._running.discard(mine)

    def _kept(self, request: Request, answer: Answer) -> Stored:
        return Stored(
            _fingerprint(request), answer.status, copy.deepcopy(answer.body), self.vendor.clock.now()
        )

    def _replayed(self, call: Call, request: Request, stored: Stored) -> Answer:
        if stored.fingerprint != _fingerprint(request):
            text = (
                "Keys for idempotent requests can only be used with the parameters they were first used with."
            )
            raise Refusal(text, kind="idempotency_error")
        self._note(call, request, status=stored.status, executed=False)
        return Answer(stored.status, stored.body, {"Idempotent-Replayed": "true"})

    def _executed(self, call: Call, request: Request, fault: Fault) -> Answer:
        if fault.hold_request is not None:
            fault.hold_request.wait()
        with self.vendor.lock:
            self.vendor.current_key = request.headers.get("Idempotency-Key")
            try:
                answer = self._judged(call, Answer(200, copy.deepcopy(calls.answer(call))))
            except Refusal as refusal:
                answer = _refused(refusal)
            finally:
                self.vendor.current_key = None
        if fault.refuse_after is not None:
            answer = _refused(fault.refuse_after)
        self._note(call, request, status=answer.status, executed=True)
        return answer

    def _judged(self, call: Call, answer: Answer) -> Answer:
        """The answer as the library understands it, or a 500 that also fails the test at its end."""
        calls.expand(call.world, answer.body, call.get("expand", []))
        verdict = responses.check(route=call.route, body=answer.body)
        self.vendor.checked(verdict, what=call.route.name)
        if verdict.problems:
            text = f"{call.route.name}: {'; '.join(verdict.problems)}"
            raise Refusal(text, status=500, kind="api_error", code="fake_broken")
        return answer

    def _note(self, call: Call, request: Request, *, status: int, executed: bool) -> None:
        key = request.headers.get("Idempotency-Key")
        self.seen.append(Seen(call.route.name, call.world.account, key, call.params, status, executed))

    def named(self, route: Route | str) -> list[Seen]:
        """The requests on one route, in order."""
        name = route if isinstance(route, str) else route.name
        return [seen for seen in self.seen if seen.route == name]


def _fingerprint(request: Request) -> tuple[str, str, str]:
    """What must be the same under a key. An upload's body has another boundary every time it is sent."""
    kind = request.headers.get("Content-Type", "")
    if kind.startswith("multipart/form-data"):
        return request.verb, request.target, repr(sorted(forms.decode_multipart(request.body, kind).items()))
    return request.verb, request.target, request.body.decode(errors="replace")


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, {"error": json.loads(json.dumps(refusal.error))})
