"""How what is sold is taxed."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel


class TaxClass(TenantModel):
    """How items are taxed.

    The simple case is one rate, contained in the price (inclusive) or added to it: `rate` is a fraction, 0.19
    is nineteen per cent. `rules` (`docs/algorithms/pricing.md`, tax classes) say more: which taxes are due
    eaten in, taken away, delivered, by whom; while they are empty, `rate` and `is_inclusive` are the one rule.
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    rate = models.DecimalField(max_digits=7, decimal_places=6, validators=[MinValueValidator(Decimal(0))])
    is_inclusive = models.BooleanField(default=True)
    rules = models.JSONField(default=list, db_default=[], blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "tax classes"
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="pos_taxclass_rate_range")
        ]

    def __str__(self) -> str:
        return self.name
