"""Why a demo ended, with the exit code that tells a script."""

from typing import ClassVar, Final

CHECK_FAILED: Final = 1


class DemoError(Exception):
    """The demo cannot go on; the message is a sentence for the person at the keyboard."""

    exit_code: ClassVar[int] = 1
    had_started: ClassVar[bool] = False


class PortTakenError(DemoError):
    """The port for the pages belongs to another program, or the clone already runs a demo."""

    exit_code = 3


class ServersMissingError(DemoError):
    """PostgreSQL or Valkey cannot be provided."""

    exit_code = 4


class StepFailedError(DemoError):
    """A command of the preparation (migrate, onboard) failed."""

    exit_code = 5
    had_started = True


class ProcessDiedError(DemoError):
    """A process that should keep running has ended."""

    exit_code = 6
    had_started = True


class NotInProductionError(DemoError):
    """The demo writes example merchants and must not touch a production system."""

    exit_code = 7
