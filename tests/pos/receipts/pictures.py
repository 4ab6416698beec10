"""The pictures of docs/concepts/receipts.md: `python -m tests.pos.receipts.pictures FOLDER`; needs pdftoppm."""

import io
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageOps

from pos.receipts.renderers.escpos import PROFILES, render_escpos
from pos.receipts.renderers.pdf import render_pdf
from pos.receipts.renderers.receipt_blocks import receipt_paper
from tests.pos.receipts.papers import SCRIPTS
from tests.pos.receipts.printer import printed

SHOWN = ("latin", "greek", "arabic", "chinese")
MARGIN = 16


def main(folder: Path) -> None:
    """Write `receipt-printer.png` and `receipt-pdf.png`."""
    paper = PROFILES["58"]
    receipts = {script: receipt_paper(SCRIPTS[script]) for script in (*SHOWN, "hebrew", "thai")}
    bands = [
        ImageOps.expand(
            printed(render_escpos(paper=receipt, profile=paper), dots=paper.dots), (MARGIN, 0), fill=1
        )
        for receipt in receipts.values()
    ]
    _beside(bands).save(folder / "receipt-printer.png", optimize=True)
    _beside([_page(render_pdf(paper=receipts[script], page="80")) for script in SHOWN]).save(
        folder / "receipt-pdf.png", optimize=True
    )


def _page(data: bytes) -> Image.Image:
    command = ["pdftoppm", "-r", "120", "-png", "-singlefile", "-"]
    made = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(made)).convert("L")


def _beside(pictures: list[Image.Image]) -> Image.Image:
    width = sum(picture.width + MARGIN for picture in pictures) + MARGIN
    whole = Image.new("L", (width, max(picture.height for picture in pictures) + 2 * MARGIN), 200)
    left = MARGIN
    for picture in pictures:
        whole.paste(picture.convert("L"), (left, MARGIN))
        left += picture.width + MARGIN
    return whole


if __name__ == "__main__":
    main(Path(sys.argv[1]))
