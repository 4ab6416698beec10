"""Slips, reports and statements as blocks. Pure."""

from collections.abc import Iterator

from pos.receipts.renderers.blocks import Block, Gap, Heading, Pair, Paper, Paragraph, Rule, Watermark
from pos.receipts.renderers.labels import Labels, labels_for
from pos.receipts.sheets import SheetDocument, SheetFact, SheetRow, SheetSection

_SIGNATURE = "." * 24


def sheet_paper(document: SheetDocument) -> Paper:
    """The whole paper."""
    labels = labels_for(document.language)
    title = labels.titles.get(document.kind, labels.term(document.kind))
    return Paper(
        title=f"{title} {document.number}".rstrip(),
        language=document.language,
        blocks=tuple(_blocks(document, labels, title)),
    )


def _blocks(document: SheetDocument, labels: Labels, title: str) -> Iterator[Block]:
    if document.is_training:
        yield Watermark(text=f"*** {labels.training} ***")
    yield from _head(document, labels)
    yield Gap()
    moment = document.at.strftime(f"{labels.date} %H:%M")
    yield Pair(text=f"{title} {document.number}".rstrip(), value=moment, is_bold=True)
    who = ", ".join(filter(None, (document.register, document.employee)))
    if who:
        yield Paragraph(text=who)
    yield Pair(text=labels.business_day, value=document.business_date.strftime(labels.date))
    for fact in document.facts:
        yield from _fact(fact, document, labels)
    for section in document.sections:
        yield from _section(section, document, labels)
    if document.is_signed:
        yield Gap()
        yield Gap()
        yield Paragraph(text=f"{labels.term('signature')} {_SIGNATURE}")
    if document.is_training:
        yield Watermark(text=f"*** {labels.training} ***")


def _head(document: SheetDocument, labels: Labels) -> Iterator[Block]:
    yield Heading(text=document.merchant, is_bold=True)
    if document.location != document.merchant:
        yield Heading(text=document.location)
    for text in document.address:
        yield Heading(text=text)
    if document.tax_number:
        yield Heading(text=f"{labels.term('tax_number')} {document.tax_number}")


def _fact(fact: SheetFact, document: SheetDocument, labels: Labels) -> Iterator[Block]:
    if fact.at is not None:
        value = fact.at.strftime(f"{labels.date} %H:%M")
    elif fact.day is not None:
        value = fact.day.strftime(labels.date)
    elif fact.amount_minor is not None:
        amount = labels.amount(minor=fact.amount_minor, currency=document.currency)
        value = f"{amount} {document.currency}"
    else:
        yield Paragraph(text=f"{labels.term(fact.key)}: {fact.text}")
        return
    yield Pair(text=labels.term(fact.key), value=value)


def _section(section: SheetSection, document: SheetDocument, labels: Labels) -> Iterator[Block]:
    yield Rule()
    yield Pair(text=labels.term(section.key), value="", is_bold=True)
    for row in section.rows:
        yield _row(row, document, labels)


def _row(row: SheetRow, document: SheetDocument, labels: Labels) -> Block:
    name = row.text or labels.term(row.key)
    if row.amount_minor is None:
        return Pair(text=name, value="" if row.count is None else str(row.count), is_bold=row.is_sum)
    told = name if row.count is None else f"{row.count} × {name}"
    value = labels.amount(minor=row.amount_minor, currency=document.currency)
    return Pair(text=told, value=value, is_bold=row.is_sum)
