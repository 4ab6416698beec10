"""Structured logs: JSON lines in production and tests, readable lines in development.

Keys are an allow-list: what is not listed is dropped, and the line says which names were. Values are masked
wherever they come from, exception texts and other libraries' messages included (trap 51). Every line carries
request id, tenant and actor without being told.
"""

import logging
import logging.config
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog
from django.conf import settings

from fynlo.core.tenancy import PLATFORM_SCHEMA, current_schema
from fynlo.observability.masking import MASK, mask

_WHO: Final = "event level logger timestamp request_id tenant actor device employee exception dropped"
_REQUEST: Final = "method path status duration_ms code error remote"
_WORK: Final = (
    "task task_id reader position count items seconds attempt step state outcome reason version process port"
)
_THINGS: Final = (
    "fingerprint signal command constraint check schema section plugin hook kind entity_id order_id register_id "
    "terminal_id device_id employee_id location_id txn terminal register epoch pairing_code"
)
_ALLOWED: Final[set[str]] = set(" ".join((_WHO, _REQUEST, _WORK, _THINGS)).split())
_LONGEST: Final = 20_000
_PLAIN: Final = (bool, int, float, type(None))

Event = MutableMapping[str, Any]


def allow(*names: str) -> None:
    """Let further keys into the logs: names only, never personal data, never what a client wrote freely."""
    _ALLOWED.update(names)


def add_tenant(_logger: Any, _method: str, event: Event) -> Event:
    """The tenant this thread's connection is in, unless the line names one."""
    schema = current_schema()
    if schema is not None and "tenant" not in event:
        event["tenant"] = "platform" if schema == PLATFORM_SCHEMA else schema.removeprefix("t_")
    return event


def only_allowed(_logger: Any, _method: str, event: Event) -> Event:
    """Drop keys that are not on the list; their names stay, so that the loss is seen."""
    dropped = sorted(name for name in event if name not in _ALLOWED and not name.startswith("_"))
    for name in dropped:
        del event[name]
    if dropped:
        event["dropped"] = dropped
    return event


def masked(_logger: Any, _method: str, event: Event) -> Event:
    """Mask every value; a structure is not looked into, it does not belong into a log line."""
    for name, value in event.items():
        if not name.startswith("_"):
            event[name] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value if mask(str(value)) == str(value) else MASK
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value if isinstance(item, (*_PLAIN, str))]
    if isinstance(value, dict):
        return MASK
    text = value if isinstance(value, str) else str(value)
    return mask(text[:_LONGEST])


_SHARED: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    add_tenant,
    structlog.processors.format_exc_info,
]


# One list for the whole process: loggers that were used before keep the one they saw first.
_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.stdlib.filter_by_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    *_SHARED,
    structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
]


def formatter(style: str) -> structlog.stdlib.ProcessorFormatter:
    """The formatter that every handler uses: `json` or `console`."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if style == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            only_allowed,
            masked,
            renderer,
        ],
    )


def configure() -> None:
    """Set up the logs of this process from settings. May be called again (Celery does)."""
    structlog.configure(
        processors=_PROCESSORS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"fynlo": {"()": formatter, "style": settings.FYNLO_LOG_FORMAT}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "fynlo"}},
            "root": {"level": settings.FYNLO_LOG_LEVEL, "handlers": ["stderr"]},
            # Django would send its own lines elsewhere; the access line of ours replaces the server's.
            "loggers": {
                "django": {"level": "INFO", "handlers": [], "propagate": True},
                "django.request": {"level": "CRITICAL"},  # `fynlo.api` and `fynlo.access` say the same, once
                "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
                "django.db.backends": {"level": "INFO"},  # below it are statements with their values
                "daphne.http_protocol": {"level": "WARNING"},
            },
        }
    )
