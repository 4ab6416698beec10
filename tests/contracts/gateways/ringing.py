"""Faults of bells: twice, backwards, late, never, forged, or before we have written down what they ring for."""

from payments.gateways import states
from payments.gateways.models import Attempt
from payments.webhooks.models import InboundEvent
from tests.contracts.gateways.case import Case
from tests.contracts.gateways.faults import fault
from tests.contracts.gateways.worlds.base import Bell


def _paid_and_rung(case: Case) -> tuple[Attempt, list[Bell]]:
    attempt = case.begun()
    case.world.pay(attempt)
    bells = case.world.bells()
    assert bells, "nobody rang"
    return attempt, bells


@fault
def bell_alone(case: Case) -> None:
    """Nobody looks; the bell does it."""
    attempt, bells = _paid_and_rung(case)
    assert "handled" in case.ring(*bells)
    assert Attempt.objects.get(pk=attempt.pk).state == states.CAPTURED
    case.once(attempt)


@fault
def bell_twice(case: Case) -> None:
    """Every bell rings twice, and once more the next day."""
    attempt, bells = _paid_and_rung(case)
    case.ring(*bells)
    assert set(case.ring(*bells)) == {"again"}
    assert InboundEvent.objects.count() == len(bells)
    case.once(case.converged(attempt, pays=False))


@fault
def bells_reversed(case: Case) -> None:
    """Authorised and captured are heard of the wrong way round."""
    attempt = case.begun(capture="manual") if case.world.offers_manual else case.begun()
    case.world.pay(attempt)
    attempt = case.look(attempt)
    if attempt.state == states.AUTHORISED:
        attempt = case.capture(attempt)
    bells = case.world.bells()
    case.ring(*reversed(bells))
    case.once(case.converged(attempt, pays=False))


@fault
def bell_delayed(case: Case) -> None:
    """Everybody knows already when it rings."""
    attempt, bells = _paid_and_rung(case)
    case.converged(attempt, pays=False, rings=False)
    case.ring(*bells)
    case.once(attempt)


@fault
def bell_missing(case: Case) -> None:
    """It never rings: the sweep finds it."""
    attempt, _ = _paid_and_rung(case)
    case.at_rest()
    case.once(attempt)


@fault
def bell_forged(case: Case) -> None:
    """Somebody who does not know the secret rings: nothing is kept, nothing happens."""
    attempt, bells = _paid_and_rung(case)
    assert all(case.is_refused(case.world.forged(bell)) for bell in bells)
    assert not InboundEvent.objects.exists()
    case.once(case.converged(attempt, pays=False))


@fault
def bell_too_old(case: Case) -> None:
    """A genuine one of an hour ago: a replay."""
    attempt, bells = _paid_and_rung(case)
    case.later(hours=1)
    assert all(case.is_refused(bell) for bell in bells)
    case.once(case.converged(attempt, pays=False, rings=False))


@fault
def bell_before_our_own_commit(case: Case) -> None:
    """The vendor is faster than the answer to our own request: we do not know its payment by name yet."""
    case.world.fault("begin", "lost_after")
    attempt = case.begun()
    assert (attempt.state, attempt.vendor_id) == (states.UNKNOWN, "")
    case.ring(*case.world.bells())
    case.once(case.converged(attempt))


@fault
def bell_for_nobody(case: Case) -> None:
    """It rings for a payment of somebody else's with our account: kept, tried again, parked; nothing is taken."""
    attempt, bells = _paid_and_rung(case)
    stranger = case.world.about_somebody_else(bells)
    assert case.ring(stranger) == ["stored"]
    case.once(case.converged(attempt, pays=False))
    case.later(days=1)
    for _ in range(12):
        case.later(hours=2)
        case.handle()
    assert list(InboundEvent.objects.filter(state="parked").values_list("tries", flat=True)) == [12]
    case.once(attempt)
