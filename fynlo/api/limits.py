"""How often something may be asked for: counted in Redis, exactly, also when a hundred ask at once (trap 22).

    PAIRINGS = Limit(name="pair", count=30, seconds=600)
    take(PAIRINGS, client_address(request))      # raises TooManyRequests with the seconds left
    give_back(PAIRINGS, client_address(request)) # for what turned out to be no reason to count
    check(GUESSES, device)                       # raises it, too, and counts nothing: where only failures count

One script counts and sets the end of the window, so no count is lost and no key stays for ever. The windows
are fixed: they start with the first request and end `seconds` later. A limit of this kind is a fence before
something dear, never the only lock: while Redis is away nothing is counted and everything is let through.
"""

import ipaddress
import logging
import math
import time
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from fynlo.core.errors import TooManyRequests
from fynlo.core.tenancy import tenant_key
from fynlo.events.broker import BrokerError, client

_TAKE: Final = """
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {count, left}
"""
_LOOK: Final = """
return {tonumber(redis.call('GET', KEYS[1]) or '0'), redis.call('PTTL', KEYS[1])}
"""
_GIVE_BACK: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('DECR', KEYS[1]) end
return 0
"""
_PAUSE_SECONDS: Final = 5.0
_IPV6_NETWORK: Final = 64
UNKNOWN_ADDRESS: Final = "unknown"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` requests of one kind in `seconds`, counted per merchant and per whatever names the caller."""

    name: str
    count: int
    seconds: int


class _Away:
    """After a failure Redis is not asked for a moment, so that one that hangs does not slow everything down."""

    until = 0.0


def take(limit: Limit, *who: str) -> None:
    """Count one request of `who`; raises `TooManyRequests` when it is beyond the limit."""
    answer = _ask(_TAKE, _key(limit, who), limit.seconds * 1000)
    if answer is None:
        return
    count, left = int(answer[0]), int(answer[1])
    if count > limit.count:
        raise TooManyRequests("Wait before the next try.", retry_after=max(1, math.ceil(left / 1000)))


def check(limit: Limit, *who: str) -> None:
    """Count nothing; raises `TooManyRequests` when the limit is used up. For what is looked at before it is known
    whether it counts: who is over the limit must not learn that this one would not have been.
    """
    answer = _ask(_LOOK, _key(limit, who))
    if answer is not None and int(answer[0]) >= limit.count:
        left = max(1, math.ceil(int(answer[1]) / 1000))
        raise TooManyRequests("Wait before the next try.", retry_after=left)


def give_back(limit: Limit, *who: str) -> None:
    """Take one request out of the count again."""
    _ask(_GIVE_BACK, _key(limit, who))


def client_address(request: HttpRequest) -> str:
    """The address a request came from, as a limit should count it: IPv4 whole, IPv6 by its /64 network.

    `X-Forwarded-For` is believed only as far as our own proxies wrote it (`FYNLO_PROXY_COUNT`, from its end).
    """
    given = request.META.get("REMOTE_ADDR", "")
    proxies = settings.FYNLO_PROXY_COUNT
    if proxies:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        given = hops[-proxies] if len(hops) >= proxies and hops[-proxies] else given
    return _network(given)


def _network(text: str) -> str:
    address = _parsed(text) or _parsed(text.rpartition(":")[0].strip("[]"))  # some proxies add the port
    if address is None:
        return UNKNOWN_ADDRESS
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _key(limit: Limit, who: tuple[str, ...]) -> str:
    return tenant_key("limit", limit.name, *who)


def _ask(script: str, key: str, *arguments: int) -> Any:
    """What the script answers, or None while Redis is away."""
    if time.monotonic() < _Away.until:
        return None
    try:
        return client().eval(script, 1, key, *arguments)
    except BrokerError as error:
        _Away.until = time.monotonic() + _PAUSE_SECONDS
        logger.warning("limits are not counted while Redis is away: %s", type(error).__name__)
        return None
