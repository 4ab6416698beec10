"""A receipt as blocks: what it says, in which order, in its language. Pure."""

from collections.abc import Iterator

from pos.receipts.card_slips import CardSlip
from pos.receipts.document import (
    EXCHANGE,
    GIFT,
    INVOICE,
    PROFORMA,
    REFUND,
    ReceiptDocument,
    ReceiptLine,
    ReceiptTax,
)
from pos.receipts.renderers.blocks import (
    Block,
    Gap,
    Grid,
    Heading,
    Link,
    Pair,
    Paper,
    Paragraph,
    Picture,
    Rule,
    Watermark,
)
from pos.receipts.renderers.card_words import card_lines
from pos.receipts.renderers.details import Details
from pos.receipts.renderers.labels import Labels, labels_for
from pos.receipts.tax_names import says_rate

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def receipt_paper(document: ReceiptDocument) -> Paper:
    """The whole receipt."""
    made = _Receipt(document)
    return Paper(
        title=f"{made.title} {document.number}",
        language=document.language,
        blocks=tuple(made.all_blocks()),
        mark_room=made.letter_count if document.has_prices else 0,
    )


class _Receipt:
    """The blocks of a receipt, from top to bottom."""

    def __init__(self, document: ReceiptDocument) -> None:
        self.document = document
        self.labels: Labels = labels_for(document.language)
        self.title = self.labels.titles.get(document.kind, self.labels.receipt)
        keys = [tax.key for tax in document.taxes]
        self.letters = dict(zip(keys, _LETTERS, strict=False))
        self.letter_count = max((len(self.letters_of(line.taxes)) for line in document.lines), default=1) or 1
        self.details = Details(labels=self.labels, currency=document.currency, has_prices=document.has_prices)

    def all_blocks(self) -> Iterator[Block]:
        document = self.document
        if document.logo:
            yield Picture(content=document.logo)
        yield from self.watermarks()
        yield from self.head()
        yield Gap()
        yield from self.occasion()
        yield from self.customer()
        yield Rule()
        for line in document.lines:
            yield from self.line(line)
        yield Rule()
        if document.has_prices:
            yield from self.sums()
            yield from self.watermarks()
            if document.taxes:
                yield Rule()
                yield from self.taxes()
        yield from self.foot()
        yield from self.watermarks()

    def watermarks(self) -> Iterator[Block]:
        document, labels = self.document, self.labels
        if document.is_training:
            yield Watermark(text=f"*** {labels.training} ***")
        if document.kind == PROFORMA:
            yield Watermark(text=f"*** {labels.not_a_receipt} ***")
        if document.copy:
            yield Watermark(text=f"*** {labels.copy} {document.copy} ***")

    def head(self) -> Iterator[Block]:
        document = self.document
        yield Heading(text=document.merchant, is_bold=True)
        if document.location != document.merchant:
            yield Heading(text=document.location)
        for text in (*document.address, *document.header):
            yield Heading(text=text)
        if document.tax_number:
            yield Heading(text=f"{self.labels.term('tax_number')} {document.tax_number}")

    def occasion(self) -> Iterator[Block]:
        document, labels = self.document, self.labels
        moment = document.sold_at.strftime(f"{labels.date} %H:%M")
        yield Pair(text=f"{self.title} {document.number}", value=moment, is_marked=False)
        if document.order and document.order != document.number:
            yield Paragraph(text=f"{labels.term('order')} {document.order}")
        if document.original:
            yield Paragraph(text=f"{labels.term('original')} {document.original}")
        yield from _paragraph(", ".join(filter(None, (document.register, document.employee))))
        yield from _paragraph(labels.order_types.get(document.order_type, ""))
        if document.business_date != document.sold_at.date():
            day = document.business_date.strftime(labels.date)
            yield Paragraph(text=f"{labels.business_day} {day}")
        if document.reason:
            yield Paragraph(text=f"{labels.term('reason')}: {document.reason}")
        if document.note:
            yield Paragraph(text=f"{labels.note} {document.note}")

    def customer(self) -> Iterator[Block]:
        customer = self.document.customer
        if customer is None or self.document.kind != INVOICE:
            return
        yield Gap()
        yield Paragraph(text=f"{self.labels.term('customer')}: {customer.name}")
        for text in customer.address:
            yield Paragraph(text=text)
        if customer.tax_number:
            yield Paragraph(text=f"{self.labels.term('tax_number')} {customer.tax_number}")

    def line(self, line: ReceiptLine) -> Iterator[Block]:
        if self.document.kind == GIFT:
            yield Paragraph(text=line.name)
        else:
            yield Pair(text=line.name, value=self.amount(line.amount_minor), mark=self.letters_of(line.taxes))
        yield from self.details.quantity(line)
        yield from self.details.choices(line, self.letters_of if self.document.has_prices else _no_letters)
        yield from self.details.piece(line)
        for discount in line.discounts if self.document.has_prices else ():
            taken = f"-{self.amount(discount.amount_minor)}"
            yield Pair(text=discount.name or self.labels.discount, value=taken, indent=1)

    def sums(self) -> Iterator[Block]:
        document, labels = self.document, self.labels
        if not document.is_total_of_lines:
            yield self.sum(labels.subtotal, document.subtotal_minor)
            yield from self.between_lines_and_total()
        payable = labels.refunded if document.kind == REFUND else labels.payable
        has_tip = document.tip_minor != 0
        total = labels.total if has_tip or document.kind != REFUND else labels.refunded
        yield self.sum(f"{total} {document.currency}", document.total_minor, is_bold=True)
        if has_tip:
            yield self.sum(labels.tip, document.tip_minor)
            yield self.sum(f"{payable} {document.currency}", document.payable_minor, is_bold=True)
        if document.rounding_minor:
            yield self.sum(labels.rounding, -document.rounding_minor)
        for tender in document.tenders:
            yield self.sum(" ".join(filter(None, (tender.name, tender.detail))), tender.tendered_minor)
            yield from self.card(tender.card)
        if document.change_minor:
            yield self.sum(labels.change, document.change_minor)
        if document.due_minor > 0 and document.kind not in (REFUND, EXCHANGE):
            yield self.sum(labels.due, document.due_minor)

    def card(self, slip: CardSlip | None) -> Iterator[Block]:
        if slip is not None:
            for text in card_lines(slip=slip, labels=self.labels, language=self.document.language):
                yield Paragraph(text=text, indent=1)

    def between_lines_and_total(self) -> Iterator[Block]:
        document, labels = self.document, self.labels
        for discount in document.discounts:
            yield self.sum(discount.name or labels.discount, -discount.amount_minor)
        for charge in document.charges:
            yield self.sum(charge.name, charge.amount_minor)
        if document.removed_tax_minor:
            yield self.sum(labels.removed_tax, -document.removed_tax_minor)
        for tax in document.taxes:
            if not tax.is_inclusive:
                yield self.sum(tax.name, tax.tax_minor)

    def taxes(self) -> Iterator[Block]:
        labels = self.labels
        head = ("", labels.net, labels.tax, labels.gross)
        yield Grid(rows=(head, *(self.tax_row(tax) for tax in self.document.taxes)))

    def tax_row(self, tax: ReceiptTax) -> tuple[str, ...]:
        amounts = (tax.net_minor, tax.tax_minor, tax.gross_minor)
        return (f"{self.letters.get(tax.key, '')} {self.tax_name(tax)}", *map(self.amount, amounts))

    def tax_name(self, tax: ReceiptTax) -> str:
        if tax.rate is None or says_rate(tax.name, tax.rate):
            return tax.name
        return f"{tax.name} {self.labels.decimal(tax.rate * 100)} %"

    def foot(self) -> Iterator[Block]:
        if self.document.footer:
            yield Gap()
        for text in self.document.footer:
            yield Heading(text=text)
        if self.document.link:
            yield Link(url=self.document.link, caption=self.labels.online)

    def sum(self, text: str, minor: int, *, is_bold: bool = False) -> Pair:
        return Pair(text=text, value=self.amount(minor), is_bold=is_bold)

    def letters_of(self, taxes: tuple[str, ...]) -> str:
        """The letters of these taxes, which the tax table explains."""
        return "".join(sorted(self.letters.get(key, "") for key in taxes))

    def amount(self, minor: int) -> str:
        return self.labels.amount(minor=minor, currency=self.document.currency)


def _paragraph(text: str) -> Iterator[Block]:
    if text:
        yield Paragraph(text=text)


def _no_letters(taxes: tuple[str, ...]) -> str:
    del taxes
    return ""
