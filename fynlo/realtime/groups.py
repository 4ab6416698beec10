"""Channel group names: made here and nowhere else, so that none is without its tenant (trap 40)."""

import re
import uuid

FEED = "feed"
_TOPIC = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def group_name(tenant_id: uuid.UUID, topic: str) -> str:
    """`t.<tenant uuid>.<topic>`; raises ValueError for a topic that is not a short plain word."""
    if not isinstance(tenant_id, uuid.UUID):
        raise TypeError("a group belongs to a tenant's id")
    if not _TOPIC.fullmatch(topic):
        raise ValueError(f"{topic!r} is no topic")
    return f"t.{tenant_id}.{topic}"
