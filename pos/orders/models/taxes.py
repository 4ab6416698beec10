"""What an order owes of each tax."""

from django.db import models

from fynlo.core.models import TenantModel
from pos.orders.models.orders import Order


class OrderTax(TenantModel):
    """What an order owes of one tax: the base and the tax, as printed on the receipt.

    `tax_class_code` is the code of the tax; a class of one tax gives it its own. A tax per unit sold has
    `per_unit_minor`, and a rate of 0.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="taxes", db_index=False)
    tax_class_code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    rate = models.DecimalField(max_digits=7, decimal_places=6)
    per_unit_minor = models.BigIntegerField(null=True)
    is_inclusive = models.BooleanField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "order taxes"
        ordering = ["order", "tax_class_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "tax_class_code", "rate", "per_unit_minor", "is_inclusive"],
                name="pos_ordertax_each_once",
                nulls_distinct=False,
            )
        ]
