"""Faults while money is asked for: answers that are lost, servers that are busy, words that are new."""

import pytest

from payments.gateways import services, states
from payments.gateways.errors import PaymentOutcomeUnknown
from payments.gateways.models import Attempt
from tests.contracts.gateways.case import PRICE, Case
from tests.contracts.gateways.faults import fault
from tests.contracts.gateways.worlds.base import Lost


@fault
def none(case: Case) -> None:
    """Nothing goes wrong."""
    case.once(case.paid())


@fault
def till_repeats_everything(case: Case) -> None:
    """Every request of the till comes twice."""
    attempt = case.begun()
    again = case.begun(id=attempt.pk, order_id=attempt.order_id)
    assert again.pk == attempt.pk
    if again.state == states.PRESENTED:
        case.world.pay(again)
    case.look(case.look(again))
    case.once(case.converged(again))


def _lost(case: Case, verb: str, name: Lost) -> None:
    case.world.fault(verb, name)
    attempt = case.begun()
    assert attempt.state in {states.PREPARED, states.UNKNOWN}, attempt.state
    case.once(case.converged(attempt))


@fault
def begin_answer_lost_after_commit(case: Case) -> None:
    """The vendor has it, and we do not know."""
    _lost(case, "begin", "lost_after")


@fault
def begin_request_lost(case: Case) -> None:
    """The vendor never heard of it, and we do not know."""
    _lost(case, "begin", "lost_before")


@fault
def begin_server_error_then_success(case: Case) -> None:
    """500, and the second time it works."""
    _lost(case, "begin", "server_error")


@fault
def begin_rate_limited_with_retry_after(case: Case) -> None:
    """429 that says when."""
    _lost(case, "begin", "rate_limited")


@fault
def begin_rate_limited_without_retry_after(case: Case) -> None:
    """429 that does not."""
    _lost(case, "begin", "rate_limited_silently")


@fault
def present_answer_lost_after_commit(case: Case) -> None:
    """It is on the reader, and we do not know."""
    _lost(case, "present", "lost_after")


@fault
def present_request_lost(case: Case) -> None:
    """It never came to the reader, and we do not know."""
    _lost(case, "present", "lost_before")


@fault
def present_server_error_then_success(case: Case) -> None:
    """500, and the second time it works."""
    _lost(case, "present", "server_error")


@fault
def present_rate_limited(case: Case) -> None:
    """429 while it is put before the guest."""
    _lost(case, "present", "rate_limited_silently")


@fault
def answer_past_our_limit(case: Case) -> None:
    """The guest pays while we have given up waiting for the answer that it is on the reader."""
    case.world.fault("present", "lost_after")
    attempt = case.begun()
    assert attempt.state == states.UNKNOWN
    case.world.pay(attempt)
    case.once(case.converged(attempt, pays=False))


@fault
def look_lost(case: Case) -> None:
    """The screen asks and hears nothing."""
    attempt = case.begun()
    case.world.fault("advance", "server_error")
    assert case.look(attempt).state == attempt.state
    case.once(case.converged(attempt))


@fault
def unknown_word_in_an_answer(case: Case) -> None:
    """The answer to a request has a state that nobody knows."""
    case.world.unknown_word("present")
    attempt = case.begun()
    assert attempt.state in {states.UNKNOWN, states.PRESENTED}
    case.once(case.converged(attempt))


@fault
def unknown_word_in_a_look(case: Case) -> None:
    """What we read has a state that nobody knows: nothing is concluded from it."""
    attempt = case.begun()
    case.world.unknown_word("advance")
    assert case.look(attempt).state in {attempt.state, states.UNKNOWN}
    case.once(case.converged(attempt))


@fault
def second_charge_while_unknown(case: Case) -> None:
    """While nobody knows, the same amount of the same order is not asked for again, here or elsewhere."""
    case.world.fault("present", "lost_after")
    attempt = case.begun()
    assert attempt.state == states.UNKNOWN
    with pytest.raises(PaymentOutcomeUnknown):
        case.start(order_id=attempt.order_id)
    assert Attempt.objects.count() == 1
    case.once(case.converged(attempt))


