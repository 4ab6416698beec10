"""The reader that sends the feed to the tenant's open sockets."""

from collections.abc import Iterator

from fynlo.core.tenancy import TenantLike
from fynlo.events.facts import FeedItem
from fynlo.realtime.broadcast import broadcast
from fynlo.realtime.frames import EventFrame, event_frame
from fynlo.realtime.groups import FEED

_LARGEST_HINT = 256 * 1024


def send_to_sockets(items: list[FeedItem], tenant: TenantLike) -> None:
    """Publish the items as ready-made frames, a few messages a page; sent again they are dropped by `seq`."""
    for frames in _hints([event_frame(item) for item in items]):
        body = [[frame.seq, frame.kind, frame.text] for frame in frames]
        broadcast(tenant_id=tenant.id, topic=FEED, message={"type": "feed.items", "items": body})


def _hints(frames: list[EventFrame]) -> Iterator[list[EventFrame]]:
    hint: list[EventFrame] = []
    size = 0
    for frame in frames:
        if hint and size + len(frame.text) > _LARGEST_HINT:
            yield hint
            hint, size = [], 0
        hint.append(frame)
        size += len(frame.text)
    if hint:
        yield hint
