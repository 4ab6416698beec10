"""One call of a gateway, outside every transaction; whatever it returns or raises is an answer."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import connection

from payments.gateways.base import Attempt, GatewayFailure, OutcomeUnknown, RefundState, TooLate

log = structlog.get_logger("fynlo.payments")


class InsideTransaction(RuntimeError):
    """A vendor was about to be called while rows are locked and nothing is committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call came to: exactly one of these."""

    told: Attempt | None = None
    refund: RefundState | None = None
    failure: GatewayFailure | None = None
    unknown: str = ""
    too_late: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether the request is over and done with: another one gets another key."""
        if self.failure is not None:
            return self.failure.kind not in {"try_again", "not_connected"}
        return not self.unknown

    @property
    def word(self) -> str:
        """What it came to, in a word for counting: the state told, the kind of failure, `unknown`, `too_late`."""
        if self.told is not None:
            return self.told.state
        if self.refund is not None:
            return self.refund.state
        if self.failure is not None:
            return self.failure.kind
        return "too_late" if self.too_late else "unknown"


def ask(call: Callable[[], Attempt | RefundState]) -> Answer:
    """Make the call. What is neither an answer nor a failure with a name leaves the outcome unknown.

    Raises `InsideTransaction` where a transaction is open: the network waits outside of it.
    """
    _check_outside()
    try:
        told = call()
    except GatewayFailure as failure:
        return Answer(failure=failure)
    except TooLate:
        return Answer(too_late=True)
    except OutcomeUnknown as unknown:
        return Answer(unknown=unknown.text or "No answer.")
    except Exception as error:  # noqa: BLE001  a connection cut, a fault of a plugin: nobody knows what happened
        log.warning("gateway_call_failed", error=type(error).__name__)
        return Answer(unknown=f"The call failed ({type(error).__name__}).")
    return Answer(refund=told) if isinstance(told, RefundState) else Answer(told=told)


def is_outside() -> bool:
    """Whether no transaction is open. Those that a test is wrapped in do not count."""
    return all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _check_outside() -> None:
    if not is_outside():
        raise InsideTransaction("a gateway is called outside of transactions")