@fault
def overridden_and_paid_all_the_same(case: Case) -> None:
    """Somebody let the order be paid another way although nobody knew; the late money is kept and shown."""
    case.world.fault("present", "lost_after")
    attempt = case.begun()
    services.override_attempt(
        attempt_id=attempt.pk, reason="the guest paid in cash", actor=case.actor, at=case.at
    )
    other = case.begun(order_id=attempt.order_id, reader_id=_other_reader(case))
    case.world.pay(other)
    assert case.look(other).state == states.CAPTURED
    case.world.pay(attempt)
    case.settled()
    late = Attempt.objects.get(pk=attempt.pk)
    assert (late.state, late.settled_at, case.world.taken(late.pk)) == (states.CAPTURED, None, [PRICE])
    assert late.trouble
    assert case.world.taken(other.pk) == [PRICE]


@fault
def overridden_and_found_open(case: Case) -> None:
    """Somebody let the order be paid another way, and then it is found on the reader: it is taken off."""
    case.world.fault("present", "lost_after")
    attempt = case.begun()
    services.override_attempt(
        attempt_id=attempt.pk, reason="the guest paid in cash", actor=case.actor, at=case.at
    )
    case.settled()
    assert Attempt.objects.get(pk=attempt.pk).state == states.CANCELLED
    case.never(attempt)


@fault
def present_again_answer_lost(case: Case) -> None:
    """It was declined, and is on the reader again, and we do not know: nobody takes it another way meanwhile."""
    attempt = case.begun()
    case.world.decline(attempt)
    assert case.look(attempt).state == states.DECLINED
    case.world.fault("present", "lost_after")
    attempt = case.present_again(attempt)
    assert attempt.state in {states.PRESENTED, states.UNKNOWN}
    with pytest.raises(PaymentOutcomeUnknown):
        case.start(order_id=attempt.order_id)
    case.once(case.converged(attempt))


@fault
def present_rate_limited_and_nobody_at_the_till(case: Case) -> None:
    """429 while it is put before the guest, and nobody asks again: the sweep does, as the cashier was told."""
    case.world.fault("present", "rate_limited_silently")
    attempt = case.begun()
    assert (attempt.state, attempt.failure_kind) == (states.PREPARED, "try_again")
    for _ in range(3):
        case.later(seconds=10)
        services.resolve_due(at=case.at)
    attempt = Attempt.objects.get(pk=attempt.pk)
    assert attempt.state == states.PRESENTED
    case.world.pay(attempt)
    case.settled_without_bells()
    case.once(attempt)


@fault
def declined_then_paid(case: Case) -> None:
    """The first card is no good, the second is, and it is the same payment."""
    attempt = case.begun()
    case.world.decline(attempt)
    attempt = case.look(attempt)
    assert attempt.state == states.DECLINED
    attempt = case.present_again(attempt)
    assert attempt.state == states.PRESENTED
    case.once(case.converged(attempt))


@fault
def declined_and_begun_anew(case: Case) -> None:
    """The card is no good; another attempt takes the money, and the first can take none any more."""
    first = case.begun()
    case.world.decline(first)
    assert case.look(first).state == states.DECLINED
    second = case.paid(order_id=first.order_id)
    assert Attempt.objects.get(pk=first.pk).state == states.CANCELLED
    case.once(second)


@fault
def account_lost(case: Case) -> None:
    """The account is not ours any more in the middle of it; when it is again, it goes on."""
    attempt = case.begun()
    case.world.pay(attempt)
    case.world.revoke()
    assert case.look(attempt).state == attempt.state
    case.world.revoke(is_back=True)
    services.check_connection(connection_id=case.world.connection.pk, at=case.at)
    case.once(case.converged(attempt))


def _reader_trouble(case: Case, trouble: str) -> None:
    case.world.reader_trouble(trouble)
    attempt = case.begun()
    assert (attempt.state, attempt.failure_kind) == (states.DECLINED, "reader_trouble")
    attempt = case.present_again(attempt, elsewhere=True)
    case.once(case.converged(attempt))


@fault
def reader_offline(case: Case) -> None:
    """The reader has no network; another one takes the same payment."""
    _reader_trouble(case, "offline")


@fault
def reader_busy(case: Case) -> None:
    """The reader is used by another till; another one takes the same payment."""
    _reader_trouble(case, "busy")


def _other_reader(case: Case) -> object:
    return None if case.world.other_reader is None else case.world.other_reader.pk
