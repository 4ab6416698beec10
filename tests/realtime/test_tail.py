"""Where a socket stands: gaps are seen, repetitions dropped, memory bounded. Nothing else matters."""

from hypothesis import given
from hypothesis import strategies as st

from fynlo.realtime.frames import EventFrame
from fynlo.realtime.tail import Tail


def frame(seq: int, size: int = 10) -> EventFrame:
    return EventFrame(seq=seq, kind="bell.rang", text="x" * size)


def passed_on(tail: Tail, *, limit: int = 100) -> list[int]:
    run = [each.seq for each in tail.next_run(limit=limit)]
    if run:
        tail.mark_sent(run[-1])
    return run


def test_frames_in_order_pass_on_at_once() -> None:
    tail = Tail(sent=4)
    tail.offer([frame(5), frame(6)])
    assert passed_on(tail) == [5, 6]
    assert not tail.behind
    assert tail.buffered_bytes == 0


def test_what_was_sent_is_dropped() -> None:
    tail = Tail(sent=4)
    tail.offer([frame(3), frame(4), frame(5), frame(5)])
    assert passed_on(tail) == [5]
    tail.offer([frame(5)])
    assert passed_on(tail) == []
    assert not tail.behind


def test_a_gap_holds_back_what_follows_until_it_is_filled() -> None:
    tail = Tail(sent=4)
    tail.offer([frame(6), frame(7)])
    assert passed_on(tail) == []
    assert tail.behind
    tail.mark_sent(5)
    assert passed_on(tail) == [6, 7]


def test_a_fill_that_went_beyond_what_waits_drops_it() -> None:
    tail = Tail(sent=4)
    tail.offer([frame(6), frame(7), frame(9)])
    tail.mark_sent(8)
    assert passed_on(tail) == [9]
    assert (tail.sent, tail.buffered_bytes) == (9, 0)


def test_a_run_is_no_longer_than_asked() -> None:
    tail = Tail(sent=0)
    tail.offer([frame(1), frame(2), frame(3)])
    assert passed_on(tail, limit=2) == [1, 2]
    assert passed_on(tail, limit=2) == [3]


def test_a_head_beyond_the_last_frame_means_being_behind() -> None:
    tail = Tail(sent=4)
    tail.note_head(4)
    assert not tail.behind
    tail.note_head(6)
    assert tail.behind


def test_a_full_buffer_takes_nothing_more_but_remembers_that_it_exists() -> None:
    tail = Tail(sent=0, capacity=25)
    tail.offer([frame(2), frame(3), frame(4), frame(5)])
    assert tail.buffered_bytes == 20
    assert tail.known == 5
    tail.mark_sent(1)
    assert passed_on(tail) == [2, 3]
    assert tail.behind


def test_a_claim_the_log_does_not_know_is_forgotten() -> None:
    tail = Tail(sent=4)
    tail.offer([frame(900)])
    tail.nothing_more()
    assert not tail.behind
    assert tail.buffered_bytes == 0


@given(st.lists(st.one_of(st.integers(1, 30), st.just("fill"), st.just("heartbeat")), max_size=120))
def test_whatever_arrives_in_whatever_order_is_passed_on_once_in_order(steps: list[int | str]) -> None:
    tail, out, committed = Tail(sent=0, capacity=100), [], 30
    for step in steps:
        if isinstance(step, int):
            tail.offer([frame(step)])
        elif step == "heartbeat":
            tail.note_head(committed)
        elif tail.behind and not tail.next_run(limit=1):
            page = list(range(tail.sent + 1, min(committed, tail.sent + 4) + 1))
            out.extend(page)
            tail.mark_sent(page[-1])
        out.extend(passed_on(tail, limit=3))
        assert tail.buffered_bytes <= 100
    assert out == list(range(1, len(out) + 1))
