"""The base of every background task: it runs inside the tenant named in its headers, or not at all.

The tenant travels in a message header, never as an argument, so that code which reads arguments cannot be
talked into another tenant. A task without a tenant, or with one that is unknown, fails loudly; it never
runs on the platform by accident.
"""

from typing import Any

from celery import Task, current_task

from fynlo.core.tenancy import (
    PLATFORM_SCHEMA,
    TenantContextMissing,
    current_schema,
    leave,
    platform_context,
    registry,
    tenant_context,
)

HEADER = "tenant_schema"


def _sender_schema() -> str | None:
    """The schema the sender is in; a chained task is sent after its predecessor left, so ask that one's headers."""
    schema = current_schema()
    if schema is None and current_task and current_task.request.id:
        schema = _schema_of(current_task.request)
    return schema


def _schema_of(request: Any) -> str | None:
    found = getattr(request, HEADER, None) or (request.headers or {}).get(HEADER)
    return str(found) if found else None


class TenantTask(Task):  # type: ignore[misc]
    """`@shared_task(base=TenantTask, name="app.verb_noun")`; keyword-only, loads by id, safe to run twice.

    `for_guests=True`: it is about money that guests gave or are to get back, so it runs while a merchant is
    suspended, too.
    """

    abstract = True
    acks_late = True
    reject_on_worker_lost = True
    for_guests = False

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        """Send the task with the sender's tenant in its headers."""
        headers = dict(options.pop("headers", None) or {})
        if HEADER not in headers:
            schema = _sender_schema()
            if schema is None:
                raise TenantContextMissing(f"task {self.name} was sent from nowhere")
            headers[HEADER] = schema
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run inside the tenant of the message, if its state admits, and leave the worker's connection nowhere."""
        schema = _schema_of(self.request)
        if schema is None:
            raise TenantContextMissing(f"task {self.name} arrived without a tenant")
        try:
            if schema == PLATFORM_SCHEMA:
                with platform_context():
                    return self.run(*args, **kwargs)
            tenant = registry.tenant_by_schema(schema)
            if tenant is None:
                raise TenantContextMissing(f"task {self.name} arrived for an unknown tenant")
            registry.admit(tenant, for_guests=self.for_guests)
            with tenant_context(tenant):
                return self.run(*args, **kwargs)
        finally:
            if not self.request.is_eager:
                leave()
