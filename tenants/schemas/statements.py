"""Taking a dump apart into statements and leaving out what must not be replayed. Pure.

A dump is text for psql: comments, `\\restrict` lines, `SET` lines for the session and the statements proper. The
splitter knows quoted text, quoted names and dollar-quoted bodies, so that nothing inside them is mistaken for
a comment or an end.
"""

import re
from collections.abc import Iterator
from typing import Final

_TOKEN: Final = re.compile(
    r"""
      (?P<comment>--[^\n]*)
    | (?P<meta>(?<![^\n])\\[^\n]*)
    | (?P<dollar>\$(?P<tag>[A-Za-z_]*)\$.*?\$(?P=tag)\$)
    | (?P<text>[eE]'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*")
    | (?P<end>;)
    | (?P<word>[A-Za-z_][A-Za-z_0-9$]*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_LEFT_OUT: Final = re.compile(r"SET\s|SELECT\s+pg_catalog\.set_config\(", re.IGNORECASE)


def split_statements(dump: str) -> Iterator[str]:
    """The statements of a dump in order, without comments, psql commands and the closing semicolons."""
    parts: list[str] = []
    for match in _TOKEN.finditer(dump):
        if match.lastgroup in {"comment", "meta"}:
            continue
        if match["end"] is None:
            parts.append(match[0])
            continue
        statement = "".join(parts).strip()
        parts.clear()
        if statement:
            yield statement
    if "".join(parts).strip():
        raise ValueError("the dump ends in the middle of a statement")


def replayable(dump: str) -> str:
    """The dump as one text of top-level statements, without settings of the session."""
    kept = [text for text in split_statements(dump) if not _LEFT_OUT.match(text)]
    return ";\n".join(kept) + ";\n"
