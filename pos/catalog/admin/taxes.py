"""Tax classes in the back office."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fynlo.backoffice.columns import titled
from fynlo.backoffice.sheets import Percent
from fynlo.backoffice.site import merchant_admin
from pos.catalog.admin.documents import DocumentAdmin
from pos.catalog.forms.taxes import TaxClassForm
from pos.catalog.models import TaxClass

_SHARE = Percent("rate", "Rate")


def usual_taxes(tax_class: TaxClass) -> str:
    """The taxes of the last rule, which is for everything that no other is for: `19 % contained`."""
    rules = tax_class.rules
    how = "contained" if tax_class.is_inclusive else "added"
    if not rules:
        return f"{_SHARE.show(tax_class.rate)} % {how}"
    taxes = [
        f"{_SHARE.show(tax['rate'])} %" if "rate" in tax else f"{tax['code']} per piece"
        for tax in rules[-1]["components"]
    ]
    how = "contained" if rules[-1]["inclusive"] else "added"
    return f"{' + '.join(taxes)} {how}" if taxes else "none"


@admin.register(TaxClass, site=merchant_admin)
class TaxClassAdmin(DocumentAdmin):
    """Tax classes. The code names accounts of the books, so it is set once."""

    form = TaxClassForm
    fields = (("code", "name"), "rules")
    list_display = (
        "code",
        "name",
        titled(usual_taxes, "Usual taxes"),
        titled(lambda tax_class: str(max(len(tax_class.rules) - 1, 0) or "–"), "Other rules"),
    )
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code, once it is there."""
        del request
        return ("code",) if obj else ()
