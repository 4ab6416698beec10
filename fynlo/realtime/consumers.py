"""The feed socket: everything after `since` from the log, then live, without a gap and without a repetition.

Live frames are hints. The log is the truth, and four things bring a socket back to it: a gap between two
frames, a heartbeat that sees a head beyond the last frame, a buffer that is full, and a reconnect with
`since`. So Redis may drop any frame or be away, and nothing is lost (docs/decisions/0005).
"""

import asyncio
import random
from collections.abc import Iterable
from typing import Any, NoReturn

import structlog
from django.conf import settings

from fynlo.core.actors import Actor
from fynlo.core.database import is_outage
from fynlo.events.broker import BrokerError
from fynlo.events.log import head, read_after
from fynlo.realtime import access, codes, metrics, tickets
from fynlo.realtime.base import TenantConsumer
from fynlo.realtime.frames import EventFrame, event_frame, heartbeat_frame, ready_frame
from fynlo.realtime.groups import FEED, group_name
from fynlo.realtime.hello import BadMessage, Hello, parse_hello
from fynlo.realtime.tail import Tail

log = structlog.get_logger("fynlo.realtime")

_PAGE = 200
_LONGEST_PAUSE = 5.0


class _Close(Exception):
    """Ends the work with a close code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class _Gone(Exception):
    """The client left while something was being sent."""


class FeedConsumer(TenantConsumer):
    """One client following its tenant's feed."""

    authenticate_within = 10.0

    def __init__(self, *args: Any, authenticate_within: float | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if authenticate_within is not None:
            self.authenticate_within = authenticate_within
        self._hello: asyncio.Future[Hello] = asyncio.get_running_loop().create_future()
        self._wake = asyncio.Event()
        self._tail = Tail(sent=0)
        self._recheck_at = 0.0
        self._heartbeat_at = 0.0

    # --- what comes in: handlers take notes and return at once ---

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The client speaks once; everything else it says is a mistake."""
        del bytes_data
        if self._hello.done():
            await self._shut(codes.BAD_MESSAGE)
            return
        try:
            self._hello.set_result(parse_hello(text_data))
        except BadMessage as problem:
            self._log("socket_refused", code=codes.BAD_MESSAGE, reason=str(problem))
            self._hello.cancel()
            await self._shut(codes.BAD_MESSAGE)

    async def feed_items(self, message: dict[str, Any]) -> None:
        """Live frames of the group, sent by the relay."""
        self._tail.offer(EventFrame(seq, kind, text) for seq, kind, text in message["items"])
        self._wake.set()

    # --- what goes out: one task ---

    async def work(self) -> None:
        """Authenticate, then follow the feed until somebody hangs up."""
        try:
            hello = await self._first_message()
            actor = await self._admit(hello)
            with metrics.sockets.track_inprogress():
                await self._follow(actor)
        except _Close as closing:
            await self._shut(closing.code)
        except _Gone:
            self._log("socket_gone")
        except Exception:
            log.exception("socket_failed", schema=self.tenant.schema_name)
            await self._shut(codes.INTERNAL_ERROR)

    async def _first_message(self) -> Hello:
        try:
            async with asyncio.timeout(self.authenticate_within):
                return await self._hello
        except TimeoutError:
            raise _Close(codes.NO_FIRST_MESSAGE) from None

    async def _admit(self, hello: Hello) -> Actor:
        """Spend the ticket, join the group, and only then look at the head: nothing falls in between."""
        try:
            actor = await self.in_tenant(_actor_of_ticket, secret=hello.ticket)
            if actor is None:
                raise _Close(codes.NOT_ALLOWED)
            await self.join(group_name(self.tenant.id, FEED))
            reached = await self.in_tenant(head)
        except Exception as error:
            if _is_away(error):
                raise _Close(codes.TRY_AGAIN_LATER) from error
            raise
        since = reached if hello.since is None else hello.since
        if since > reached:  # a position this log never gave out: the client must start over, not wait
            raise _Close(codes.BAD_MESSAGE)
        waiting, self._tail = self._tail, Tail(sent=since)
        self._tail.note_head(max(reached, waiting.known))
        await self._send(ready_frame(head=reached))
        return actor

    async def _follow(self, actor: Actor) -> NoReturn:
        now = asyncio.get_running_loop().time
        self._recheck_at = now() + settings.FYNLO_SOCKET_RECHECK_SECONDS
        self._heartbeat_at = now() + random.uniform(0.2, 1) * settings.FYNLO_SOCKET_HEARTBEAT_SECONDS  # noqa: S311
        failures = 0
        while True:
            try:
                await self._step(actor)
                failures = 0
            except Exception as error:
                if not _is_away(error):
                    raise
                # What happens meanwhile is in the log when it is back; unasked rights show nothing either.
                failures += 1
                pause = min(_LONGEST_PAUSE, 0.25 * 2 ** min(failures, 6)) * random.uniform(0.5, 1)  # noqa: S311
                log.warning("socket_waits", schema=self.tenant.schema_name, seconds=pause)
                await asyncio.sleep(pause)

    async def _step(self, actor: Actor) -> None:
        """Do the most urgent thing: check the right, send what is next, fill a gap, or wait for news."""
        now = asyncio.get_running_loop().time()
        if now >= self._recheck_at:
            await self._recheck(actor)
        elif run := self._tail.next_run(limit=_PAGE):
            await self._pass_on(actor, run, source="live")
        elif self._tail.behind:
            await self._fill(actor)
        elif now >= self._heartbeat_at:
            await self._heartbeat()
        else:
            await self._wait_for_news(min(self._recheck_at, self._heartbeat_at) - now)

    async def _wait_for_news(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()

    async def _fill(self, actor: Actor) -> None:
        """Send the next page of the log."""
        items = await self.in_tenant(read_after, position=self._tail.sent, limit=_PAGE)
        if not items:
            self._tail.nothing_more()
            return
        await self._pass_on(actor, [event_frame(item) for item in items], source="database")

    async def _pass_on(self, actor: Actor, frames: Iterable[EventFrame], *, source: str) -> None:
        now = asyncio.get_running_loop().time
        for frame in frames:
            # A slow client makes this loop long, so it asks as well.
            if access.changes_rights(frame.kind) or now() >= self._recheck_at:
                await self._recheck(actor)
            await self._send(frame.text)
            self._tail.mark_sent(frame.seq)
            metrics.frames.labels(source).inc()

    async def _heartbeat(self) -> None:
        reached = await self.in_tenant(head)
        self._tail.note_head(reached)
        self._heartbeat_at = asyncio.get_running_loop().time() + settings.FYNLO_SOCKET_HEARTBEAT_SECONDS
        await self._send(heartbeat_frame(head=reached))

    async def _recheck(self, actor: Actor) -> None:
        if not await self.in_tenant(access.is_allowed, actor=actor):
            raise _Close(codes.NOT_ALLOWED)
        self._recheck_at = asyncio.get_running_loop().time() + settings.FYNLO_SOCKET_RECHECK_SECONDS

    async def _send(self, text: str) -> None:
        try:
            await self.send(text_data=text)
        except Exception as error:
            raise _Gone from error

    async def _shut(self, code: int) -> None:
        metrics.closed.labels(str(code)).inc()
        try:
            await self.close(code=code)
        except Exception:  # noqa: BLE001  servers differ in what they raise for a client that is gone
            self._log("socket_gone", code=code)

    def _log(self, what: str, **values: Any) -> None:
        log.info(what, schema=self.tenant.schema_name, **values)


def _is_away(error: Exception) -> bool:
    """Whether the database or Redis cannot be used right now."""
    return isinstance(error, BrokerError) or is_outage(error)


def _actor_of_ticket(*, secret: str) -> Actor | None:
    actor = tickets.redeem(secret=secret)
    return actor if actor is not None and access.is_allowed(actor=actor) else None
