"""Reading a merchant's catalogue file: bytes in, typed rows and all problems out. Pure; nothing is saved.

    file = read_catalog(data=…, currency="EUR", tax_classes={"standard", "reduced"})      # csv_reading.reading

A file is CSV as spreadsheets write it (UTF-8, UTF-16 or Windows-1252; semicolon, comma or tab; decimal comma or
point), an XLSX workbook, or a ZIP of CSV files. Sheets and their columns are declared in `pos.catalog.sheets`.
"""

from pos.catalog.csv_reading.types import (
    UNITS,
    WHOLE_FILE,
    CatalogFile,
    CsvForm,
    FileUnreadable,
    Row,
    RowProblem,
    SheetRows,
)

__all__ = [
    "UNITS",
    "WHOLE_FILE",
    "CatalogFile",
    "CsvForm",
    "FileUnreadable",
    "Row",
    "RowProblem",
    "SheetRows",
]
