"""A receipt as plain text of a fixed width, for paper, terminals and e-mail: the same document, the same text."""

from collections.abc import Iterator

from pos.receipts.document import ReceiptDocument, ReceiptLine, ReceiptTax
from pos.receipts.renderers.details import INDENT, Details
from pos.receipts.renderers.labels import Labels, labels_for
from pos.receipts.renderers.layout import centred, table, with_amount, wrapped

DEFAULT_WIDTH = 42
"""Columns of 80 mm paper in the usual font; 58 mm paper has 32."""
NARROWEST = 24
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def render_text(*, document: ReceiptDocument, width: int = DEFAULT_WIDTH) -> str:
    """The receipt in lines of at most `width` columns, each ended by a line feed.

    Contains no control character but the line feed, whatever stands in names. Raises ValueError for a width
    below 24 columns.
    """
    if width < NARROWEST:
        raise ValueError(f"a receipt needs {NARROWEST} columns, not {width}")
    receipt = _TextReceipt(document, width)
    return "".join(f"{line.rstrip()}\n" for line in receipt.all_lines())


class _TextReceipt:
    """The blocks of a receipt, from top to bottom."""

    def __init__(self, document: ReceiptDocument, width: int) -> None:
        self.document = document
        self.width = width
        self.labels: Labels = labels_for(document.language)
        keys = [tax.key for tax in document.taxes]
        self.letters = dict(zip(keys, _LETTERS, strict=False))
        self.letter_count = max((len(self.letters_of(line.taxes)) for line in document.lines), default=1) or 1
        self.details = Details(labels=self.labels, currency=document.currency, width=width)

    def all_lines(self) -> Iterator[str]:
        rule = "-" * self.width
        yield from self.watermark()
        yield from self.head()
        yield ""
        yield from self.occasion()
        yield rule
        for line in self.document.lines:
            yield from self.line(line)
        yield rule
        yield from self.sums()
        yield from self.watermark()
        if self.document.taxes:
            yield rule
            yield from self.taxes()
        yield from self.foot()
        yield from self.watermark()

    def watermark(self) -> Iterator[str]:
        if self.document.is_training:
            yield from centred(text=f"*** {self.labels.training} ***", width=self.width)

    def head(self) -> Iterator[str]:
        document = self.document
        names = [document.merchant]
        if document.location != document.merchant:
            names.append(document.location)
        for text in (*names, *document.address, *document.header):
            yield from centred(text=text, width=self.width)

    def occasion(self) -> Iterator[str]:
        document, labels = self.document, self.labels
        moment = document.sold_at.strftime(f"{labels.date} %H:%M")
        yield from with_amount(text=f"{labels.receipt} {document.number}", amount=moment, width=self.width)
        order_type = labels.order_types.get(document.order_type, "")
        where_and_who = ", ".join(filter(None, (document.register, document.employee)))
        yield from wrapped(text=where_and_who, width=self.width)
        yield from wrapped(text=order_type, width=self.width)
        if document.business_date != document.sold_at.date():
            day = document.business_date.strftime(labels.date)
            yield from wrapped(text=f"{labels.business_day} {day}", width=self.width)
        if document.note:
            yield from wrapped(text=f"{labels.note} {document.note}", width=self.width)

    def line(self, line: ReceiptLine) -> Iterator[str]:
        letters = self.letters_of(line.taxes).ljust(self.letter_count)
        amount = f"{self.amount(line.amount_minor)} {letters}"
        yield from with_amount(text=line.name, amount=amount, width=self.width)
        yield from self.details.quantity(line)
        yield from self.details.choices(line, self.letters_of)
        yield from self.details.piece(line)
        for discount in line.discounts:
            name = discount.name or self.labels.discount
            taken = f"-{self.amount(discount.amount_minor)} {' ' * self.letter_count}"
            for part in with_amount(text=name, amount=taken, width=self.width - len(INDENT)):
                yield f"{INDENT}{part}"

    def sums(self) -> Iterator[str]:
        document, labels = self.document, self.labels
        if not document.is_total_of_lines:
            yield from self.sum(labels.subtotal, document.subtotal_minor)
            yield from self.between_lines_and_total()
        yield from self.sum(f"{labels.total} {document.currency}", document.total_minor)
        if document.tip_minor:
            yield from self.sum(labels.tip, document.tip_minor)
            yield from self.sum(f"{labels.payable} {document.currency}", document.payable_minor)
        if document.rounding_minor:
            yield from self.sum(labels.rounding, -document.rounding_minor)
        for tender in document.tenders:
            yield from self.sum(tender.name, tender.tendered_minor)
        if document.change_minor:
            yield from self.sum(labels.change, document.change_minor)
        if document.due_minor > 0:
            yield from self.sum(labels.due, document.due_minor)

    def between_lines_and_total(self) -> Iterator[str]:
        document, labels = self.document, self.labels
        for discount in document.discounts:
            yield from self.sum(discount.name or labels.discount, -discount.amount_minor)
        for charge in document.charges:
            yield from self.sum(charge.name, charge.amount_minor)
        if document.removed_tax_minor:
            yield from self.sum(labels.removed_tax, -document.removed_tax_minor)
        for tax in document.taxes:
            if not tax.is_inclusive:
                yield from self.sum(tax.name, tax.tax_minor)

    def taxes(self) -> Iterator[str]:
        labels = self.labels
        head = ["", labels.net, labels.tax, labels.gross]
        rows = [self.tax_row(tax) for tax in self.document.taxes]
        fitting = table(rows=[head, *rows], width=self.width)
        if fitting is not None:
            yield from fitting
            return
        for name, *amounts in rows:
            yield from wrapped(text=name, width=self.width)
            for label, amount in zip(head[1:], amounts, strict=True):
                yield from with_amount(text=label, amount=amount, width=self.width)

    def tax_row(self, tax: ReceiptTax) -> list[str]:
        amounts = (tax.net_minor, tax.tax_minor, tax.gross_minor)
        return [f"{self.letters.get(tax.key, '')} {self.tax_name(tax)}", *map(self.amount, amounts)]

    def tax_name(self, tax: ReceiptTax) -> str:
        if tax.rate is None:
            return tax.name
        rate = f"{self.labels.decimal(tax.rate * 100)} %"
        return tax.name if rate in tax.name else f"{tax.name} {rate}"

    def foot(self) -> Iterator[str]:
        if self.document.footer:
            yield ""
        for text in self.document.footer:
            yield from centred(text=text, width=self.width)

    def sum(self, text: str, minor: int) -> list[str]:
        """A sum, above the amounts of the lines: columns are left for their tax letters."""
        amount = f"{self.amount(minor)} {' ' * self.letter_count}"
        return with_amount(text=text, amount=amount, width=self.width)

    def letters_of(self, taxes: tuple[str, ...]) -> str:
        """The letters of these taxes, which the tax table explains."""
        return "".join(sorted(self.letters.get(key, "") for key in taxes))

    def amount(self, minor: int) -> str:
        return self.labels.amount(minor=minor, currency=self.document.currency)
