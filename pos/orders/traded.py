"""What a receipt adds to the running sums of its register. Pure."""

from collections import Counter

from pos.inventory.quantities import plain_quantity
from pos.orders.whole import WholeOrder
from pos.registers.traded import FLAGGED, tax_key


def traded(whole: WholeOrder) -> dict[str, int]:
    """The sums of one order that is paid in full, under the keys of `pos.registers.traded`; zeros are left out."""
    order = whole.order
    sums: Counter[str] = Counter(
        {
            "sales/count": 1,
            "sales/net_minor": order.net_minor,
            "sales/tax_minor": order.tax_minor,
            "sales/total_minor": order.total_minor,
            "sales/discount_minor": order.discount_minor,
            "sales/service_charge_minor": order.service_charge_minor,
            "sales/tip_minor": order.tip_minor,
        }
    )
    for tax in whole.taxes:
        rate = plain_quantity(tax.rate)
        key = tax_key(code=tax.tax_class_code, name=tax.name, rate=rate, is_inclusive=tax.is_inclusive)
        sums[f"tax/net_minor/{key}"] += tax.net_minor
        sums[f"tax/tax_minor/{key}"] += tax.tax_minor
    for payment in whole.payments:
        sums[f"tender/count/{payment.tender_type}"] += 1
        sums[f"tender/amount_minor/{payment.tender_type}"] += payment.amount_minor
        sums[f"tender/rounding_minor/{payment.tender_type}"] += payment.rounding_minor
    for flag in order.flags:
        sums[f"flag/{flag['code']}"] += 1
    sums[FLAGGED] += bool(order.flags)
    return {key: count for key, count in sums.items() if count}
