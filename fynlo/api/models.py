"""The first answer to every request with an effect, kept so that a repeat gets the same one."""

from django.db import models

from fynlo.core.models import TenantModel

UNIQUE_CLAIM = "api_idempotencykey_scope_key"


class IdempotencyKey(TenantModel):
    """One `Idempotency-Key` of one caller: which request it belonged to, and the answer byte for byte.

    Written in the transaction of the effect itself, so there is never an effect without its answer, nor an
    answer without its effect. `txn` is the unit of work that had the effect; refusals have none. By
    `body_sha256` the request's body is known again; it is keyed and says nothing of it (`stored_answers`).
    """

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    method = models.CharField(max_length=8)
    path = models.TextField()
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=120)
    body = models.BinaryField()
    txn = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name=UNIQUE_CLAIM)]
        indexes = [models.Index(fields=["created_at"], name="api_idempotencykey_age")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"
