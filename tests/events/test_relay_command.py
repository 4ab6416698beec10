"""`manage.py relay --once`: hands out what there is, and says who failed."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fynlo.core.tenancy import TenantLike, tenant_context
from fynlo.events import subscriptions
from fynlo.events.delivery import lag
from fynlo.events.facts import FeedItem
from fynlo.events.subscriptions import subscribe
from tests.events.facts import ring_at
from tests.redis_server import RedisServer


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What a reader named `listener` was handed; there is no other reader."""
    items: list[tuple[str, int]] = []

    def listen(page: list[FeedItem], tenant: TenantLike) -> None:
        items.extend((tenant.schema_name, item.seq) for item in page)

    monkeypatch.setattr(subscriptions, "_registered", {})
    subscribe(name="listener", handler=listen, page=2)
    return items


def test_every_reader_of_every_merchant_gets_everything(
    cafe: Any, grocer: Any, heard: list[tuple[str, int]]
) -> None:
    ring_at(cafe, 1)
    ring_at(cafe, 2, 3)
    ring_at(cafe, 4)
    ring_at(grocer, 5)
    call_command("relay", once=True)
    call_command("relay", once=True)
    assert heard == [("t_cafe", 1), ("t_cafe", 2), ("t_cafe", 3), ("t_cafe", 4), ("t_grocer", 1)]


def test_a_failing_reader_is_named_and_the_others_still_get_theirs(
    cafe: Any, grocer: Any, heard: list[tuple[str, int]], own_redis: RedisServer
) -> None:
    def fail(_page: list[FeedItem], tenant: TenantLike) -> None:
        if tenant.schema_name == "t_cafe":
            raise LookupError("no such dish")

    subscribe(name="kitchen", handler=fail)
    ring_at(cafe, 1)
    ring_at(grocer, 1)
    with pytest.raises(CommandError, match="t_cafe kitchen: no such dish"):
        call_command("relay", once=True)
    assert heard == [("t_cafe", 1), ("t_grocer", 1)]
    with tenant_context(cafe):
        assert lag(reader="kitchen") == 1
    with tenant_context(grocer):
        assert lag(reader="kitchen") == 0
