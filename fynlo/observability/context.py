"""What every line of a log should carry: request id, actor, path. Lives as long as one request or task."""

import re
import uuid
from contextvars import ContextVar
from typing import Final

from structlog.contextvars import bind_contextvars, clear_contextvars

from fynlo.core.ids import new_id

_INBOUND: Final = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_request_id: ContextVar[str] = ContextVar("fynlo_request_id", default="")


def request_id() -> str:
    """The id of the request being answered, or an empty text outside of one."""
    return _request_id.get()


def begin(*, inbound: str = "", **values: str) -> str:
    """Start the context of one request or task; nothing of a former one stays. Returns its id.

    A caller's own id is kept when it is harmless in logs and headers; otherwise a new UUIDv7 is made.
    """
    clear_contextvars()
    chosen = inbound if _INBOUND.fullmatch(inbound) else str(new_id())
    _request_id.set(chosen)
    bind_contextvars(request_id=chosen, **values)
    return chosen


def bind(**values: str | int | uuid.UUID | None) -> None:
    """Add values to every further line of this request or task."""
    bind_contextvars(**{name: str(value) for name, value in values.items() if value is not None})


def end() -> None:
    """Forget everything; pool threads are reused."""
    clear_contextvars()
    _request_id.set("")
