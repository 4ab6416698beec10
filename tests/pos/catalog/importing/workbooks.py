"""Workbooks made by hand, part by part, so that every part can be wrong."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Cell:
    """A cell as it stands in the XML."""

    kind: str = "n"
    value: str = ""
    formula: str = ""
    style: str = ""


def text(value: str) -> Cell:
    """A text of its own."""
    return Cell(kind="inlineStr", value=value)


def number(value: str) -> Cell:
    """A number."""
    return Cell(value=value)


def cell(*, kind: str = "n", value: str = "", formula: str = "", style: str = "") -> Cell:
    """Any cell."""
    return Cell(kind, value, formula, style)


def workbook(
    *,
    shared: Sequence[str] = (),
    formats: Mapping[str, str | int] | None = None,
    prologues: Mapping[str, str] | None = None,
    dimension: str = "",
    places: Mapping[int, str] | None = None,
    last_row: int = 0,
    row_numbers: Sequence[int] = (),
    is_1904: bool = False,
    cut: str = "",
    without: str = "",
    **tabs: Sequence[Sequence[Cell]],
) -> bytes:
    """A workbook of these tabs. `places` puts a cell at the end of the row of that index somewhere else;
    `last_row` numbers the last row, `row_numbers` all; `prologues` stand before a part's root.
    """
    styles = list(formats or {})
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">'
        f'<workbookPr date1904="{int(is_1904)}"/><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(tabs, 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        + "".join(
            f'<Relationship Id="r{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(tabs) + 1)
        )
        + "</Relationships>",
        "xl/styles.xml": _styles(formats or {}),
    }
    if shared:
        items = "".join(f"<si>{_rich(value)}</si>" for value in shared)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{items}</sst>'
    for n, rows in enumerate(tabs.values(), 1):
        numbers = list(row_numbers) or [*range(1, len(rows)), last_row or len(rows)]
        body = "".join(
            f'<row r="{line}">{"".join(_cell(one, styles) for one in cells)}'
            + (f'<c r="{places[index]}" t="str"><v>weit weg</v></c>' if places and index in places else "")
            + "</row>"
            for index, (line, cells) in enumerate(zip(numbers, rows, strict=False))
        )
        size = f'<dimension ref="{dimension}"/>' if dimension else ""
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{MAIN}">{size}<sheetData>{body}</sheetData></worksheet>'
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name == without:
                continue
            whole = '<?xml version="1.0"?>' + (prologues or {}).get(name, "") + content
            archive.writestr(name, whole[: len(whole) // 2] if name == cut else whole)
    return out.getvalue()


def _cell(one: Cell, styles: Sequence[str]) -> str:
    style = f' s="{styles.index(one.style) + 1}"' if one.style else ""
    formula = f"<f>{escape(one.formula)}</f>" if one.formula else ""
    if one.kind == "inlineStr":
        return f'<c t="inlineStr"{style}><is><t>{escape(one.value)}</t></is></c>'
    return f'<c t="{one.kind}"{style}>{formula}<v>{escape(one.value)}</v></c>'


def _rich(value: str) -> str:
    """A shared text; `<rPh>…</rPh>` in it is how it is pronounced."""
    if "<rPh>" not in value:
        return f"<t>{escape(value)}</t>"
    before, rest = value.split("<rPh>")
    hidden, after = rest.split("</rPh>")
    return f"<r><t>{before}</t></r><rPh><t>{hidden}</t></rPh><r><t>{after}</t></r>"


def _styles(formats: Mapping[str, str | int]) -> str:
    own = "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>'
        for n, code in enumerate(formats.values())
        if isinstance(code, str)
    )
    used = "".join(
        f'<xf numFmtId="{code if isinstance(code, int) else 200 + n}"/>'
        for n, code in enumerate(formats.values())
    )
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0"/>{used}</cellXfs></styleSheet>'
    )
