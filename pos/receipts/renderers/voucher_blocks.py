"""A gift card on paper, as blocks: whose it is, what it is worth, its code to be scanned and to be typed. Pure."""

from collections.abc import Iterator

from pos.receipts.renderers.blocks import Block, Gap, Heading, Link, Pair, Paper, Picture, Rule
from pos.receipts.renderers.labels import Labels, labels_for
from pos.receipts.vouchers import VoucherDocument


def voucher_paper(document: VoucherDocument) -> Paper:
    """The whole paper; its title says which card it is, never the code."""
    labels = labels_for(document.language)
    title = f"{labels.term(document.kind)} {document.number}"
    return Paper(title=title, language=document.language, blocks=tuple(_blocks(document, labels)))


def _blocks(document: VoucherDocument, labels: Labels) -> Iterator[Block]:
    if document.logo:
        yield Picture(content=document.logo)
    yield Heading(text=document.merchant, is_bold=True)
    if document.location != document.merchant:
        yield Heading(text=document.location)
    for text in document.address:
        yield Heading(text=text)
    yield Gap()
    yield Heading(text=labels.term(document.kind), is_large=True, is_bold=True)
    amount = labels.amount(minor=document.amount_minor, currency=document.currency)
    yield Heading(text=f"{amount} {document.currency}", is_large=True, is_bold=True)
    yield Link(url=document.code, caption="", is_address=False)
    yield Heading(text=document.printed, is_bold=True)
    yield Gap()
    yield Pair(text=labels.term("issued"), value=document.at.strftime(labels.date))
    if document.expires_on is not None:
        yield Pair(text=labels.term("valid_until"), value=document.expires_on.strftime(labels.date))
    if document.has_pin:
        yield Heading(text=labels.term("pin_needed"))
    yield Rule()
    yield Heading(text=labels.term("voucher_hint"))
