"""Named refusals of files on their way into the catalogue."""

from typing import ClassVar

from fynlo.core.errors import Conflict


class ImportNotReady(Conflict):
    """The file is still being looked at."""

    code: ClassVar[str] = "import_not_ready"
    title: ClassVar[str] = "The file is still being looked at"


class ImportOutdated(Conflict):
    """The catalogue changed since the file was looked at, and the file would now do something else."""

    code: ClassVar[str] = "import_outdated"
    title: ClassVar[str] = "The file would now change something else"
