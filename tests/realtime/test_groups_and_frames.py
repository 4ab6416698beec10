"""Names and texts: pure, and the same everywhere."""

import datetime as dt
import json
import uuid

import pytest

from fynlo.events.facts import FeedItem
from fynlo.realtime.frames import LARGEST_FRAME, event_frame, heartbeat_frame, ready_frame
from fynlo.realtime.groups import group_name

ID = uuid.UUID("01920000-0000-7000-8000-0000000000aa")
TXN = uuid.UUID("01920000-0000-7000-8000-0000000000bb")
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def item(note: str | int) -> FeedItem:
    return FeedItem(seq=7, txn=TXN, t="note.left", id=ID, at=NOON, data={"note": note})


def test_a_group_carries_its_tenant() -> None:
    assert group_name(ID, "feed") == "t.01920000-0000-7000-8000-0000000000aa.feed"


@pytest.mark.parametrize("topic", ["", "Feed", "feed.x", "*", "fe ed", "f" * 41, "1feed", "fééd"])
def test_a_topic_is_a_short_plain_word(topic: str) -> None:
    with pytest.raises(ValueError, match="is no topic"):
        group_name(ID, topic)


@pytest.mark.parametrize("tenant_id", [None, "", "t_cafe", str(ID)])
def test_a_group_without_a_tenants_id_cannot_be_named(tenant_id: object) -> None:
    with pytest.raises(TypeError):
        group_name(tenant_id, "feed")  # type: ignore[arg-type]


def test_an_event_frame_is_the_envelope_with_its_type() -> None:
    frame = event_frame(item("crème"))
    assert (frame.seq, frame.kind) == (7, "note.left")
    assert json.loads(frame.text) == {
        "type": "event",
        "seq": 7,
        "txn": "01920000-0000-7000-8000-0000000000bb",
        "t": "note.left",
        "id": "01920000-0000-7000-8000-0000000000aa",
        "at": "2026-03-01T12:00:00.000Z",
        "data": {"note": "crème"},
    }


def test_an_event_too_large_for_a_frame_is_announced_without_its_data() -> None:
    frame = event_frame(item("x" * LARGEST_FRAME))
    message = json.loads(frame.text)
    assert "data" not in message
    assert (message["seq"], message["data_omitted"]) == (7, True)


def test_an_event_with_a_number_too_wide_for_a_frame_is_announced_without_its_data() -> None:
    message = json.loads(event_frame(item(2**64)).text)
    assert (message["seq"], message["data_omitted"], "data" in message) == (7, True, False)


def test_the_other_frames() -> None:
    assert json.loads(ready_frame(head=3)) == {"type": "ready", "head": 3}
    assert json.loads(heartbeat_frame(head=4)) == {"type": "heartbeat", "head": 4}
