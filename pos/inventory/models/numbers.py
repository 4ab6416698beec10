"""Numbers of stock's documents: dense, one counter per kind of document."""

from django.db import models

from fynlo.core.models import TenantModel


class StockNumber(TenantModel):
    """The last number given to a document of `kind`. Its row is locked until COMMIT by whoever takes one."""

    kind = models.CharField(max_length=20, unique=True)
    last = models.BigIntegerField()
