"""Named refusals of files of stock."""

from typing import ClassVar

from fynlo.core.errors import Conflict


class StockFileNotReady(Conflict):
    """The file is still being looked at."""

    code: ClassVar[str] = "import_not_ready"
    title: ClassVar[str] = "The file is still being looked at"


class StockFileOutdated(Conflict):
    """What the file is about changed since it was looked at, and the file would now do something else."""

    code: ClassVar[str] = "import_outdated"
    title: ClassVar[str] = "The file would now change something else"


class StockFileBusy(Conflict):
    """Somebody else works on the file right now."""

    code: ClassVar[str] = "import_busy"
    title: ClassVar[str] = "Somebody else is working on the file"
