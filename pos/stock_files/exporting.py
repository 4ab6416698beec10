"""Stock as a file: the columns that an import reads, CSV, safe to open in a spreadsheet."""

import io
import tempfile
from typing import BinaryIO, Final, cast
from uuid import UUID

from fynlo.core.tenancy import current_tenant
from pos.catalog.exporting.writers import write_csv, write_workbook
from pos.stock_files.kinds.base import StockKind

FORMATS: Final = ("csv", "xlsx")
MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_IN_MEMORY: Final = 8 * 1024 * 1024


def export_file(*, kind: StockKind, file_format: str, location_id: UUID | None = None) -> BinaryIO:
    """A file of `kind`, at its beginning; large ones are on disk. Unchanged, importing it changes nothing."""
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  whoever sends it closes it
    rows = kind.export(location_id=location_id, currency=current_tenant().currency)
    table = (kind.name, kind.sheet.names, rows)
    if file_format == "xlsx":
        write_workbook(cast("BinaryIO", out), [table])
    else:
        write_csv(cast("BinaryIO", out), table)
    out.seek(0, io.SEEK_SET)
    return cast("BinaryIO", out)
