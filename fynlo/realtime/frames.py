"""The text frames of the feed socket. An event is encoded once, not once per socket."""

from dataclasses import dataclass

import orjson

from fynlo.events.facts import FeedItem

LARGEST_FRAME = 256 * 1024
"""Bytes. A larger event is announced without its data; the feed over HTTP has it."""


@dataclass(frozen=True, slots=True)
class EventFrame:
    """One event, ready to be sent: its position, its kind, its text."""

    seq: int
    kind: str
    text: str


def event_frame(item: FeedItem) -> EventFrame:
    """The frame of one feed item."""
    frame = {"type": "event", **item.envelope()}
    try:
        text = orjson.dumps(frame)
    except orjson.JSONEncodeError:  # a number wider than 64 bits must not end the feed of everybody
        text = b""
    if not text or len(text) > LARGEST_FRAME:
        del frame["data"]
        text = orjson.dumps({**frame, "data_omitted": True})
    return EventFrame(seq=item.seq, kind=item.t, text=text.decode())


def ready_frame(*, head: int) -> str:
    """The answer to a good first message: what follows is everything after `since`, then what happens."""
    return orjson.dumps({"type": "ready", "head": head}).decode()


def heartbeat_frame(*, head: int) -> str:
    """Sent while nothing happens; a client that has seen less than `head` is about to get it."""
    return orjson.dumps({"type": "heartbeat", "head": head}).decode()
