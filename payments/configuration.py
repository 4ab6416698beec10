"""The `payments` section: the ways to pay that this merchant takes, and how the books are kept."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tenants.configuration.documents import Document
from tenants.configuration.fields import Code, Name
from tenants.configuration.problems import Problem
from tenants.configuration.sections import Section, Surroundings, register


class TenderTypeSection(Section):
    """One way to pay. `kind` says what happens to the money, `name` is printed on the receipt."""

    code: Code
    name: Name
    kind: Literal[
        "cash", "card", "voucher", "other", "house_account", "exchange", "gift_card", "store_credit"
    ]
    connection: Annotated[
        Code | None,
        Field(description="the code of the account at a payment provider that asks for the money"),
    ] = None
    channel: Literal["present", "remote", "qr", "manual"] | None = None
    smallest_minor: Annotated[int, Field(ge=1, strict=True)] | None = None
    largest_minor: Annotated[int, Field(ge=1, strict=True)] | None = None
    over: Literal["refuse", "tip"] = "refuse"
    is_partial: bool = True
    needs_reference: bool = False
    foreign_currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    foreign_rate: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=8)] | None = None


class ReaderSection(Section):
    """A card reader of an account, by the provider's own name for it."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
    name: Name


class ConnectionSection(Section):
    """An account at a payment provider. Secrets never stand in a file: they are set in the back office."""

    code: Code
    gateway: Literal["card_machine", "simulator"]
    name: Name
    readers: Annotated[tuple[ReaderSection, ...], Field(max_length=100)] = ()


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
    """After how many months gift cards and store credit expire; never unless said, nor before the law says."""

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
    connections: Annotated[tuple[ConnectionSection, ...], Field(max_length=20)] = ()
    books: BooksSection = BooksSection()
    gift_cards: GiftCardsSection = GiftCardsSection()


def accounts_are_there(document: Document, _around: Surroundings) -> Iterator[Problem]:
    """A way to pay asks for its money through an account that stands in the file."""
    codes = [code for _, code in document.find("payments.connections[*].code")]
    for path, code in document.find("payments.tender_types[*].connection"):
        if code is not None and code not in codes:
            message = "there is no such account in payments.connections"
            yield Problem(
                path, "unknown_connection", message, ", ".join(map(str, codes)), line=document.line(path)
            )


register(
    name="payments",
    model=PaymentsSection,
    unique=("tender_types[*].code", "connections[*].code", "books.accounts[*].number"),
    rules=(accounts_are_there,),
)
