"""The catalogue as a whole: its revision, and how the merchant rounds."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel

THE_ONE = 1
ROUNDING_SCOPES = ("per_line", "per_rate", "per_order")
ROUNDING_MODES = ("half_up", "half_even")
CASH_INCREMENTS = (1, 5, 10, 50, 100)


def _choices(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(value, value.replace("_", " ")) for value in values]


class CatalogHead(TenantModel):
    """The catalogue's revision: one row, raised by every change and locked by it until COMMIT.

    So changes of the catalogue come one after the other, and what a caller has is current exactly if it has
    this revision. Sales never touch it. It also holds the merchant's rounding policy, which is part of the
    price book; `cash_increment` is in minor units.

    `sealed_keys` are the merchant's secret keys by what they are for, each sealed with a key of the platform that
    the database does not hold (`fynlo.core.sealing`).
    """

    own_key: ClassVar[str] = "one row in every merchant's schema, always found by the same key"

    id = models.PositiveSmallIntegerField(  # type: ignore[assignment]
        primary_key=True, default=THE_ONE, editable=False
    )
    revision = models.BigIntegerField(default=0)
    rounding_scope = models.CharField(
        max_length=10, default="per_line", db_default="per_line", choices=_choices(ROUNDING_SCOPES)
    )
    rounding_mode = models.CharField(
        max_length=10, default="half_up", db_default="half_up", choices=_choices(ROUNDING_MODES)
    )
    cash_increment = models.PositiveSmallIntegerField(
        default=1, db_default=1, choices=[(step, str(step)) for step in CASH_INCREMENTS]
    )
    sealed_keys = models.JSONField(default=dict, db_default={}, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(id=THE_ONE), name="pos_cataloghead_one_row"),
            models.CheckConstraint(
                condition=Q(rounding_scope__in=ROUNDING_SCOPES, rounding_mode__in=ROUNDING_MODES),
                name="pos_cataloghead_rounding_known",
            ),
            models.CheckConstraint(
                condition=Q(cash_increment__in=CASH_INCREMENTS), name="pos_cataloghead_cash_known"
            ),
        ]

    def __str__(self) -> str:
        return f"catalogue revision {self.revision}"
