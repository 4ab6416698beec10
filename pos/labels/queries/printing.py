"""Labels as a file for a printer."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from fynlo.core.errors import FieldProblem
from pos.labels.content import Copies
from pos.labels.drafts import ESCPOS, PDF, PrintDraft
from pos.labels.errors import DoesNotFit, LabelRefused
from pos.labels.formats import FORMATS
from pos.labels.queries.contents import label_contents
from pos.labels.renderers import escpos, pdf, zpl

ZPL_TYPE: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFile:
    """The bytes for the printer, what they are, and a name for the file."""

    data: bytes
    media_type: str
    name: str


def printed_labels(*, draft: PrintDraft, at: dt.datetime, currency: str, language: str) -> PrintedFile:
    """The labels of a draft, in two statements. Raises `LabelRefused` with pointers; nothing is printed in part."""
    labels = label_contents(draft=draft, at=at, currency=currency, language=language)
    try:
        return _printed(draft, labels)
    except DoesNotFit as error:
        detail = f"The code does not fit: {error}."
        problem = FieldProblem(f"/labels/{error.number}", "does_not_fit", detail)
        raise LabelRefused(detail, errors=[problem]) from error


def _printed(draft: PrintDraft, labels: list[Copies]) -> PrintedFile:
    if draft.output == ESCPOS:
        data = escpos.render_escpos(labels=labels, paper=draft.paper)
        return PrintedFile(data=data, media_type=escpos.MEDIA_TYPE, name="labels.bin")
    on = FORMATS[draft.format_code]
    if draft.output == PDF:
        data = pdf.render_pdf(labels=labels, on=on, start=draft.start)
        return PrintedFile(data=data, media_type=pdf.MEDIA_TYPE, name="labels.pdf")
    data = zpl.render_zpl(labels=labels, on=on, resolution=draft.resolution)
    return PrintedFile(data=data, media_type=ZPL_TYPE, name="labels.zpl")
