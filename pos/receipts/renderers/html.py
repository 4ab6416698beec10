"""A paper as a page of its own: escaped, without scripts, printable, nothing fetched from anywhere. Pure.

The look is one style sheet whose digest the page's policy names (`POLICY`), pictures are within the page.
"""

import base64
import hashlib
import io
from collections.abc import Iterator
from html import escape
from typing import Final

from PIL import Image

from fynlo.core.characters import printable
from pos.labels.symbols.choosing import QR, QR_QUIET, Code, dots_of
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
from pos.receipts.renderers.scripts import is_mirrored

MEDIA_TYPE: Final = "text/html"
_STYLE: Final = """
body{margin:0;background:#eee;color:#111;font:15px/1.45 system-ui,sans-serif}
main{max-width:24rem;margin:1.5rem auto;padding:1.5rem;background:#fff;box-sizing:border-box}
h1,h2,p{margin:0;font:inherit;text-align:center;overflow-wrap:anywhere}
h1,.bold{font-weight:700}
.text{text-align:start}
.in1{padding-inline-start:1rem}.in2{padding-inline-start:2rem}.in3{padding-inline-start:3rem}
.pair{display:flex;gap:.75rem;justify-content:space-between;overflow-wrap:anywhere}
.pair span+span{white-space:nowrap;font-variant-numeric:tabular-nums}
.mark{display:inline-block;min-width:1.1em;padding-inline-start:.35em}
.gap{height:.9rem}
hr{border:0;border-top:1px dashed #999;margin:.6rem 0}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
th{font-weight:400;color:#555}
td,th{padding:0;padding-inline-start:.5rem;text-align:end;vertical-align:top}
td:first-child,th:first-child{text-align:start;padding:0}
.water{font-weight:700;border:2px solid #111;padding:.2rem;margin:.4rem 0}
img,svg{display:block;margin:.6rem auto;max-width:70%}
svg{width:9rem}
@media print{body{background:#fff}main{margin:0;padding:0;max-width:none}@page{margin:4mm}}
"""
_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""The Content-Security-Policy under which a page looks as it should and can do nothing."""
_DEEPEST: Final = 3


def render_html(*, paper: Paper) -> str:
    """The whole page, in UTF-8."""
    direction = "rtl" if is_mirrored(paper.language) else "ltr"
    body = "\n".join(part for block in paper.blocks for part in _block(block, paper))
    return (
        f'<!doctype html>\n<html lang="{escape(paper.language)}" dir="{direction}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex, nofollow">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(paper.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n"
        "</main>\n</body>\n</html>\n"
    )


def _block(block: Block, paper: Paper) -> Iterator[str]:
    match block:
        case Heading():
            tag = "h1" if block.is_bold else "p"
            yield f'<{tag} dir="auto">{_text(block.text)}</{tag}>'
        case Paragraph():
            yield f'<p class="text in{min(block.indent, _DEEPEST)}">{_isolated(block.text)}</p>'
        case Pair():
            yield _pair(block, paper)
        case Grid():
            yield "<table>"
            for place, row in enumerate(block.rows):
                tag = "td" if place else "th"
                name, *numbers = row
                cells = (_text(name), *map(_isolated, numbers))
                yield "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"
            yield "</table>"
        case Watermark():
            yield f'<p class="water">{_text(block.text)}</p>'
        case Picture():
            yield f'<img alt="" src="data:image/png;base64,{_png(block.content)}">'
        case Link():
            yield _square(block.url)
            yield f"<p>{_text(block.caption)}</p>"
        case Rule():
            yield "<hr>"
        case Gap():
            yield '<div class="gap"></div>'


def _pair(block: Pair, paper: Paper) -> str:
    kind = "pair bold" if block.is_bold else "pair"
    indent = f" in{min(block.indent, _DEEPEST)}" if block.indent else ""
    has_mark = paper.mark_room and block.is_marked
    mark = f'<span class="mark">{_text(block.mark)}</span>' if has_mark else ""
    value = f"<span>{_isolated(block.value)}{mark}</span>"
    return f'<div class="{kind}{indent}"><span>{_isolated(block.text)}</span>{value}</div>'


def _isolated(text: str) -> str:
    return f"<bdi>{_text(text)}</bdi>"


def _text(text: str) -> str:
    return escape(printable(text))


def _png(content: bytes) -> str:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(content)) as source:
        source.convert("RGBA").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def _square(url: str) -> str:
    """A QR code as one path of squares."""
    rows = dots_of(Code(symbol=QR, data=url, text=""))
    side = len(rows) + 2 * QR_QUIET
    path = "".join(
        f"M{x + QR_QUIET} {y + QR_QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img">'
        f'<path d="{path}"/></svg>'
    )
