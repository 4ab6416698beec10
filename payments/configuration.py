"""The `payments` section: the ways to pay that this merchant takes, and how the books are kept."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tenants.configuration.fields import Code, Name
from tenants.configuration.sections import Section, register


class TenderTypeSection(Section):
    """One way to pay. `kind` says what happens to the money, `name` is printed on the receipt."""

    code: Code
    name: Name
    kind: Literal["cash", "card", "voucher", "other", "house_account", "exchange", "gift_card", "store_credit"]


AccountNumber = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9-]{1,20}$"),
    Field(description='an account number in quotes, such as "8400"'),
]


class AccountSection(Section):
    """An account of the chart, or what is different about one of the template's."""

    number: AccountNumber
    name: Name
    kind: Literal["asset", "liability", "equity", "income", "expense"]
    posting_keys: Annotated[tuple[str, ...], Field(max_length=200)] = ()


class BooksSection(Section):
    """How the books are kept: the chart to start from, where sales of tax classes go, what exports need to know."""

    chart: Literal["generic", "skr03", "skr04", "pcg", "uk"] | None = None
    sales: Annotated[dict[str, AccountNumber], Field(max_length=200)] = {}
    accounts: Annotated[tuple[AccountSection, ...], Field(max_length=500)] = ()
    fiscal_year_starts_in_month: Annotated[int, Field(ge=1, le=12)] = 1
    datev_consultant: Annotated[int, Field(ge=1001, le=9_999_999)] = 1001
    datev_client: Annotated[int, Field(ge=1, le=99_999)] = 1
    siren: Annotated[str, StringConstraints(pattern=r"^([0-9]{9})?$")] = ""

    def year_of(self, day: dt.date) -> dt.date:
        """The first day of the fiscal year that `day` is in."""
        year = day.year if day.month >= self.fiscal_year_starts_in_month else day.year - 1
        return dt.date(year, self.fiscal_year_starts_in_month, 1)


class GiftCardsSection(Section):
    """After how many months gift cards and store credit expire; never unless said, and never before the law says."""

    gift_cards_expire_after_months: Annotated[int | None, Field(ge=1, le=600)] = None
    store_credit_expires_after_months: Annotated[int | None, Field(ge=1, le=600)] = None

    def months_of(self, kind: str) -> int | None:
        """The months of this kind of stored value; None: it does not expire."""
        is_card = kind == "gift_card"
        return self.gift_cards_expire_after_months if is_card else self.store_credit_expires_after_months


class PaymentsSection(Section):
    """Ways to pay; cash alone unless the file says more. And the books."""

    tender_types: Annotated[tuple[TenderTypeSection, ...], Field(min_length=1, max_length=50)] = (
        TenderTypeSection(code="cash", name="Cash", kind="cash"),
    )
    books: BooksSection = BooksSection()
    gift_cards: GiftCardsSection = GiftCardsSection()


register(name="payments", model=PaymentsSection, unique=("tender_types[*].code", "books.accounts[*].number"))
