"""Whose turn it is, and how long a failing tenant waits."""

from fynlo.events.agenda import Agenda


def test_the_one_waiting_longest_comes_first() -> None:
    agenda = Agenda()
    agenda.offer("t_b", now=1.0)
    agenda.offer("t_a", now=2.0)
    agenda.offer("t_b", now=3.0)
    assert [agenda.next(now=3.0), agenda.next(now=3.0), agenda.next(now=3.0)] == ["t_b", "t_a", None]


def test_nothing_to_do_means_no_time_to_wait_for() -> None:
    agenda = Agenda()
    assert agenda.next(now=0.0) is None
    assert agenda.wait(now=0.0) is None


def test_failures_double_the_wait_up_to_a_minute() -> None:
    agenda = Agenda()
    waits = [agenda.failed("t_a", now=0.0) for _ in range(9)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    assert agenda.failing == {"t_a": 9}


def test_an_outage_is_tried_again_within_five_seconds() -> None:
    agenda = Agenda()
    waits = [agenda.failed("t_a", now=0.0, outage=True) for _ in range(6)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]


def test_news_do_not_shorten_the_wait_of_a_failing_tenant_and_others_do_not_wait() -> None:
    agenda = Agenda()
    agenda.failed("t_bad", now=10.0)
    agenda.offer("t_bad", now=10.1)
    agenda.offer("t_good", now=10.1)
    assert agenda.next(now=10.1) == "t_good"
    assert agenda.next(now=10.4) is None
    assert agenda.wait(now=10.4) == 10.5 - 10.4
    assert agenda.next(now=10.5) == "t_bad"


def test_news_while_a_failing_tenant_is_being_served_do_not_bring_it_back_early() -> None:
    agenda = Agenda()
    agenda.failed("t_bad", now=0.0)
    assert agenda.next(now=0.5) == "t_bad"
    agenda.failed("t_bad", now=0.6)
    agenda.offer("t_bad", now=0.7)
    assert agenda.next(now=1.5) is None
    assert agenda.next(now=1.6) == "t_bad"


def test_success_forgets_former_failures() -> None:
    agenda = Agenda()
    agenda.failed("t_a", now=0.0)
    agenda.failed("t_a", now=0.5)
    agenda.next(now=9.0)
    agenda.succeeded("t_a", now=9.0, again=True)
    assert agenda.next(now=9.0) == "t_a"
    assert agenda.failed("t_a", now=9.0) == 0.5


def test_a_busy_tenant_rests_between_two_pages_and_the_first_is_served_at_once() -> None:
    agenda = Agenda()
    agenda.offer("t_a", now=1.0)
    assert agenda.next(now=1.0) == "t_a"
    agenda.succeeded("t_a", now=1.0)
    agenda.offer("t_a", now=1.01)
    assert agenda.next(now=1.02) is None
    assert agenda.next(now=1.03) == "t_a"


def test_a_tenant_with_more_to_read_does_not_rest() -> None:
    agenda = Agenda()
    agenda.succeeded("t_a", now=1.0, again=True)
    assert agenda.next(now=1.0) == "t_a"
