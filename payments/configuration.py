"""The `payments` section: the ways to pay that this merchant takes."""

from typing import Annotated, Literal

from pydantic import Field

from tenants.configuration.fields import Code, Name
from tenants.configuration.sections import Section, register


class TenderTypeSection(Section):
    """One way to pay. `kind` says what happens to the money, `name` is printed on the receipt."""

    code: Code
    name: Name
    kind: Literal["cash", "card", "voucher", "other", "house_account", "exchange"]


class PaymentsSection(Section):
    """Ways to pay; cash alone unless the file says more."""

    tender_types: Annotated[tuple[TenderTypeSection, ...], Field(min_length=1, max_length=50)] = (
        TenderTypeSection(code="cash", name="Cash", kind="cash"),
    )


register(name="payments", model=PaymentsSection, unique=("tender_types[*].code",))
