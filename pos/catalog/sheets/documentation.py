"""The sheets for people: the tables of `docs/concepts/imports.md`, written from what is declared. Pure."""

from collections.abc import Iterator

from pos.catalog.sheets.columns import Column, Sheet
from pos.catalog.sheets.declared import SHEETS
from pos.catalog.sheets.kinds import Choice
from pos.catalog.sheets.offers import WHEN

_CONDITIONS = frozenset(column.name for column in WHEN)


def sheets_as_markdown() -> str:
    """One table for each sheet; the conditions that several share stand in one of their own."""
    return "\n".join(
        [
            *_table("when a list, a promotion, a charge or a menu holds", "Conditions", WHEN),
            *(line for sheet in SHEETS for line in _sheet(sheet)),
        ]
    )


def _sheet(sheet: Sheet) -> Iterator[str]:
    shares = {column.name for column in sheet.columns} >= _CONDITIONS
    columns = tuple(column for column in sheet.columns if not (shares and column.name in _CONDITIONS))
    yield from _table(sheet.title, f"`{sheet.name}`", columns)
    if shares:
        yield from ("And the conditions.", "")


def _table(title: str, name: str, columns: tuple[Column, ...]) -> Iterator[str]:
    yield from (f"### {name}: {title[:1].lower()}{title[1:]}", "")
    yield from ("| column | | what stands in it |", "| --- | --- | --- |")
    for column in columns:
        needed = "key" if column.key else "needed" if column.required else ""
        kind = column.kind
        words = (
            f"one of {', '.join(f'`{word}`' for word in kind.words)}"
            if isinstance(kind, Choice)
            else kind.says
        )
        says = words.replace("|", "\\|")
        note = f"{says}; {column.help}" if column.help else says
        yield f"| `{column.name}` | {needed} | {note} |"
    yield ""
