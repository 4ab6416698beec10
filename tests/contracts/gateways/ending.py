"""Faults while money is let go, taken later, or authorised: too late, lost, expired, declined."""

import datetime as dt

from fynlo.core.money import Money
from payments.gateways import services, states
from payments.gateways.models import Attempt
from tests.contracts.gateways.case import PRICE, Case
from tests.contracts.gateways.faults import fault


@fault
def cancelled(case: Case) -> None:
    """Let go in time."""
    attempt = case.cancel(case.begun())
    assert attempt.state == states.CANCELLED
    case.settled()
    case.never(attempt)


@fault
def cancel_answer_lost(case: Case) -> None:
    """It was let go, and we do not know."""
    attempt = case.begun()
    case.world.fault("cancel", "lost_after")
    attempt = case.cancel(attempt)
    case.converged(attempt, pays=False)
    assert Attempt.objects.get(pk=attempt.pk).state == states.CANCELLED
    case.never(attempt)


@fault
def cancelled_too_late(case: Case) -> None:
    """The card was faster than the till: the money counts."""
    attempt = case.begun()
    case.world.tap_while_cancelling(attempt)
    attempt = case.cancel(attempt)
    case.once(case.converged(attempt, pays=False))


@fault
def paid_before_the_cancel(case: Case) -> None:
    """The guest has paid, and the till did not know when it let go."""
    attempt = case.begun()
    case.world.pay(attempt)
    case.once(case.converged(case.cancel(attempt), pays=False))


@fault
def money_after_the_cancel(case: Case) -> None:
    """A slow bank: cancelled, and days later the money is there. The order still owes it."""
    attempt = case.cancel(case.begun(channel="qr"))
    assert attempt.state == states.CANCELLED
    case.world.pay_late(attempt)
    case.once(case.converged(case.look(attempt), pays=False))


@fault
def money_after_the_expiry(case: Case) -> None:
    """The link had expired when the guest paid. The order still owes it."""
    attempt = case.begun(channel="qr", expires_at=case.at + dt.timedelta(minutes=30))
    case.later(hours=1)
    case.settled()
    attempt = Attempt.objects.get(pk=attempt.pk)
    assert attempt.state == states.EXPIRED
    case.world.pay_late(attempt)
    case.once(case.converged(case.look(attempt), pays=False))


def _authorised(case: Case, amount: int = PRICE, **said: object) -> Attempt:
    attempt = case.begun(capture="manual", amount=amount, **said)
    case.world.pay(attempt)
    attempt = case.look(attempt)
    assert (attempt.state, attempt.authorised_minor) == (states.AUTHORISED, amount)
    return attempt


@fault
def captured_later(case: Case) -> None:
    """Authorised first, taken later."""
    case.once(case.capture(_authorised(case)))


@fault
def capture_answer_lost_after_commit(case: Case) -> None:
    """It was taken, and we do not know."""
    attempt = _authorised(case)
    case.world.fault("capture", "lost_after")
    attempt = case.capture(attempt)
    case.once(case.converged(attempt))


@fault
def capture_request_lost(case: Case) -> None:
    """Nobody heard that it was to be taken; the till asks again, with the same key."""
    attempt = _authorised(case)
    case.world.fault("capture", "lost_before")
    attempt = case.capture(attempt)
    assert attempt.state != states.CAPTURED
    case.settled()
    case.once(case.converged(case.capture(attempt)))


@fault
def capture_repeated(case: Case) -> None:
    """The till takes it twice."""
    attempt = case.capture(case.capture(_authorised(case)))
    case.once(attempt)


@fault
def capture_after_expiry(case: Case) -> None:
    """The authorisation has run out: nothing is taken, and everybody knows."""
    attempt = _authorised(case)
    case.later(days=8)
    attempt = case.capture(attempt)
    assert attempt.state == states.EXPIRED
    case.settled()
    case.never(attempt)


@fault
def forgotten_authorisation(case: Case) -> None:
    """Nobody came back for it: the sweep takes what an order owes before it runs out."""
    attempt = _authorised(case)
    assert attempt.capture_before is not None
    case.later(seconds=(attempt.capture_before - case.at).total_seconds() - 600)
    case.settled()
    case.once(Attempt.objects.get(pk=attempt.pk))


@fault
def increment_answer_lost(case: Case) -> None:
    """More was authorised, and we do not know; what is taken at last is right."""
    attempt = _authorised(case, PRICE // 2, incremental=True)
    case.world.fault("increment", "lost_after")
    attempt = services.increment_attempt(
        attempt_id=attempt.pk, to=Money(PRICE, "EUR"), actor=case.actor, at=case.at
    )
    case.settled()
    attempt = Attempt.objects.get(pk=attempt.pk)
    assert (attempt.state, attempt.authorised_minor) == (states.AUTHORISED, PRICE)
    case.once(case.converged(case.capture(attempt, PRICE)))


@fault
def increment_repeated(case: Case) -> None:
    """The till lost our answer and asks for as much again: it is answered as it is, and nobody is asked."""
    attempt = _authorised(case, PRICE // 2, incremental=True)
    for _ in range(2):
        attempt = services.increment_attempt(
            attempt_id=attempt.pk, to=Money(PRICE, "EUR"), actor=case.actor, at=case.at
        )
        assert (attempt.state, attempt.authorised_minor) == (states.AUTHORISED, PRICE)
    assert attempt.steps.filter(verb="increment", what="sent").count() == 1
    case.once(case.converged(case.capture(attempt, PRICE)))


@fault
def increment_declined(case: Case) -> None:
    """The issuer allows no more: the old amount can still be taken."""
    attempt = _authorised(case, PRICE // 2, incremental=True)
    case.world.decline_increment()
    attempt = services.increment_attempt(
        attempt_id=attempt.pk, to=Money(PRICE, "EUR"), actor=case.actor, at=case.at
    )
    assert (attempt.state, attempt.authorised_minor) == (states.AUTHORISED, PRICE // 2)
    case.once(case.converged(case.capture(attempt)), PRICE // 2)


@fault
def tip_on_the_reader(case: Case) -> None:
    """The guest adds a tip: it is taken once, and it is no part of the sale."""
    attempt = case.begun(tip_on_reader=True)
    case.world.pay(attempt, tip_minor=200)
    attempt = case.converged(attempt, pays=False)
    assert (attempt.captured_minor, attempt.tip_minor) == (PRICE + 200, 200)
    case.once(attempt, PRICE + 200)
